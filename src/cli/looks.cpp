#include "cli/looks.hpp"

#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "adapters/postgres/account_record.hpp"

namespace linli::cli {

namespace {

// By id, once each.
std::set<std::string> shown_in(app::maintenance_list const& list) {
    std::set<std::string> all;
    for (auto const& each : list.entries)
        if (!each.phone.empty()) all.insert(each.resident.value);
    for (auto const& outage : list.outages)
        for (auto const& each : outage.calls)
            if (!each.phone.empty()) all.insert(each.whom.resident.value);
    return all;
}

} // namespace

runtime::task<void> note_looks(runtime::config const& config, session& on,
                               app::maintenance_list const& list, std::string who) {
    auto const shown = shown_in(list);
    if (shown.empty()) co_return;
    if (who.empty()) who = "command line";
    std::vector<app::seen_entry> rows;
    for (auto const& each : shown)
        rows.push_back({on.clock().now(), {who}, "phone", "resident:" + each, "maintenance"});
    auto const accounts = postgres::open_accounts(
        config.database.url, postgres::key_ring::load(config.database.key_file));
    auto const logged = co_await accounts->saw(rows);
    accounts->stop();
    if (!logged) throw std::runtime_error("the database is away");
}

} // namespace linli::cli
