#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/files/backup_notes.hpp"
#include "adapters/http/readiness.hpp"
#include "adapters/postgres/cluster.hpp"
#include "app/clock.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/config.hpp"
#include "runtime/metrics.hpp"
#include "runtime/task.hpp"
#include "runtime/work_scope.hpp"
#include "server/certificate_ends.hpp"

namespace linli::server {

// What fails or runs out in silence, before anybody misses it: the nightly backup, the database's
// log that goes elsewhere and the standby that follows it, and the certificates by which browsers,
// clouds, devices and we ourselves believe the house. Looks each minute; says it in /readyz, as
// figures, and once in the log.
class upkeep {
public:
    // Throws std::runtime_error when the certificate of a door can't be used.
    upkeep(runtime::config const& config, app::clock& clock, runtime::metrics& into);

    void start(runtime::work_scope& tasks);
    void broker_shows(std::chrono::sys_seconds end_of_its_certificate);

    std::vector<http::part> ready() const;

private:
    runtime::task<void> run();
    void note(files::backup_notes const& seen);
    void note(postgres::cluster_state const& seen);
    runtime::task<void> look_at_edge();
    void look_at_certificates();

    std::filesystem::path const journal_;
    std::string const database_;
    std::string const edge_wss_;
    int const edge_wss_port_;
    bool const has_edge_;
    app::clock& clock_;
    runtime::metrics& figures_;
    runtime::gauge newest_backup_;
    runtime::gauge copies_wrong_;

    std::vector<certificate_end> of_doors_; // as they are shown until the next start
    std::optional<certificate_end> of_broker_;
    std::optional<certificate_end> of_database_;
    std::optional<certificate_end> of_edge_;
    std::string running_out_;
    domain::instant running_out_since_;

    files::backup_notes backups_;
    std::string trouble_;
    domain::instant since_;

    postgres::cluster_state cluster_; // as it was seen last: while the database is away, as before
    std::string copies_trouble_;
    domain::instant copies_since_;
    runtime::blocking_pool hands_{1}; // last: its job uses the others
};

} // namespace linli::server
