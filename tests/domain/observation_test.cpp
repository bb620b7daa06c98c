#include "domain/observation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace linli::tests {

using namespace domain;
using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

constexpr minutes china{480};
constexpr double metre = 1 / 111'195.0;

// Nine in the morning in China.
instant const morning = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + 1h;

thresholds usual() {
    thresholds t;
    t.vitals = {{vital_sign::heart_rate, 40, 120, 5, seconds{600}},
                {vital_sign::systolic_pressure, 90, 180, 10, seconds{0}}};
    return t;
}

care wearer() {
    care of;
    of.device = {"w1"};
    of.about = {subject_kind::resident, "r1"};
    return of;
}

care sensor(char const* id) {
    care of;
    of.device = {id};
    of.about = {subject_kind::home, "h1"};
    return of;
}

// The house over hours: what it remembers goes from one batch to the next as the record would
// keep it.
class watched {
public:
    explicit watched(care who) : of(std::move(who)) {}

    std::vector<signal_kind> says(telemetry what, instant at) {
        what.device = of.device;
        what.received_at = at;
        observation now(agreed, china, rows);
        now.take(of, what);
        return keep(now);
    }
    std::vector<signal_kind> pulse(double value, duration after) {
        telemetry t;
        t.vitals = {{morning + after, vital_sign::heart_rate, value}};
        return says(t, morning + after);
    }
    std::vector<signal_kind> pressure(double value, duration after) {
        telemetry t;
        t.vitals = {{morning + after, vital_sign::systolic_pressure, value}};
        return says(t, morning + after);
    }
    std::vector<signal_kind> is_at(double north_m, duration after,
                                   position_source by = position_source::gps) {
        telemetry t;
        t.fixes = {{morning + after, {36.06 + north_m * metre, 103.83, 0, by}}};
        return says(t, morning + after);
    }
    std::vector<signal_kind> notices(activity_kind what, duration after, double litres = 0) {
        telemetry t;
        t.activities = {{morning + after, what, litres}};
        return says(t, morning + after);
    }
    // What is due by then.
    std::vector<signal_kind> passes(duration after) {
        observation now(agreed, china, rows);
        auto const due = rows;
        for (auto const& each : due)
            now.look(of, each.rule, morning + after);
        return keep(now);
    }

    care of;
    thresholds agreed = usual();
    std::vector<dwell> rows;
    signal last;

private:
    std::vector<signal_kind> keep(observation const& now) {
        for (auto const& each : now.changed()) {
            auto const old = std::ranges::find_if(
                rows, [&](dwell const& d) { return d.about == each.about && d.rule == each.rule; });
            if (old == rows.end())
                rows.push_back(each);
            else
                *old = each;
        }
        std::vector<signal_kind> kinds;
        for (auto const& each : now.signals())
            kinds.push_back(each.kind);
        if (!now.signals().empty()) last = now.signals().back();
        return kinds;
    }
};

std::string square(double from_m, double to_m) {
    auto const at = [](double x, double y) {
        return std::to_string(103.83 + x * metre) + ' ' + std::to_string(36.06 + y * metre);
    };
    return "POLYGON((" + at(-500, from_m) + ',' + at(500, from_m) + ',' + at(500, to_m) + ',' +
           at(-500, to_m) + ',' + at(-500, from_m) + "))";
}

care wanderer() {
    auto of = wearer();
    of.zones = {{"yard", zone_kind::home, square(-300, 300)},
                {"river", zone_kind::forbidden, square(-2000, -1000)}};
    return of;
}

} // namespace

