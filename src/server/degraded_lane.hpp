#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/http/readiness.hpp"
#include "adapters/journal/journal.hpp"
#include "adapters/journal/told_file.hpp"
#include "adapters/mapped/device_book.hpp"
#include "adapters/postgres/registry_copy.hpp"
#include "app/degraded_telling.hpp"
#include "app/unclaimed_emergencies.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/config.hpp"
#include "runtime/metrics.hpp"
#include "runtime/work_scope.hpp"
#include "server/notice_lane.hpp"

namespace linli::server {

// How an emergency reaches the duty telephone while the database is away: what waits in the
// journal, read beside the intake; the registry copy and the book of who was told, files in the
// journal's folder. All of its files are read and written on a thread of its own.
class degraded_lane final : app::waiting_signals, app::told_book {
public:
    // What the house knows of what nobody hears of: as the ports of degraded_telling.
    struct unheard {
        std::function<std::optional<domain::instant>()> undecided_since;
        std::function<std::optional<domain::instant>()> silent_since;
        app::unclaimed_emergencies const& unclaimed;
        std::function<std::vector<domain::signal>()> set_aside;
    };
    // What was read with the copy, for the dispatch's foresight.
    using foresees = std::function<void(std::shared_ptr<app::foreseen_devices const>)>;

    degraded_lane(runtime::config const& config, journal::journal& journal,
                  mapped::device_book const& devices, notice_lane& notices,
                  app::plan_book const& plans, app::clock& clock, unheard what,
                  foresees to_dispatch, runtime::metrics& into);

    void start(runtime::work_scope& tasks);        // before the database was reached
    void start_copies(runtime::work_scope& tasks); // once it was
    void stop();                                   // when its tasks have ended

    http::part ready();
    void look(); // figures, when somebody asks

private:
    void rewind() override { from_ = {}; }
    runtime::task<std::vector<item>> next(std::size_t most) override;
    bool waits(item const& one) const override;

    runtime::task<std::vector<app::told_degraded>> read() override;
    runtime::task<bool> add(std::vector<app::told_degraded> const& told) override;
    runtime::task<bool> clear() override;

    runtime::task<std::optional<app::registry_copy>> copy();
    runtime::task<void> keep_copies();
    app::degraded_telling::ports ports(notice_lane& notices, app::plan_book const& plans,
                                       unheard what);

    journal::journal& journal_;
    mapped::device_book const& devices_;
    app::clock& clock_;
    postgres::key_ring keys_;
    std::filesystem::path copy_file_;
    postgres::registry_copier copier_;
    foresees to_dispatch_;
    journal::told_file file_;
    journal::position from_;
    runtime::blocking_pool threads_{1};
    app::degraded_telling telling_;
    domain::instant since_;
    runtime::gauge told_;
    runtime::gauge not_told_;
};

// One line of the book, and back; nothing for what is no such line.
std::string to_line(app::told_degraded const& told);
std::optional<app::told_degraded> read_told(std::string const& line);

} // namespace linli::server
