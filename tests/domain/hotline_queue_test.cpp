#include "domain/hotline_queue.hpp"

#include <algorithm>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace linli::tests {

using namespace domain;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

call_id call_number(int n) {
    call_id id;
    id.value.bytes[15] = static_cast<std::uint8_t>(n);
    id.value.bytes[14] = static_cast<std::uint8_t>(n >> 8);
    return id;
}

// A hotline in the words of its people; each tells what the queue wants next.
struct hotline {
    hotline_queue queue;
    instant now{std::chrono::hours(1)};

    using acts = std::vector<hotline_act>;

    acts comes(int call, caller_rank rank = caller_rank::other, std::string language = {}) {
        queue.came({call_number(call), rank, now, std::move(language)});
        return queue.next(now);
    }
    acts sits_down(std::string who, std::set<std::string> languages = {}) {
        queue.is_ready({std::move(who)}, std::move(languages), now);
        return queue.next(now);
    }
    acts answers(std::string who, int call) {
        queue.answered(call_number(call), {std::move(who)});
        return queue.next(now);
    }
    acts hangs_up(int call) {
        queue.left(call_number(call), now);
        return queue.next(now);
    }
    acts ring_ends(std::string who, int call, ring_end how) {
        queue.ring_ended(call_number(call), {std::move(who)}, how, now);
        return queue.next(now);
    }
    acts goes(std::string who) {
        queue.went({std::move(who)}, now);
        return queue.next(now);
    }
    acts after(seconds passed) {
        now += passed;
        return queue.next(now);
    }

    // At the time of the comparison: the hotline may have gone on meanwhile.
    auto rings(std::string who, int call) const {
        return testing::Truly([=, this](hotline_act const& act) {
            return act == hotline_act(ring_seat{call_number(call), {who}, now + seconds(15)});
        });
    }
    hotline_act stops(std::string who, int call) const {
        return stop_ringing{call_number(call), {std::move(who)}};
    }
};

hotline_act says(int call, int place) {
    return say_place{call_number(call), place};
}
hotline_act duty_list(int call) {
    return ring_duty_list{call_number(call)};
}
hotline_act stops_duty_list(int call) {
    return stop_duty_list{call_number(call)};
}

} // namespace

TEST(hotline_queue, whoever_has_been_idle_longest_is_rung) {
    hotline h;
    h.sits_down("zhang");
    h.after(seconds(5));
    h.sits_down("li");
    EXPECT_THAT(h.comes(1), ElementsAre(h.rings("zhang", 1)));
    EXPECT_THAT(h.comes(2), ElementsAre(h.rings("li", 2)));
    EXPECT_THAT(h.comes(3), IsEmpty()) << "both telephones ring already";
}

TEST(hotline_queue, an_open_emergency_comes_before_the_frail_the_silent_and_all_others) {
    hotline h;
    h.sits_down("zhang");
    h.comes(1);
    h.answers("zhang", 1);
    h.comes(2);
    h.comes(3, caller_rank::silent_again);
    h.comes(4, caller_rank::frail);
    h.comes(5, caller_rank::emergency);
    for (int const expected : {5, 4, 3, 2}) {
        h.queue.talk_ended(call_number(1), h.now);
        auto const acts = h.sits_down("zhang");
        EXPECT_THAT(acts, ElementsAre(h.rings("zhang", expected)));
        h.answers("zhang", expected);
        h.queue.talk_ended(call_number(expected), h.now);
    }
}

TEST(hotline_queue, whoever_presses_his_button_while_he_waits_is_an_emergency) {
    hotline h;
    h.sits_down("zhang");
    h.comes(1);
    h.answers("zhang", 1);
    h.comes(2, caller_rank::frail);
    h.comes(3);
    h.queue.ranked(call_number(3), caller_rank::emergency);
    h.queue.ranked(call_number(3), caller_rank::other); // never back
    h.queue.talk_ended(call_number(1), h.now);
    EXPECT_THAT(h.sits_down("zhang"), ElementsAre(h.rings("zhang", 3)));
}

TEST(hotline_queue, a_refusal_or_silence_is_for_the_next_seat_and_the_caller_stays) {
    hotline h;
    h.sits_down("zhang");
    h.comes(1);
    h.after(seconds(1));
    h.sits_down("li");
    EXPECT_THAT(h.ring_ends("zhang", 1, ring_end::refused), ElementsAre(h.rings("li", 1)));
    EXPECT_THAT(h.ring_ends("zhang", 1, ring_end::no_answer), IsEmpty()) << "li's telephone rings";
    EXPECT_THAT(h.ring_ends("li", 1, ring_end::no_answer), IsEmpty()) << "zhang has just refused";
    EXPECT_EQ(h.queue.waiting(), 1U);
    h.after(seconds(10)); // his place is said
    EXPECT_THAT(h.after(seconds(10)), ElementsAre(h.rings("zhang", 1))) << "nobody else is there";
}

