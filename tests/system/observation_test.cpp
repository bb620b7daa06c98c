// What the house makes of telemetry, on real parts: from a batch of a watch or a sensor to the
// desk.
#include <gtest/gtest.h>

#include "system/house.hpp"
#include "system/until.hpp"

namespace linli::tests {

using namespace std::chrono_literals;
using domain::activity_kind;
using domain::alert_kind;
using domain::alert_state;

namespace {

constexpr double metre = 1 / 111'195.0;

// w1 of the small city with a yard of 300 m, and an infrared sensor in the home of r2, who alone
// lives there; silence is too long after an hour, day and night.
app::registry_rows watched_city() {
    auto city = small_city();
    city.devices.push_back({{"pir1"}, "infrared", {}, {"h2"}, {}});
    city.zones = {{{"r1"},
                   {"yard", domain::zone_kind::home,
                    "POLYGON((103.826 36.057,103.834 36.057,103.834 36.063,103.826 36.063,"
                    "103.826 36.057))"}}};
    city.silences = {{{"h2"}, {0, 1440, 60min}}};
    return city;
}

void is_at(house& h, double north_m) {
    domain::telemetry t;
    t.fixes = {{std::nullopt, {36.06 + north_m * metre, 103.83, 0, domain::position_source::gps}}};
    h.device("w1").measures(t);
}

void moves(house& h) {
    domain::telemetry t;
    t.activities = {{std::nullopt, activity_kind::motion, 0}};
    h.device("pir1").measures(t);
}

void comes_to(house& h, std::string const& what, long count) {
    until(what, [&] { return h.count(what) == count; });
}

} // namespace

TEST(observation, a_pulse_too_high_for_long_enough_is_an_alert_at_the_desk) {
    house h(watched_city());
    auto& watch = h.device("w1");
    watch.measures_pulse(150);
    comes_to(h, "dwell where rule = 'heart_rate.high' and not told", 1);
    h.fast_forward(9min);
    watch.measures_pulse(152);
    comes_to(h, "telemetry", 2);
    EXPECT_EQ(h.count("alert"), 0);
    h.fast_forward(1min + 1s);
    watch.measures_pulse(151);
    auto const alert = h.sees("resident:r1", alert_state::raised);
    EXPECT_EQ(alert.kind, alert_kind::vitals);
    EXPECT_EQ(alert.level, domain::priority::p2);
    EXPECT_EQ(h.claims(alert.id, "o1"), "");
    watch.measures_pulse(80); // well again: noted, and a person closes
    comes_to(h, "log where what = 'cleared_noted'", 1);
    EXPECT_EQ(h.sees("resident:r1", alert_state::claimed).id, alert.id);
    EXPECT_EQ(h.count("signal"), 2);
    EXPECT_EQ(h.count("outbox"), 0) << "no device waits for a receipt of it";
}

TEST(observation, a_restart_in_the_midst_keeps_the_clock) {
    house h(watched_city());
    h.device("w1").measures_pulse(150);
    comes_to(h, "dwell", 1);
    h.fast_forward(6min);
    h.server_stops();
    h.fast_forward(3min);
    h.server_starts();
    EXPECT_EQ(h.count("alert"), 0);
    h.fast_forward(1min + 2s); // and the watch says nothing more
    EXPECT_EQ(h.sees("resident:r1", alert_state::raised).kind, alert_kind::vitals);
    EXPECT_EQ(h.count("signal"), 1);
}

TEST(observation, who_leaves_the_zone_is_an_alert_with_the_place_and_the_return_is_noted) {
    house h(watched_city());
    is_at(h, 0);
    is_at(h, 600);
    comes_to(h, "dwell where rule = 'outside'", 1);
    h.fast_forward(2min + 1s); // out of sight
    auto const alert = h.sees("resident:r1", alert_state::raised);
    EXPECT_EQ(alert.kind, alert_kind::fence);
    EXPECT_EQ(h.count("signal where kind = 'fence' and latitude > 36.065 and alert is not null"),
              1);
    h.fast_forward(1min);
    is_at(h, 700);
    comes_to(h, "signal where kind = 'position' and alert is not null", 1); // on its time line
    h.fast_forward(1min);
    is_at(h, 0);
    comes_to(h, "dwell where told and since is not null", 1);
    h.fast_forward(3min + 1s);
    comes_to(h, "log where what = 'cleared_noted'", 1);
    EXPECT_EQ(h.sees("resident:r1", alert_state::raised).id, alert.id) << "a person closes it";
}

TEST(observation, a_silence_is_an_alert_unless_the_resident_is_away_and_sos_is_one_always) {
    house h(watched_city());
    moves(h);
    comes_to(h, "dwell where rule = 'silence' and due_at is not null", 1);
    h.fast_forward(60min + 1s);
    auto const alert = h.sees("home:h2", alert_state::raised);
    EXPECT_EQ(alert.kind, alert_kind::inactivity);
    EXPECT_EQ(h.claims(alert.id, "o1"), "");
    EXPECT_EQ(h.closes(alert.id, "o1", domain::disposition::helped), "");
    moves(h);
    comes_to(h, "dwell where rule = 'silence' and not told", 1);

    auto away = watched_city();
    away.residents.at(1).status = "away";
    h.learns(away);
    h.fast_forward(61min);
    comes_to(h, "dwell where rule = 'silence' and version > 3", 1); // looked at, and put off
    EXPECT_EQ(h.count("alert where state <> 'closed'"), 0);
    h.device("b1").presses_sos();
    EXPECT_EQ(h.sees("home:h2", alert_state::raised).kind, alert_kind::sos);
}

TEST(observation, a_watchs_own_alarm_about_its_wearer_is_an_alert) {
    house h(watched_city());
    auto& watch = h.device("w1");
    watch.hears_stored(watch.sends(domain::signal_kind::vitals));
    EXPECT_EQ(h.sees("resident:r1", alert_state::raised).kind, alert_kind::vitals);
}

} // namespace linli::tests
