// The supervision on the twin: what it hears, what it writes, and what it raises.
#include "app/supervision.hpp"

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/observation.hpp"
#include "runtime/work_scope.hpp"
#include "support/evening.hpp"
#include "support/manual_clock.hpp"
#include "support/memory_health.hpp"
#include "support/run_on.hpp"

namespace linli::tests {

namespace {

using namespace std::chrono_literals;
using domain::signal_kind;
using domain::trouble;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr int homes_of_a_street = 200;

// Street s1 with 200 homes, in each a box; r0 is at high risk and not alone, r7 at high risk and
// alone. Street s2 with five.
city two_streets() {
    city town = a_city();
    auto const settle = [&](char const* prefix, int homes) {
        for (int n = 0; n < homes; ++n) {
            auto const number = std::to_string(n);
            town.with(home(prefix + ("h" + number)).has(prefix + ("b" + number)));
            auto r = resident(prefix + ("r" + number)).at_home(prefix + ("h" + number));
            town.with(n == 0 || n == 7 ? r.high_risk() : r);
        }
    };
    town.with_station("s1");
    settle("", homes_of_a_street);
    town.with(resident("guest").at_home("h0"));
    town.with_station("s2");
    settle("x", 5);
    return town;
}

city two_streets_without(char const* device) {
    auto town = two_streets();
    for (auto& each : town.homes)
        std::erase(each.devices, domain::device_id{device});
    return town;
}

class supervising : public testing::Test {
protected:
    supervising() {
        record.becomes(two_streets());
        tasks.spawn("supervision", watch.run());
        watch.broker_is(true);
        passes(1s);
    }
    void TearDown() override { run_on(loop, tasks.stop()); }

    void passes(domain::duration by) {
        clock.fast_forward(by);
        for (int rounds = 0; rounds < 3; ++rounds) { // a look waits for the record
            loop.restart();
            loop.poll();
        }
    }
    void says(std::string const& device, signal_kind kind, std::optional<int> battery = {}) {
        domain::signal s;
        s.device = {device};
        s.kind = kind;
        s.door = "mqtt";
        s.battery_percent = battery;
        is_committed(std::move(s));
    }
    // No word of the device: the house has looked at its silence.
    void is_observed(std::string const& device) {
        domain::signal s;
        s.device = {device};
        s.event = domain::observed_event_id(s.device, "silence", {true, clock.now()});
        s.kind = signal_kind::inactivity;
        s.door = domain::observed_door;
        is_committed(std::move(s));
    }
    void is_committed(domain::signal s) {
        s.received_at = clock.now();
        app::changes all;
        all.signals.push_back({std::move(s), {}, {}, {}});
        watch.committed(all);
    }
    void street_goes(int from, int until) {
        for (int n = from; n < until; ++n)
            says("b" + std::to_string(n), signal_kind::offline);
    }
    void street_comes(int from, int until) {
        for (int n = from; n < until; ++n)
            says("b" + std::to_string(n), signal_kind::online);
    }
    // "b1 offline" of those that stand by themselves.
    std::vector<std::string> listed() const {
        std::vector<std::string> all;
        for (auto const& e : record.open())
            if (!e.outage) all.push_back(e.device.value + ' ' + std::string(to_text(e.what)));
        return all;
    }
    app::maintenance_list list() { return *run_on(loop, record.list(1000)); }

    app::supervision::ports ports() {
        return {.keeper = record,
                .clock = clock,
                .ids = ids,
                .listens = [this] { return receives; },
                .limits_of =
                    [](std::string const& kind) {
                        domain::supervision_limits held_to;
                        held_to.grace = 10min;
                        if (kind == "watch") held_to.silent = 45min;
                        return held_to;
                    },
                .outages = {},
                .city = {city_area},
                .raise = [this](domain::signal what) { return raise(std::move(what)); }};
    }
    runtime::task<bool> raise(domain::signal what) {
        if (!can_raise) co_return false;
        raised.push_back(std::move(what));
        co_return true;
    }