TEST(observation, a_pulse_too_high_for_long_enough_becomes_a_signal_once) {
    watched w(wearer());
    EXPECT_THAT(w.pulse(150, 0min), IsEmpty());
    EXPECT_THAT(w.pulse(118, 5min), IsEmpty()); // within the hysteresis
    EXPECT_THAT(w.pulse(152, 10min), ElementsAre(signal_kind::vitals));
    EXPECT_EQ(w.last.event.value.substr(0, 21), "w1:o:heart_rate.high:");
    EXPECT_EQ(w.last.happened_at, morning);
    EXPECT_THAT(w.last.text, HasSubstr("心率 152 次/分，高于 120，已 10 分钟"));
    EXPECT_THAT(w.last.text, HasSubstr("缺 呼吸、血氧、吸氧、收缩压、意识、体温"));
    EXPECT_THAT(w.pulse(160, 11min), IsEmpty());
    EXPECT_THAT(w.pulse(80, 12min), ElementsAre(signal_kind::cleared));
    EXPECT_THAT(w.pulse(81, 13min), IsEmpty());
}

TEST(observation, a_watch_taken_off_in_between_proves_nothing) {
    watched w(wearer());
    w.pulse(150, 0min);
    EXPECT_THAT(w.pulse(0, 5min), IsEmpty());
    EXPECT_THAT(w.passes(9min), IsEmpty());
    EXPECT_THAT(w.passes(10min), ElementsAre(signal_kind::vitals));
    EXPECT_THAT(w.last.text, HasSubstr("其后再无测量"));
    EXPECT_THAT(w.passes(11min), IsEmpty());
}

TEST(observation, the_same_batch_again_says_the_same_before_and_nothing_after) {
    watched w(wearer());
    w.pulse(150, 0min);
    auto const before = w.rows;
    w.pulse(150, 10min);
    auto const first = w.last.event;
    w.rows = before; // died before the rows were kept
    w.pulse(150, 10min);
    EXPECT_EQ(w.last.event, first);
    EXPECT_THAT(w.pulse(150, 10min), IsEmpty());
}

TEST(observation, somebodys_own_limit_replaces_the_usual_one) {
    watched w(wearer());
    w.of.limits = {{vital_sign::heart_rate, std::nullopt, 150, seconds{0}}};
    EXPECT_THAT(w.pulse(140, 0min), IsEmpty());
    EXPECT_THAT(w.pulse(30, 1min), IsEmpty()); // an athlete: no lower one
    EXPECT_THAT(w.pulse(151, 2min), ElementsAre(signal_kind::vitals));
}

TEST(observation, a_limit_or_a_zone_that_was_taken_back_disturbs_nobody_any_more) {
    watched w(wanderer());
    w.pulse(150, 0min);
    w.is_at(400, 0min);
    w.of.limits = {{vital_sign::heart_rate, 40, std::nullopt, std::nullopt}};
    w.of.zones.clear();
    EXPECT_THAT(w.passes(20min), IsEmpty());
    EXPECT_TRUE(std::ranges::none_of(w.rows, [](dwell const& d) { return d.due_at.has_value(); }));
}

TEST(observation, what_was_measured_hours_ago_is_history) {
    watched w(wearer());
    telemetry t;
    t.vitals = {{morning - 5h, vital_sign::systolic_pressure, 250}};
    EXPECT_THAT(w.says(t, morning), IsEmpty());
}

TEST(observation, a_wrong_clock_keeps_nobody_from_being_judged) {
    for (auto const wrong : {-24h * 4000, 24h * 365, 8h}) {
        watched w(wearer());
        telemetry t;
        t.vitals = {{morning + wrong, vital_sign::systolic_pressure, 250}};
        EXPECT_THAT(w.says(t, morning), ElementsAre(signal_kind::vitals));
        EXPECT_EQ(w.last.happened_at, morning);
    }
}

// Who takes UTC for Beijing's time is eight hours behind, on each day and with each message.
TEST(observation, a_clock_that_stays_hours_behind_is_found_out_and_its_wearer_is_watched) {
    watched w(wanderer());
    std::vector<signal_kind> told;
    for (int batch = 0; batch < 10; ++batch) {
        auto const at = morning + batch * 5min;
        telemetry t;
        t.fixes = {{at - 8h - 20s, {36.06 + 500 * metre, 103.83, 0, position_source::gps}},
                   {at - 8h, {36.06 + 500 * metre, 103.83, 0, position_source::gps}}};
        for (auto const each : w.says(t, at))
            told.push_back(each);
        if (batch < 2) {
            EXPECT_THAT(told, IsEmpty()) << "it may be history";
        }
    }
    EXPECT_THAT(told, Contains(signal_kind::fence));
    EXPECT_EQ(told.front(), signal_kind::fence);
}