TEST(hotline_queue, a_seat_that_does_not_answer_is_left_alone_until_she_says_that_she_is_ready) {
    hotline h;
    h.sits_down("zhang");
    h.comes(1);
    h.ring_ends("zhang", 1, ring_end::no_answer);
    h.hangs_up(1);
    EXPECT_THAT(h.comes(2), ElementsAre(duty_list(2)));
    EXPECT_THAT(h.sits_down("zhang"), ElementsAre(h.rings("zhang", 2)));
}

TEST(hotline_queue, a_closed_laptop_is_found_out_although_nobody_tells) {
    hotline h;
    h.sits_down("zhang");
    h.comes(1);
    h.after(seconds(1));
    h.sits_down("li");
    h.after(seconds(14));
    EXPECT_EQ(h.queue.due(h.now), h.now + seconds(2));
    EXPECT_THAT(h.after(seconds(2)), ElementsAre(h.stops("zhang", 1), h.rings("li", 1)));
}

TEST(hotline_queue, an_answer_that_comes_after_our_patience_is_one_all_the_same) {
    hotline h;
    h.sits_down("zhang");
    h.comes(1);
    h.after(seconds(1));
    h.sits_down("li");
    h.after(seconds(16)); // li's telephone rings by now
    EXPECT_THAT(h.answers("zhang", 1), ElementsAre(h.stops("li", 1)));
    EXPECT_THAT(h.comes(2), ElementsAre(h.rings("li", 2)));
}

TEST(hotline_queue, whoever_lost_his_operator_in_the_talk_is_the_next_of_all) {
    hotline h;
    h.sits_down("zhang");
    h.comes(1);
    h.answers("zhang", 1);
    h.comes(2, caller_rank::emergency);
    h.goes("zhang");
    EXPECT_EQ(h.queue.waiting(), 2U);
    EXPECT_THAT(h.sits_down("li"), ElementsAre(h.rings("li", 1)));
}

TEST(hotline_queue, he_is_told_which_he_is_while_no_telephone_rings_for_him) {
    hotline h;
    h.sits_down("zhang");
    h.comes(1);
    h.answers("zhang", 1);
    h.comes(2);
    h.comes(3, caller_rank::frail);
    EXPECT_THAT(h.after(seconds(9)), IsEmpty());
    EXPECT_THAT(h.after(seconds(1)), ElementsAre(says(3, 1), says(2, 2)));
    EXPECT_THAT(h.after(seconds(29)), IsEmpty());
    EXPECT_THAT(h.after(seconds(1)), ElementsAre(says(3, 1), says(2, 2)));
}

TEST(hotline_queue, his_dialect_is_waited_for_if_somebody_on_duty_speaks_it_but_not_for_long) {
    hotline h;
    h.sits_down("zhang", {"lanzhou"});
    h.sits_down("li");
    h.comes(1, caller_rank::other, "lanzhou");
    h.answers("zhang", 1);
    EXPECT_THAT(h.comes(2, caller_rank::other, "lanzhou"), IsEmpty()) << "zhang speaks it";
    EXPECT_THAT(h.comes(3, caller_rank::other, "wenzhou"), ElementsAre(h.rings("li", 3)))
        << "nobody does";
    h.ring_ends("li", 3, ring_end::refused);
    h.after(seconds(10)); // places are said
    EXPECT_THAT(h.after(seconds(10)), ElementsAre(h.rings("li", 2)));
}

TEST(hotline_queue, an_emergency_waits_for_no_language) {
    hotline h;
    h.sits_down("zhang", {"lanzhou"});
    h.sits_down("li");
    h.comes(1, caller_rank::emergency, "lanzhou");
    h.answers("zhang", 1);
    EXPECT_THAT(h.comes(2, caller_rank::emergency, "lanzhou"), ElementsAre(h.rings("li", 2)));
}

TEST(hotline_queue, with_nobody_at_a_desk_the_duty_list_is_rung_and_whoever_comes_first_has_him) {
    hotline h;
    EXPECT_THAT(h.comes(1), ElementsAre(duty_list(1)));
    EXPECT_THAT(h.after(seconds(1)), IsEmpty()) << "once";
    EXPECT_THAT(h.sits_down("zhang"), ElementsAre(h.rings("zhang", 1)));
    EXPECT_THAT(h.answers("zhang", 1), ElementsAre(stops_duty_list(1)));

    EXPECT_THAT(h.goes("zhang"), ElementsAre(duty_list(1))) << "he is without her";
    h.queue.duty_list_answered(call_number(1));
    EXPECT_EQ(h.queue.waiting(), 0U);
}

