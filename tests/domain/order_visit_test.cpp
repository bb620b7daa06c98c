// From the accept to the door and back: the visit of the worker who holds the order.
#include <gtest/gtest.h>

#include "domain/situation.hpp"

namespace linli::tests {

using namespace domain;

namespace {

using words = std::vector<std::string>;

} // namespace

TEST(order_visit, each_step_has_its_clock) {
    order_story s;
    s.found({"wang"});
    struct {
        reply_kind says;
        order_state state;
        int due_in_s;
    } const way[] = {
        {reply_kind::accept, order_state::accepted, 180},
        {reply_kind::en_route, order_state::en_route, 900 + 300},
        {reply_kind::arrived, order_state::arrived, 1200},
        {reply_kind::started, order_state::in_service, 1200},
        {reply_kind::completed, order_state::completed, 86400},
    };
    for (auto const& [says, state, due_in_s] : way) {
        s.later(seconds(20));
        s.hears("wang", says);
        EXPECT_EQ(s.is.state, state);
        EXPECT_EQ(s.is.due_at, s.now + seconds(due_in_s)) << to_text(state);
        EXPECT_EQ(s.last.log.size(), 1U);
        EXPECT_EQ(s.last.log[0].by, (actor{actor_kind::worker, "wang", {}}));
    }
}

TEST(order_visit, the_device_may_be_told_that_help_is_coming_and_that_it_is_there) {
    auto s = order_story::in(order_state::offered);
    s.hears("wang", reply_kind::accept);
    EXPECT_EQ(s.last.receipt, receipt_stage::accepted);
    s.hears("wang", reply_kind::en_route);
    EXPECT_EQ(s.last.receipt, std::nullopt);
    s.hears("wang", reply_kind::arrived);
    EXPECT_EQ(s.last.receipt, receipt_stage::arrived);
}

TEST(order_visit, a_step_said_again_changes_nothing) {
    struct {
        order_state state;
        reply_kind said;
    } const table[] = {
        {order_state::accepted, reply_kind::accept},
        {order_state::en_route, reply_kind::en_route},
        {order_state::arrived, reply_kind::arrived},
        {order_state::no_access, reply_kind::no_access},
        {order_state::in_service, reply_kind::started},
        {order_state::completed, reply_kind::completed},
        {order_state::en_route, reply_kind::accept},
        {order_state::arrived, reply_kind::accept},
    };
    for (auto const& [state, said] : table) {
        SCOPED_TRACE(to_text(state));
        auto s = order_story::in(state);
        auto const before = s.is;
        s.later(seconds(7));
        s.hears("wang", said);
        EXPECT_EQ(s.is, before);
        EXPECT_TRUE(s.last.log.empty());
        EXPECT_TRUE(s.last.offers.empty());
        EXPECT_FALSE(s.last.receipt);
        EXPECT_FALSE(s.last.goes_up);
    }
    auto declined = order_story::in(order_state::offered);
    declined.hears("wang", reply_kind::decline);
    declined.hears("wang", reply_kind::decline);
    EXPECT_TRUE(declined.last.log.empty());
    EXPECT_FALSE(declined.last.search);
}

// What he did without a network he says when he has one again, with its time.
TEST(order_visit, what_was_done_earlier_is_kept_with_its_line_and_moves_no_clock) {
    struct {
        char const* is;
        int before_s; // it was done so long before it is said
        char const* why;
    } const table[] = {
        {"a slow network's delay is none", 29, "wang"},
        {"half a minute counts", 30, "wang earlier 30s"},
        {"in a cellar", 412, "wang earlier 412s"},
        {"not before he was asked", 10'000, "wang earlier 600s"},
        {"a clock that is fast", -3600, "wang"},
    };
    for (auto const& [is, before_s, why] : table) {
        SCOPED_TRACE(is);
        auto s = order_story::in(order_state::accepted);
        s.now = s.offer_to("wang").opened_at + seconds(600);
        for (auto const kind : {reply_kind::en_route, reply_kind::arrived, reply_kind::started,
                                reply_kind::completed}) {
            auto said = s.says("wang", kind);
            said.happened_at = s.now - seconds(before_s);
            s.happens(said);
            ASSERT_EQ(s.last.log.size(), 1U);
            EXPECT_EQ(s.last.log[0].why, why) << to_text(kind);
            EXPECT_EQ(s.last.log[0].at, s.now);
        }
        EXPECT_EQ(s.is.due_at, s.now + seconds(86400)) << "clocks run from when it was heard";
    }
}

TEST(order_visit, a_step_without_a_time_of_its_own_was_done_when_it_came) {
    auto s = order_story::in(order_state::en_route);
    s.later(seconds(500));
    s.hears("wang", reply_kind::arrived);
    EXPECT_EQ(s.last.log[0].why, "wang");
}

TEST(order_visit, who_failed_at_the_door_a_while_ago_says_when) {
    auto s = order_story::in(order_state::arrived);
    s.later(seconds(500));
    auto said = s.says("wang", reply_kind::failed);
    said.happened_at = s.now - seconds(60);
    said.reason = "refused";
    s.happens(said);
    EXPECT_EQ(s.last.log[0].why, "wang earlier 60s");
}

TEST(order_visit, he_may_forget_to_say_that_he_set_out) {
    auto s = order_story::in(order_state::accepted);
    s.hears("wang", reply_kind::arrived);
    EXPECT_EQ(s.is.state, order_state::arrived);
}

TEST(order_visit, not_setting_out_is_a_no_show_and_the_order_is_offered_on) {
    auto s = order_story::in(order_state::accepted);
    s.comes_due();
    EXPECT_EQ(s.is.state, order_state::requested);
    EXPECT_TRUE(s.last.search);
    EXPECT_EQ(s.is.held_by, std::nullopt);
    EXPECT_TRUE(s.is.worker.empty());
    EXPECT_TRUE(s.is.provider.empty());
    EXPECT_EQ(s.state_of_offer_to("wang"), offer_state::withdrawn);
    EXPECT_EQ(s.offer_to("wang").reason, "no_show");
    EXPECT_EQ(s.words(), (words{"no_show"}));
    s.found({"chen"});
    s.hears("chen", reply_kind::accept);
    EXPECT_EQ(s.is.worker, worker_id{"chen"});
    EXPECT_EQ(s.refused(s.says("wang", reply_kind::en_route)), refusal::taken);
}

TEST(order_visit, five_minutes_over_the_time_of_arrival_the_order_is_offered_on) {
    auto s = order_story::in(order_state::en_route);
    auto const set_out = s.now;
    s.comes_due();
    EXPECT_EQ(s.now, set_out + seconds(1200));
    EXPECT_EQ(s.words(), (words{"late"}));
    EXPECT_EQ(s.offer_to("wang").reason, "late");
    EXPECT_TRUE(s.last.search);
}

TEST(order_visit, at_the_door_after_the_withdrawal_he_has_it_again_help_is_help) {
    auto s = order_story::in(order_state::en_route);
    s.comes_due();
    s.found({"chen"});
    s.hears("wang", reply_kind::arrived);
    EXPECT_EQ(s.is.state, order_state::arrived);
    EXPECT_EQ(s.is.worker, worker_id{"wang"});
    EXPECT_EQ(s.state_of_offer_to("wang"), offer_state::accepted);
    EXPECT_EQ(s.state_of_offer_to("chen"), offer_state::withdrawn);
    EXPECT_EQ(s.last.receipt, receipt_stage::arrived);
}

TEST(order_visit, at_the_door_while_another_holds_it_or_bound_elsewhere_he_is_refused) {
    auto s = order_story::in(order_state::en_route);
    s.comes_due();
    auto elsewhere = s.says("wang", reply_kind::arrived);
    elsewhere.facts.visiting = {"h2"};
    EXPECT_EQ(s.refused(elsewhere), refusal::busy);
    s.found({"chen"});
    s.hears("chen", reply_kind::accept);
    EXPECT_EQ(s.refused(s.says("wang", reply_kind::arrived)), refusal::taken);
}

TEST(order_visit, arrived_before_accepted_is_out_of_turn) {
    auto s = order_story::in(order_state::offered);
    EXPECT_EQ(s.refused(s.says("wang", reply_kind::arrived)), refusal::out_of_turn);
}

TEST(order_visit, the_holder_who_gives_it_back_makes_room_for_the_next) {
    for (auto state : {order_state::accepted, order_state::en_route, order_state::no_access}) {
        auto s = order_story::in(state);
        auto r = s.says("wang", reply_kind::decline);
        r.reason = "his own mother fell";
        s.happens(r);
        EXPECT_EQ(s.is.state, order_state::requested) << to_text(state);
        EXPECT_EQ(s.is.held_by, std::nullopt);
        EXPECT_EQ(s.state_of_offer_to("wang"), offer_state::declined);
        EXPECT_TRUE(s.last.search);
        EXPECT_EQ(s.last.log[0].why, "wang");
        EXPECT_EQ(s.last.log[0].personal, "his own mother fell");
    }
}

TEST(order_visit, failed_on_the_way_the_order_is_offered_on) {
    for (auto state : {order_state::accepted, order_state::en_route}) {
        auto s = order_story::in(state);
        auto r = s.says("wang", reply_kind::failed);
        r.reason = "flat tyre at Mrs Sun's";
        s.happens(r);
        EXPECT_EQ(s.is.state, order_state::requested) << to_text(state);
        EXPECT_TRUE(s.last.search);
        EXPECT_EQ(s.words(), (words{"failed"}));
        EXPECT_EQ(s.state_of_offer_to("wang"), offer_state::withdrawn);
        EXPECT_EQ(s.last.log[0].why, "wang");
        EXPECT_EQ(s.last.log[0].personal, "flat tyre at Mrs Sun's");
    }
}

TEST(order_visit, failed_at_the_door_ends_the_order_and_goes_up) {
    for (auto state : {order_state::arrived, order_state::no_access, order_state::in_service}) {
        auto s = order_story::in(state);
        s.hears("wang", reply_kind::failed);
        EXPECT_EQ(s.is.state, order_state::failed) << to_text(state);
        EXPECT_EQ(s.is.due_at, std::nullopt);
        EXPECT_EQ(s.last.goes_up, "failed") << "the alert wants another";
        EXPECT_FALSE(s.last.search);
    }
}

TEST(order_visit, nobody_opens_it_goes_up_and_is_asked_about_every_five_minutes) {
    auto s = order_story::in(order_state::no_access);
    EXPECT_EQ(s.last.goes_up, "no_access");
    EXPECT_EQ(s.is.due_at, s.now + seconds(300));
    s.comes_due();
    EXPECT_EQ(s.is.state, order_state::no_access);
    EXPECT_EQ(s.last.goes_up, "access_overdue");
    EXPECT_EQ(s.is.due_at, s.now + seconds(300));
    s.hears("wang", reply_kind::started); // the key holder came
    EXPECT_EQ(s.is.state, order_state::in_service);
}

// field-rules 16, 18: about whom a visit raises an alert when no open one hears it.
TEST(order_visit, unheard_it_raises_an_alert_about_whoever_may_need_help) {
    using enum order_state;
    struct row {
        order_state state;
        std::string raises;  // "kind subject"; empty: nothing
        std::string failing; // when he gives it up
    };
    std::vector<row> const table{
        {requested, "", ""},
        {offered, "", ""},
        {accepted, "", ""},
        {en_route, "", ""},
        {arrived, "check_in_missed worker:wang", "visit_failed home:h1"},
        {in_service, "check_in_missed worker:wang", "visit_failed home:h1"},
        {no_access, "no_access home:h1", "no_access home:h1"},
        {unfilled, "", ""},
        {stood_down, "", ""},
        {completed, "", ""},
    };
    auto const said = [](order_outcome const& o) {
        return o.raises ? std::string(to_text(o.raises->kind)) + ' ' + to_string(o.raises->about)
                        : std::string();
    };
    for (auto const& [state, raises, failing] : table) {
        auto s = order_story::in(state);
        s.is.about = {subject_kind::device, "b1"};
        s.is.home = {"h1"};
        auto heard = s;
        heard.comes_due();
        EXPECT_EQ(said(heard.last), "") << "its alert is open: " << to_text(state);
        auto unheard = s;
        unheard.now = *unheard.is.due_at;
        unheard.happens(order_time_passed{false});
        EXPECT_EQ(said(unheard.last), raises) << to_text(state);
        if (is_on_visit(state)) {
            auto given_up = s;
            auto r = given_up.says("wang", reply_kind::failed);
            r.facts.is_heard = false;
            given_up.happens(r);
            EXPECT_EQ(said(given_up.last), failing) << to_text(state);
            auto help = s;
            r = help.says("wang", reply_kind::failed);
            r.needs_120 = true;
            r.reason = "she lies there";
            help.happens(r);
            EXPECT_EQ(said(help.last), "needs_120 home:h1") << "also where one hears it";
            EXPECT_EQ(help.last.raises->said, "she lies there");
        }
        s.is.what_for = purpose::drill;
        s.now = *s.is.due_at;
        s.happens(order_time_passed{false});
        EXPECT_EQ(said(s.last), "") << "a drill: " << to_text(state);
    }
    auto drill = order_story::in(arrived);
    drill.is.what_for = purpose::drill;
    auto in_earnest = drill.says("wang", reply_kind::failed);
    in_earnest.needs_120 = true;
    drill.happens(in_earnest);
    EXPECT_EQ(said(drill.last), "") << "of a drill's worker, too";
    auto booked = order_story::in(no_access);
    booked.is.about = {subject_kind::resident, "r1"};
    booked.now = *booked.is.due_at;
    booked.happens(order_time_passed{false});
    EXPECT_EQ(said(booked.last), "no_access resident:r1");
}

TEST(order_visit, unheard_it_raises_once_until_there_is_a_word_again) {
    auto s = order_story::in(order_state::arrived);
    auto const passes = [&] {
        s.now = *s.is.due_at;
        s.happens(order_time_passed{false});
        return s.last.raises.has_value();
    };
    s.comes_due();
    EXPECT_TRUE(passes()) << "the first was heard by the alert that has been closed since";
    EXPECT_EQ(s.is.reason, "check_in_missed");
    EXPECT_FALSE(passes());
    s.hears("wang", reply_kind::started);
    EXPECT_EQ(s.is.reason, "");
    EXPECT_TRUE(passes());
}

TEST(order_visit, no_sign_of_life_twenty_minutes_after_arrival_the_desk_hears_it) {
    for (auto state : {order_state::arrived, order_state::in_service}) {
        auto s = order_story::in(state);
        auto const since = s.now;
        s.comes_due();
        EXPECT_EQ(s.now, since + seconds(1200));
        EXPECT_EQ(s.last.goes_up, "check_in_missed");
        EXPECT_EQ(s.is.state, state);
        EXPECT_EQ(s.is.due_at, s.now + seconds(1200)) << "and again until he is heard of";
    }
}

} // namespace linli::tests