TEST(observation, a_watch_that_sends_its_morning_late_is_judged_by_none_of_it) {
    watched w(wearer());
    for (int minute = 0; minute < 60; ++minute) { // it catches up
        auto const at = morning + minutes(minute);
        telemetry t;
        t.vitals = {{at - 5h + minutes(minute) * 5, vital_sign::systolic_pressure, 250}};
        if (minute >= 36) break; // by then it is less than two hours ago
        EXPECT_THAT(w.says(t, at), IsEmpty()) << minute;
    }
}

TEST(observation, a_cuff_with_a_wrong_clock_is_judged_from_its_second_day_on_and_once_it_is_right) {
    watched w(wearer());
    auto const measures = [&](double value, duration after, duration behind) {
        telemetry t;
        t.vitals = {{morning + after - behind, vital_sign::systolic_pressure, value}};
        return w.says(t, morning + after);
    };
    EXPECT_THAT(measures(250, 0h, 8h), IsEmpty());
    EXPECT_THAT(measures(250, 24h, 8h + 2min), ElementsAre(signal_kind::vitals));
    EXPECT_EQ(w.last.happened_at, morning + 24h);
    EXPECT_THAT(measures(250, 25h, 13h), IsEmpty()); // what it had kept while it was away
    EXPECT_THAT(measures(150, 48h, 1min), ElementsAre(signal_kind::cleared));
    EXPECT_THAT(measures(250, 72h, 5h), IsEmpty());
}

TEST(observation, many_points_of_a_part_of_news2_are_enough) {
    watched w(wearer());
    w.agreed.vitals.clear();
    auto const measured = [&](double pulse, double saturation, duration after) {
        telemetry t;
        t.vitals = {{morning + after, vital_sign::heart_rate, pulse},
                    {morning + after, vital_sign::oxygen_saturation, saturation}};
        return w.says(t, morning + after);
    };
    EXPECT_THAT(measured(115, 91, 0min), IsEmpty()); // 2 + 3
    EXPECT_THAT(measured(115, 91, 10min), ElementsAre(signal_kind::vitals));
    EXPECT_THAT(w.last.text, HasSubstr("NEWS2 部分评分 5 分，缺 呼吸、吸氧、收缩压、意识、体温"));
    EXPECT_THAT(w.pulse(70, 11min), IsEmpty()); // one part clears nobody
    EXPECT_THAT(measured(70, 98, 12min), ElementsAre(signal_kind::cleared));
}

// A watch measures the pulse each minute, and each time something else beside it.
TEST(observation, a_message_that_knows_less_takes_no_bad_score_back) {
    watched w(wearer());
    w.agreed.vitals.clear();
    auto const measured = [&](double pulse, vital_sign beside, double value, duration after) {
        telemetry t;
        t.vitals = {{morning + after, vital_sign::heart_rate, pulse},
                    {morning + after, beside, value}};
        return w.says(t, morning + after);
    };
    constexpr auto saturation = vital_sign::oxygen_saturation;
    constexpr auto warmth = vital_sign::body_temperature;
    EXPECT_THAT(measured(115, saturation, 91, 0min), IsEmpty());
    EXPECT_THAT(measured(115, warmth, 36.5, 4min), IsEmpty());
    EXPECT_THAT(measured(115, saturation, 91, 8min), IsEmpty());
    EXPECT_THAT(measured(115, warmth, 36.5, 10min), ElementsAre(signal_kind::vitals));
    EXPECT_THAT(w.last.text, HasSubstr("NEWS2 部分评分 5 分，其后所测不全，已 10 分钟"));
    EXPECT_THAT(measured(70, warmth, 36.5, 11min), IsEmpty()); // nothing of the saturation
    EXPECT_THAT(measured(70, saturation, 98, 12min), ElementsAre(signal_kind::cleared));
    EXPECT_THAT(measured(115, saturation, 91, 20min), IsEmpty());
    EXPECT_THAT(w.passes(30min), ElementsAre(signal_kind::vitals));
    EXPECT_THAT(w.last.text, HasSubstr("NEWS2 部分评分 5 分，自 09:20 起，其后再无测量"));
}

