// How an order finds who goes: offers, silence, refusals, and nobody at all.
#include <gtest/gtest.h>

#include "domain/situation.hpp"

namespace linli::tests {

using namespace domain;

namespace {

using words = std::vector<std::string>;

reply with_reason(reply r, std::string reason) {
    r.reason = std::move(reason);
    return r;
}

reply visiting(reply r, std::string home) {
    r.facts.visiting = {std::move(home)};
    return r;
}

} // namespace

TEST(order_search, offered_now_it_looks_for_somebody_at_once) {
    order_story const s;
    EXPECT_EQ(s.is.state, order_state::requested);
    EXPECT_TRUE(s.last.search);
    EXPECT_EQ(s.is.due_at, evening) << "if the search is lost, the loop finds it";
    EXPECT_EQ(s.words(), (words{"order_opened"}));
    EXPECT_EQ(s.last.log[0].why, "w1:1:1 emergency_attendance");
}

TEST(order_search, unless_cleared_it_waits_a_minute_for_a_human_to_cancel) {
    order_plan patient;
    patient.when = offer_when::unless_cleared;
    patient.cleared_window = seconds(60);
    order_story s(patient);
    EXPECT_FALSE(s.last.search);
    EXPECT_EQ(s.is.due_at, evening + seconds(60));
    s.later(seconds(59));
    s.happens(order_time_passed{});
    EXPECT_FALSE(s.last.search);
    s.comes_due();
    EXPECT_TRUE(s.last.search) << "no operator is needed to send help";

    order_story heard(patient);
    heard.happens(cancel{{actor_kind::operator_, "li", {}}, "false_alarm"});
    EXPECT_EQ(heard.is.state, order_state::cancelled);
}

TEST(order_search, an_offer_is_a_lease) {
    order_story s;
    s.found({"wang"});
    EXPECT_EQ(s.is.state, order_state::offered);
    EXPECT_EQ(s.is.due_at, evening + seconds(45));
    auto const& o = s.offer_to("wang");
    EXPECT_EQ(o.state, offer_state::open);
    EXPECT_EQ(o.order, s.is.id);
    EXPECT_EQ(o.provider, provider_id{"company"});
    EXPECT_EQ(o.opened_at, evening);
    EXPECT_EQ(o.expires_at, evening + seconds(45));
    EXPECT_EQ(o.due_at, o.expires_at);
    EXPECT_EQ(o.distance_m, 800U);
    EXPECT_EQ(o.round, 1U);
    EXPECT_EQ(s.last.log[0].why, "wang company");
}

TEST(order_search, silence_asks_the_next_candidate) {
    auto s = order_story::in(order_state::offered);
    s.comes_due();
    EXPECT_EQ(s.state_of_offer_to("wang"), offer_state::expired);
    EXPECT_EQ(s.offer_to("wang").due_at, std::nullopt);
    EXPECT_EQ(s.offer_to("wang").reason, "no_answer");
    EXPECT_EQ(s.is.state, order_state::requested);
    EXPECT_TRUE(s.last.search);
    s.found({"chen"});
    EXPECT_EQ(s.is.state, order_state::offered);
    EXPECT_EQ(s.is.due_at, s.now + seconds(45));
    EXPECT_EQ(s.is.round, 1U) << "the same search goes on";
}

TEST(order_search, declined_asks_the_next_at_once_and_keeps_the_reason) {
    auto s = order_story::in(order_state::offered);
    s.happens(with_reason(s.says("wang", reply_kind::decline), "my mother is ill"));
    EXPECT_EQ(s.state_of_offer_to("wang"), offer_state::declined);
    EXPECT_TRUE(s.last.search);
    EXPECT_EQ(s.is.state, order_state::requested);
    EXPECT_EQ(s.last.log[0].why, "wang") << "words about a person are not for the open record";
    EXPECT_EQ(s.last.log[0].personal, "my mother is ill");
}

TEST(order_search, the_first_of_several_who_accepts_has_it_and_the_others_are_told) {
    order_story s;
    s.found({"wang", "chen", "liu"});
    s.later(seconds(10));
    s.hears("chen", reply_kind::accept);
    EXPECT_EQ(s.is.state, order_state::accepted);
    EXPECT_EQ(s.is.worker, worker_id{"chen"});
    EXPECT_EQ(s.is.held_by, s.offer_to("chen").id);
    EXPECT_EQ(s.is.provider, provider_id{"company"});
    EXPECT_EQ(s.is.due_at, s.now + seconds(180)) << "to set out";
    EXPECT_EQ(s.last.receipt, receipt_stage::accepted);
    EXPECT_EQ(s.state_of_offer_to("chen"), offer_state::accepted);
    EXPECT_EQ(s.state_of_offer_to("wang"), offer_state::withdrawn);
    EXPECT_EQ(s.offer_to("liu").reason, "taken");
    EXPECT_EQ(s.words(), (words{"accepted", "withdrawn", "withdrawn"}));
    EXPECT_EQ(s.refused(s.says("wang", reply_kind::accept)), refusal::taken);
}

TEST(order_search, one_of_several_declining_leaves_the_others_their_time) {
    order_story s;
    s.found({"wang", "chen"});
    s.hears("wang", reply_kind::decline);
    EXPECT_EQ(s.is.state, order_state::offered);
    EXPECT_FALSE(s.last.search);
    EXPECT_EQ(s.is.due_at, evening + seconds(45));
    s.hears("chen", reply_kind::decline);
    EXPECT_TRUE(s.last.search);
}

TEST(order_search, who_declines_takes_his_clock_with_him_and_the_other_has_hers) {
    order_story s;
    s.found({"wang"});
    s.later(seconds(30));
    s.happens(chosen_by_li("chen"));
    s.later(seconds(10));
    s.hears("wang", reply_kind::decline);
    EXPECT_EQ(s.is.state, order_state::offered);
    EXPECT_EQ(s.is.due_at, s.offer_to("chen").expires_at) << "till then nothing is overdue";
}

TEST(order_search, a_late_accept_is_taken_while_nobody_holds_the_order) {
    auto s = order_story::in(order_state::offered);
    s.comes_due();
    s.found({"chen"});
    s.later(seconds(5));
    s.hears("wang", reply_kind::accept); // his bicycle shed has no signal
    EXPECT_EQ(s.is.worker, worker_id{"wang"});
    EXPECT_EQ(s.state_of_offer_to("wang"), offer_state::accepted);
    EXPECT_EQ(s.state_of_offer_to("chen"), offer_state::withdrawn);
    EXPECT_EQ(s.last.log[0].why, "wang late");
}

TEST(order_search, a_late_accept_is_taken_also_when_nobody_was_found_meanwhile) {
    auto s = order_story::in(order_state::offered);
    s.comes_due();
    s.found_nobody();
    ASSERT_EQ(s.is.state, order_state::unfilled);
    s.hears("wang", reply_kind::accept);
    EXPECT_EQ(s.is.state, order_state::accepted);
}

TEST(order_search, a_late_accept_of_an_order_that_another_holds_is_refused) {
    auto s = order_story::in(order_state::offered);
    s.comes_due();
    s.found({"chen"});
    s.hears("chen", reply_kind::accept);
    EXPECT_EQ(s.refused(s.says("wang", reply_kind::accept)), refusal::taken);
    EXPECT_EQ(s.is.worker, worker_id{"chen"});
}

TEST(order_search, who_has_declined_or_was_told_that_it_is_gone_does_not_accept_any_more) {
    order_story s;
    s.found({"wang", "chen"});
    s.hears("wang", reply_kind::decline);
    EXPECT_EQ(s.refused(s.says("wang", reply_kind::accept)), refusal::out_of_turn);
}

TEST(order_search, a_reply_to_an_offer_that_does_not_exist_or_is_anothers_is_refused) {
    auto const s = order_story::in(order_state::offered);
    auto strange = s.says("wang", reply_kind::accept);
    strange.offer = offer_numbered(99);
    EXPECT_EQ(order_story(s).refused(strange), refusal::unknown);
    for (auto const& [kind, name] : names<reply_kind>::table) {
        auto anothers = s.says("wang", kind);
        anothers.provider = {"rival"};
        EXPECT_EQ(order_story(s).refused(anothers), refusal::not_yours) << name;
    }
}

TEST(order_search, busy_at_another_home_he_cannot_have_it_but_at_this_one_he_can) {
    auto s = order_story::in(order_state::offered);
    EXPECT_EQ(s.refused(visiting(s.says("wang", reply_kind::accept), "h2")), refusal::busy);
    EXPECT_EQ(s.state_of_offer_to("wang"), offer_state::open) << "his silence will end it";
    s.happens(visiting(s.says("wang", reply_kind::accept), "h1"));
    EXPECT_EQ(s.is.state, order_state::accepted);
}

TEST(order_search, nobody_found_goes_up_with_the_reasons_and_is_tried_again) {
    order_story s;
    search_result found;
    for (auto why :
         {match_reason::off_duty, match_reason::no_certificate, match_reason::off_duty}) {
        found.ranked.push_back(may_be_asked("x"));
        found.ranked.back().why = why;
    }
    s.happens(found);
    EXPECT_EQ(s.is.state, order_state::unfilled);
    EXPECT_EQ(s.is.reason, "no_certificate=1 off_duty=2");
    EXPECT_EQ(s.last.goes_up, "unfilled no_certificate=1 off_duty=2");
    EXPECT_EQ(s.is.due_at, evening + seconds(60));
    EXPECT_EQ(s.words(), (words{"unfilled"}));

    s.comes_due();
    EXPECT_TRUE(s.last.search);
    EXPECT_EQ(s.is.round, 2U) << "a new search: everybody may be asked again";
    s.found({"wang"});
    EXPECT_EQ(s.is.state, order_state::offered);
    EXPECT_EQ(s.offer_to("wang").round, 2U);
}

TEST(order_search, nobody_near_is_said_so) {
    order_story s;
    s.found_nobody();
    EXPECT_EQ(s.is.reason, "nobody_near");
}

TEST(order_search, candidates_whom_nobody_chose_get_no_offer) {
    order_story s;
    auto found = search_found({"wang", "chen"}, 1);
    found.ranked[1].why = match_reason::next;
    found.fresh_ids.pop_back();
    s.happens(found);
    EXPECT_EQ(s.offers.size(), 1U);
}

TEST(order_search, what_a_search_finds_too_late_makes_no_second_offer) {
    for (auto state : {order_state::offered, order_state::accepted, order_state::en_route,
                       order_state::arrived, order_state::completed, order_state::stood_down}) {
        auto s = order_story::in(state);
        EXPECT_EQ(s.refused(search_found({"chen"}, 50)), refusal::out_of_turn) << to_text(state);
    }
}

TEST(order_search, an_offer_is_answered_on_behalf_by_telephone) {
    auto s = order_story::in(order_state::offered);
    auto r = s.says("wang", reply_kind::accept);
    r.by = {actor_kind::operator_, "li", "wang"};
    s.happens(r);
    EXPECT_EQ(s.last.log[0].by, r.by);
}

TEST(order_search, whom_the_operator_chooses_is_asked_at_once_and_the_log_says_who_chose) {
    order_plan patient;
    patient.when = offer_when::unless_cleared;
    order_story s(patient);
    s.later(seconds(10)); // nobody has been asked, and an operator knows better
    s.happens(chosen_by_li("chen"));
    EXPECT_EQ(s.is.state, order_state::offered);
    EXPECT_EQ(s.is.due_at, s.now + seconds(45));
    EXPECT_EQ(s.offer_to("chen").state, offer_state::open);
    EXPECT_EQ(s.offer_to("chen").expires_at, s.now + seconds(45));
    ASSERT_EQ(s.last.log.size(), 1U);
    EXPECT_EQ(s.last.log[0].what, log_kind::offered);
    EXPECT_EQ(s.last.log[0].by, (actor{actor_kind::operator_, "li", {}}));
    EXPECT_EQ(s.last.log[0].why, "chen company by_operator");
    s.comes_due();
    EXPECT_TRUE(s.last.search) << "his silence leaves nobody without help";
}

TEST(order_search, others_who_are_asked_keep_their_time_and_the_first_accept_has_it) {
    auto s = order_story::in(order_state::offered);
    s.later(seconds(30));
    s.happens(chosen_by_li("chen"));
    EXPECT_EQ(s.state_of_offer_to("wang"), offer_state::open);
    EXPECT_EQ(s.is.due_at, evening + seconds(45)) << "wang's silence is noticed in its time";
    s.comes_due();
    EXPECT_EQ(s.state_of_offer_to("wang"), offer_state::expired);
    EXPECT_EQ(s.is.state, order_state::offered);
    EXPECT_EQ(s.is.due_at, evening + seconds(75));
    s.hears("chen", reply_kind::accept);
    EXPECT_EQ(s.is.worker, worker_id{"chen"});
    EXPECT_EQ(s.refused(chosen_by_li("liu", 100)), refusal::taken);
}

TEST(order_search, where_nobody_could_be_asked_the_operator_may_still_choose) {
    auto s = order_story::in(order_state::unfilled);
    s.happens(chosen_by_li("chen"));
    EXPECT_EQ(s.is.state, order_state::offered);
    s.hears("chen", reply_kind::accept);
    EXPECT_EQ(s.is.state, order_state::accepted);
}

TEST(order_search, nobody_is_chosen_who_is_unknown_or_at_another_home) {
    order_story s;
    EXPECT_EQ(s.refused(offer_to{{"li"}, {"nobody"}}), refusal::unknown);
    auto elsewhere = chosen_by_li("chen");
    elsewhere.visiting = {"h2"};
    EXPECT_EQ(s.refused(elsewhere), refusal::busy);
    elsewhere.visiting = s.is.home;
    s.happens(elsewhere);
    auto nameless = chosen_by_li("liu", 100);
    nameless.who = {};
    EXPECT_EQ(s.refused(nameless), refusal::needs_reason);
    order_story at_the_seat({}, order_place::seat);
    EXPECT_EQ(at_the_seat.refused(chosen_by_li("chen")), refusal::out_of_turn);
}

TEST(order_search, who_is_asked_already_is_not_asked_twice) {
    auto s = order_story::in(order_state::offered);
    auto const before = s.is;
    s.happens(chosen_by_li("wang"));
    EXPECT_EQ(s.is, before);
    EXPECT_EQ(s.offers.size(), 1U);
    EXPECT_TRUE(s.last.log.empty());
}

TEST(order_search, of_a_company_that_names_its_people_the_company_is_asked) {
    order_story s;
    auto chosen = chosen_by_li("chen");
    chosen.him->by_company = true;
    s.happens(chosen);
    ASSERT_EQ(s.offers.size(), 1U);
    EXPECT_TRUE(s.offers[0].worker.empty());
    EXPECT_EQ(s.last.log[0].why, "company company by_operator chen");
    s.happens(chosen);
    EXPECT_EQ(s.offers.size(), 1U) << "said again";
}

} // namespace linli::tests
