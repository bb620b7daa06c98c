#pragma once

#include <memory>
#include <optional>
#include <string>

#include "adapters/http/api_ports.hpp"
#include "adapters/postgres/hotline_record.hpp"
#include "adapters/postgres/recording_record.hpp"
#include "adapters/postgres/wait_check_record.hpp"
#include "adapters/recordings/recordings_on_disk.hpp"
#include "runtime/config.hpp"

namespace linli::server {

// What the hotline's edge knows our browsers by; empty: seats are no browsers. Throws
// std::runtime_error with the remedy when there is none that only its owner can read.
std::string edge_secret(runtime::hotline_config const& of);

// Our own hotline, as the API meets it, with database connections of its own.
class seats {
public:
    seats(runtime::config const& config, postgres::key_ring keys, app::id_source& ids);

    http::hotline_ports& ports() { return ports_; }
    void stop(); // waits for what is running

private:
    std::unique_ptr<postgres::hotline_database> kept_;
    std::unique_ptr<postgres::wait_check_database> checks_;
    std::unique_ptr<postgres::recording_database> recorded_; // null: nothing is recorded
    std::unique_ptr<recordings::recordings_on_disk> files_;  // the same
    std::optional<http::recording_ports> recordings_;        // the same
    http::hotline_ports ports_;
};

} // namespace linli::server