TEST(observation, who_leaves_the_zone_is_followed_and_the_return_is_noted) {
    watched w(wanderer());
    EXPECT_THAT(w.is_at(0, 0min), IsEmpty());
    EXPECT_THAT(w.rows, IsEmpty());
    EXPECT_THAT(w.is_at(400, 10min), IsEmpty());
    EXPECT_THAT(w.is_at(500, 12min), ElementsAre(signal_kind::fence));
    ASSERT_TRUE(w.last.fix);
    EXPECT_NEAR(w.last.fix->latitude, 36.06 + 500 * metre, 1e-9);
    EXPECT_THAT(w.is_at(600, 13min), ElementsAre(signal_kind::position));
    EXPECT_THAT(w.is_at(610, 13min + 20s), IsEmpty()); // one a minute
    EXPECT_THAT(w.is_at(900, 14min), ElementsAre(signal_kind::position));
    EXPECT_THAT(w.is_at(0, 30min), ElementsAre(signal_kind::position)); // not yet for sure
    EXPECT_THAT(w.is_at(0, 33min), ElementsAre(signal_kind::cleared));
    EXPECT_THAT(w.is_at(0, 40min), IsEmpty());
}

TEST(observation, who_is_lost_from_sight_outside_is_told_with_the_last_place) {
    watched w(wanderer());
    w.is_at(400, 0min);
    w.is_at(450, 1min);
    EXPECT_THAT(w.passes(2min), ElementsAre(signal_kind::fence));
    ASSERT_TRUE(w.last.fix);
    EXPECT_NEAR(w.last.fix->latitude, 36.06 + 450 * metre, 1e-9);
}

TEST(observation, a_fix_that_jumps_over_the_border_disturbs_nobody) {
    watched w(wanderer());
    w.is_at(0, 0min);
    EXPECT_THAT(w.is_at(400, 1min), IsEmpty()); // a reflection
    EXPECT_THAT(w.is_at(0, 2min), IsEmpty());
    EXPECT_THAT(w.passes(30min), IsEmpty());
    EXPECT_THAT(w.is_at(900, 31min, position_source::lbs), IsEmpty()); // the next cell
    EXPECT_THAT(w.passes(60min), IsEmpty());
}

TEST(observation, a_forbidden_zone_is_told_at_once_and_the_way_there_as_well) {
    watched w(wanderer());
    EXPECT_THAT(w.is_at(-1500, 0min), ElementsAre(signal_kind::fence));
    EXPECT_THAT(w.last.text, HasSubstr("river"));
    EXPECT_THAT(w.is_at(-1500, 2min), ElementsAre(signal_kind::fence, signal_kind::position));
}

TEST(observation, a_silence_by_day_becomes_a_signal_and_the_next_motion_is_noted) {
    watched h(sensor("pir1"));
    EXPECT_THAT(h.notices(activity_kind::motion, 0min), IsEmpty());
    EXPECT_THAT(h.notices(activity_kind::motion, 1h), IsEmpty());
    EXPECT_THAT(h.passes(1h + 269min), IsEmpty());
    EXPECT_THAT(h.passes(1h + 270min), ElementsAre(signal_kind::inactivity));
    EXPECT_EQ(h.last.event.value.substr(0, 15), "pir1:o:silence:");
    EXPECT_THAT(h.last.text, HasSubstr("自 10:00 起家中无活动"));
    EXPECT_THAT(h.passes(8h), IsEmpty());
    EXPECT_THAT(h.notices(activity_kind::door, 9h), ElementsAre(signal_kind::cleared));
}

