// How "linli trace" shows one event, to a person and to a program.
#include "cli/trace_text.hpp"

#include <gtest/gtest.h>

namespace linli::cli {
namespace {

using namespace std::chrono_literals;
using app::time_line_of;

constexpr domain::instant night =
    domain::instant(std::chrono::sys_days(std::chrono::year(2026) / 11 / 29)) + 18h + 59min + 59s;

struct after_step {
    domain::duration after;
    time_line_of of;
    std::string step;
    std::string what;
};

app::time_line line_with(std::vector<after_step> const& steps) {
    app::time_line line;
    line.event = "w1:7:42";
    line.is_remembered = true;
    line.is_recorded = true;
    auto at = night;
    for (auto const& each : steps) {
        at += each.after;
        line.entries.push_back({at, each.after, each.of, each.step, each.what});
    }
    line.entries.front().after.reset();
    return line;
}

} // namespace

TEST(trace_text, goes_in_from_the_button_to_the_door_with_the_gap_of_each_step) {
    auto line = line_with({
        {0us, time_line_of::signal, "received", "by mqtt"},
        {44us, time_line_of::signal, "written", "to the journal"},
        {1206us, time_line_of::signal, "synced", "on disk: its sender may be told"},
        {0us, time_line_of::signal, "decided", ""},
        {0us, time_line_of::alert, "raised", "by device w1"},
        {0us, time_line_of::order, "offered", "620102-20261129-0007 by house: k1"},
        {250us, time_line_of::message, "published", "offer open to provider:c1"},
        {61s, time_line_of::order, "accepted", "620102-20261129-0007 by worker k1"},
        {4min, time_line_of::order, "arrived", "620102-20261129-0007 by worker k1"},
    });
    line.heading = {"sos of device w1 about resident:r1", "opened alert A (P1, claimed)"};
    EXPECT_EQ(trace_text(line, night + 6min),
              R"(EVENT w1:7:42
  sos of device w1 about resident:r1
  opened alert A (P1, claimed)

2026-11-29 UTC
18:59:59.000000              received         by mqtt
18:59:59.000044      +44 us  written          to the journal
18:59:59.001250    +1.21 ms  synced           on disk: its sender may be told
18:59:59.001250       +0 us  decided
18:59:59.001250       +0 us    raised           by device w1
18:59:59.001250       +0 us      offered          620102-20261129-0007 by house: k1
18:59:59.001500     +250 us        published        offer open to provider:c1
19:01:00.001500     +61.0 s      accepted         620102-20261129-0007 by worker k1
19:05:00.001500      +4 min      arrived          620102-20261129-0007 by worker k1

nothing is missing
)");
}

TEST(trace_text, says_what_is_missing_and_when_it_is_due) {
    auto line = line_with({{0us, time_line_of::signal, "received", "by mqtt"}});
    line.missing = {{"order 7: no provider has answered; asked: c1", night + 24s},
                    {"nobody has claimed the alert", night - 3min},
                    {"receipt stored to device:w1: not published", {}}};
    EXPECT_EQ(trace_text(line, night), R"(EVENT w1:7:42

2026-11-29 UTC
18:59:59.000000              received         by mqtt

MISSING
  order 7: no provider has answered; asked: c1; due at 2026-11-29T19:00:23Z, in 24.0 s
  nobody has claimed the alert; was due at 2026-11-29T18:56:59Z, 3 min ago
  receipt stored to device:w1: not published
)");
}

TEST(trace_text, says_where_its_times_come_from_and_what_the_device_believed) {
    auto line = line_with({{0us, time_line_of::signal, "received", "by tcp"},
                           {5h, time_line_of::alert, "closed", "by operator li: helped"},
                           {10h, time_line_of::order, "followed_up", "7 by operator li"}});
    line.is_remembered = false;
    line.happened_at = night - 2s;
    EXPECT_EQ(trace_text(line, night + 24h), R"(EVENT w1:7:42
  by the device's clock it happened at 2026-11-29T18:59:57.000Z
  this machine's server doesn't remember it: the times are the record's

2026-11-29 UTC
18:59:59.000000              received         by tcp
23:59:59.000000        +5 h    closed           by operator li: helped
2026-11-30 UTC
09:59:59.000000       +10 h      followed_up      7 by operator li

nothing is missing
)");
}

TEST(trace_json, has_the_same_for_a_program) {
    auto line = line_with({{0us, time_line_of::signal, "received", "by mqtt"},
                           {44us, time_line_of::message, "published", "receipt stored"}});
    line.heading = {"sos of device w1 about resident:r1"};
    line.missing = {{"nobody has claimed the alert", night + 24s}};
    EXPECT_EQ(trace_json(line),
              R"({"event":"w1:7:42","remembered":true,"recorded":true,)"
              R"("about":["sos of device w1 about resident:r1"],)"
              R"("steps":[{"at":"2026-11-29T18:59:59.000000Z","of":"signal","step":"received",)"
              R"("what":"by mqtt"},{"at":"2026-11-29T18:59:59.000044Z","of":"message",)"
              R"("step":"published","what":"receipt stored","after_us":44}],)"
              R"("missing":[{"what":"nobody has claimed the alert",)"
              R"("due_at":"2026-11-29T19:00:23.000Z"}]})"
              "\n");
}

TEST(trace_text, does_not_say_that_nothing_is_missing_when_the_record_could_not_be_asked) {
    auto line = line_with({{0us, time_line_of::signal, "received", "by mqtt"}});
    line.is_recorded = false;
    auto const text = trace_text(line, night);
    EXPECT_NE(text.find("the record could not be asked"), std::string::npos);
    EXPECT_EQ(text.find("nothing is missing"), std::string::npos);
}

} // namespace linli::cli
