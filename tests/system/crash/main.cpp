// Kills the server again and again under load, and the database and the broker, and holds what the
// field has seen against the record. Exit code: 0 nothing lost, nothing doubled; 1 otherwise.
#include <algorithm>
#include <cstdio>
#include <random>
#include <set>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "runtime/log.hpp"
#include "support/places.hpp"
#include "system/crash/figures.hpp"
#include "system/crash/progress.hpp"
#include "system/load/fate.hpp"
#include "system/load/operators.hpp"
#include "system/load/settling.hpp"

namespace linli::tests::crash {

using namespace load;

namespace {

using namespace std::chrono_literals;

constexpr auto settle_limit = 180s;
constexpr std::size_t most_shown = 10;
constexpr std::size_t slow_ones_shown = 3;

struct options {
    death_counts kills;
    int rate = 100;
    std::uint64_t seed = std::random_device{}();
    std::string program = linli_program();
    bool keep = false;
};

void show(char const* kind, std::vector<finding> const& all, ledger const& outside,
          record_picture const& record) {
    std::set<std::string> told;
    for (std::size_t i = 0; i < all.size() && i < most_shown; ++i) {
        fmt::print("{}: {} {}\n", kind, all[i].event, all[i].what);
        if (!all[i].event.empty() && told.insert(all[i].event).second)
            fmt::print("{}", history_of(all[i].event, outside, record));
    }
    if (all.size() > most_shown) fmt::print("… and {} more\n", all.size() - most_shown);
}

std::vector<finding> slowest_of(ledger const& outside) {
    auto all = outside.presses();
    std::erase_if(all, [](press const& p) { return !p.stored_at; });
    auto const waited = [](press const& p) { return *p.stored_at - p.pressed_at; };
    std::sort(all.begin(), all.end(),
              [&](press const& a, press const& b) { return waited(a) > waited(b); });
    std::vector<finding> slow;
    for (std::size_t i = 0; i < all.size() && i < slow_ones_shown; ++i)
        slow.push_back({all[i].event.value, ""});
    return slow;
}

int run(options const& wanted) {
    fmt::print("crash: seed {}, {} presses a second, kills: server {}, database {}, broker {}\n",
               wanted.seed, wanted.rate, wanted.kills.server, wanted.kills.database,
               wanted.kills.broker);
    std::fflush(stdout);
    // The operators are in this process; only their errors are of interest.
    runtime::log::set_level(runtime::log::level::error);
    auto const people = city_for(wanted.rate);
    auto const database = postgres_server::of_the_program();
    premises where(people, database);
    auto const place = where.new_place("server");
    where.write_config(place);
    ledger outside;
    std::string unsettled;
    heard_offers heard;
    int ended_with = 0;
    {
        server_process server(wanted.program, place.config_file(), place.folder / "log",
                              place.http_port);
        field in_the_field(people, where, outside, {wanted.rate, wanted.seed});
        in_the_field.opens();
        operators desk(where, [&](domain::event_id const& e) { in_the_field.alert_closed(e); });
        progress showing(outside, wanted.kills);
        server.start();
        in_the_field.presses(true);
        fate(where, server, in_the_field, outside, wanted.seed).runs(wanted.kills);
        in_the_field.presses(false);
        unsettled = settle([&] { return what_waits(where, outside, {&server}); }, settle_limit);
        desk.stop();
        ended_with = server.stop();
        in_the_field.closes();
        for (auto const& each : in_the_field.crews())
            heard.insert(each->offers().begin(), each->offers().end());
    }
    auto const record = read_record(where.database_url());
    auto found = audit_of(outside, heard, record);
    if (!unsettled.empty()) found.wrong.push_back({"", "after 180 s " + unsettled});
    if (ended_with != 0)
        found.wrong.push_back({"", fmt::format("the last stop ended with {}", ended_with)});
    show("lost", found.lost, outside, record);
    show("lost", found.passed_on_and_missing, outside, record);
    show("doubled", found.doubled, outside, record);
    show("wrong", found.wrong, outside, record);
    if (wanted.keep) show("slowest", slowest_of(outside), outside, record);
    fmt::print("{}", figures_of(outside, heard, record, found));
    if (found.is_clean() && !wanted.keep)
        where.discard();
    else
        fmt::print("kept: {}\n", where.folder().string());
    return found.is_clean() ? 0 : 1;
}

} // namespace

} // namespace linli::tests::crash

int main(int argc, char** argv) {
    using namespace linli::tests::crash;
    CLI::App app{"Kills the server, the database and the broker under load; start it by "
                 "tests/support/with_postgres."};
    options wanted;
    app.add_option("--server-kills", wanted.kills.server)->capture_default_str();
    app.add_option("--database-kills", wanted.kills.database)->capture_default_str();
    app.add_option("--broker-kills", wanted.kills.broker)->capture_default_str();
    app.add_option("--rate", wanted.rate, "Presses a second")
        ->check(CLI::Range(10, 1000))
        ->capture_default_str();
    app.add_option("--seed", wanted.seed, "Who dies when; another one each time");
    app.add_option("--program", wanted.program, "The linli to kill")->capture_default_str();
    app.add_flag("--keep", wanted.keep, "Leave the folder with the server's log");
    CLI11_PARSE(app, argc, argv);
    try {
        return run(wanted);
    } catch (std::exception const& e) {
        std::fprintf(stderr, "crash: %s\n", e.what());
        return 1;
    }
}
