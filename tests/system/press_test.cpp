// From the button to the door, on real parts.
#include <gtest/gtest.h>

#include "system/house.hpp"

namespace linli::tests {

using domain::disposition;
using domain::offer_state;
using domain::receipt_stage;
using domain::reply_kind;
using namespace std::chrono_literals;

TEST(press, becomes_an_order_and_follows_the_worker_to_the_door_until_somebody_has_asked) {
    house h(small_city());
    auto& watch = h.device("w1");
    auto& nearest = h.provider("c1");
    auto& second = h.provider("c2");

    auto const event = watch.presses_sos();
    watch.hears(receipt_stage::stored, event);
    auto const alert = h.sees_alert("resident:r1");
    EXPECT_EQ(h.claims(alert, "op1"), "");
    h.fast_forward(61s); // nobody has cancelled it

    auto const offer = nearest.gets_offer();
    EXPECT_EQ(offer.event, event.value); // one id from the button to the door
    EXPECT_EQ(offer.rough_place, "张掖路 5号院");
    EXPECT_FALSE(offer.visit);              // no name and no door before the accept
    auto const other = second.gets_offer(); // sos asks the two best
    auto const taken = nearest.accepts(offer);
    EXPECT_EQ(taken.state, offer_state::accepted);
    ASSERT_TRUE(taken.visit);
    EXPECT_EQ(taken.visit->name, "王秀兰");
    EXPECT_EQ(taken.visit->door, "3单元501");
    EXPECT_EQ(taken.visit->notes, "敲门要响");
    EXPECT_EQ(second.hears(offer_state::withdrawn, other.offer).withdrawn_because, "taken");
    watch.hears(receipt_stage::accepted, event);

    for (auto const step :
         {reply_kind::en_route, reply_kind::arrived, reply_kind::started, reply_kind::completed})
        EXPECT_FALSE(nearest.replies(step, offer.offer).refused);
    watch.hears(receipt_stage::arrived, event);
    EXPECT_EQ(h.closes(alert, "op1", disposition::helped), "");
    auto const left = h.record();
    EXPECT_TRUE(left.alerts.empty());
    ASSERT_EQ(left.orders.size(), 1U);
    EXPECT_EQ(h.follows_up(left.orders[0].id, "op1"), "");
    EXPECT_EQ(h.record().orders_open, 0);
    EXPECT_EQ(h.count("alert"), 1);
    EXPECT_EQ(h.count("service_order where state = 'followed_up'"), 1);
}

TEST(press, the_same_event_many_times_is_one_alert_and_every_time_receipted) {
    house h(small_city());
    auto& watch = h.device("w1");
    auto const event = watch.presses_sos();
    for (int n = 0; n < 100; ++n)
        watch.sends_again(event);
    for (int n = 0; n < 101; ++n)
        watch.hears_stored(event);
    EXPECT_EQ(h.count("signal"), 1);
    EXPECT_EQ(h.count("alert"), 1);
    EXPECT_EQ(h.count("service_order"), 1);
}

TEST(press, a_hundred_presses_in_a_minute_are_one_alert_with_the_count_on_it) {
    house h(small_city());
    auto& watch = h.device("w1");
    std::vector<domain::event_id> events;
    for (int n = 0; n < 100; ++n)
        events.push_back(watch.presses_sos());
    for (auto const& each : events)
        watch.hears_stored(each);
    EXPECT_EQ(h.count("signal"), 100);
    EXPECT_EQ(h.count("alert where signals = 100"), 1);
    EXPECT_EQ(h.count("service_order"), 1);
}

TEST(press, unclaimed_climbs_to_the_city) {
    house h(small_city());
    h.device("w1").hears_stored(h.device("w1").presses_sos());
    auto const id = h.sees_alert("resident:r1");
    auto const rings_at = [&](char const* desk) {
        h.when(std::string("rings at ") + desk, [&](app::overview const& o) {
            return !o.alerts.empty() && o.alerts[0].what.id == id &&
                   o.alerts[0].what.desk.value == desk;
        });
    };
    rings_at("s1");
    h.fast_forward(30s); // there is no centre: its rung costs no time
    h.when("the shift leader's telephone", [](app::overview const& o) {
        return o.alerts[0].what.progress.told.contains(domain::audience::shift_leader);
    });
    h.fast_forward(30s);
    rings_at("city");
    h.fast_forward(60s);
    h.when("the duty telephone, two minutes after the press", [](app::overview const& o) {
        return o.alerts[0].what.progress.told.contains(domain::audience::duty_phone);
    });
}

TEST(press, green_key_asks_to_be_rung_back) {
    house h(small_city());
    auto& box = h.device("b1");
    box.hears_stored(box.presses_green_key());
    box.hears_stored(box.presses_green_key());
    auto const seen = h.record();
    EXPECT_TRUE(seen.alerts.empty());
    ASSERT_EQ(seen.requests.size(), 1U);
    EXPECT_EQ(seen.requests[0].signals, 2U);
    EXPECT_EQ(h.count("service_order where service = 'ring_back' and place = 'seat'"), 1);
    h.fast_forward(11min); // nobody has rung
    h.when("it is P2 now",
           [](app::overview const& o) { return o.requests[0].level == domain::priority::p2; });
}

} // namespace linli::tests
