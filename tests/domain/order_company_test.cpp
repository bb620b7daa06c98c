// field-rules 6: the company takes it, then names who goes; each has a clock of its own.
#include <gtest/gtest.h>

#include "domain/situation.hpp"

namespace linli::tests {

using namespace domain;

namespace {

order_story asked_by_company() {
    order_story s;
    auto found = search_found({"wang"}, 1);
    found.ranked[0].by_company = true;
    s.happens(found);
    return s;
}

reply names(order_story const& s, std::string worker, reply_kind kind = reply_kind::assign) {
    auto said = s.says("", kind);
    said.worker = {std::move(worker)};
    return said;
}

} // namespace

TEST(order_company, it_takes_the_order_and_then_names_who_goes) {
    auto s = asked_by_company();
    EXPECT_EQ(s.offer_to("").provider.value, "company");
    s.hears("", reply_kind::accept);
    EXPECT_EQ(s.is.state, order_state::accepted);
    EXPECT_TRUE(s.is.worker.empty());
    EXPECT_EQ(s.is.due_at, s.now + s.with.assign_within);

    s.later(seconds(60));
    s.happens(names(s, "wang"));
    EXPECT_EQ(s.is.worker.value, "wang");
    EXPECT_EQ(s.offer_to("wang").state, offer_state::accepted);
    EXPECT_EQ(s.is.due_at, s.now + s.with.set_out_within);
    EXPECT_EQ(s.words(), (std::vector<std::string>{"assigned"}));
}

TEST(order_company, both_may_be_said_at_once) {
    auto s = asked_by_company();
    s.happens(names(s, "wang", reply_kind::accept));
    EXPECT_EQ(s.is.worker.value, "wang");
    EXPECT_EQ(s.is.due_at, s.now + s.with.set_out_within);
    EXPECT_EQ(s.words(), (std::vector<std::string>{"accepted", "assigned"}));
}

// Its other seat has taken it without a name meanwhile.
TEST(order_company, both_may_be_said_of_what_it_has_taken_already) {
    auto s = asked_by_company();
    s.hears("", reply_kind::accept);
    s.happens(names(s, "wang", reply_kind::accept));
    EXPECT_EQ(s.is.worker.value, "wang");
    EXPECT_EQ(s.words(), (std::vector<std::string>{"assigned"}));
}

TEST(order_company, what_was_offered_to_one_is_not_accepted_for_another) {
    order_story s;
    s.happens(search_found({"wang"}, 1));
    auto said = s.says("wang", reply_kind::accept);
    said.worker = {"chen"};
    EXPECT_EQ(s.refused(said), refusal::not_yours);
}

TEST(order_company, that_names_nobody_in_time_loses_it_to_the_next) {
    auto s = asked_by_company();
    s.hears("", reply_kind::accept);
    s.comes_due();
    EXPECT_TRUE(s.wrote(log_kind::not_assigned));
    EXPECT_EQ(s.is.state, order_state::requested);
    EXPECT_TRUE(s.last.search);
    EXPECT_EQ(s.offers[0].state, offer_state::withdrawn);
}

TEST(order_company, whose_worker_stands_at_the_door_though_it_has_lost_it_says_who) {
    auto s = asked_by_company();
    s.hears("", reply_kind::accept);
    s.comes_due();
    ASSERT_EQ(s.is.held_by, std::nullopt);
    EXPECT_EQ(s.refused(s.says("", reply_kind::arrived)), refusal::out_of_turn) << "but who?";
    auto strange = names(s, "li", reply_kind::arrived);
    strange.facts.is_of_provider = false;
    EXPECT_EQ(s.refused(strange), refusal::not_yours);
    s.happens(names(s, "wang", reply_kind::arrived));
    EXPECT_EQ(s.is.state, order_state::arrived);
    EXPECT_EQ(s.is.worker.value, "wang");
    EXPECT_EQ(s.offer_to("wang").state, offer_state::accepted);
}

TEST(order_company, until_somebody_is_named_nobody_can_be_under_way) {
    auto s = asked_by_company();
    s.hears("", reply_kind::accept);
    for (auto const step : {reply_kind::en_route, reply_kind::arrived, reply_kind::completed})
        EXPECT_EQ(s.refused(s.says("", step)), refusal::out_of_turn);
}

TEST(order_company, it_names_its_own_people_and_nobody_who_is_elsewhere) {
    auto s = asked_by_company();
    s.hears("", reply_kind::accept);
    auto stranger = names(s, "stranger");
    stranger.facts.is_of_provider = false;
    EXPECT_EQ(s.refused(stranger), refusal::not_yours);
    auto elsewhere = names(s, "wang");
    elsewhere.facts.visiting = {"another home"};
    EXPECT_EQ(s.refused(elsewhere), refusal::busy);
    EXPECT_EQ(s.refused(names(s, "")), refusal::needs_reason);
}

TEST(order_company, it_may_name_another_until_he_has_set_out) {
    auto s = asked_by_company();
    s.happens(names(s, "wang", reply_kind::accept));
    auto said = s.says("wang", reply_kind::assign);
    said.worker = {"chen"};
    s.happens(said);
    EXPECT_EQ(s.is.worker.value, "chen");
    s.hears("chen", reply_kind::en_route);
    auto too_late = s.says("chen", reply_kind::assign);
    too_late.worker = {"wang"};
    EXPECT_EQ(s.refused(too_late), refusal::out_of_turn);
}

} // namespace linli::tests
