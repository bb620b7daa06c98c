// Which devices are well: what goes to the maintenance list, and what is one outage.
#include <fstream>

#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include "adapters/wire/device_words.hpp"
#include "adapters/wire/topics.hpp"
#include "system/house.hpp"
#include "system/until.hpp"
#include "system/watch.hpp"

namespace linli::tests {

using namespace std::chrono_literals;

namespace {

constexpr int homes_of_a_street = 200;
constexpr auto listed = "maintenance where ended_at is null and outage is null";

// A street of 200 homes, each with a box; in every tenth somebody at high risk.
app::registry_rows a_street() {
    auto city = small_city();
    city.areas.push_back({{"620102001"}, {"620102"}, "张掖路街道", {}});
    add_boxes(city, {"620102001"}, homes_of_a_street);
    return city;
}

void says_state(tests::device& d, std::string const& id, bool online) {
    d.publishes(wire::state_topic({id}), wire::encode_state({.online = online, .since = {}}));
}

void knows_everybody(house& h, long devices) {
    until("all are supervised", [&] { return h.metric("linli_devices_supervised") == devices; });
}

// What has been said by now is weighed.
void looks(house& h) {
    auto const before = h.metric("linli_supervision_rounds");
    until("two more rounds", [&] { return h.metric("linli_supervision_rounds") >= before + 2; });
}

void lists(house& h, std::string const& what, long count) {
    until(what,
          [&] { return h.count(std::string(listed) + " and kind = '" + what + "'") == count; });
}

} // namespace

TEST(health, a_silent_device_is_listed_after_the_grace_and_ends_when_it_is_back) {
    house h(small_city());
    knows_everybody(h, 2);
    auto& box = h.device("b1");
    says_state(box, "b1", true);
    says_state(box, "b1", false);
    until("both are decided", [&] { return h.count("signal where device = 'b1'") == 2; });
    h.fast_forward(9min);
    looks(h);
    EXPECT_EQ(h.count("maintenance"), 0);
    h.fast_forward(1min);
    lists(h, "offline", 1);
    EXPECT_EQ(h.count("alert"), 0) << "P4 is never in the queue";
    says_state(box, "b1", true);
    lists(h, "offline", 0);
    EXPECT_EQ(h.count("maintenance where device = 'b1' and ended_at > since and ended_by = ''"), 1);
}

TEST(health, a_nightly_backup_that_failed_is_said_and_the_house_stays_ready) {
    house h(small_city());
    auto const tells = [&h](std::string const& file, std::string const& time) {
        std::ofstream(h.config().journal.folder / ".." / file) << time << '\n';
    };
    auto const says = [&h](std::string const& words) {
        until("it says " + words, [&] {
            h.fast_forward(1min); // it looks that often
            return h.tells("/readyz").find(words) != std::string::npos;
        });
    };
    EXPECT_EQ(h.metric("linli_newest_backup_seconds"), 0);
    tells("newest-backup", "20261129T031000Z");
    says("the newest whole one is ");
    h.counts("linli_newest_backup_seconds", 1'795'921'800);
    tells("failed-backup", "20261130T031000Z");
    says("one failed ");
    EXPECT_TRUE(h.is_ready());
}

TEST(health, a_low_battery_in_telemetry_is_listed_once) {
    house h(small_city());
    knows_everybody(h, 2);
    for (int const percent : {19, 18}) {
        domain::telemetry t;
        t.battery = {{std::nullopt, percent}};
        h.device("w1").measures(t);
    }
    lists(h, "battery", 1);
    until("both are stored", [&] { return h.count("telemetry") == 2; });
    looks(h);
    EXPECT_EQ(h.count("maintenance"), 1);
}

TEST(health, two_hundred_of_one_street_are_one_alert_and_a_press_stands_alone) {
    house h(a_street());
    knows_everybody(h, homes_of_a_street + 2);
    for (int n = 0; n < homes_of_a_street; ++n) {
        auto const id = "sb" + std::to_string(n);
        says_state(h.device(id), id, false);
    }
    until("all are decided",
          [&] { return h.count("signal where kind = 'offline'") == homes_of_a_street; });
    looks(h);
    h.fast_forward(10min);
    auto const outage = h.sees_alert("area:620102001/outage");
    auto const seen = h.record();
    EXPECT_EQ(seen.alerts[0].what.kind, domain::alert_kind::outage);
    EXPECT_EQ(seen.alerts[0].what.level, domain::priority::p2);
    EXPECT_EQ(seen.alerts[0].what.desk.value, "s1") << "the desk of that area";
    until("all belong to it",
          [&] { return h.count("maintenance where outage is not null") == homes_of_a_street; });
    EXPECT_EQ(h.count(listed), 0);
    EXPECT_EQ(h.count("alert"), 1);
    auto& box = h.device("sb3");
    box.hears_stored(box.presses_sos());
    EXPECT_EQ(to_string(h.sees("home:sh3", domain::alert_state::raised).about), "home:sh3");
    EXPECT_EQ(h.count("alert"), 2);
    EXPECT_EQ(h.claims(outage, "a"), "");
    EXPECT_EQ(h.closes(outage, "a", domain::disposition::device_fault), "");
}

TEST(health, the_brokers_absence_is_one_incident_and_a_press_by_another_door_stands_alone) {
    auto city = small_city();
    city.devices.push_back({{"8809000001"}, "watch", {"r2"}, {}, {}});
    house h(city);
    h.opens_watch_door(100);
    knows_everybody(h, 3);
    h.broker().stop();
    until("it is missed", [&] { return !h.is_ready(); });
    looks(h);
    h.fast_forward(61s);
    h.sees_alert("area:620100/outage");
    h.fast_forward(2h);
    looks(h);
    EXPECT_EQ(h.count("outage where kind = 'broker' and ended is null and devices = 3"), 1);
    EXPECT_EQ(h.count("maintenance"), 0);
    watch caller(h.watch_port(), "8809000001");
    caller.presses_sos();
    h.sees_alert("resident:r2");
    EXPECT_EQ(h.count("alert"), 2);
    h.broker().start();
    until("it is over", [&] { return h.count("outage where ended is not null") == 1; });
}

TEST(health, a_watch_that_only_beats_by_tcp_is_heard) {
    auto city = small_city();
    city.devices.push_back({{"8809000001"}, "watch", {"r2"}, {}, {}});
    house h(city);
    h.opens_watch_door(100);
    knows_everybody(h, 3);
    watch worn(h.watch_port(), "8809000001");
    worn.keeps_alive();
    worn.hears("LK");
    looks(h);
    h.fast_forward(1min);
    until("it is written", [&] {
        return h.count("device_health where device = '8809000001' and door = 'watch_tcp' "
                       "and heard_at is not null");
    });
    worn.hangs_up();
    h.fast_forward(46min);
    until("it is listed",
          [&] { return h.count("maintenance where device = '8809000001' and kind = 'offline'"); });
    EXPECT_EQ(h.count("signal"), 0);
    EXPECT_EQ(h.count("alert"), 0);
}

TEST(health, a_restart_makes_nobody_silent_at_once) {
    house h(small_city());
    knows_everybody(h, 2);
    auto& watch = h.device("w1");
    watch.hears_stored(watch.presses_sos());
    h.fast_forward(1min); // words are written once a minute
    until("it is known", [&] { return h.count("device_health where pressed_at > known_since"); });
    h.server_stops();
    h.fast_forward(5h);
    h.server_starts();
    knows_everybody(h, 2);
    looks(h);
    EXPECT_EQ(h.count("maintenance"), 0);
    h.fast_forward(46min);
    lists(h, "offline", 1);
}

} // namespace linli::tests