TEST(hotline_queue, what_is_told_twice_or_too_late_changes_nothing) {
    hotline h;
    h.sits_down("zhang");
    h.comes(1);
    EXPECT_THAT(h.comes(1), IsEmpty());
    h.answers("zhang", 1);
    EXPECT_THAT(h.comes(1), IsEmpty());
    EXPECT_THAT(h.ring_ends("zhang", 1, ring_end::no_answer), IsEmpty());
    EXPECT_THAT(h.sits_down("zhang"), IsEmpty()) << "she talks";
    h.hangs_up(1);
    EXPECT_THAT(h.hangs_up(1), IsEmpty());
    EXPECT_THAT(h.answers("zhang", 1), IsEmpty());
    EXPECT_THAT(h.goes("nobody"), IsEmpty());
    EXPECT_EQ(h.queue.waiting(), 0U);
}

TEST(hotline_queue, whoever_hangs_up_while_a_telephone_rings_frees_the_seat) {
    hotline h;
    h.sits_down("zhang");
    h.comes(1);
    h.comes(2);
    EXPECT_THAT(h.hangs_up(1), ElementsAre(h.stops("zhang", 1), h.rings("zhang", 2)));
}

TEST(hotline_queue, whoever_was_gone_and_answers_all_the_same_talks_with_him) {
    hotline h;
    h.sits_down("zhang");
    h.comes(1);
    h.goes("zhang");
    h.answers("zhang", 1);
    EXPECT_EQ(h.queue.waiting(), 0U);
    EXPECT_EQ(h.queue.seats().at({"zhang"}).is, seat_state::talking);
}

TEST(hotline_queue, a_parked_caller_is_the_next_of_his_rank_and_his_operator_wraps_up) {
    hotline h;
    h.comes(2);
    h.sits_down("zhang");
    h.ring_ends("zhang", 2, ring_end::refused);
    h.now += seconds(1);
    h.comes(1);
    h.answers("zhang", 1);
    h.comes(3, caller_rank::emergency);
    h.queue.parked(call_number(1), h.now);
    auto const line = h.queue.line();
    ASSERT_EQ(line.size(), 3U);
    EXPECT_EQ(line[0].call, call_number(3)) << "an emergency never waits behind him";
    EXPECT_EQ(line[1].call, call_number(1));
    EXPECT_EQ(h.queue.seats().at({"zhang"}).is, seat_state::wrapping_up);
    EXPECT_THAT(h.sits_down("zhang"), ElementsAre(h.rings("zhang", 3)));
}

TEST(hotline_queue, whoever_waits_long_is_for_the_duty_list_whoever_sits_at_a_desk) {
    hotline h;
    h.sits_down("zhang");
    h.comes(1);
    h.answers("zhang", 1);
    h.queue.talk_ended(call_number(1), h.now); // she wraps up, and walks off
    h.comes(2);
    h.after(seconds(40)); // places are said
    EXPECT_EQ(h.queue.due(h.now), h.now + seconds(5));
    EXPECT_THAT(h.after(seconds(5)), ElementsAre(duty_list(2)));
    EXPECT_THAT(h.after(seconds(1)), IsEmpty()) << "once";
    EXPECT_THAT(h.sits_down("zhang"), ElementsAre(h.rings("zhang", 2)));
    EXPECT_THAT(h.answers("zhang", 2), ElementsAre(stops_duty_list(2)));
    h.after(seconds(600));
    h.queue.parked(call_number(2), h.now);
    EXPECT_THAT(h.queue.next(h.now), ElementsAre(says(2, 1))) << "she fetches something";
    EXPECT_THAT(h.after(seconds(45)), ElementsAre(duty_list(2), says(2, 1)));
}

TEST(hotline_queue, whoever_waits_long_rings_the_duty_list_beside_desks_that_let_it_ring) {
    hotline h;
    for (auto const* who : {"zhang", "li", "wang", "zhao"}) // pages are open, nobody is before them
        h.sits_down(who);
    h.comes(1);
    auto const came = h.now;
    std::optional<instant> rung_at;
    while (!rung_at && h.now < came + seconds(120)) {
        h.now = h.queue.due(h.now).value_or(came + seconds(120));
        for (auto const& each : h.queue.next(h.now))
            if (each == hotline_act(duty_list(1))) rung_at = h.now;
    }
    ASSERT_TRUE(rung_at);
    EXPECT_EQ(*rung_at, came + seconds(45));
    EXPECT_NE(h.queue.line().front().ringing, operator_id{}) << "who may still answer";
}

