// Who is silent, since when, and who is well again: with the clock as data.
#include "domain/device_health.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/evening.hpp"

namespace linli::tests {

using namespace domain;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

constexpr std::chrono::days day{1};

supervision_limits const watch_limits{.silent = 30min,
                                      .grace = 15min,
                                      .dormant = 7 * day,
                                      .test_every = 31 * day,
                                      .battery_low = 20,
                                      .battery_well = 35};
supervision_limits const box_limits{.silent = 0s, .grace = 10min, .dormant = 14 * day};

// One device, and a supervision that has listened for long.
class a_device : public testing::Test {
protected:
    a_device() { h.known_since = evening; }

    void says(heard_as what, duration after, std::optional<int> battery = {}) {
        h = hear(h, {evening + after, what, battery});
    }
    std::vector<health_change> at(duration after) {
        auto verdict = judge(h, held_to, listening, evening + after);
        h = verdict.next;
        look_again = verdict.look_again;
        return verdict.changes;
    }
    static health_change began(trouble what, duration since) {
        return {what, evening + since, std::nullopt};
    }
    static health_change ended(trouble what, duration since, duration at) {
        return {what, evening + since, evening + at};
    }

    device_health h;
    supervision_limits held_to = watch_limits;
    listening_since listening = evening - 24h;
    std::optional<instant> look_again;
};

using trouble::battery;
using trouble::dormant;
using trouble::offline;
using trouble::test_overdue;

} // namespace

TEST_F(a_device, whose_beat_stays_out_is_offline_after_the_grace_and_not_before) {
    says(heard_as::beat, 1min);
    EXPECT_THAT(at(45min + 59s), IsEmpty());
    EXPECT_EQ(look_again, evening + 46min);
    EXPECT_THAT(at(46min), ElementsAre(began(offline, 1min)));
    EXPECT_THAT(at(50min), IsEmpty()) << "only changes are told";
    says(heard_as::beat, 51min);
    EXPECT_THAT(at(52min), ElementsAre(ended(offline, 1min, 52min)));
}

TEST_F(a_device, that_the_broker_calls_gone_has_the_grace_to_come_back) {
    held_to = box_limits;
    says(heard_as::online, 0min);
    says(heard_as::offline, 5min);
    says(heard_as::offline, 6min); // the same will, told again to a new subscriber
    EXPECT_THAT(at(14min), IsEmpty());
    EXPECT_THAT(at(15min), ElementsAre(began(offline, 5min)));
    says(heard_as::online, 20min);
    EXPECT_THAT(at(20min), ElementsAre(ended(offline, 5min, 20min)));
    says(heard_as::offline, 30min);
    says(heard_as::online, 31min);
    EXPECT_THAT(at(24h), IsEmpty())
        << "a reconnection is no trouble, and the broker vouches for it";
}

TEST_F(a_device, that_the_broker_calls_gone_is_not_back_by_old_telemetry_but_by_a_press) {
    held_to = box_limits;
    says(heard_as::offline, 5min);
    EXPECT_THAT(at(16min), ElementsAre(began(offline, 5min)));
    says(heard_as::telemetry, 17min);
    EXPECT_THAT(at(17min), IsEmpty());
    says(heard_as::press, 18min);
    EXPECT_THAT(at(18min), ElementsAre(ended(offline, 5min, 18min)));
}

TEST_F(a_device, that_has_never_said_a_word_is_not_offline_but_dormant_one_day) {
    EXPECT_THAT(at(6 * day), IsEmpty());
    EXPECT_THAT(at(7 * day), ElementsAre(began(dormant, 0s)));
}

TEST_F(a_device, is_not_silent_because_nobody_could_hear_it) {
    says(heard_as::beat, 0min);
    listening = evening + 3h; // a start, a takeover, a broker that is back
    EXPECT_THAT(at(3h + 44min), IsEmpty());
    EXPECT_THAT(at(3h + 45min), ElementsAre(began(offline, 0min)));
    listening = std::nullopt; // the broker is away
    EXPECT_THAT(at(9h), IsEmpty());
    listening = evening + 9h;
    EXPECT_THAT(at(9h), IsEmpty()) << "an entry doesn't end because we begin to listen anew";
    says(heard_as::beat, 10h);
    EXPECT_THAT(at(10h), ElementsAre(ended(offline, 0min, 10h)));
}

