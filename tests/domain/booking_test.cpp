// A life service that was booked: when it is offered, whom it binds, and what becomes of it when
// its time has passed.
#include <gtest/gtest.h>

#include "domain/booking.hpp"
#include "domain/night.hpp"
#include "domain/situation.hpp"

namespace linli::tests {

using namespace domain;
using namespace std::chrono_literals;

namespace {

constexpr minutes in_china{480};

// Of that local day: "2026-11-28 11:30".
instant local(int day, int hour, int minute = 0) {
    return instant(std::chrono::sys_days{std::chrono::year{2026} / 11 / day}) + hours(hour) +
           minutes(minute) - in_china;
}

order_plan plan_of_bookings() {
    order_plan with;
    with.offer_before = 2h;
    with.offer_lease = 10min;
    with.set_out_within = 30min;
    with.arrive_within = 30min;
    with.late_grace = 10min;
    with.ring_back_again = 6h;
    with.retry_unfilled = 10min;
    return with;
}

// Lunch for 11:30 to 12:00, offered from 9:30.
struct lunch : order_story {
    lunch() : order_story(plan_of_bookings()) {
        now = local(28, 9);
        order first = is;
        first.booked = booking{local(28, 11, 30), local(28, 12), "health_card"};
        first.due_at = local(28, 9, 30);
        last = open_order(first, with, now);
        is = last.next;
        offers.clear();
    }
    void accepted_by_wang() {
        comes_due();
        found({"wang"});
        hears("wang", reply_kind::accept);
    }
    reply sets_out_from_another_home(reply_kind kind) {
        auto said = says("wang", kind);
        said.facts.visiting = {"another home"};
        return said;
    }
    change_window to(instant from) const {
        return {
            {"li"}, from, from + 30min, std::max(from - 2h, now), "the daughter comes to lunch"};
    }
};

struct offered {
    instant from;
    instant at;
};

} // namespace

TEST(booking, is_offered_two_hours_before_and_by_night_on_the_evening_before) {
    auto const now = local(20, 12);
    for (auto const& each :
         {offered{local(28, 11, 30), local(28, 9, 30)}, offered{local(28, 9), local(28, 7)},
          offered{local(28, 8, 59), local(27, 20)}, offered{local(28, 6), local(27, 20)},
          offered{local(28, 0, 30), local(27, 20)}, offered{local(28, 23, 30), local(28, 20)},
          offered{local(28, 22, 59), local(28, 20, 59)}})
        EXPECT_EQ(offer_time(each.from, 2h, in_china, now), each.at);
}

TEST(booking, for_soon_is_offered_now) {
    EXPECT_EQ(offer_time(local(28, 12), 2h, in_china, local(28, 11)), local(28, 11));
}

TEST(booking, made_or_moved_by_night_waits_for_the_morning_if_it_can) {
    struct made {
        instant now;
        instant from;
        instant asked;
    };
    for (auto const& each : {made{local(27, 20, 59), local(28, 7, 30), local(27, 20, 59)},
                             made{local(27, 21), local(28, 7, 30), local(28, 7)},
                             made{local(28, 3), local(28, 8), local(28, 7)},
                             made{local(28, 6, 59), local(28, 7), local(28, 7)},
                             made{local(27, 22), local(28, 6, 30), local(27, 22)},
                             made{local(27, 22), local(27, 23), local(27, 22)},
                             made{local(27, 22), local(28, 11, 30), local(28, 9, 30)},
                             made{local(28, 7), local(28, 7, 30), local(28, 7)}})
        EXPECT_EQ(offer_time(each.from, 2h, in_china, each.now), each.asked)
            << window_code(each.now, each.from);
}

TEST(booking, nobody_is_looked_for_by_night_but_for_what_begins_in_it) {
    struct night {
        instant at;
        instant from;
        instant asked;
    };
    for (auto const& each : {night{local(27, 20, 59), local(28, 8), local(27, 20, 59)},
                             night{local(27, 21), local(28, 8), local(28, 7)},
                             night{local(28, 0), local(28, 8), local(28, 7)},
                             night{local(28, 6, 59), local(28, 8), local(28, 7)},
                             night{local(28, 7), local(28, 8), local(28, 7)},
                             night{local(27, 23), local(28, 1), local(27, 23)}})
        EXPECT_EQ(asking_time(each.at, each.from, in_china), each.asked)
            << window_code(each.at, each.from);
    lunch l;
    l.accepted_by_wang();
    auto const waits = wait_for_morning(l.is, local(28, 7), local(27, 22));
    EXPECT_EQ(waits.next.state, order_state::unfilled) << "it stays in sight, in trouble";
    EXPECT_EQ(waits.next.reason, "by_night");
    EXPECT_EQ(waits.next.due_at, local(28, 7));
    ASSERT_EQ(waits.log.size(), 1U);
    EXPECT_EQ(waits.log[0].at, local(27, 22));
    EXPECT_FALSE(waits.search);
}

TEST(booking, has_a_window_that_can_be_kept) {
    auto const now = local(20, 12);
    auto const from = local(21, 11);
    EXPECT_EQ(fault_of_window(from, from + 30min, now), window_fault::none);
    EXPECT_EQ(fault_of_window(now - 1h, now + 1h, now), window_fault::none) << "still to be kept";
    EXPECT_EQ(fault_of_window(from, from, now), window_fault::until);
    EXPECT_EQ(fault_of_window(now - 2h, now, now), window_fault::until) << "it is over";
    EXPECT_EQ(fault_of_window(from, from + 25h, now), window_fault::until);
    EXPECT_EQ(fault_of_window(now + 91 * 24h, now + 91 * 24h + 1h, now), window_fault::from);
}

TEST(booking, its_window_stands_in_the_log_as_a_code) {
    EXPECT_EQ(window_code(local(28, 11, 30), local(28, 12)), "2026-11-28T03:30Z/2026-11-28T04:00Z");
}

TEST(booking, waits_for_its_time_and_then_looks_for_somebody) {
    lunch l;
    EXPECT_FALSE(l.last.search);
    EXPECT_EQ(l.is.due_at, local(28, 9, 30));
    EXPECT_TRUE(is_open(l.is));
    l.comes_due();
    EXPECT_TRUE(l.last.search);
}

TEST(booking, that_is_accepted_is_no_no_show_before_its_window_begins) {
    lunch l;
    l.accepted_by_wang();
    EXPECT_EQ(l.is.due_at, local(28, 11, 30));
    l.comes_due();
    EXPECT_TRUE(l.wrote(log_kind::no_show));
    EXPECT_TRUE(l.last.search) << "somebody else can still be in time";
}

TEST(booking, binds_whoever_has_accepted_it_only_when_he_sets_out) {
    lunch l;
    l.comes_due();
    l.found({"wang"});
    l.happens(l.sets_out_from_another_home(reply_kind::accept));
    EXPECT_EQ(l.is.state, order_state::accepted);
    EXPECT_FALSE(is_on_visit(l.is));
    for (auto const kind : {reply_kind::en_route, reply_kind::arrived, reply_kind::no_access})
        EXPECT_EQ(l.refused(l.sets_out_from_another_home(kind)), refusal::busy) << to_text(kind);
    l.hears("wang", reply_kind::en_route);
    EXPECT_TRUE(is_on_visit(l.is));
}

TEST(booking, who_is_on_his_way_is_late_when_the_window_has_ended) {
    lunch l;
    l.accepted_by_wang();
    l.later(90min); // 11:00
    l.hears("wang", reply_kind::en_route);
    EXPECT_EQ(l.is.due_at, local(28, 12, 10));
    l.comes_due();
    EXPECT_TRUE(l.wrote(log_kind::late));
    EXPECT_EQ(l.is.state, order_state::unfilled);
    EXPECT_EQ(l.is.reason, "window_over");
}

TEST(booking, that_nobody_took_in_its_window_sends_nobody_any_more_and_waits_for_a_person) {
    lunch l;
    l.comes_due();
    l.found_nobody();
    EXPECT_EQ(l.is.state, order_state::unfilled);
    l.now = local(28, 12);
    l.happens(order_time_passed{});
    EXPECT_FALSE(l.last.search);
    EXPECT_EQ(l.is.reason, "window_over");
    EXPECT_EQ(l.is.due_at, l.now + 6h);
    l.happens(chosen_by_li("wang"));
    EXPECT_EQ(l.is.state, order_state::offered) << "she may send somebody all the same";
}

TEST(booking, is_moved_with_a_reason_and_offered_anew) {
    lunch l;
    l.accepted_by_wang();
    auto unexplained = l.to(local(28, 17));
    unexplained.why.clear();
    EXPECT_EQ(l.refused(unexplained), refusal::needs_reason);
    l.happens(l.to(local(28, 17)));
    EXPECT_EQ(l.is.state, order_state::requested);
    EXPECT_EQ(l.is.due_at, local(28, 15));
    EXPECT_EQ(l.is.booked->from, local(28, 17));
    EXPECT_EQ(l.is.booked->certificate, "health_card");
    EXPECT_TRUE(l.is.worker.empty());
    EXPECT_EQ(l.is.round, 2U) << "who had no time then may have some now";
    EXPECT_EQ(l.state_of_offer_to("wang"), offer_state::withdrawn);
    ASSERT_TRUE(l.wrote(log_kind::moved));
    EXPECT_EQ(l.last.log.back().why, "2026-11-28T09:00Z/2026-11-28T09:30Z");
    EXPECT_EQ(l.last.log.back().personal, "the daughter comes to lunch");
}

TEST(booking, that_was_moved_is_not_taken_by_a_late_yes_to_its_old_time) {
    lunch l;
    l.comes_due();
    l.found({"wang"});
    l.comes_due(); // he was silent
    EXPECT_EQ(l.state_of_offer_to("wang"), offer_state::expired);
    l.later(20min);
    l.happens(l.to(local(29, 17)));
    EXPECT_EQ(l.state_of_offer_to("wang"), offer_state::withdrawn);
    EXPECT_EQ(l.refused(l.says("wang", reply_kind::accept)), refusal::out_of_turn);
    EXPECT_EQ(l.is.state, order_state::requested);
    EXPECT_EQ(l.is.due_at, local(29, 15)) << "somebody is looked for in its time";
}

TEST(booking, that_was_moved_is_not_taken_either_by_who_comes_at_its_old_time) {
    for (bool const is_no_show : {false, true}) {
        SCOPED_TRACE(is_no_show);
        lunch l;
        l.accepted_by_wang();
        l.later(2h); // 11:30, and his telephone has no network
        if (is_no_show) l.comes_due();
        l.happens(l.to(local(28, 17)));
        l.later(20min); // it has, and tells what he has done
        for (auto const kind :
             {reply_kind::en_route, reply_kind::arrived, reply_kind::no_access, reply_kind::failed})
            EXPECT_EQ(l.refused(l.says("wang", kind)), refusal::out_of_turn) << to_text(kind);
        EXPECT_EQ(l.is.state, order_state::requested);
        EXPECT_TRUE(l.is.worker.empty());
        EXPECT_EQ(l.is.due_at, local(28, 15)) << "at five somebody comes";
    }
}

TEST(booking, that_was_taken_from_him_is_his_when_he_stands_at_the_door_in_its_time) {
    lunch l;
    l.accepted_by_wang();
    l.comes_due(); // 11:30: he has said nothing
    EXPECT_TRUE(l.wrote(log_kind::no_show));
    l.later(10min);
    l.hears("wang", reply_kind::arrived);
    EXPECT_EQ(l.is.state, order_state::arrived);
    EXPECT_EQ(l.is.worker, worker_id{"wang"});
}

TEST(booking, that_he_let_pass_is_his_at_the_door_from_half_an_hour_before_its_window_on) {
    lunch l;
    l.comes_due();
    l.found({"wang"});
    l.comes_due(); // he was silent
    l.now = local(28, 10, 59);
    EXPECT_EQ(l.refused(l.says("wang", reply_kind::arrived)), refusal::out_of_turn);
    l.now = local(28, 11);
    l.hears("wang", reply_kind::arrived);
    EXPECT_EQ(l.is.state, order_state::arrived);
}

TEST(booking, for_soon_is_moved_and_somebody_is_looked_for_at_once) {
    lunch l;
    l.happens(l.to(local(28, 10)));
    EXPECT_TRUE(l.last.search);
}

TEST(booking, stays_when_somebody_is_on_his_way) {
    lunch l;
    l.accepted_by_wang();
    l.hears("wang", reply_kind::en_route);
    EXPECT_EQ(l.refused(l.to(local(28, 17))), refusal::out_of_turn);
}

TEST(booking, nothing_else_can_be_moved) {
    order_story s;
    EXPECT_EQ(s.refused(change_window{{"li"}, s.now, s.now + 1h, s.now, "later"}),
              refusal::out_of_turn);
}

} // namespace linli::tests