TEST(hotline_queue, while_no_page_is_heard_whoever_has_wrapped_up_long_enough_is_ready) {
    hotline h;
    h.sits_down("zhang");
    h.comes(1);
    h.answers("zhang", 1);
    h.after(seconds(300));
    h.queue.talk_ended(call_number(1), h.now);
    h.now += seconds(29);
    h.queue.none_can_say_ready(h.now);
    EXPECT_EQ(h.queue.seats().at({"zhang"}).is, seat_state::wrapping_up);
    h.now += seconds(1);
    h.queue.none_can_say_ready(h.now);
    EXPECT_THAT(h.comes(2), ElementsAre(h.rings("zhang", 2)));
}

TEST(hotline_queue, a_wrap_up_has_an_end_also_when_she_says_nothing) {
    hotline h;
    h.sits_down("zhang");
    h.comes(1);
    h.answers("zhang", 1);
    h.after(seconds(300));
    h.queue.talk_ended(call_number(1), h.now);
    EXPECT_EQ(h.queue.due(h.now), h.now + seconds(120));
    h.after(seconds(119));
    EXPECT_EQ(h.queue.seats().at({"zhang"}).is, seat_state::wrapping_up);
    h.after(seconds(1));
    EXPECT_EQ(h.queue.seats().at({"zhang"}).is, seat_state::ready);
    EXPECT_THAT(h.comes(2), ElementsAre(h.rings("zhang", 2)));
}

TEST(hotline_queue, a_call_of_her_own_begins_the_wrap_up_anew) {
    hotline h;
    h.sits_down("zhang");
    h.comes(1);
    h.answers("zhang", 1);
    h.queue.talk_ended(call_number(1), h.now);
    h.queue.dials({"zhang"});
    h.after(seconds(200));
    EXPECT_EQ(h.queue.seats().at({"zhang"}).is, seat_state::talking);
    h.queue.has_dialled({"zhang"}, true, h.now);
    h.after(seconds(119));
    EXPECT_EQ(h.queue.seats().at({"zhang"}).is, seat_state::wrapping_up);
}

namespace {

// zhang talks with 1, li is ready.
hotline in_a_talk() {
    hotline h;
    h.sits_down("zhang");
    h.comes(1);
    h.answers("zhang", 1);
    h.sits_down("li");
    return h;
}

} // namespace

TEST(hotline_queue, a_talk_is_handed_over_when_the_other_answers) {
    auto h = in_a_talk();
    EXPECT_FALSE(h.queue.hands_over(call_number(1), {"nobody"}, h.now));
    EXPECT_FALSE(h.queue.hands_over(call_number(9), {"li"}, h.now)) << "no talk";
    EXPECT_TRUE(h.queue.hands_over(call_number(1), {"li"}, h.now));
    EXPECT_FALSE(h.queue.hands_over(call_number(1), {"li"}, h.now)) << "she rings already";
    EXPECT_THAT(h.comes(2), IsEmpty()) << "and for nobody else";
    h.queue.handed_over(call_number(1), operator_id{"li"}, h.now);
    EXPECT_EQ(h.queue.seats().at({"zhang"}).is, seat_state::wrapping_up);
    EXPECT_EQ(h.queue.seats().at({"li"}).is, seat_state::talking);
    h.queue.talk_ended(call_number(1), h.now);
    EXPECT_EQ(h.queue.seats().at({"li"}).is, seat_state::wrapping_up);
}

TEST(hotline_queue, a_hand_over_that_fails_leaves_the_talk_where_it_is) {
    for (auto const how : {ring_end::refused, ring_end::no_answer}) {
        auto h = in_a_talk();
        h.queue.hands_over(call_number(1), {"li"}, h.now);
        h.queue.ring_ended(call_number(1), {"li"}, how, h.now);
        EXPECT_EQ(h.queue.seats().at({"zhang"}).is, seat_state::talking);
        auto const hers = how == ring_end::refused ? seat_state::ready : seat_state::away;
        EXPECT_EQ(h.queue.seats().at({"li"}).is, hers);
    }
    auto h = in_a_talk();
    h.queue.hands_over(call_number(1), {"li"}, h.now);
    EXPECT_THAT(h.after(seconds(17)), ElementsAre(h.stops("li", 1))) << "nothing was heard";
}

