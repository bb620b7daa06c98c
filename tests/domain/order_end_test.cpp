// How orders end: follow-up, cancelling, standing down, ring-back.
#include <gtest/gtest.h>

#include "domain/situation.hpp"

namespace linli::tests {

using namespace domain;

namespace {

using words = std::vector<std::string>;

cancel false_alarm() {
    return {{actor_kind::operator_, "li", {}}, "false_alarm"};
}

order_story ring_back() {
    order_plan with;
    with.ring_back_within = seconds(600);
    with.ring_back_again = seconds(300);
    return order_story(with, order_place::seat);
}

} // namespace

TEST(order_end, every_visit_is_followed_up_with_a_rating_if_one_is_given) {
    auto s = order_story::in(order_state::completed);
    auto unrated = s;
    s.happens(follow_up{{"li"}, 4, "Mrs Sun was content"});
    EXPECT_EQ(s.is.state, order_state::followed_up);
    EXPECT_EQ(s.is.rating, 4);
    EXPECT_EQ(s.is.due_at, std::nullopt);
    EXPECT_EQ(s.last.log[0].why, "rating=4");
    EXPECT_EQ(s.last.log[0].personal, "Mrs Sun was content");
    unrated.happens(follow_up{{"li"}, std::nullopt, {}});
    EXPECT_EQ(unrated.is.rating, std::nullopt);
    EXPECT_EQ(s.refused(follow_up{{"li"}, 1, {}}), refusal::closed);
}

TEST(order_end, a_missing_follow_up_is_asked_for_again) {
    auto s = order_story::in(order_state::completed);
    s.comes_due();
    EXPECT_EQ(s.is.state, order_state::completed);
    EXPECT_EQ(s.words(), (words{"follow_up_overdue"}));
    EXPECT_EQ(s.is.due_at, s.now + seconds(86400));
}

TEST(order_end, cancelled_before_anybody_holds_it_withdraws_every_offer) {
    order_story s;
    s.found({"wang", "chen"});
    s.happens(false_alarm());
    EXPECT_EQ(s.is.state, order_state::cancelled);
    EXPECT_EQ(s.is.reason, "false_alarm");
    EXPECT_EQ(s.is.due_at, std::nullopt);
    EXPECT_EQ(s.state_of_offer_to("wang"), offer_state::withdrawn);
    EXPECT_EQ(s.state_of_offer_to("chen"), offer_state::withdrawn);
    EXPECT_EQ(s.offer_to("chen").reason, "false_alarm");
    EXPECT_EQ(s.refused(s.says("wang", reply_kind::accept)), refusal::closed);
}

TEST(order_end, the_outcome_of_an_alert_is_told_to_nobody_who_was_asked) {
    cancel const ended{{actor_kind::house, {}, {}}, "closed:safeguarding"};
    order_story asked;
    asked.found({"wang", "chen"});
    asked.happens(ended);
    EXPECT_EQ(asked.is.reason, "closed:safeguarding") << "the record has it";
    EXPECT_EQ(asked.last.log.at(0).why, "wang closed:safeguarding");
    EXPECT_EQ(asked.offer_to("wang").reason, "closed");
    EXPECT_EQ(asked.offer_to("chen").reason, "closed");
    auto held = order_story::in(order_state::en_route);
    held.happens(ended);
    EXPECT_EQ(held.is.reason, "closed:safeguarding");
    EXPECT_EQ(held.offer_to("wang").reason, "closed");
}

TEST(order_end, a_cancel_needs_its_reason) {
    for (auto state : {order_state::requested, order_state::offered, order_state::accepted})
        EXPECT_EQ(order_story::in(state).refused(cancel{{}, ""}), refusal::needs_reason);
}

TEST(order_end, cancelled_on_his_way_the_worker_must_say_that_he_has_turned_round) {
    for (auto state : {order_state::accepted, order_state::en_route, order_state::no_access}) {
        auto s = order_story::in(state);
        s.happens(false_alarm());
        EXPECT_EQ(s.is.state, order_state::stood_down) << to_text(state);
        EXPECT_TRUE(is_open(s.is));
        EXPECT_EQ(s.is.worker, worker_id{"wang"}) << "who was told of the start is told of the end";
        EXPECT_EQ(s.state_of_offer_to("wang"), offer_state::withdrawn);
        EXPECT_EQ(s.is.due_at, s.now + seconds(120));
        s.comes_due();
        EXPECT_EQ(s.last.goes_up, "stand_down_overdue");
        EXPECT_EQ(s.is.due_at, s.now + seconds(120));
        s.hears("wang", reply_kind::stood_down);
        EXPECT_EQ(s.words(), (words{"stand_down_confirmed"}));
        EXPECT_FALSE(is_open(s.is));
        EXPECT_EQ(s.is.state, order_state::stood_down);
    }
}

TEST(order_end, a_stood_down_order_is_not_accepted_again_by_anybody) {
    order_story s;
    s.found({"wang"});
    s.comes_due(); // wang is silent
    s.found({"chen"});
    s.hears("chen", reply_kind::accept);
    s.happens(false_alarm());
    EXPECT_EQ(s.refused(s.says("wang", reply_kind::accept)), refusal::taken);
    EXPECT_EQ(s.refused(s.says("wang", reply_kind::arrived)), refusal::taken);
    EXPECT_EQ(s.refused(s.says("chen", reply_kind::en_route)), refusal::out_of_turn);
}

TEST(order_end, help_that_has_arrived_is_not_cancelled_any_more) {
    for (auto state : {order_state::arrived, order_state::in_service, order_state::completed,
                       order_state::stood_down})
        EXPECT_EQ(order_story::in(state).refused(false_alarm()), refusal::out_of_turn)
            << to_text(state);
}

TEST(order_end, an_unfilled_order_can_be_cancelled) {
    auto s = order_story::in(order_state::unfilled);
    s.happens(false_alarm());
    EXPECT_EQ(s.is.state, order_state::cancelled);
}

TEST(ring_back, is_done_at_the_seat_and_offered_to_nobody) {
    auto s = ring_back();
    EXPECT_FALSE(s.last.search);
    EXPECT_EQ(s.is.due_at, evening + seconds(600));
    EXPECT_EQ(s.refused(search_found({"wang"}, 1)), refusal::out_of_turn);
    s.later(seconds(120));
    s.happens(rung_back{{"li"}, "wants meals from Monday"});
    EXPECT_EQ(s.is.state, order_state::followed_up);
    EXPECT_EQ(s.is.due_at, std::nullopt);
    EXPECT_EQ(s.last.log[0].by, (actor{actor_kind::operator_, "li", {}}));
    EXPECT_EQ(s.last.log[0].personal, "wants meals from Monday");
}

TEST(ring_back, that_nobody_has_made_is_asked_for_again_and_again) {
    auto s = ring_back();
    for (int i = 0; i < 3; ++i) {
        s.comes_due();
        EXPECT_EQ(s.words(), (words{"ring_back_overdue"}));
        EXPECT_EQ(s.last.goes_up, "ring_back_overdue");
        EXPECT_EQ(s.is.due_at, s.now + seconds(300));
        EXPECT_FALSE(s.last.search);
    }
}

TEST(ring_back, of_a_visit_at_the_home_is_out_of_turn) {
    EXPECT_EQ(order_story().refused(rung_back{{"li"}, {}}), refusal::out_of_turn);
}

TEST(ring_back, is_cancelled_when_the_request_has_gone) {
    auto s = ring_back();
    s.happens(false_alarm());
    EXPECT_EQ(s.is.state, order_state::cancelled);
}

} // namespace linli::tests