    boost::asio::io_context loop{1};
    manual_clock clock{evening};
    memory_health record;
    app::id_source ids{1};
    bool receives = true;
    bool can_raise = true;
    std::vector<domain::signal> raised;
    app::supervision watch{ports()};
    runtime::work_scope tasks{loop.get_executor()};
};

} // namespace

TEST_F(supervising, a_device_that_goes_is_listed_after_the_grace_and_ends_when_it_is_back) {
    says("b1", signal_kind::offline);
    passes(9min);
    EXPECT_THAT(listed(), IsEmpty());
    passes(1min);
    EXPECT_THAT(listed(), ElementsAre("b1 offline"));
    says("b1", signal_kind::online);
    passes(1s);
    EXPECT_THAT(listed(), IsEmpty());
    ASSERT_THAT(record.entries(), SizeIs(1));
    EXPECT_EQ(record.entries()[0].since, evening + 1s);
    EXPECT_EQ(record.entries()[0].ended, evening + 10min + 2s);
    EXPECT_THAT(raised, IsEmpty());
}

TEST_F(supervising, a_device_that_is_gone_stays_so_when_the_house_speaks_of_its_silence) {
    says("b1", signal_kind::offline);
    passes(10min);
    is_observed("b1");
    passes(1s);
    EXPECT_THAT(listed(), ElementsAre("b1 offline"));
}

TEST_F(supervising, a_street_that_is_out_is_not_back_when_the_house_speaks_of_its_silence) {
    street_goes(0, 100);
    passes(11min);
    ASSERT_THAT(list().outages, SizeIs(1));
    for (int n = 0; n < 100; ++n)
        is_observed("b" + std::to_string(n));
    passes(1s);
    EXPECT_THAT(list().outages, SizeIs(1));
}

TEST_F(supervising, beats_cost_no_row_each) {
    passes(2min);
    auto const rows = record.rows_written();
    EXPECT_EQ(rows, homes_of_a_street + 5U) << "each is known since the first look";
    for (int n = 0; n < 14; ++n) {
        watch.beats("b1");
        says("b2", signal_kind::position);
        passes(1min);
    }
    EXPECT_LE(record.rows_written(), rows + 2);
    auto const writes = record.writes();
    passes(2h);
    EXPECT_EQ(record.writes(), writes) << "nothing has changed";
}

TEST_F(supervising, a_start_gives_everybody_his_time_anew) {
    street_goes(0, 3);
    passes(5min);
    receives = false; // another server takes over, and this one has it back
    passes(1h);
    receives = true;
    passes(1s);
    passes(9min);
    EXPECT_THAT(listed(), IsEmpty());
    passes(1min);
    EXPECT_THAT(listed(), testing::UnorderedElementsAre("b0 offline", "b1 offline", "b2 offline"));
}

TEST_F(supervising, a_standby_that_has_heard_much_hears_who_is_gone_when_it_takes_over) {
    receives = false;
    passes(1s);
    for (int n = 0; n < 100'001; ++n)
        says("b2", signal_kind::position);
    passes(1s);
    receives = true;
    says("b1", signal_kind::offline); // the broker hands out what it has kept
    passes(1s);
    passes(10min);
    EXPECT_THAT(listed(), ElementsAre("b1 offline"));
}

TEST_F(supervising, two_hundred_of_one_street_are_one_alert_and_whom_to_call_first) {
    street_goes(0, homes_of_a_street);
    says("xb1", signal_kind::offline);
    passes(9min);
    EXPECT_THAT(raised, IsEmpty());
    passes(1min);
    ASSERT_THAT(raised, SizeIs(1));
    EXPECT_EQ(raised[0].kind, signal_kind::outage);
    EXPECT_EQ(raised[0].door, "outage");
    EXPECT_THAT(listed(), IsEmpty()) << "of the neighbouring street, too: the city is out";
    auto const seen = list();
    ASSERT_THAT(seen.outages, SizeIs(1));
    EXPECT_EQ(seen.outages[0].what.devices, homes_of_a_street + 1);
    EXPECT_EQ(seen.outages[0].calls_in_all, homes_of_a_street + 2);
    EXPECT_EQ(seen.outages[0].calls[0].whom.resident.value, "r7");
    EXPECT_EQ(seen.outages[0].calls[1].whom.resident.value, "r0");
    EXPECT_EQ(seen.outages[0].calls.back().whom.resident.value, "guest");
    street_comes(0, homes_of_a_street - 5);
    passes(1s);
    EXPECT_THAT(list().outages, IsEmpty());
    EXPECT_THAT(listed(), SizeIs(6)) << "who is not back stands by himself";
    EXPECT_THAT(raised, SizeIs(1));
}

TEST_F(supervising, stragglers_and_those_who_went_before_belong_to_the_outage) {
    street_goes(0, 9); // no outage yet, of two hundred
    passes(10min);
    EXPECT_THAT(listed(), SizeIs(9));
    street_goes(9, 100);
    passes(1min);
    street_goes(100, 120);
    passes(10min);
    EXPECT_THAT(listed(), IsEmpty());
    ASSERT_THAT(list().outages, SizeIs(1));
    EXPECT_EQ(list().outages[0].what.devices, 120);
    EXPECT_EQ(list().outages[0].what.since, evening + 1s);
    EXPECT_THAT(raised, SizeIs(1));
}

TEST_F(supervising, an_outage_that_cannot_be_raised_waits_and_nothing_is_lost) {
    can_raise = false;
    street_goes(0, 100);
    passes(11min);
    EXPECT_THAT(list().outages, IsEmpty());
    can_raise = true;
    passes(1s);
    EXPECT_THAT(raised, SizeIs(1));
    EXPECT_EQ(list().outages[0].what.devices, 100);
}

TEST_F(supervising, the_brokers_absence_is_one_outage_and_nobody_is_blamed_for_it) {
    street_goes(0, 1);
    passes(1min);
    watch.broker_is(false);
    passes(59s);
    EXPECT_THAT(raised, IsEmpty());
    passes(1s);
    ASSERT_THAT(raised, SizeIs(1));
    EXPECT_EQ(raised[0].device.value, city_area);
    passes(5h);
    EXPECT_THAT(raised, SizeIs(1));
    EXPECT_THAT(listed(), IsEmpty());
    ASSERT_THAT(list().outages, SizeIs(1));
    EXPECT_EQ(list().outages[0].what.kind, domain::outage_kind::broker);
    EXPECT_EQ(list().outages[0].what.devices, homes_of_a_street + 5);
    watch.broker_is(true);
    passes(1s);
    EXPECT_THAT(list().outages, IsEmpty());
    passes(9min);
    EXPECT_THAT(listed(), IsEmpty()) << "it has its grace anew";
    passes(1min);
    EXPECT_THAT(listed(), ElementsAre("b0 offline"));
}

TEST_F(supervising, a_battery_in_telemetry_is_listed_once) {
    for (int const percent : {18, 17, 16}) {
        domain::telemetry t;
        t.device = {"b3"};
        t.received_at = clock.now();
        t.battery = {{std::nullopt, percent}};
        watch.measured({t});
        passes(1min);
    }
    EXPECT_THAT(record.entries(), SizeIs(1));
    EXPECT_THAT(listed(), ElementsAre("b3 battery"));
}

TEST_F(supervising, who_has_another_door_is_heard_while_the_broker_is_away) {
    domain::telemetry t;
    t.device = {"b3"};
    t.received_at = clock.now();
    t.door = "http";
    watch.measured({t});
    watch.beats("b4");
    passes(1s);
    t.door = "watch_tcp"; // its bulk comes later than its frames
    t.device = {"b4"};
    watch.measured({t});
    watch.broker_is(false);
    passes(61s);
    ASSERT_THAT(list().outages, SizeIs(1));
    EXPECT_EQ(list().outages[0].what.devices, homes_of_a_street + 3);
}

TEST_F(supervising, who_was_denied_at_the_broker_has_no_door_of_its_own) {
    domain::signal denied;
    denied.device = {"b3"};
    denied.event = {"b3:x:denied:1"};
    denied.kind = signal_kind::unreadable;
    denied.door = "broker";
    is_committed(std::move(denied));
    watch.broker_is(false);
    passes(61s);
    ASSERT_THAT(list().outages, SizeIs(1));
    EXPECT_EQ(list().outages[0].what.devices, homes_of_a_street + 5);
}

TEST_F(supervising, telemetry_by_a_door_of_its_own_ends_what_a_cloud_has_said) {
    says("b3", signal_kind::offline);
    passes(10min);
    EXPECT_THAT(listed(), ElementsAre("b3 offline"));
    domain::telemetry t;
    t.device = {"b3"};
    t.received_at = clock.now();
    t.door = "mqtt"; // may have waited at the broker behind the last will
    watch.measured({t});
    passes(1s);
    EXPECT_THAT(listed(), ElementsAre("b3 offline"));
    t.door = "http";
    watch.measured({t});
    passes(1s);
    EXPECT_THAT(listed(), IsEmpty());
}

TEST_F(supervising, who_says_no_birth_is_there_again_with_what_it_measures) {
    auto const measures = [&](domain::listening_since flows_since) {
        domain::telemetry t;
        t.device = {"b3"};
        t.received_at = clock.now();
        t.door = "mqtt";
        watch.measured({t}, flows_since);
        passes(1s);
    };
    auto const begin = clock.now();
    says("b3", signal_kind::offline);
    passes(30s);
    measures(begin); // may have waited behind its will
    passes(10min);
    EXPECT_THAT(listed(), ElementsAre("b3 offline"));
    measures(clock.now() - 30s); // the session has just come back
    EXPECT_THAT(listed(), ElementsAre("b3 offline"));
    measures(begin);
    EXPECT_THAT(listed(), IsEmpty());
}

TEST_F(supervising, what_a_person_has_mended_is_heard_and_comes_back_if_it_is_not_well) {
    says("b1", signal_kind::offline);
    passes(10min);
    EXPECT_TRUE(*run_on(loop, record.mend({{"b1"}, trouble::offline, clock.now()}, "fitter")));
    passes(6s);
    passes(9min);
    EXPECT_THAT(listed(), IsEmpty());
    passes(1min);
    EXPECT_THAT(listed(), ElementsAre("b1 offline"));
}

TEST_F(supervising, changes_wait_while_the_database_is_away) {
    says("b1", signal_kind::offline);
    record.away(true);
    passes(20min);
    says("b2", signal_kind::battery);
    passes(1min);
    EXPECT_THAT(record.entries(), IsEmpty());
    record.away(false);
    passes(1s);
    passes(1s);
    EXPECT_THAT(listed(), testing::UnorderedElementsAre("b1 offline", "b2 battery"));
}

TEST_F(supervising, what_came_and_went_while_the_database_was_away_is_no_entry) {
    record.away(true);
    says("b1", signal_kind::battery, 5);
    passes(1min);
    says("b1", signal_kind::position, 90);
    passes(1min);
    record.away(false);
    passes(1min);
    EXPECT_THAT(listed(), IsEmpty());
}

TEST_F(supervising, a_clock_that_stays_hours_behind_is_listed_until_it_is_right) {
    auto const measures = [&](domain::duration behind) {
        domain::telemetry t;
        t.device = {"b3"};
        t.received_at = clock.now();
        t.door = "mqtt";
        t.vitals = {{clock.now() - behind, domain::vital_sign::heart_rate, 70}};
        watch.measured({t});
        passes(1min);
    };
    measures(5h); // late history
    measures(1min);
    for (int minute = 0; minute < 10; ++minute)
        measures(8h);
    EXPECT_THAT(listed(), IsEmpty());
    measures(8h);
    EXPECT_THAT(listed(), ElementsAre("b3 clock"));
    measures(8h);
    EXPECT_THAT(record.entries(), SizeIs(1));
    measures(1s);
    EXPECT_THAT(listed(), IsEmpty());
    EXPECT_THAT(record.entries(), SizeIs(1)) << "ended, and kept";
}

TEST_F(supervising, the_databases_absence_makes_no_watch_silent) {
    auto town = two_streets();
    for (int n = 0; n < 10; ++n)
        town.with(
            resident("walker" + std::to_string(n)).at_home("h0").wears("w" + std::to_string(n)));
    record.becomes(town);
    passes(6s);
    auto const all_measure = [&](domain::instant received) {
        std::vector<domain::telemetry> batch(10);
        for (int n = 0; n < 10; ++n) {
            auto& t = batch[static_cast<std::size_t>(n)];
            t.device = {"w" + std::to_string(n)};
            t.received_at = received;
            t.door = "mqtt";
        }
        watch.measured(batch);
        passes(1s);
    };
    all_measure(clock.now());
    record.away(true);
    passes(6s);
    auto const meanwhile = clock.now();
    for (int minute = 0; minute < 70; ++minute)
        passes(1min); // each measures, and is heard when that is kept
    record.away(false);
    passes(1s);
    all_measure(meanwhile); // the oldest first
    passes(2min);
    EXPECT_THAT(listed(), IsEmpty());
    EXPECT_THAT(raised, IsEmpty());
    passes(1h); // but who says nothing from then on is silent
    EXPECT_THAT(listed(), SizeIs(10));
}

TEST_F(supervising, a_device_that_is_registered_later_is_supervised_from_then_on) {
    says("new", signal_kind::offline);
    auto town = two_streets();
    town.with(home("new-h").has("new"));
    record.becomes(town);
    passes(6s);
    says("new", signal_kind::offline);
    passes(10min);
    EXPECT_THAT(listed(), ElementsAre("new offline"));
}

TEST_F(supervising, a_change_on_a_page_is_read_for_the_devices_that_it_is_about) {
    auto const read = record.devices_read();
    auto town = two_streets();
    town.with(home("new-h").has("new"));
    record.becomes(town, domain::sheet::devices, "new");
    passes(6s);
    EXPECT_EQ(record.devices_read(), read + 1);
    says("new", signal_kind::offline);
    says("b1", signal_kind::offline);
    passes(10min);
    EXPECT_THAT(listed(), ElementsAre("b1 offline", "new offline"));
}

TEST_F(supervising, a_device_that_is_taken_off_is_no_longer_supervised) {
    says("b1", signal_kind::offline);
    passes(1s);
    record.becomes(two_streets_without("b1"), domain::sheet::devices, "b1");
    passes(10min);
    EXPECT_THAT(listed(), IsEmpty());
    EXPECT_EQ(watch.so_far().supervised, homes_of_a_street + 4U);
}

TEST_F(supervising, an_import_leaves_what_was_heard_of_those_who_stay) {
    says("b1", signal_kind::offline);
    passes(1s);
    record.becomes(two_streets_without("b2"));
    passes(10min);
    EXPECT_THAT(listed(), ElementsAre("b1 offline"));
    EXPECT_EQ(watch.so_far().supervised, homes_of_a_street + 4U);
}

// Other edits in between must not make those who went look like those who stayed.
TEST_F(supervising, whoever_goes_after_an_edit_of_others_is_gone_all_the_same) {
    for (auto const* edited : {"b3", "b4"}) {
        record.becomes(two_streets(), domain::sheet::devices, edited);
        passes(6s);
        record.becomes(two_streets_without("b1"), domain::sheet::devices, "b1");
        passes(6s);
        EXPECT_EQ(watch.so_far().supervised, homes_of_a_street + 4U) << "an edit of " << edited;
        record.becomes(two_streets(), domain::sheet::devices, "b1");
        passes(6s);
        record.becomes(two_streets_without("b2")); // an import
        passes(6s);
        EXPECT_EQ(watch.so_far().supervised, homes_of_a_street + 4U) << "an import";
        record.becomes(two_streets());
        passes(6s);
    }
}

} // namespace linli::tests