TEST(hotline_queue, what_rings_for_a_hand_over_stops_with_the_call_and_goes_on_when_she_is_lost) {
    auto h = in_a_talk();
    h.queue.hands_over(call_number(1), {"li"}, h.now);
    EXPECT_THAT(h.hangs_up(1), ElementsAre(h.stops("li", 1)));
    EXPECT_EQ(h.queue.seats().at({"li"}).is, seat_state::ready);

    h = in_a_talk();
    h.queue.hands_over(call_number(1), {"li"}, h.now);
    h.queue.operator_lost(call_number(1), h.now);
    EXPECT_THAT(h.after(seconds(1)), IsEmpty());
    EXPECT_EQ(h.queue.line().front().ringing, operator_id{"li"});
    h.answers("li", 1);
    EXPECT_EQ(h.queue.waiting(), 0U);

    h = in_a_talk();
    h.queue.hands_over(call_number(1), {"li"}, h.now);
    EXPECT_THAT(h.goes("li"), ElementsAre(h.stops("li", 1)));
    EXPECT_EQ(h.queue.talking(), 1U);
}

TEST(hotline_queue, whoever_comes_to_a_talk_talks_and_wraps_up_when_she_goes) {
    auto h = in_a_talk();
    h.queue.hands_over(call_number(1), {"li"}, h.now);
    h.queue.third_came(call_number(1), {"li"}, h.now);
    EXPECT_THAT(h.after(seconds(20)), IsEmpty()) << "her ring is over";
    EXPECT_EQ(h.queue.seats().at({"li"}).is, seat_state::talking);
    EXPECT_FALSE(h.queue.hands_over(call_number(1), {"li"}, h.now));
    h.queue.third_went(call_number(1), {"li"}, h.now);
    EXPECT_EQ(h.queue.seats().at({"li"}).is, seat_state::wrapping_up);
    EXPECT_EQ(h.queue.seats().at({"zhang"}).is, seat_state::talking);
    h.sits_down("li");
    EXPECT_THAT(h.comes(2), ElementsAre(h.rings("li", 2)));
}

TEST(hotline_queue, of_a_talk_of_three_only_who_is_lost_is_away) {
    auto h = in_a_talk();
    h.queue.hands_over(call_number(1), {"li"}, h.now);
    h.queue.third_came(call_number(1), {"li"}, h.now);
    h.queue.operator_lost(call_number(1), h.now);
    EXPECT_EQ(h.queue.seats().at({"zhang"}).is, seat_state::away);
    EXPECT_EQ(h.queue.seats().at({"li"}).is, seat_state::talking);
    h.queue.third_went(call_number(1), {"li"}, h.now);
    EXPECT_EQ(h.queue.seats().at({"li"}).is, seat_state::wrapping_up);
}

TEST(hotline_queue, whoever_came_to_a_talk_may_have_it_or_end_with_it) {
    auto h = in_a_talk();
    h.queue.hands_over(call_number(1), {"li"}, h.now);
    h.queue.third_came(call_number(1), {"li"}, h.now);
    h.queue.handed_over(call_number(1), operator_id{"li"}, h.now);
    EXPECT_EQ(h.queue.seats().at({"zhang"}).is, seat_state::wrapping_up);
    EXPECT_EQ(h.queue.seats().at({"li"}).is, seat_state::talking);
    h.queue.operator_lost(call_number(1), h.now);
    EXPECT_EQ(h.queue.seats().at({"li"}).is, seat_state::away) << "it was hers";

    h = in_a_talk();
    h.queue.hands_over(call_number(1), {"li"}, h.now);
    h.queue.third_came(call_number(1), {"li"}, h.now);
    h.hangs_up(1);
    EXPECT_EQ(h.queue.seats().at({"zhang"}).is, seat_state::wrapping_up);
    EXPECT_EQ(h.queue.seats().at({"li"}).is, seat_state::wrapping_up);
}

TEST(hotline_queue, handed_to_a_telephone_outside_he_is_nobodys_at_a_desk) {
    auto h = in_a_talk();
    h.queue.handed_over(call_number(1), std::nullopt, h.now);
    EXPECT_EQ(h.queue.seats().at({"zhang"}).is, seat_state::wrapping_up);
    EXPECT_EQ(h.queue.talking(), 1U);
}

TEST(hotline_queue, whoever_looks_anew_finds_all_as_it_is) {
    hotline h;
    h.queue.found_seat({"zhang"}, seat_state::talking, {}, h.now);
    h.queue.found_seat({"li"}, seat_state::ringing, {}, h.now);
    h.queue.found_seat({"wang"}, seat_state::talking, {}, h.now);
    h.queue.found_talking({call_number(1), caller_rank::other, h.now, {}}, operator_id{"zhang"});
    h.queue.came({call_number(2), caller_rank::other, h.now, {}});
    h.queue.found_ringing({call_number(2), {"li"}, h.now + seconds(15)});
    h.queue.found_talking({call_number(3), caller_rank::other, h.now, {}}, std::nullopt);
    EXPECT_THAT(h.queue.next(h.now), IsEmpty());
    EXPECT_EQ(h.queue.talking(), 2U);
    auto const seats = h.queue.seats();
    EXPECT_EQ(seats.at({"zhang"}).is, seat_state::talking);
    EXPECT_EQ(seats.at({"li"}).is, seat_state::ringing);
    EXPECT_EQ(seats.at({"wang"}).is, seat_state::wrapping_up) << "her talk is over";
    h.queue.found_ringing({call_number(2), {"wang"}, h.now + seconds(15)});
    EXPECT_THAT(h.queue.next(h.now), ElementsAre(h.stops("wang", 2))) << "one is enough";
}

