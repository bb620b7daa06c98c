// What a call to the hotline is, whatever the order in which the telephone system tells of it.
#include "domain/call.hpp"
#include "domain/call_decision.hpp"

#include <gtest/gtest.h>

namespace linli::domain {
namespace {

using enum call_event;

instant second(int n) {
    return instant(seconds(1'000'000 + n));
}

call_report report(call_event what, int at, std::string seat = {}, std::string recording = {}) {
    return {"pbx",
            "c1",
            what,
            second(at),
            "13800000001",
            "12349",
            std::move(seat),
            std::move(recording)};
}

call after(std::vector<call_report> const& told) {
    call c;
    for (auto const& each : told)
        c = heard(c, each);
    return c;
}

TEST(call, told_twice_is_told_once) {
    auto const once = after({report(ringing, 0), report(answered, 5, "seat 3")});
    EXPECT_EQ(once, after({report(ringing, 0), report(answered, 5, "seat 3"), report(ringing, 9),
                           report(answered, 7, "seat 4")}));
    EXPECT_EQ(once.seat, "seat 3");
}

TEST(call, is_the_same_in_whatever_order_it_is_told) {
    auto const rang = report(ringing, 0);
    auto const spoke = report(answered, 5, "seat 3");
    auto const over = report(ended, 60, {}, "rec-7");
    auto const in_order = after({rang, spoke, over});
    EXPECT_EQ(in_order, after({over, spoke, rang}));
    EXPECT_EQ(in_order, after({spoke, over, rang}));
    EXPECT_EQ(in_order.recording, "rec-7");
}

TEST(call, is_missed_when_it_ended_unanswered_and_nobody_has_decided) {
    EXPECT_FALSE(is_missed(after({report(ringing, 0)})));
    EXPECT_TRUE(is_missed(after({report(ringing, 0), report(ended, 20)})));
    EXPECT_FALSE(is_missed(after({report(ringing, 0), report(answered, 5), report(ended, 20)})));
    auto decided = after({report(ringing, 0), report(ended, 20)});
    decided.outcome = call_outcome::joined;
    EXPECT_FALSE(is_missed(decided));
}

TEST(call, is_on_the_desks_until_it_is_decided_and_over) {
    auto c = after({report(ringing, 0), report(ended, 20)});
    c.first_heard = second(0);
    EXPECT_TRUE(is_on_desks(c, false, second(0) + longest_call)) << "nobody has decided";
    c.outcome = call_outcome::joined;
    EXPECT_FALSE(is_on_desks(c, false, second(30)));
    c.ended_at.reset();
    EXPECT_TRUE(is_on_desks(c, false, second(30)));
    EXPECT_FALSE(is_on_desks(c, false, second(0) + longest_call)) << "its end was never told";
    c.outcome = call_outcome::no_case;
    EXPECT_FALSE(is_on_desks(c, false, second(30)));
    c.outcome = call_outcome::missed;
    EXPECT_TRUE(is_on_desks(c, true, second(0) + longest_call)) << "to be rung back";
    EXPECT_FALSE(is_on_desks(c, false, second(30)));
}

caller somebody(caller_kind kind, std::string id, std::string home, int place = 0) {
    return {kind, std::move(id), place, {std::move(home)}};
}

struct subject_case {
    char const* why;
    std::vector<caller> who;
    std::string about;
};

TEST(call, is_about_nobody_who_was_not_certain) {
    using enum caller_kind;
    call c;
    c.area = {"310000"};
    auto const itself = "area:310000/call:" + to_string(c.id);
    for (auto const& each : std::vector<subject_case>{
             {"nobody knows the number", {}, itself},
             {"one resident", {somebody(resident, "r1", "h1")}, "resident:r1"},
             {"a couple",
              {somebody(resident, "r1", "h1"), somebody(resident, "r2", "h1")},
              "home:h1"},
             {"two homes",
              {somebody(resident, "r1", "h1"), somebody(resident, "r3", "h2")},
              itself},
             {"a daughter of one home", {somebody(contact, "r1", "h1", 1)}, "home:h1"},
             {"a daughter of two homes",
              {somebody(contact, "r1", "h1", 1), somebody(contact, "r3", "h2", 1)},
              itself},
             {"a worker", {somebody(worker, "k1", "")}, itself},
         })
        EXPECT_EQ(to_string(subject_of(c, each.who)), each.about) << each.why;
}

// If in doubt, go out.
TEST(call, that_is_silent_from_a_residents_number_is_no_case_only_with_words) {
    using enum caller_kind;
    using enum no_case_reason;
    EXPECT_TRUE(needs_words(silent, {somebody(resident, "r1", "h1")}));
    EXPECT_FALSE(needs_words(silent, {}));
    EXPECT_FALSE(needs_words(silent, {somebody(worker, "k1", "")}));
    EXPECT_FALSE(needs_words(wrong_number, {somebody(resident, "r1", "h1")}));
}

TEST(call, that_brought_help_is_never_decided_away) {
    using enum call_outcome;
    struct row {
        std::optional<call_outcome> is;
        call_outcome next;
        bool may;
    };
    for (auto const& each :
         {row{{}, no_case, true}, row{{}, missed, true}, row{no_case, no_case, true},
          row{alert, no_case, false}, row{joined, missed, false}, row{joined, alert, false},
          row{request, no_case, false}, row{no_case, request, false}, row{no_case, alert, true},
          row{missed, alert, true}, row{request, joined, true}})
        EXPECT_EQ(may_become(each.is, each.next), each.may)
            << (each.is ? to_text(*each.is) : "nothing") << " to " << to_text(each.next);
}

TEST(call, has_events_that_no_device_can_have) {
    call_id const id{parse_uuid("01890000-0000-7000-8000-000000000001").value()};
    auto const event = make_call_event(id, "sos");
    EXPECT_TRUE(is_of_call(event));
    EXPECT_EQ(event, make_call_event(id, "sos"));
    EXPECT_NE(event, make_call_event(id, "help_request"));
    EXPECT_FALSE(is_of_call(event_id{"w1:7:42"}));
    EXPECT_FALSE(is_of_call(event_id{"telephone:7:42"}));
}

} // namespace
} // namespace linli::domain