TEST(observation, nobody_who_is_away_is_missed) {
    watched h(sensor("pir1"));
    h.notices(activity_kind::motion, 0min);
    h.of.is_present = false;
    EXPECT_THAT(h.passes(270min), IsEmpty());
    EXPECT_THAT(h.passes(24h), IsEmpty());
    h.of.is_present = true;
    EXPECT_THAT(h.passes(25h), IsEmpty()); // the time began anew
    EXPECT_THAT(h.passes(24h + 270min), ElementsAre(signal_kind::inactivity));
}

TEST(observation, a_busy_sensor_costs_a_row_every_ten_minutes_at_most) {
    watched h(sensor("pir1"));
    h.notices(activity_kind::motion, 0min);
    auto const before = h.rows;
    h.notices(activity_kind::motion, 1min);
    h.notices(activity_kind::motion, 9min);
    EXPECT_EQ(h.rows, before);
    h.notices(activity_kind::motion, 10min);
    EXPECT_EQ(h.rows.at(0).since, morning + 10min);
}

TEST(observation, whoever_takes_the_last_seeing_sensor_off_ends_no_silence) {
    watched h(sensor("pir1"));
    h.notices(activity_kind::motion, 0min);
    h.of = sensor("pir2"); // which is all that is left
    EXPECT_THAT(h.passes(270min), ElementsAre(signal_kind::inactivity));
    EXPECT_EQ(h.last.device, device_id{"pir2"});
}

TEST(observation, of_a_bed_that_was_taken_away_nothing_is_told) {
    watched h(sensor("bed1"));
    h.notices(activity_kind::out_of_bed, 18h);
    h.of = sensor("pir2");
    EXPECT_THAT(h.passes(18h + 30min), IsEmpty());
    EXPECT_THAT(h.passes(19h), IsEmpty());
}

TEST(observation, a_home_with_its_own_hours_is_judged_by_them) {
    watched h(sensor("pir1"));
    h.of.parts = {{0, 1440, 60min}};
    h.notices(activity_kind::motion, 0min);
    EXPECT_THAT(h.passes(60min), ElementsAre(signal_kind::inactivity));
}

TEST(observation, hardly_any_water_in_half_a_day_becomes_a_signal) {
    watched h(sensor("meter1"));
    EXPECT_THAT(h.notices(activity_kind::water, 0h, 30), IsEmpty());
    EXPECT_THAT(h.notices(activity_kind::water, 6h, 4), IsEmpty());
    EXPECT_THAT(h.passes(13h), IsEmpty()); // a meter that says nothing proves nothing
    EXPECT_THAT(h.notices(activity_kind::water, 12h, 5), ElementsAre(signal_kind::inactivity));
    EXPECT_THAT(h.notices(activity_kind::water, 13h, 1), IsEmpty());
    EXPECT_THAT(h.notices(activity_kind::water, 14h, 20), ElementsAre(signal_kind::cleared));
}

TEST(observation, ten_litres_in_half_a_day_are_enough) {
    watched h(sensor("meter1"));
    h.notices(activity_kind::water, 0h, 30);
    EXPECT_THAT(h.notices(activity_kind::water, 11h, 10), IsEmpty());
    EXPECT_THAT(h.notices(activity_kind::water, 13h, 0), IsEmpty());
}

TEST(observation, out_of_bed_for_too_long_at_night_becomes_a_signal) {
    watched h(sensor("bed1"));
    constexpr auto night = 18h; // three in the morning
    h.notices(activity_kind::in_bed, 14h);
    EXPECT_THAT(h.notices(activity_kind::out_of_bed, night), IsEmpty());
    EXPECT_THAT(h.passes(night + 29min), IsEmpty());
    EXPECT_THAT(h.passes(night + 30min), ElementsAre(signal_kind::bed));
    EXPECT_THAT(h.notices(activity_kind::in_bed, night + 50min), ElementsAre(signal_kind::cleared));
}

