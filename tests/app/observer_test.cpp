// From telemetry that is kept to an alert, on the twin.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/bench_top.hpp"
#include "app/observer.hpp"
#include "runtime/work_scope.hpp"
#include "support/memory_observation.hpp"

namespace linli::tests {

namespace {

using namespace std::chrono_literals;
using domain::vital_sign;

domain::thresholds usual() {
    domain::thresholds t;
    t.vitals = {{vital_sign::heart_rate, 40, 120, 5, domain::seconds{600}}};
    t.news2_points = 0;
    return t;
}

class observer : public testing::Test {
protected:
    observer() {
        domain::care of;
        of.device = {"w1"};
        of.about = {domain::subject_kind::resident, "r1"};
        rows_.cares(of);
        starts();
    }
    void TearDown() override { stops(); }

    // A server that begins, with nothing in its head.
    void starts() {
        watching_.emplace(rows_, top_.dispatch, top_.clock, usual(), domain::minutes(480),
                          [this] { return heard_; });
        tasks_.emplace(top_.loop.get_executor());
        watching_->caught_up(true);
        tasks_->spawn("observer", watching_->run());
    }
    void stops() {
        if (tasks_) run_on(top_.loop, tasks_->stop());
        tasks_.reset();
    }

    domain::telemetry pulse(double value) {
        domain::telemetry t;
        t.device = {"w1"};
        t.event = domain::make_event_id(t.device, {1, ++sequence_});
        t.received_at = top_.clock.now();
        t.vitals = {{top_.clock.now(), vital_sign::heart_rate, value}};
        return t;
    }
    domain::telemetry motion(char const* sensor) {
        domain::telemetry t;
        t.device = {sensor};
        t.event = domain::make_event_id(t.device, {1, ++sequence_});
        t.received_at = top_.clock.now();
        t.activities = {{top_.clock.now(), domain::activity_kind::motion, 0}};
        return t;
    }
    void observes(domain::telemetry const& what) { run_on(top_.loop, watching_->observe({what})); }
    void goes_on(domain::duration by) {
        top_.clock.fast_forward(by);
        top_.loop.restart();
        top_.loop.poll();
    }
    // In each somebody moves at nine in the morning; one of them is r2's h2, with b2.
    std::vector<std::string> a_hundred_homes() {
        domain::care of;
        std::vector<std::string> sensors{"b2"};
        for (int home = 10; home < 110; ++home)
            sensors.push_back("pir" + std::to_string(home));
        for (auto const& each : sensors) {
            of.device = {each};
            of.about = {domain::subject_kind::home, each == "b2" ? "h2" : 'h' + each};
            rows_.cares(of);
        }
        top_.clock.fast_forward(1h);
        for (auto const& each : sensors)
            observes(motion(each.c_str()));
        return sensors;
    }
    std::size_t alerts() { return top_.record.holds().alerts.size(); }
    std::size_t signals() {
        std::size_t all = 0;
        for (auto const& each : top_.committed)
            all += each.signals.size();
        return all;
    }