TEST(hotline_seat, a_page_keeps_it_and_she_alone_makes_it_ready) {
    hotline_seat seat;
    instant const t0{std::chrono::hours(1)};
    seat = heard(seat, seat_word::ready, {"lanzhou"}, t0);
    EXPECT_EQ(seat.is, seat_state::ready);
    EXPECT_EQ(state_at(seat, t0 + seat_lease - seconds(1)), seat_state::ready);
    EXPECT_EQ(state_at(seat, t0 + seat_lease), seat_state::away);
    seat.is = seat_state::wrapping_up;
    EXPECT_EQ(heard(seat, seat_word::here, {}, t0 + seconds(9)).is, seat_state::wrapping_up);
    EXPECT_EQ(heard(seat, seat_word::ready, {}, t0 + seconds(9)).is, seat_state::ready);
    EXPECT_EQ(heard(seat, seat_word::here, {}, t0 + seconds(99)).is, seat_state::wrapping_up)
        << "nobody has heard that she was silent";
    EXPECT_EQ(heard(seat, seat_word::here, {}, t0 + std::chrono::hours(8)).is, seat_state::away);
    seat.is = seat_state::talking;
    EXPECT_EQ(heard(seat, seat_word::away, {}, t0 + seconds(9)).is, seat_state::talking);
    EXPECT_EQ(state_at(seat, t0 + std::chrono::hours(1)), seat_state::talking);
}

TEST(hotline_seat, what_she_was_is_a_stretch_for_each_change) {
    struct row {
        char const* what;
        hotline_seat was;
        hotline_seat is;
        std::vector<seat_stretch> told;
    };
    instant const t{std::chrono::hours(1)};
    auto const seat = [&](seat_state is, seconds since, seconds until) {
        hotline_seat s;
        s.is = is;
        s.since = t + since;
        s.until = t + until;
        return s;
    };
    using enum seat_state;
    auto const s = [](int n) { return seconds(n); };
    std::vector<row> const rows{
        {"nothing new", seat(ready, s(0), s(30)), seat(ready, s(0), s(60)), {}},
        {"rung", seat(ready, s(0), s(30)), seat(ringing, s(5), s(30)), {{ringing, t + s(5)}}},
        {"her page fell silent long before anybody noticed",
         seat(ready, s(0), s(30)),
         seat(away, s(90), s(30)),
         {{away, t + s(30)}, {away, t + s(90)}}},
        {"it came back much later, and says ready anew",
         seat(ready, s(0), s(30)),
         seat(ready, s(90), s(120)),
         {{away, t + s(30)}, {ready, t + s(90)}}},
        {"a talk outlasts her page",
         seat(talking, s(0), s(30)),
         seat(wrapping_up, s(90), s(30)),
         {{wrapping_up, t + s(90)}}},
        {"she had said away in the ring",
         seat(ringing, s(10), seconds(-3600)),
         seat(away, s(20), seconds(-3600)),
         {{away, t + s(20)}}},
    };
    for (auto const& each : rows)
        EXPECT_EQ(stretches_of(each.was, each.is), each.told) << each.what;
}

TEST(hotline_queue, nobody_rings_a_telephone_with_which_she_has_dialled_herself) {
    hotline h;
    h.sits_down("li");
    h.queue.dials({"li"});
    EXPECT_EQ(h.queue.seats().at({"li"}).is, seat_state::talking);
    EXPECT_THAT(h.comes(1), IsEmpty());
    h.sits_down("wang");
    EXPECT_EQ(h.queue.line()[0].ringing.value, "wang") << "who is free";
    h.answers("wang", 1);
    EXPECT_FALSE(h.queue.hands_over(call_number(1), {"li"}, h.now));
    h.queue.has_dialled({"li"}, true, h.now);
    EXPECT_EQ(h.queue.seats().at({"li"}).is, seat_state::wrapping_up);
    EXPECT_THAT(h.comes(2), IsEmpty());
    h.sits_down("li");
    EXPECT_EQ(h.queue.line()[0].ringing.value, "li");
}