TEST(observation, back_in_bed_in_time_or_up_in_the_morning_disturbs_nobody) {
    watched h(sensor("bed1"));
    h.notices(activity_kind::out_of_bed, 18h);
    h.notices(activity_kind::in_bed, 18h + 10min);
    EXPECT_THAT(h.passes(19h), IsEmpty());
    h.notices(activity_kind::out_of_bed, 20h + 45min); // 05:45
    EXPECT_THAT(h.passes(21h + 15min), IsEmpty());
    h.notices(activity_kind::out_of_bed, 24h); // by day
    EXPECT_THAT(h.passes(30h), IsEmpty());
}

// A person closes an alert and the rows don't hear of it: what goes on tells of itself again.

TEST(observation, yesterdays_pressure_was_closed_and_todays_is_at_the_desk) {
    watched w(wearer());
    EXPECT_THAT(w.pressure(185, 0min), ElementsAre(signal_kind::vitals));
    auto const first = w.last.event;
    EXPECT_THAT(w.pressure(190, 30min), IsEmpty()); // the same matter, measured again
    EXPECT_THAT(w.passes(23h), IsEmpty());          // an instrument in a drawer proves nothing
    EXPECT_THAT(w.pressure(230, 24h), ElementsAre(signal_kind::vitals));
    EXPECT_NE(w.last.event, first);
    EXPECT_EQ(w.last.happened_at, morning + 24h);
    EXPECT_THAT(w.last.text, HasSubstr("收缩压 230 mmHg，高于 180，已 24 小时"));
    EXPECT_THAT(w.pressure(230, 24h + 10min), IsEmpty());
    EXPECT_THAT(w.pressure(150, 25h), ElementsAre(signal_kind::cleared));
    EXPECT_THAT(w.pressure(185, 26h), ElementsAre(signal_kind::vitals));
}

// The watch that told first may be on somebody else's wrist by now: its name leads to him.

TEST(observation, what_is_told_again_is_told_of_the_watch_that_measured_it) {
    watched w(wearer());
    EXPECT_THAT(w.pressure(190, 0min), ElementsAre(signal_kind::vitals));
    EXPECT_EQ(w.last.device, device_id{"w1"});
    w.of.device = {"w2"};
    EXPECT_THAT(w.pressure(190, 2h), ElementsAre(signal_kind::vitals));
    EXPECT_EQ(w.last.device, device_id{"w2"});
    EXPECT_EQ(w.last.event.value.substr(0, 5), "w2:o:");
}

TEST(observation, what_began_on_one_watch_is_told_of_the_one_that_measured_last) {
    watched w(wearer());
    w.pulse(150, 0min);
    w.of.device = {"w2"};
    EXPECT_THAT(w.pulse(150, 10min), ElementsAre(signal_kind::vitals));
    EXPECT_EQ(w.last.device, device_id{"w2"});
}

TEST(observation, who_comes_back_with_another_watch_is_back_by_that_one) {
    watched w(wanderer());
    w.is_at(400, 0min);
    EXPECT_THAT(w.is_at(500, 2min), ElementsAre(signal_kind::fence));
    w.is_at(0, 20min);
    w.of.device = {"w2"};
    EXPECT_THAT(w.is_at(0, 23min), ElementsAre(signal_kind::cleared));
    EXPECT_EQ(w.last.device, device_id{"w2"});
}

TEST(observation, a_silence_that_a_telephone_call_ended_is_told_again_when_nothing_moves) {
    watched h(sensor("pir1"));
    h.notices(activity_kind::motion, 0min);
    h.passes(270min);
    auto const first = h.last.event;
    EXPECT_THAT(h.passes(539min), IsEmpty());
    EXPECT_THAT(h.passes(540min + 1s), ElementsAre(signal_kind::inactivity));
    EXPECT_NE(h.last.event, first);
    EXPECT_EQ(h.last.happened_at, morning + 270min);
    EXPECT_THAT(h.last.text, HasSubstr("自 09:00 起家中无活动，已 9 小时"));
    EXPECT_THAT(h.notices(activity_kind::motion, 600min), ElementsAre(signal_kind::cleared));
    EXPECT_THAT(h.passes(24h), IsEmpty()); // the night uses nothing up
}

