// A fall on real parts: counted down, cancelled, confirmed, and raised by silence.
#include <gtest/gtest.h>

#include "system/house.hpp"

namespace linli::tests {

using domain::alert_state;
using domain::receipt_stage;
using namespace std::chrono_literals;

namespace {

constexpr auto cancelled = "alert where state = 'closed' and outcome = 'cancelled_by_wearer'";

} // namespace

TEST(fall, in_silence_is_raised_after_its_countdown_and_the_nearest_goes) {
    house h(small_city());
    auto& nearest = h.provider("c1");
    auto& watch = h.device("w1");
    auto const event = watch.falls();
    watch.hears_stored(event);
    h.sees("resident:r1", alert_state::pending);
    h.fast_forward(29s);
    h.sees("resident:r1", alert_state::pending);
    EXPECT_EQ(h.count("service_order"), 0);

    h.fast_forward(1s);
    auto const raised = h.sees("resident:r1", alert_state::raised);
    EXPECT_EQ(raised.desk.value, "s1");
    EXPECT_GE(raised.raised_at - raised.opened_at, 30s);
    auto const offer = nearest.gets_offer();
    EXPECT_EQ(offer.event, event.value);
    EXPECT_EQ(offer.rough_place, "张掖路 5号院");
    EXPECT_EQ(nearest.accepts(offer).state, domain::offer_state::accepted);
    watch.hears(receipt_stage::accepted, event);
}

TEST(fall, cancelled_in_time_disturbs_nobody_and_is_counted) {
    house h(small_city());
    auto& watch = h.device("w1");
    watch.hears_stored(watch.falls());
    h.fast_forward(20s);
    auto const event = watch.cancels_fall();
    watch.hears_stored(event);
    auto const seen = h.when("it is over", [](auto const& o) { return o.alerts.empty(); });
    EXPECT_EQ(seen.alerts_cancelled_today, 1);
    EXPECT_EQ(h.count(cancelled), 1);
    h.fast_forward(1min);
    watch.sends_again(event);
    watch.hears_stored(event);
    EXPECT_EQ(h.count("service_order"), 0);
    EXPECT_EQ(h.count("log where what = 'rung_reached'"), 0);
    EXPECT_EQ(h.count("signal s join alert a on a.id = s.alert"), 2) << "both are explained";
    EXPECT_EQ(h.count("maintenance where kind = 'fall_cancelled' and times = 1"), 1);
    h.counts("linli_countdowns_total", 1);
    h.counts("linli_countdowns_cancelled_total", 1);

    watch.hears_stored(watch.falls()); // the next one is counted down anew
    h.sees("resident:r1", alert_state::pending);
}

TEST(fall, cancelled_too_late_is_noted_and_help_comes) {
    house h(small_city());
    auto& nearest = h.provider("c1");
    auto& watch = h.device("w1");
    watch.hears_stored(watch.falls());
    h.fast_forward(30s);
    h.sees("resident:r1", alert_state::raised);
    watch.hears_stored(watch.cancels_fall());
    h.sees("resident:r1", alert_state::raised);
    EXPECT_EQ(h.count("log where what = 'cancel_noted'"), 1);
    EXPECT_EQ(h.count(cancelled), 0);
    nearest.gets_offer();
}

TEST(fall, confirmed_is_raised_at_once) {
    house h(small_city());
    auto& watch = h.device("w1");
    watch.hears_stored(watch.falls());
    watch.hears_stored(watch.confirms_fall());
    h.sees("resident:r1", alert_state::raised);
    h.device("b1").hears_stored(h.device("b1").confirms_fall()); // without a word before
    h.sees("home:h2", alert_state::raised);
    EXPECT_EQ(h.count("service_order"), 2);
}

TEST(fall, with_a_press_in_the_middle_is_raised_at_once) {
    house h(small_city());
    auto& watch = h.device("w1");
    watch.hears_stored(watch.falls());
    watch.hears_stored(watch.presses_sos());
    auto const raised = h.sees("resident:r1", alert_state::raised);
    EXPECT_EQ(raised.signals, 2U);
    EXPECT_EQ(h.count("alert"), 1);
    watch.hears_stored(watch.cancels_fall());
    h.sees("resident:r1", alert_state::raised);
}

TEST(fall, a_second_one_joins_and_puts_nothing_off) {
    house h(small_city());
    auto& watch = h.device("w1");
    watch.hears_stored(watch.falls());
    h.fast_forward(20s);
    watch.hears_stored(watch.falls());
    h.fast_forward(10s);
    EXPECT_EQ(h.sees("resident:r1", alert_state::raised).signals, 2U);
}

TEST(fall, is_not_forgotten_by_a_restart_in_its_countdown) {
    house h(small_city());
    auto& nearest = h.provider("c1");
    auto& watch = h.device("w1");
    watch.hears_stored(watch.falls());
    h.server_stops();
    h.fast_forward(10s);
    h.server_starts();
    h.sees("resident:r1", alert_state::pending);
    h.server_stops();
    h.fast_forward(10min); // the countdown ends while nobody is there
    h.server_starts();
    h.sees("resident:r1", alert_state::raised);
    nearest.gets_offer();
}

TEST(fall, claimed_by_an_operator_is_hers_and_a_cancel_is_noted) {
    house h(small_city());
    auto& watch = h.device("w1");
    watch.hears_stored(watch.falls());
    auto const alert = h.sees("resident:r1", alert_state::pending).id;
    EXPECT_EQ(h.claims(alert, "op1"), "");
    watch.hears_stored(watch.cancels_fall());
    h.sees("resident:r1", alert_state::claimed);
    EXPECT_EQ(h.closes(alert, "op1", domain::disposition::cancelled_by_wearer), "needs_reason");
    EXPECT_EQ(h.closes(alert, "op1", domain::disposition::false_alarm, "老人说没事"), "");
    EXPECT_EQ(h.count("service_order where due_at is not null"), 0);
}

TEST(fall, of_a_kind_that_nobody_knows_is_raised) {
    house h(small_city());
    auto& watch = h.device("w1");
    watch.hears_stored(watch.falls());
    watch.sends_bytes(R"({"event":{"boot":1,"sequence":9},"kind":"FALL_CANCELED"})");
    h.sees("resident:r1", alert_state::raised);
}

} // namespace linli::tests