TEST(hotline_queue, whoever_reached_nobody_is_free_at_once) {
    hotline h;
    h.sits_down("li");
    h.queue.dials({"li"});
    h.comes(1);
    h.queue.has_dialled({"li"}, false, h.now);
    h.after(seconds(0));
    EXPECT_EQ(h.queue.line()[0].ringing.value, "li");
    h.queue.has_dialled({"li"}, true, h.now); // told twice
    EXPECT_EQ(h.queue.seats().at({"li"}).is, seat_state::ringing);
}

TEST(hotline_queue, whoever_dials_is_gone_only_when_she_has_hung_up) {
    hotline h;
    h.queue.dials({"li"}); // and hasn't sat down
    EXPECT_EQ(h.queue.seats().at({"li"}).is, seat_state::talking);
    h.queue.has_dialled({"li"}, true, h.now);
    EXPECT_FALSE(h.queue.seats().contains({"li"}));
}

TEST(hotline_queue, his_dialect_may_be_known_only_while_he_waits) {
    hotline h;
    h.sits_down("wang", {"wuu"});
    h.comes(9);
    h.answers("wang", 9);
    h.comes(1);
    h.queue.ranked(call_number(1), caller_rank::other, "wuu");
    EXPECT_THAT(h.sits_down("li"), IsEmpty()) << "wang may be free soon";
    h.hangs_up(9);
    EXPECT_THAT(h.sits_down("wang", {"wuu"}), ElementsAre(h.rings("wang", 1)));
}

TEST(caller_rank, the_worst_that_is_known_counts) {
    EXPECT_EQ(rank_of({}), caller_rank::other);
    EXPECT_EQ(rank_of({true, false, false, true, true}), caller_rank::silent_again);
    EXPECT_EQ(rank_of({true, false, true, true, true}), caller_rank::frail);
    EXPECT_EQ(rank_of({true, true, true, true, true}), caller_rank::emergency);
}

TEST(hotline_queue, a_bound_number_that_gave_up_is_rung_back_within_a_minute) {
    EXPECT_EQ(after_abandoning(true, false), (ring_back{priority::p2, seconds(60)}));
    EXPECT_EQ(after_abandoning(true, true), (ring_back{priority::p1, seconds(60)}));
    EXPECT_EQ(after_abandoning(false, true).level, priority::p3);
}

// ------------------------------------------------------------------ seeded nights

namespace {

// What a night may bring, and what must be true after each of its steps.
class night {
public:
    explicit night(unsigned seed) : random_(seed) {}

    void step() {
        happens();
        for (auto const& act : h_.queue.next(h_.now))
            std::visit([this](auto const& a) { does(a); }, act);
        check();
    }

    int talks() const { return talks_; }
    int lost() const { return lost_; }

    // Everybody who is there answers: then nobody may be left.
    void comes_to_rest() {
        while (!talking_.empty())
            talk_ends();
        for (int n = 0; n < 2000 && h_.queue.waiting() > 0; ++n) {
            h_.now += seconds(21);
            for (auto const* who : people)
                h_.queue.is_ready({who}, {}, h_.now);
            for (auto const& act : h_.queue.next(h_.now))
                std::visit([this](auto const& a) { does(a); }, act);
            auto const ringing = rings_;
            for (auto const& [call, who] : ringing) {
                h_.queue.answered(call, who);
                rings_.erase(call);
                waits_.erase(call);
                h_.queue.talk_ended(call, h_.now);
            }
        }
        EXPECT_EQ(h_.queue.waiting(), 0U);
    }

private:
    static constexpr std::array people{"zhang", "li", "wang", "zhao"};

    int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }
    operator_id somebody() { return {people[static_cast<std::size_t>(pick(4))]}; }
    template <class Map>
    auto any_of(Map const& all) {
        return std::next(all.begin(), pick(static_cast<int>(all.size())));
    }

    void happens() {
        h_.now += seconds(pick(6));
        switch (pick(9)) {
        case 0:
        case 1: {
            auto const rank = static_cast<caller_rank>(pick(4));
            auto const language = pick(3) == 0 ? "lanzhou" : "";
            hotline_caller const who{call_number(++calls_), rank, h_.now, language};
            waits_[who.id] = who;
            return h_.queue.came(who);
        }
        case 2: {
            std::set<std::string> languages;
            if (pick(2) == 0) languages.insert("lanzhou");
            return h_.queue.is_ready(somebody(), languages, h_.now);
        }
        case 3: {
            if (pick(3) > 0) return;
            auto const who = somebody();
            for (auto const& [call, has] : talking_)
                if (has == who) is_lost(call);
            std::erase_if(talking_, [&](auto const& each) { return each.second == who; });
            return h_.queue.went(who, h_.now);
        }
        case 4:
            if (waits_.empty()) return;
            return gives_up(any_of(waits_)->first);
        case 5:
        case 6:
            return ring_is_answered();
        case 7:
            if (rings_.empty()) return;
            return ring_fails();
        default:
            if (talking_.empty()) return;
            return talk_ends();
        }
    }

