#include "server/keeping_lane.hpp"

#include <chrono>
#include <utility>

namespace linli::server {

app::keeping_times keeping_times_of(runtime::keeping_config const& config) {
    using domain::kept;
    using std::chrono::days;
    return {
        {kept::places, days(config.places_days)},
        {kept::words, days(config.words_days)},
        {kept::pictures, days(config.pictures_days)},
        {kept::calls, days(config.calls_days)},
        {kept::recordings, days(config.recordings_days)},
        {kept::wishes, days(config.wishes_days)},
        {kept::commands, days(config.commands_days)},
        {kept::searches, days(config.searches_days)},
        {kept::maintenance, days(config.maintenance_days)},
        {kept::imports, days(config.imports_days)},
        {kept::edits, days(config.edits_days)},
        {kept::looks, days(config.looks_days)},
    };
}

keeping_lane::keeping_lane(runtime::config const& config, app::clock& clock,
                           std::function<bool()> is_ours, std::function<bool()> may_let_go)
    : record_(postgres::open_keeping(config.database.url)),
      erased_record_(postgres::open_erasures(config.database.url)),
      erasures_(*erased_record_, clock),
      keeping_({*record_, erasures_, clock, std::move(is_ours), std::move(may_let_go)},
               keeping_times_of(config.keeping)) {}

void keeping_lane::start(runtime::work_scope& tasks) {
    tasks.spawn("keeping", keeping_.run());
}

void keeping_lane::stop() {
    record_->stop();
    erased_record_->stop();
}

} // namespace linli::server
