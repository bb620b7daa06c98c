// What a hostile, broken or badly set-up world sends, and what the house makes of it.
#include <gtest/gtest.h>

#include "system/house.hpp"

namespace linli::tests {

using domain::receipt_stage;
using domain::refusal;
using domain::reply_kind;
using namespace std::chrono_literals;

TEST(bad_input, bytes_that_are_no_message_raise_an_alert_for_the_wearer_and_the_rest_goes_on) {
    house h(small_city());
    h.device("w1").sends_bytes(std::string("\xff\xfe\x00 no message at all", 22));
    auto const id = h.sees_alert("resident:r1");
    auto const seen = h.record();
    EXPECT_EQ(seen.alerts[0].what.kind, domain::alert_kind::unreadable);
    EXPECT_EQ(seen.alerts[0].what.level, domain::priority::p1);
    EXPECT_EQ(h.count("signal where kind = 'unreadable' and octet_length(raw) = 22"), 1);
    auto& box = h.device("b1");
    box.hears_stored(box.presses_sos());
    EXPECT_EQ(h.count("alert"), 2);
    static_cast<void>(id);
}

TEST(bad_input,
     a_press_without_a_position_or_with_0_0_or_a_clock_years_off_is_an_alert_all_the_same) {
    house h(small_city());
    auto& watch = h.device("w1");
    domain::signal nowhere;
    nowhere.kind = domain::signal_kind::sos;
    nowhere.fix = domain::position{0, 0, 0, domain::position_source::gps};
    nowhere.happened_at = domain::instant(std::chrono::sys_days(std::chrono::year(1999) / 1 / 1));
    watch.hears_stored(watch.sends(nowhere));
    EXPECT_EQ(h.count("signal where latitude is null and happened_at < '2000-01-01'"), 1);
    h.sees_alert("resident:r1");
    h.fast_forward(61s);
    EXPECT_EQ(h.provider("c1").gets_offer().rough_place, "张掖路 5号院"); // from the registry
}

TEST(bad_input, json_with_what_is_missing_or_of_the_wrong_type_is_an_alert_all_the_same) {
    house h(small_city());
    auto& watch = h.device("w1");
    watch.sends_bytes(R"(  {"kind":"SOS","position":"somewhere","batteryPercent":"full","new":1})");
    h.sees_alert("resident:r1");
    EXPECT_EQ(h.count("signal where kind = 'sos' and event like 'w1:x:%'"), 1);
}

TEST(bad_input, unknown_devices_join_one_alert_at_the_citys_desk_that_lists_them) {
    auto city = small_city();
    for (int n = 0; n < 20; ++n) // they have a credential, and nobody registered them
        city.devices.push_back({{"x" + std::to_string(n)}, "button_box", {}, {}, {}});
    house h(city);
    h.forget_devices("x%");
    for (int n = 0; n < 20; ++n) {
        auto& box = h.device("x" + std::to_string(n));
        box.hears_stored(box.presses_sos());
    }
    auto const seen = h.record();
    ASSERT_EQ(seen.alerts.size(), 1U);
    EXPECT_EQ(to_string(seen.alerts[0].what.about), "area:620100/mqtt");
    EXPECT_EQ(seen.alerts[0].what.signals, 20U);
    EXPECT_EQ(seen.alerts[0].what.desk.value, "city");
    EXPECT_EQ(h.count("signal where device like 'x%' and alert is not null"), 20);
}

TEST(bad_input, a_device_cannot_press_as_another_and_the_receipt_is_how_it_notices) {
    house h(small_city());
    auto& box = h.device("b1");
    box.publishes("linli/v1/d/d-w1/signal", R"({"kind":"SOS"})");
    EXPECT_EQ(box.broker_said(), 135); // not authorized; a 3.1.1 client would have heard "taken"
    box.hears_stored(box.presses_sos());
    EXPECT_EQ(h.count("signal where device = 'w1'"), 0);
}

class replies : public testing::Test {
protected:
    replies() {
        h.provider("c1"); // whoever is not there has no session to keep an offer for him
        h.provider("c2");
        auto& watch = h.device("w1");
        watch.hears_stored(watch.presses_sos());
        h.fast_forward(61s);
        first = h.provider("c1").gets_offer();
        second = h.provider("c2").gets_offer();
    }
    house h{small_city()};
    wire::seen_offer first;
    wire::seen_offer second;
};

TEST_F(replies, to_somebody_elses_offer_are_refused_and_the_holder_keeps_the_order) {
    h.provider("c1").accepts(first);
    auto const answer = h.provider("c2").replies(reply_kind::en_route, first.offer);
    EXPECT_TRUE(answer.refused);
    EXPECT_FALSE(answer.visit); // and no name, no door
    EXPECT_FALSE(h.provider("c1").replies(reply_kind::en_route, first.offer).refused);
}

TEST_F(replies, a_second_accept_is_refused_with_the_reason) {
    h.provider("c1").accepts(first);
    auto const answer = h.provider("c2").accepts(second);
    EXPECT_EQ(answer.why, refusal::taken);
    EXPECT_EQ(h.count("service_order where worker = 'k1'"), 1);
}

TEST_F(replies, the_same_accept_again_is_answered_and_changes_nothing) {
    h.provider("c1").accepts(first);
    EXPECT_FALSE(h.provider("c1").accepts(first).refused);
    EXPECT_EQ(h.count("log where what = 'accepted'"), 1);
}

TEST_F(replies, an_accept_after_its_expiry_is_taken_if_nobody_holds_the_order) {
    h.fast_forward(46s);
    h.provider("c1").hears(domain::offer_state::expired, first.offer);
    h.provider("c2").hears(domain::offer_state::expired, second.offer);
    h.when("nobody is left", [](app::overview const& o) {
        return o.alerts[0].orders[0].state == domain::order_state::unfilled;
    });
    auto const answer = h.provider("c2").accepts(second);
    EXPECT_FALSE(answer.refused);
    EXPECT_EQ(answer.state, domain::offer_state::accepted);
}

TEST_F(replies, that_are_no_message_or_name_no_offer_are_refused) {
    EXPECT_TRUE(h.provider("c1")
                    .replies(reply_kind::accept, "00000000-0000-7000-8000-000000000000")
                    .refused);
}

TEST_F(replies, before_the_accept_are_out_of_turn) {
    EXPECT_EQ(h.provider("c1").replies(reply_kind::arrived, first.offer).why, refusal::out_of_turn);
}

TEST_F(replies, silence_and_refusal_bring_the_next_and_nobody_left_goes_up_with_the_reason) {
    h.provider("c1").declines(first, "on another visit");
    h.provider("c2").declines(second, "no vehicle");
    auto const seen = h.when("unfilled", [](app::overview const& o) {
        return o.alerts[0].orders[0].state == domain::order_state::unfilled;
    });
    EXPECT_EQ(seen.alerts[0].orders[0].reason, "asked_before=2");
    EXPECT_EQ(h.count("log where what = 'nobody_to_go'"), 1);
    EXPECT_GE(h.count("search, jsonb_array_elements(considered::jsonb) c "
                      "where c->>'why' = 'asked_before'"),
              2);
    h.fast_forward(61s); // a new search asks both again
    EXPECT_EQ(h.provider("c1").gets_offer().event, first.event);
}

} // namespace linli::tests
