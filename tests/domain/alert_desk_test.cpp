// What the desk does with an alert: claim, note, release, handle, close; and what it must hear.
#include <gtest/gtest.h>

#include "domain/situation.hpp"

namespace linli::tests {

using namespace domain;

namespace {

operator_id const li{"li"};
operator_id const zhao{"zhao"};

alert_story claimed_by_li() {
    alert_story s;
    s.later(seconds(20));
    s.happens(claim{li});
    return s;
}

nobody_to_go nobody() {
    return {order_id{}, "unfilled off_duty=3"};
}

} // namespace

TEST(alert_desk, a_claim_is_a_lease) {
    auto s = claimed_by_li();
    EXPECT_EQ(s.is.state, alert_state::claimed);
    EXPECT_EQ(s.is.holder, li);
    EXPECT_EQ(s.is.claimed_until, s.now + seconds(900));
    EXPECT_EQ(s.is.due_at, s.is.claimed_until);
    EXPECT_EQ(s.is.raised_at, evening) << "how long the resident waited stays known";
    EXPECT_EQ(s.last.log.at(0).by, (actor{actor_kind::operator_, "li", {}}));
}

TEST(alert_desk, one_holder_the_second_claim_is_refused) {
    auto s = claimed_by_li();
    EXPECT_EQ(s.refused(claim{zhao}), refusal::held);
    EXPECT_EQ(s.is.holder, li);
}

TEST(alert_desk, a_claim_without_a_name_is_refused) {
    alert_story s;
    EXPECT_EQ(s.refused(claim{}), refusal::needs_reason);
}

TEST(alert_desk, taken_over_it_has_another_holder_a_new_lease_and_a_line_that_says_whose_it_was) {
    auto s = claimed_by_li();
    s.later(seconds(600));
    s.happens(take_over{zhao, "Li had to leave, her child is ill"});
    EXPECT_EQ(s.is.holder, zhao);
    EXPECT_EQ(s.is.claimed_until, s.now + seconds(900));
    EXPECT_EQ(s.is.due_at, s.is.claimed_until);
    ASSERT_EQ(s.last.log.size(), 1U);
    EXPECT_EQ(s.last.log[0].what, log_kind::taken_over);
    EXPECT_EQ(s.last.log[0].by, (actor{actor_kind::operator_, "zhao", {}}));
    EXPECT_EQ(s.last.log[0].why, "li");
    EXPECT_EQ(s.last.log[0].personal, "Li had to leave, her child is ill");
    EXPECT_EQ(s.refused(close{li, disposition::helped, {}}), refusal::not_yours);
}

TEST(alert_desk, a_handled_alert_that_is_taken_over_is_worked_on_again) {
    auto s = claimed_by_li();
    s.happens(handle{li});
    s.happens(take_over{zhao, "the hospital rang me"});
    EXPECT_EQ(s.is.state, alert_state::claimed);
    EXPECT_EQ(s.is.holder, zhao);
    EXPECT_TRUE(s.wrote(log_kind::taken_over));
}

TEST(alert_desk, whoever_takes_over_has_heard_the_press_that_rings) {
    auto s = claimed_by_li();
    s.press();
    ASSERT_TRUE(s.is.acknowledge_by);
    s.happens(take_over{zhao, "Li does not answer"});
    EXPECT_EQ(s.is.acknowledge_by, std::nullopt);
    s.happens(close{zhao, disposition::helped, {}});
}

TEST(alert_desk, taking_over_what_nobody_else_holds_is_a_claim) {
    alert_story s;
    s.happens(take_over{zhao, "I am nearer"});
    EXPECT_TRUE(s.wrote(log_kind::claimed));
    EXPECT_FALSE(s.wrote(log_kind::taken_over));
    s.happens(take_over{zhao, "mine already"});
    EXPECT_TRUE(s.wrote(log_kind::acknowledged));
    alert_story counting(fall_plan());
    counting.happens(take_over{zhao, "she has fallen twice today"});
    EXPECT_TRUE(counting.wrote(log_kind::raised)) << "as a claim ends the countdown";
    EXPECT_EQ(counting.is.holder, zhao);
}

// What is no emergency may wait.
alert_story important_and_claimed_by_li() {
    auto s = claimed_by_li();
    s.is.level = priority::p2;
    return s;
}

TEST(alert_desk, shelved_it_rings_its_holder_when_the_time_is_over) {
    auto s = important_and_claimed_by_li();
    s.happens(shelve{li, seconds(1800), "she is at the hairdresser's until four"});
    EXPECT_EQ(s.is.state, alert_state::claimed);
    EXPECT_EQ(s.is.shelved_until, s.now + seconds(1800));
    ASSERT_TRUE(s.wrote(log_kind::shelved));
    EXPECT_EQ(s.last.log.at(0).why, "30min");
    EXPECT_EQ(s.last.log.at(0).personal, "she is at the hairdresser's until four");
    s.later(seconds(1799));
    s.happens(time_passed{});
    EXPECT_TRUE(s.is.shelved_until) << "longer than any lease, and nobody was rung";
    s.later(seconds(1));
    s.happens(time_passed{});
    EXPECT_EQ(s.is.holder, li);
    EXPECT_FALSE(s.is.shelved_until);
    EXPECT_EQ(s.is.acknowledge_by, s.now + seconds(30));
    s.later(seconds(30));
    s.happens(time_passed{});
    EXPECT_EQ(s.is.state, alert_state::raised) << "she doesn't answer";
}

TEST(alert_desk, her_claim_takes_it_off_the_shelf_and_so_does_whoever_takes_over) {
    auto s = important_and_claimed_by_li();
    s.happens(shelve{li, seconds(600), "waits for the daughter"});
    s.happens(note{li, "she rings at four"});
    EXPECT_TRUE(s.is.shelved_until) << "a note is no work on it";
    s.happens(claim{li});
    EXPECT_FALSE(s.is.shelved_until);
    EXPECT_EQ(s.is.claimed_until, s.now + seconds(900));
    s.happens(shelve{li, seconds(600), "waits again"});
    s.happens(take_over{zhao, "I do it now"});
    EXPECT_FALSE(s.is.shelved_until);
}

TEST(alert_desk, a_press_takes_it_off_the_shelf) {
    auto s = important_and_claimed_by_li();
    s.happens(shelve{li, seconds(600), "waits for the daughter"});
    s.press();
    EXPECT_FALSE(s.is.shelved_until);
    EXPECT_TRUE(s.is.acknowledge_by);
}

TEST(alert_desk, an_emergency_is_never_shelved_nor_anything_for_long_or_without_a_reason) {
    EXPECT_EQ(claimed_by_li().refused(shelve{li, seconds(60), "why"}), refusal::out_of_turn);
    auto s = important_and_claimed_by_li();
    EXPECT_EQ(s.refused(shelve{li, seconds(60), ""}), refusal::needs_reason);
    EXPECT_EQ(s.refused(shelve{li, seconds(1801), "why"}), refusal::out_of_turn);
    EXPECT_EQ(s.refused(shelve{li, seconds(0), "why"}), refusal::out_of_turn);
    EXPECT_EQ(s.refused(shelve{zhao, seconds(60), "why"}), refusal::not_yours);
    s.happens(handle{li});
    EXPECT_EQ(s.refused(shelve{li, seconds(60), "why"}), refusal::out_of_turn);
}

// Field-rules 25.
TEST(alert_desk, handed_over_it_stays_hers_until_her_successor_claims_it) {
    auto s = claimed_by_li();
    s.later(seconds(600));
    s.happens(hand_over{li, zhao, "ring the daughter at 20:00"});
    EXPECT_EQ(s.is.holder, li);
    EXPECT_EQ(s.is.handed_to, zhao);
    EXPECT_EQ(s.is.claimed_until, s.now + seconds(900)) << "nobody is rung meanwhile";
    EXPECT_EQ(s.last.log.at(0).why, "zhao");
    EXPECT_EQ(s.last.log.at(0).personal, "ring the daughter at 20:00");
    EXPECT_EQ(s.refused(claim{operator_id{"wang"}}), refusal::held);
    s.happens(claim{zhao});
    EXPECT_EQ(s.is.holder, zhao);
    EXPECT_TRUE(s.is.handed_to.empty());
    EXPECT_TRUE(s.wrote(log_kind::handover_accepted));
    EXPECT_EQ(s.refused(claim{li}), refusal::held);
}

TEST(alert_desk, what_nobody_accepts_rings_again_at_the_end_of_the_lease) {
    auto s = claimed_by_li();
    s.happens(hand_over{li, zhao, "wait for the ambulance"});
    s.comes_due();
    EXPECT_EQ(s.is.state, alert_state::raised);
    EXPECT_TRUE(s.is.handed_to.empty());
}

TEST(alert_desk, only_the_holder_hands_over_to_somebody_else_and_says_what_is_next) {
    auto s = claimed_by_li();
    EXPECT_EQ(s.refused(hand_over{zhao, li, "next"}), refusal::not_yours);
    EXPECT_EQ(s.refused(hand_over{li, zhao, ""}), refusal::needs_reason);
    EXPECT_EQ(s.refused(hand_over{li, {}, "next"}), refusal::needs_reason);
    EXPECT_EQ(s.refused(hand_over{li, li, "next"}), refusal::out_of_turn);
    s.press();
    EXPECT_EQ(s.refused(hand_over{li, zhao, "next"}), refusal::out_of_turn)
        << "a new press rings: it is answered first";
    alert_story unheld;
    EXPECT_EQ(unheld.refused(hand_over{li, zhao, "next"}), refusal::out_of_turn);
}

TEST(alert_desk, a_handled_alert_is_handed_over_and_worked_on_by_the_successor) {
    auto s = claimed_by_li();
    s.happens(handle{li});
    s.happens(hand_over{li, zhao, "ask the hospital in the morning"});
    EXPECT_EQ(s.is.state, alert_state::handled);
    s.happens(claim{zhao});
    EXPECT_EQ(s.is.state, alert_state::claimed);
    EXPECT_TRUE(s.wrote(log_kind::handover_accepted));
}

TEST(alert_desk, a_claim_without_any_action_ends_and_it_rings_again) {
    auto s = claimed_by_li();
    s.comes_due();
    EXPECT_EQ(s.is.state, alert_state::raised);
    EXPECT_TRUE(s.is.holder.empty());
    EXPECT_EQ(s.is.claimed_until, std::nullopt);
    EXPECT_EQ(s.is.desk, site_id{"station"});
    EXPECT_EQ(s.last.log.at(0).why, "lease");
    s.happens(claim{zhao});
    EXPECT_EQ(s.is.holder, zhao);
}

TEST(alert_desk, the_holders_note_keeps_his_claim_alive_and_anothers_does_not) {
    auto s = claimed_by_li();
    s.later(seconds(800));
    auto const until = s.is.claimed_until;
    s.happens(note{zhao, "the daughter rang me"});
    EXPECT_EQ(s.is.claimed_until, until);
    s.happens(note{li, "she speaks, hip hurts"});
    EXPECT_EQ(s.is.claimed_until, s.now + seconds(900));
    EXPECT_EQ(s.is.due_at, s.is.claimed_until);
    EXPECT_EQ(s.last.log.at(0).why, "") << "words about a person are not for the open record";
    EXPECT_EQ(s.last.log.at(0).personal, "she speaks, hip hurts");
    EXPECT_EQ(s.refused(note{li, ""}), refusal::needs_reason);
}

TEST(alert_desk, released_it_rings_from_the_first_rung) {
    auto s = claimed_by_li();
    EXPECT_EQ(s.refused(release{zhao}), refusal::not_yours);
    s.happens(release{li});
    EXPECT_EQ(s.is.state, alert_state::raised);
    EXPECT_TRUE(s.is.holder.empty());
    EXPECT_EQ(s.is.rang_at, s.now);
    EXPECT_EQ(s.is.due_at, s.now + seconds(30));
    EXPECT_EQ(s.refused(release{li}), refusal::out_of_turn);
}

TEST(alert_desk, handled_keeps_its_holder_and_is_asked_about_again) {
    auto s = claimed_by_li();
    EXPECT_EQ(s.refused(handle{zhao}), refusal::not_yours);
    s.happens(handle{li});
    EXPECT_EQ(s.is.state, alert_state::handled);
    EXPECT_EQ(s.is.holder, li);
    EXPECT_EQ(s.is.due_at, s.now + seconds(900));
    EXPECT_TRUE(is_open(s.is)) << "a referral to 120 is no end";
    s.comes_due();
    EXPECT_TRUE(s.wrote(log_kind::review_due));
    EXPECT_EQ(s.is.state, alert_state::raised);
}

TEST(alert_desk, a_handled_alert_is_taken_up_again_by_a_claim) {
    auto s = claimed_by_li();
    s.happens(handle{li});
    s.happens(claim{zhao});
    EXPECT_EQ(s.is.state, alert_state::claimed);
    EXPECT_EQ(s.is.holder, zhao);
    EXPECT_EQ(s.is.due_at, s.now + seconds(900));
}

TEST(alert_desk, only_its_holder_closes_it_and_with_an_outcome) {
    alert_story unclaimed;
    EXPECT_EQ(unclaimed.refused(close{li, disposition::helped, {}}), refusal::out_of_turn);
    auto s = claimed_by_li();
    EXPECT_EQ(s.refused(close{zhao, disposition::helped, {}}), refusal::not_yours);
    s.happens(close{li, disposition::sent_to_hospital, "Ward 7, the son is with her"});
    EXPECT_EQ(s.is.state, alert_state::closed);
    EXPECT_EQ(s.is.outcome, disposition::sent_to_hospital);
    EXPECT_EQ(s.is.closed_at, s.now);
    EXPECT_EQ(s.is.due_at, std::nullopt);
    EXPECT_EQ(s.is.acknowledge_by, std::nullopt);
    EXPECT_EQ(s.is.claimed_until, std::nullopt);
    EXPECT_EQ(s.last.ends_orders, "closed:sent_to_hospital");
    EXPECT_EQ(s.last.log.at(0).why, "sent_to_hospital");
    EXPECT_EQ(s.last.log.at(0).personal, "Ward 7, the son is with her");
}

TEST(alert_desk, nobody_to_go_sends_an_unclaimed_alert_up_the_ladder_at_once) {
    alert_story s;
    s.later(seconds(5));
    s.happens(nobody());
    EXPECT_EQ(s.is.desk, site_id{"centre"});
    EXPECT_EQ(s.is.rang_at, s.now);
    EXPECT_EQ(s.is.due_at, s.now + seconds(60));
    EXPECT_TRUE(s.wrote(log_kind::nobody_to_go));
    s.happens(nobody());
    s.happens(nobody());
    EXPECT_EQ(s.is.desk, site_id{"city"}) << "and the top rings again";
}

TEST(alert_desk, nobody_to_go_rings_the_holder_who_must_answer) {
    auto s = claimed_by_li();
    s.happens(nobody());
    EXPECT_EQ(s.is.state, alert_state::claimed);
    EXPECT_EQ(s.is.acknowledge_by, s.now + seconds(30));
    EXPECT_TRUE(s.wrote(log_kind::rang_again));
    s.comes_due();
    EXPECT_EQ(s.is.state, alert_state::raised);
}

TEST(alert_desk, nobody_to_go_raises_a_handled_alert_again) {
    auto s = claimed_by_li();
    s.happens(handle{li});
    s.happens(nobody());
    EXPECT_EQ(s.is.state, alert_state::raised);
    EXPECT_TRUE(s.is.holder.empty());
    EXPECT_EQ(s.is.rang_at, s.now);
}

TEST(alert_desk, a_closed_alert_takes_nothing_more) {
    auto s = claimed_by_li();
    s.happens(close{li, disposition::helped, {}});
    EXPECT_EQ(s.refused(nobody()), refusal::closed);
    EXPECT_EQ(s.refused(claim{li}), refusal::closed);
    EXPECT_EQ(s.refused(time_passed{}), refusal::closed);
    EXPECT_EQ(s.refused(signal_joined{{"w1:1:2"}, {"w1"}, alert_kind::sos, sos_plan()}),
              refusal::closed);
}

} // namespace linli::tests