    bench_top top_;
    memory_observation rows_;
    app::hearing heard_;
    std::optional<app::observer> watching_;
    std::optional<runtime::work_scope> tasks_;
    std::uint64_t sequence_ = 0;
};

} // namespace

TEST_F(observer, a_pulse_too_high_for_long_enough_opens_an_alert_of_its_kind) {
    observes(pulse(150));
    goes_on(10min);
    observes(pulse(151));
    EXPECT_EQ(top_.only_alert().kind, domain::alert_kind::vitals);
    EXPECT_EQ(to_string(top_.only_alert().about), "resident:r1");
    EXPECT_EQ(top_.told("device:w1"), 0U) << "no device waits for a receipt of it";
}

TEST_F(observer, in_silence_the_due_loop_finds_it) {
    observes(pulse(150));
    goes_on(9min);
    EXPECT_EQ(alerts(), 0U);
    goes_on(1min + 1s);
    EXPECT_EQ(top_.only_alert().kind, domain::alert_kind::vitals);
    goes_on(1h);
    EXPECT_EQ(signals(), 1U);
}

TEST_F(observer, what_waits_to_be_judged_comes_before_the_time_that_passes) {
    observes(pulse(150));
    watching_->caught_up(false); // a measurement is on its way
    goes_on(10min + 1s);
    EXPECT_EQ(alerts(), 0U);
    observes(pulse(80));
    watching_->caught_up(true);
    goes_on(1h);
    EXPECT_EQ(alerts(), 0U);
}

TEST_F(observer, but_not_for_ever) {
    observes(pulse(150));
    watching_->caught_up(false);
    goes_on(10min);
    goes_on(61s);
    EXPECT_EQ(alerts(), 1U);
}

TEST_F(observer, what_waited_for_the_record_comes_before_the_time_that_passed) {
    observes(pulse(150));
    watching_->caught_up(false);
    goes_on(1min);
    auto const well = pulse(80); // in our journal since
    rows_.away(true);
    goes_on(20min);
    rows_.away(false);
    goes_on(5s);
    EXPECT_EQ(alerts(), 0U) << "the first batch is not judged yet";
    observes(well);
    watching_->caught_up(true);
    goes_on(1h);
    EXPECT_EQ(alerts(), 0U);
}

TEST_F(observer, a_long_queue_that_moves_is_waited_for_but_not_for_ever) {
    observes(pulse(150));
    watching_->caught_up(false);
    goes_on(10min);
    for (int half_minute = 0; half_minute < 19; ++half_minute) {
        observes(motion("pir9"));
        goes_on(30s);
    }
    EXPECT_EQ(alerts(), 0U);
    observes(motion("pir9"));
    goes_on(31s);
    EXPECT_EQ(alerts(), 1U);
}

TEST_F(observer, nobody_is_missed_because_the_broker_was_away) {
    auto const sensors = a_hundred_homes();
    goes_on(1h);
    heard_.since.reset();
    goes_on(1s);
    goes_on(5h);
    EXPECT_EQ(alerts(), 0U);
    heard_.since = top_.clock.now();
    goes_on(20s);
    for (auto const& each : sensors)
        if (each != "b2") observes(motion(each.c_str())); // what the broker kept for us
    goes_on(3h + 29min);
    EXPECT_EQ(alerts(), 0U);
    goes_on(2min); // one hour before and three and a half after are too long
    EXPECT_EQ(to_string(top_.only_alert().about), "home:h2");
}

TEST_F(observer, nobody_is_missed_when_it_began_while_the_broker_was_away) {
    auto const sensors = a_hundred_homes();
    goes_on(1h);
    rows_.broker_is_out(top_.clock.now(), std::nullopt); // as it is written down
    heard_.since.reset();
    goes_on(5h - 10min);
    stops();
    starts();
    goes_on(10min);
    heard_.since = top_.clock.now();
    goes_on(20s);
    for (auto const& each : sensors)
        if (each != "b2") observes(motion(each.c_str()));
    goes_on(3h + 29min);
    EXPECT_EQ(alerts(), 0U);
    goes_on(2min);
    EXPECT_EQ(to_string(top_.only_alert().about), "home:h2");
}

TEST_F(observer, who_takes_over_learns_of_the_brokers_absence_before_it_looks) {
    a_hundred_homes();
    goes_on(1h);
    heard_.receives = false; // another does
    rows_.broker_is_out(top_.clock.now(), top_.clock.now() + 5h - 30s);
    goes_on(5h);
    rows_.away(true);
    heard_.receives = true;
    heard_.since = top_.clock.now();
    goes_on(1s);
    EXPECT_EQ(alerts(), 0U);
    rows_.away(false);
    goes_on(2min);
    EXPECT_EQ(alerts(), 0U);
}

TEST_F(observer, a_pulse_that_was_too_high_is_told_while_the_broker_is_away) {
    observes(pulse(150));
    heard_.since.reset();
    goes_on(10min);
    goes_on(61s);
    EXPECT_EQ(alerts(), 1U);
}

TEST_F(observer, says_how_long_what_is_due_waits) {
    observes(pulse(150));
    goes_on(9min);
    EXPECT_EQ(watching_->so_far().overdue, domain::duration(0));
    watching_->caught_up(false);
    goes_on(61s + 30s);
    EXPECT_EQ(watching_->so_far().overdue, 31s);
    goes_on(1min);
    goes_on(1s);
    EXPECT_EQ(watching_->so_far().overdue, domain::duration(0));
}

TEST_F(observer, of_two_servers_the_one_that_receives_looks) {
    observes(pulse(150));
    heard_.receives = false;
    goes_on(1h);
    EXPECT_EQ(alerts(), 0U);
    heard_.receives = true;
    goes_on(1s);
    EXPECT_EQ(alerts(), 1U);
}

TEST_F(observer, what_goes_on_after_its_alert_was_closed_opens_another) {
    observes(pulse(150));
    goes_on(10min);
    observes(pulse(151));
    auto const first = top_.only_alert().id;
    top_.takes({app::alert_command{first, domain::claim{{"li"}}},
                app::alert_command{first, domain::close{{"li"}, domain::disposition::helped, {}}}});
    goes_on(30min);
    observes(pulse(152)); // what he was helped with may take its time
    EXPECT_EQ(alerts(), 1U);
    goes_on(31min);
    observes(pulse(160));
    EXPECT_EQ(alerts(), 2U);
}

TEST_F(observer, a_restart_in_the_midst_keeps_the_clock) {
    observes(pulse(150));
    goes_on(6min);
    stops();
    goes_on(2min);
    starts();
    goes_on(1min);
    EXPECT_EQ(alerts(), 0U);
    goes_on(1min + 1s);
    EXPECT_EQ(alerts(), 1U);
}

TEST_F(observer, who_dies_between_signal_and_row_says_it_once) {
    observes(pulse(150));
    goes_on(9min + 30s);
    auto const again = pulse(150);
    goes_on(20s);
    auto const last = pulse(151);
    goes_on(5s);
    rows_.fail_next_keep(app::record_errc::conflict); // the signal is in the record already
    observes(again);
    observes(pulse(152));
    goes_on(1min);
    EXPECT_EQ(signals(), 1U);
    EXPECT_EQ(alerts(), 1U);
}

TEST_F(observer, waits_for_the_record_and_goes_on) {
    rows_.away(true);
    std::vector<domain::telemetry> const batch{pulse(150)};
    auto work = watching_->observe(batch);
    runtime::work_scope waiting(top_.loop.get_executor());
    waiting.spawn("observe", std::move(work));
    goes_on(5s);
    EXPECT_TRUE(rows_.rows().empty());
    rows_.away(false);
    goes_on(1s);
    EXPECT_EQ(rows_.rows().size(), 1U);
    run_on(top_.loop, waiting.stop());
}

TEST_F(observer, of_a_device_that_somebody_else_wears_by_now_nothing_is_told) {
    observes(pulse(150));
    domain::care of;
    of.device = {"w1"};
    of.about = {domain::subject_kind::resident, "r2"};
    rows_.cares(of);
    goes_on(11min);
    EXPECT_EQ(alerts(), 0U);
    EXPECT_FALSE(rows_.rows().at(0).due_at);
}

TEST_F(observer, a_silence_outlives_the_sensor_that_told_last) {
    domain::care of;
    of.about = {domain::subject_kind::home, "h2"};
    for (auto const* each : {"b2", "pir9"}) {
        of.device = {each};
        rows_.cares(of);
    }
    top_.clock.fast_forward(1h); // by day
    observes(motion("b2"));
    goes_on(20min);
    observes(motion("pir9"));
    rows_.forgets({"pir9"}); // to be mended
    goes_on(269min);
    EXPECT_EQ(alerts(), 0U);
    goes_on(61s);
    EXPECT_EQ(top_.only_alert().kind, domain::alert_kind::inactivity);
    EXPECT_EQ(to_string(top_.only_alert().about), "home:h2");
}

TEST_F(observer, nobody_is_missed_by_a_button_alone) {
    domain::care of;
    of.about = {domain::subject_kind::home, "h2"};
    for (auto const* each : {"b2", "pir9"}) {
        of.device = {each};
        rows_.cares(of);
    }
    rows_.is_no_heir({"b2"});
    observes(motion("pir9"));
    rows_.forgets({"pir9"});
    goes_on(24h);
    EXPECT_EQ(alerts(), 0U);
}

TEST_F(observer, of_an_unregistered_device_nothing_is_remembered) {
    auto stray = pulse(150);
    stray.device = {"stray"};
    observes(stray);
    EXPECT_TRUE(rows_.rows().empty());
}

} // namespace linli::tests