TEST(observation, who_was_driven_home_unseen_is_told_at_the_next_exit) {
    watched w(wanderer());
    w.is_at(400, 0min);
    EXPECT_THAT(w.is_at(500, 2min), ElementsAre(signal_kind::fence));
    auto const first = w.last.event;
    w.is_at(0, 20min, position_source::lbs); // decides nothing
    EXPECT_THAT(w.passes(24h), IsEmpty());
    EXPECT_THAT(w.is_at(0, 24h, position_source::lbs), ElementsAre(signal_kind::position));
    EXPECT_THAT(w.is_at(400, 24h + 1min), Contains(signal_kind::fence));
    EXPECT_THAT(w.last.text, HasSubstr("未见返回"));
    EXPECT_NE(w.last.event, first);
}

TEST(observation, who_stays_outside_is_told_again_ever_more_rarely) {
    watched w(wanderer());
    std::vector<int> told;
    for (int minute = 0; minute < 24 * 60; ++minute)
        if (auto const all = w.is_at(500, minutes(minute)); !all.empty())
            if (all.back() == signal_kind::fence) told.push_back(minute);
    EXPECT_THAT(told, ElementsAre(2, 32, 64, 128, 256, 496, 736, 976, 1216));
}

TEST(observation, who_wavers_at_the_gate_puts_no_telling_off) {
    watched w(wanderer());
    w.is_at(400, 0min);
    w.is_at(400, 2min);
    for (int minute = 3; minute < 32; ++minute)
        w.is_at(minute % 2 == 0 ? 400 : 0, minutes(minute));
    EXPECT_THAT(w.is_at(400, 32min), Contains(signal_kind::fence));
}

TEST(observation, out_of_bed_is_told_again_until_the_night_is_over) {
    watched h(sensor("bed1"));
    h.notices(activity_kind::out_of_bed, 15h + 30min); // half past midnight
    EXPECT_THAT(h.passes(16h), ElementsAre(signal_kind::bed));
    EXPECT_THAT(h.passes(16h + 29min), IsEmpty());
    EXPECT_THAT(h.passes(16h + 30min), ElementsAre(signal_kind::bed));
    EXPECT_THAT(h.last.text, HasSubstr("夜间自 00:30 起离床，已 1 小时"));
    EXPECT_THAT(h.passes(17h + 30min), ElementsAre(signal_kind::bed)); // after an hour more
    EXPECT_THAT(h.passes(19h + 30min), ElementsAre(signal_kind::bed)); // after two
    EXPECT_THAT(h.passes(23h + 30min), IsEmpty());                     // half past eight: up
    EXPECT_THAT(h.passes(48h), IsEmpty());
    // Nobody noticed that he lay down: the next night is another matter.
    EXPECT_THAT(h.notices(activity_kind::out_of_bed, 38h), IsEmpty());
    EXPECT_THAT(h.passes(38h + 30min), ElementsAre(signal_kind::bed));
}

TEST(observation, hardly_any_water_in_the_next_half_day_is_told_again) {
    watched h(sensor("meter1"));
    h.notices(activity_kind::water, 0h, 30);
    EXPECT_THAT(h.notices(activity_kind::water, 12h, 5), ElementsAre(signal_kind::inactivity));
    auto const first = h.last.event;
    EXPECT_THAT(h.notices(activity_kind::water, 23h, 4), IsEmpty());
    EXPECT_THAT(h.notices(activity_kind::water, 24h, 4), ElementsAre(signal_kind::inactivity));
    EXPECT_NE(h.last.event, first);
    EXPECT_THAT(h.notices(activity_kind::water, 30h, 10), ElementsAre(signal_kind::cleared));
}

} // namespace linli::tests
