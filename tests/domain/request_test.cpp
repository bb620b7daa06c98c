#include "domain/request.hpp"

#include <gtest/gtest.h>

#include "domain/situation.hpp"

namespace linli::tests {

using namespace domain;

namespace {

request_outcome green_key() {
    request first;
    first.about = {subject_kind::resident, "r1"};
    first.first_event = {"w1:1:1"};
    return open_request(first, {"w1"}, seconds(600), evening);
}

} // namespace

TEST(request, asks_to_be_rung_back_within_its_time) {
    auto const opened = green_key();
    EXPECT_EQ(opened.next.state, request_state::open);
    EXPECT_EQ(opened.next.level, priority::p3);
    EXPECT_EQ(opened.next.opened_at, evening);
    EXPECT_EQ(opened.next.due_at, evening + seconds(600));
    EXPECT_EQ(opened.next.last_event, event_id{"w1:1:1"});
    EXPECT_EQ(opened.line.what, log_kind::requested);
    EXPECT_EQ(opened.line.why, "w1:1:1");
}

TEST(request, another_press_joins_it_and_does_not_put_the_ring_back_off) {
    auto const opened = green_key();
    auto const joined = join_request(opened.next, {"w1:1:2"}, {"w1"}, evening + seconds(500));
    EXPECT_EQ(joined.next.signals, 2U);
    EXPECT_EQ(joined.next.last_event, event_id{"w1:1:2"});
    EXPECT_EQ(joined.next.first_event, event_id{"w1:1:1"});
    EXPECT_EQ(joined.next.due_at, opened.next.due_at);
    EXPECT_EQ(joined.line.what, log_kind::joined);
}

TEST(request, a_late_ring_back_becomes_important_and_is_asked_for_again) {
    auto const late = ring_back_late(green_key().next, seconds(300), evening + seconds(600));
    EXPECT_EQ(late.next.level, priority::p2);
    EXPECT_EQ(late.next.due_at, evening + seconds(900));
    EXPECT_EQ(late.line.what, log_kind::ring_back_overdue);
    auto urgent = late.next;
    urgent.level = priority::p1;
    EXPECT_EQ(ring_back_late(urgent, seconds(300), evening).next.level, priority::p1);
}

TEST(request, is_ended_once_by_the_operator_who_has_rung) {
    auto const ended = end_request(green_key().next, {"op1"}, "meals from Monday", evening);
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->next.state, request_state::closed);
    EXPECT_EQ(ended->next.due_at, std::nullopt);
    EXPECT_EQ(ended->next.closed_at, evening);
    EXPECT_EQ(ended->line.by, (actor{actor_kind::operator_, "op1", {}}));
    EXPECT_EQ(ended->line.why, "") << "words about a person are not for the open record";
    EXPECT_EQ(ended->line.personal, "meals from Monday");
    auto const again = end_request(ended->next, {"op2"}, "", evening);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error(), refusal::closed);
}

} // namespace linli::tests