TEST_F(a_device, without_a_word_for_days_is_dormant_and_nothing_else) {
    says(heard_as::beat, 0min);
    EXPECT_THAT(at(1h), ElementsAre(began(offline, 0min)));
    EXPECT_THAT(at(7 * day), ElementsAre(began(dormant, 0min), ended(offline, 0min, 7 * day)));
    EXPECT_THAT(at(40 * day), IsEmpty());
    listening = evening + 40 * day;
    EXPECT_THAT(at(40 * day), IsEmpty()) << "nor does a restart wake it";
    says(heard_as::beat, 41 * day);
    EXPECT_THAT(at(41 * day),
                ElementsAre(ended(dormant, 0min, 41 * day), began(test_overdue, 31 * day)));
}

TEST_F(a_device, whose_battery_wavers_at_the_limit_is_one_entry) {
    says(heard_as::telemetry, 1min, 21);
    EXPECT_THAT(at(1min), IsEmpty());
    says(heard_as::telemetry, 2min, 20);
    EXPECT_THAT(at(2min), ElementsAre(began(battery, 2min)));
    for (int const percent : {22, 19, 34}) {
        says(heard_as::telemetry, 3min, percent);
        EXPECT_THAT(at(3min), IsEmpty()) << percent;
    }
    says(heard_as::telemetry, 4min, 35);
    EXPECT_THAT(at(4min), ElementsAre(ended(battery, 2min, 4min)));
}

TEST_F(a_device, that_says_itself_that_it_is_low_is_low_whatever_the_figure) {
    says(heard_as::battery_low, 1min, 60);
    EXPECT_THAT(at(1min), ElementsAre(began(battery, 1min)));
    says(heard_as::telemetry, 0min, 90); // an older reading that comes late
    EXPECT_THAT(at(2min), IsEmpty());
}

TEST_F(a_device, that_nobody_has_pressed_for_a_month_wants_a_test) {
    held_to = {.silent = 0s, .grace = 10min, .dormant = day * 0, .test_every = 31 * day};
    says(heard_as::beat, 0min);
    EXPECT_THAT(at(31 * day - 1s), IsEmpty());
    EXPECT_THAT(at(31 * day), ElementsAre(began(test_overdue, 31 * day)));
    says(heard_as::press, 32 * day);
    EXPECT_THAT(at(32 * day), ElementsAre(ended(test_overdue, 31 * day, 32 * day)));
    EXPECT_EQ(look_again, evening + 63 * day);
}

TEST_F(a_device, that_a_person_calls_mended_is_counted_anew) {
    held_to = box_limits;
    held_to.dormant = {};
    says(heard_as::battery_low, 0min);
    says(heard_as::offline, 0min);
    EXPECT_THAT(at(1h), ElementsAre(began(battery, 0min), began(offline, 0min)));
    for (auto const what : {battery, offline}) {
        h.open[static_cast<std::size_t>(what)].reset();
        h.done[static_cast<std::size_t>(what)] = evening + 2h;
    }
    EXPECT_THAT(at(2h + 9min), IsEmpty());
    EXPECT_THAT(at(2h + 10min), ElementsAre(began(offline, 2h))) << "the broker hasn't seen it yet";
    says(heard_as::telemetry, 3h, 12);
    EXPECT_THAT(at(3h), ElementsAre(began(battery, 3h))) << "the new battery is low as well";
}

TEST_F(a_device, of_a_kind_that_is_held_to_nothing_is_never_listed) {
    held_to = {.silent = 0s, .grace = 0s, .dormant = day * 0, .test_every = day * 0};
    says(heard_as::beat, 0min);
    EXPECT_THAT(at(1000 * day), IsEmpty());
    EXPECT_FALSE(look_again);
}

TEST(what_is_heard, of_every_kind_of_signal) {
    for (auto const& [kind, name] : names<signal_kind>::table) {
        bool const pressed = kind == signal_kind::sos || kind == signal_kind::help_request ||
                             kind == signal_kind::test;
        EXPECT_EQ(heard_from(kind) == heard_as::press, pressed) << name;
    }
    EXPECT_EQ(heard_from(signal_kind::offline), heard_as::offline);
    EXPECT_EQ(heard_from(signal_kind::online), heard_as::online);
    EXPECT_EQ(heard_from(signal_kind::battery), heard_as::battery_low);
}

} // namespace linli::tests