    void gives_up(call_id call) {
        h_.queue.left(call, h_.now);
        waits_.erase(call);
    }
    void ring_is_answered() {
        if (rings_.empty()) return;
        auto const [call, who] = *any_of(rings_);
        h_.queue.answered(call, who);
        rings_.erase(call);
        waits_.erase(call);
        talking_[call] = who;
        ++talks_;
    }
    void ring_fails() {
        auto const [call, who] = *any_of(rings_);
        h_.queue.ring_ended(call, who, pick(2) == 0 ? ring_end::refused : ring_end::no_answer,
                            h_.now);
        rings_.erase(call);
    }
    void talk_ends() {
        auto const call = any_of(talking_)->first;
        h_.queue.talk_ended(call, h_.now);
        talking_.erase(call);
    }
    void is_lost(call_id call) {
        ++lost_;
        waits_[call] = {call, caller_rank::emergency, {}, {}};
    }

    void does(ring_seat const& r) {
        EXPECT_TRUE(waits_.contains(r.call)) << "a telephone rings for nobody";
        EXPECT_FALSE(rings_.contains(r.call)) << "two telephones ring for one caller";
        for (auto const& [call, who] : rings_)
            EXPECT_NE(who, r.who) << "one telephone rings for two";
        for (auto const& [call, who] : talking_)
            EXPECT_NE(who, r.who) << "her telephone rings in a talk";
        rings_[r.call] = r.who;
    }
    void does(stop_ringing const& s) {
        EXPECT_EQ(rings_.erase(s.call), 1U) << "what doesn't ring is stopped";
    }
    void does(say_place const& s) {
        EXPECT_TRUE(waits_.contains(s.call) && !rings_.contains(s.call));
        EXPECT_TRUE(s.place >= 1 && s.place <= static_cast<int>(waits_.size()));
    }
    void does(ring_duty_list const& r) { EXPECT_TRUE(waits_.contains(r.call)); }
    void does(stop_duty_list const&) {}

    void check() {
        ASSERT_EQ(h_.queue.waiting(), waits_.size()) << "a caller is forgotten, or rings on";
        if (waits_.empty()) return;
        EXPECT_TRUE(h_.queue.due(h_.now)) << "somebody waits and nothing will ever happen";
        EXPECT_THAT(h_.queue.next(h_.now), IsEmpty()) << "what was to do is done";
    }

    hotline h_;
    std::mt19937 random_;
    int calls_ = 0;
    int talks_ = 0;
    int lost_ = 0;
    std::map<call_id, hotline_caller> waits_;
    std::map<call_id, operator_id> rings_;
    std::map<call_id, operator_id> talking_;
};

} // namespace

TEST(hotline_queue, over_seeded_nights_no_caller_is_forgotten) {
    int talks = 0;
    int lost = 0;
    for (unsigned seed = 1; seed <= 50; ++seed) {
        night n(seed);
        for (int step = 0; step < 500 && !testing::Test::HasFailure(); ++step)
            n.step();
        n.comes_to_rest();
        ASSERT_FALSE(testing::Test::HasFailure()) << "seed " << seed;
        talks += n.talks();
        lost += n.lost();
    }
    EXPECT_GT(talks, 1'000);
    EXPECT_GT(lost, 100);
}

// Of two that wait, with a seat that may take either, the one who comes first by rank is rung.
TEST(hotline_queue, over_seeded_pairs_nobody_waits_behind_a_lower_rank_with_a_free_seat) {
    std::mt19937 random(3);
    for (int n = 0; n < 5000; ++n) {
        hotline h;
        h.sits_down("zhang");
        h.comes(1);
        h.answers("zhang", 1);
        std::vector<std::pair<caller_rank, int>> waiting;
        for (int call = 2; call < 8; ++call) {
            auto const rank = static_cast<caller_rank>(random() % 4);
            h.comes(call, rank);
            h.now += std::chrono::milliseconds(1);
            waiting.emplace_back(rank, call);
        }
        h.queue.talk_ended(call_number(1), h.now);
        auto const first = std::min_element(waiting.begin(), waiting.end())->second;
        auto const acts = h.sits_down("zhang");
        ASSERT_FALSE(acts.empty());
        EXPECT_THAT(acts.front(), h.rings("zhang", first));
    }
}

} // namespace linli::tests
