// The hotline's conductor, on the twins and with a scripted engine: who is rung for whom, what is
// in the record of it, and that nobody who waits is forgotten, whatever dies.
#include "app/hotline.hpp"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/bench_top.hpp"
#include "app/lines_by_our_clock.hpp"
#include "app/scripted_lines.hpp"
#include "app/wait_checks.hpp"
#include "runtime/work_scope.hpp"
#include "support/memory_calls.hpp"
#include "support/memory_hotline.hpp"
#include "support/memory_wait_checks.hpp"

namespace linli::tests {
namespace {

using namespace std::chrono_literals;
using domain::attempt_end;
using domain::call_wish;
using domain::caller_rank;
using domain::priority;
using domain::seat_state;
using domain::seat_word;
using domain::wish_refusal;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr auto his_number = "13800000001"; // r1's, at h1
constexpr auto stranger = "13911111111";

// The whole of it in one place: record, server, engine, people.
class switchboard {
public:
    switchboard() {
        keeper.has_number(his_number, {domain::caller_kind::resident, "r1", 0, {"h1"}});
        for (auto const* who : {"li", "wang", "zhao"})
            kept.has_account(who);
        starts();
    }
    ~switchboard() { stops(); }
    switchboard(switchboard const&) = delete;
    switchboard& operator=(switchboard const&) = delete;

    bench_top bench;
    memory_calls keeper{bench.record};
    memory_hotline kept{bench.record, keeper};
    app::calls calls{keeper, bench.dispatch, bench.clock, bench.ids,
                     [](std::string const&) { return domain::area_id{city_area}; }};
    scripted_lines lines{bench.clock};
    std::unique_ptr<app::hotline> house;
    std::unique_ptr<runtime::work_scope> tasks;
    std::size_t most_unwritten = 20'000;
    std::vector<domain::call_id> news; // that the desks are told of

    // ---- the server ----
    void starts() {
        house = std::make_unique<app::hotline>(
            app::hotline::ports{kept, calls, lines, bench.clock, bench.ids,
                                [this](domain::call_id const& which) { news.push_back(which); }},
            app::hotline::settings{"hotline.invalid", "trunk.example", true, most_unwritten});
        tasks = std::make_unique<runtime::work_scope>(bench.loop.get_executor());
        run_on(bench.loop, house->begin());
        house->start(*tasks);
        lines.connect(*house);
        settle();
    }
    void stops() {
        lines.server_dies();
        if (tasks) run_on(bench.loop, tasks->stop());
        tasks.reset();
        house.reset();
    }
    void is_killed() { // and another takes over
        stops();
        starts();
    }
    void loses_link(domain::duration for_long) {
        lines.hang_up_on_server();
        passes(for_long);
        lines.connect(*house);
        settle();
    }
    void record_is_away(bool is_away) {
        keeper.away(is_away);
        kept.away(is_away);
        bench.record.away(is_away);
        settle();
    }

    // ---- time ----
    void settle() {
        do {
            bench.loop.restart();
            while (bench.loop.poll() > 0) {
            }
        } while (lines.say_all());
    }
    void passes(domain::duration by) {
        auto const until = bench.clock.now() + by;
        while (bench.clock.now() < until) {
            auto const next = bench.clock.next_waited_for().value_or(until);
            auto const step = std::min(std::max(next, bench.clock.now() + 1ms), until);
            bench.clock.fast_forward(step - bench.clock.now());
            settle();
        }
    }

    // ---- people ----
    void says(std::string who, seat_word what, std::set<std::string> languages = {}) {
        static_cast<void>(
            run_on(bench.loop, kept.says({who}, what, std::move(languages), bench.clock.now())));
    }
    void ready(std::string who) {
        says(who, seat_word::ready);
        passes(1s);
    }
    // Their pages stay open.
    void passes_at_desks(domain::duration by, std::vector<std::string> const& there) {
        for (auto left = by; left > 0s; left -= 10s) {
            for (auto const& who : there)
                says(who, seat_word::here);
            passes(std::min<domain::duration>(left, 10s));
        }
    }
    std::string comes(std::string number = stranger) {
        auto const name = lines.comes(std::move(number));
        settle();
        return name;
    }
    void answers(std::string const& call, std::string const& who) {
        lines.answers(call, who);
        settle();
    }
    // What has come of it.
    std::string wishes(std::string const& call, call_wish what, std::string to = {},
                       std::string number = {}) {
        auto const one = wish_for(call, what, std::move(to), std::move(number));
        passes(1s);
        return came_of(one);
    }
    // The lines have done it, and the link breaks before they say so.
    std::string wishes_as_the_link_breaks(std::string const& call, call_wish what, std::string to,
                                          std::string number = {}) {
        auto const one = wish_for(call, what, std::move(to), std::move(number));
        house->look();
        bench.loop.restart();
        while (bench.loop.poll() > 0) {
        }
        loses_link(2s);
        passes(1s);
        return came_of(one);
    }
    domain::uuid wish_for(std::string const& call, call_wish what, std::string to,
                          std::string number) {
        app::wished const one{bench.ids.next(bench.clock.now()),
                              call_named(call).id,
                              what,
                              {std::move(to)},
                              std::move(number),
                              {"li"},
                              bench.clock.now()};
        EXPECT_TRUE(run_on(bench.loop, kept.wish(one)).value());
        return one.id;
    }
    std::string came_of(domain::uuid const& wish) const {
        for (auto const& [done, refused] : kept.done_wishes())
            if (done.id == wish) return refused ? std::string(to_text(*refused)) : "done";
        return "waits";
    }

    // ---- what the record has ----
    domain::call const& call_named(std::string const& name) const {
        for (auto const& [id, each] : keeper.all())
            if (each.what.name == name) return each.what;
        throw std::logic_error("the record has no " + name);
    }
    domain::call_standing standing(std::string const& name) const {
        auto const found = kept.standings().find(call_named(name).id);
        return found == kept.standings().end() ? domain::call_standing() : found->second;
    }
    std::vector<app::call_attempt> attempts(std::string const& name) const {
        return kept.attempts_of(call_named(name).id);
    }
    domain::hotline_seat seat(std::string who) {
        return run_on(bench.loop, kept.seat({std::move(who)})).value();
    }
};

class hotline_desk : public testing::Test {
protected:
    switchboard at;
    scripted_lines& lines = at.lines;

    std::set<std::string> ringing(std::string const& call) { return lines.ringing(call); }
    static std::set<std::string> nobody() { return {}; }
    using people = std::set<std::string>;
};

// ------------------------------------------------------------------ an ordinary call

TEST_F(hotline_desk, a_caller_is_put_through_and_all_its_times_are_in_the_record) {
    at.ready("li");
    auto const began = at.bench.clock.now();
    auto const call = at.comes();
    EXPECT_EQ(ringing(call), people{"li"});
    EXPECT_EQ(lines.calls().at(call).legs.at("li-1").headers.at("X-Call"),
              to_string(at.call_named(call).id));
    EXPECT_EQ(lines.calls().at(call).legs.at("li-1").address, "sip:li@hotline.invalid");
    EXPECT_TRUE(lines.calls().at(call).legs.at("li-1").headers.contains("X-Seat"))
        << "else the edge would ring the number that an account may be called like";
    at.passes(3s);
    at.answers(call, "li");
    EXPECT_EQ(at.seat("li").is, seat_state::talking);
    EXPECT_EQ(at.seat("li").call, at.call_named(call).id);
    at.passes(60s);
    lines.gives_up(call);
    at.settle();
    auto const& kept = at.call_named(call);
    EXPECT_EQ(kept.source, "hotline");
    EXPECT_EQ(kept.rang_at, began);
    EXPECT_EQ(kept.answered_at, began + 3s);
    EXPECT_EQ(kept.ended_at, began + 63s);
    EXPECT_EQ(kept.seat, "li");
    EXPECT_THAT(
        at.attempts(call),
        ElementsAre(app::call_attempt{
            kept.id, "li-1", {"li"}, began, began + 3s, began + 63s, attempt_end::call_ended}));
    EXPECT_EQ(at.seat("li").is, seat_state::wrapping_up);
    EXPECT_EQ(lines.unacknowledged(), 0U);
}

TEST_F(hotline_desk, whoever_refuses_is_followed_by_the_next_and_whoever_does_not_answer_is_away) {
    at.ready("li");
    at.ready("wang");
    auto const call = at.comes();
    EXPECT_EQ(ringing(call), people{"li"}) << "she has been idle longest";
    lines.refuses(call, "li");
    at.settle();
    EXPECT_EQ(ringing(call), people{"wang"});
    lines.does_not_answer(call, "wang");
    at.settle();
    EXPECT_EQ(at.seat("wang").is, seat_state::away);
    at.says("li", seat_word::here);
    at.passes(20s);
    EXPECT_EQ(ringing(call), people{"li"}) << "she is asked again";
    EXPECT_THAT(at.attempts(call), SizeIs(3));
}

TEST_F(hotline_desk, whoever_answered_a_caller_that_could_not_be_moved_to_her_stays_ready) {
    at.ready("li");
    auto const call = at.comes();
    lines.answers_in_vain(call, "li");
    at.passes(1s);
    EXPECT_EQ(at.seat("li").is, seat_state::ready);
    EXPECT_EQ(ringing(call), nobody());
    at.ready("wang");
    EXPECT_EQ(ringing(call), people{"wang"}) << "another is asked";
    at.answers(call, "wang");
    at.wishes(call, call_wish::add_third, "li");
    lines.answers_in_vain(call, "li");
    at.passes(1s);
    EXPECT_EQ(at.seat("li").is, seat_state::ready);
}

TEST_F(hotline_desk, a_telephone_that_is_not_there_makes_her_away) {
    at.ready("li");
    auto const call = at.comes();
    lines.refuses(call, "li", 480);
    at.settle();
    EXPECT_EQ(at.seat("li").is, seat_state::away);
    EXPECT_TRUE(lines.calls().at(call).rings_duty);
    at.ready("li");
    EXPECT_EQ(ringing(call), nobody()) << "she has been asked";
    at.passes(20s);
    EXPECT_EQ(ringing(call), people{"li"});
}

TEST_F(hotline_desk, a_page_that_is_silent_for_thirty_seconds_is_not_rung) {
    at.ready("li");
    at.passes_at_desks(60s, {"li"});
    auto const first = at.comes();
    EXPECT_EQ(ringing(first), people{"li"});
    lines.gives_up(first);
    at.passes(31s);
    EXPECT_EQ(ringing(at.comes()), nobody());
}

TEST_F(hotline_desk, a_talk_outlasts_her_page) {
    at.ready("li");
    auto const call = at.comes();
    at.answers(call, "li");
    at.passes(5min);
    EXPECT_EQ(lines.talks(call), "li");
    EXPECT_EQ(at.seat("li").is, seat_state::talking);
    lines.hangs_up(call);
    at.passes(2s);
    EXPECT_EQ(at.seat("li").is, seat_state::away) << "and then she is gone";
}

TEST_F(hotline_desk, whoever_says_that_she_is_away_is_rung_no_more) {
    at.ready("li");
    auto const call = at.comes();
    at.says("li", seat_word::away);
    at.passes(1s);
    EXPECT_EQ(ringing(call), nobody());
    EXPECT_EQ(at.attempts(call).at(0).how, attempt_end::withdrawn);
}

TEST_F(hotline_desk, with_nobody_at_a_desk_the_engines_own_list_is_rung) {
    auto const call = at.comes();
    at.passes(1s);
    EXPECT_TRUE(lines.calls().at(call).rings_duty);
    at.ready("li");
    EXPECT_EQ(ringing(call), people{"li"});
    at.answers(call, "li");
    EXPECT_FALSE(lines.calls().at(call).rings_duty);
}

TEST_F(hotline_desk, callers_hear_and_desks_see_which_they_are_in_the_line) {
    at.ready("li");
    auto const first = at.comes();
    at.answers(first, "li");
    auto const second = at.comes();
    auto const third = at.comes();
    at.passes(10s);
    EXPECT_EQ(at.standing(second).place, 1);
    EXPECT_EQ(at.standing(third).place, 2);
    EXPECT_TRUE(at.standing(third).waits);
    EXPECT_FALSE(at.standing(first).waits);
    EXPECT_THAT(lines.calls().at(third).heard, ElementsAre("place-2"));
    lines.gives_up(second);
    at.passes(1s);
    EXPECT_EQ(at.standing(third).place, 1);
    EXPECT_EQ(at.standing(second), domain::call_standing()) << "nothing is left of it";
}

// ------------------------------------------------------------------ who comes first

TEST_F(hotline_desk, whoever_has_an_open_emergency_comes_first) {
    at.bench.takes({at.bench.press("w1", 1)});
    at.ready("li");
    at.answers(at.comes(), "li");
    auto const earlier = at.comes();
    auto const his = at.comes(his_number);
    at.passes(1s);
    EXPECT_EQ(at.standing(his).rank, caller_rank::emergency);
    EXPECT_EQ(at.standing(his).place, 1);
    EXPECT_EQ(at.standing(earlier).place, 2);
}

TEST_F(hotline_desk, a_button_pressed_while_he_waits_brings_him_forward) {
    at.ready("li");
    at.answers(at.comes(), "li");
    auto const earlier = at.comes();
    auto const his = at.comes(his_number);
    at.passes(1s);
    EXPECT_EQ(at.standing(his).place, 2);
    at.bench.takes({at.bench.press("w1", 1)});
    at.passes(6s);
    EXPECT_EQ(at.standing(his).place, 1);
    EXPECT_EQ(at.standing(earlier).place, 2);
}

TEST_F(hotline_desk, an_engine_whose_clock_is_wrong_is_heard_by_ours) {
    for (domain::duration const behind : {domain::duration(15min), domain::duration(-15min)}) {
        app::lines_by_our_clock ours(*at.house, at.bench.clock);
        lines.behind = behind;
        auto const came_at = at.bench.clock.now();
        at.passes(1s);
        lines.connect(ours);
        at.settle();
        EXPECT_EQ(ours.behind(), behind);
        auto const call = at.comes();
        at.passes(3s);
        EXPECT_EQ(at.call_named(call).rang_at, came_at + 1s);
        EXPECT_FALSE(lines.calls().at(call).heard.size() > 0) << "ten seconds haven't passed";
        lines.gives_up(call);
        at.settle();
        EXPECT_EQ(at.call_named(call).ended_at, came_at + 4s);
        lines.behind = domain::duration(0);
        lines.connect(*at.house);
        at.settle();
    }
}

TEST_F(hotline_desk, what_an_engine_with_a_wrong_clock_left_behind_is_told_by_ours_too) {
    app::lines_by_our_clock ours(*at.house, at.bench.clock);
    lines.behind = 15min;
    lines.connect(ours);
    at.settle();
    auto const came_at = at.bench.clock.now();
    auto const call = at.comes();
    at.passes(3s);
    lines.dies();
    lines.behind = domain::duration(0); // somebody has set it
    lines.connect(ours);
    at.settle();
    EXPECT_EQ(at.call_named(call).rang_at, came_at);
    EXPECT_EQ(at.call_named(call).ended_at, came_at + 3s);
    lines.connect(*at.house);
    at.settle();
}

TEST_F(hotline_desk, residents_numbers_have_lines_of_their_own) {
    at.passes(1s);
    EXPECT_THAT(lines.bound, ElementsAre(his_number));
    at.loses_link(1s);
    lines.bound.clear();
    at.loses_link(1s);
    at.passes(1s);
    EXPECT_THAT(lines.bound, ElementsAre(his_number)) << "an engine may have forgotten them";
}

// ------------------------------------------------------------------ who gives up

TEST_F(hotline_desk, a_resident_who_gives_up_is_rung_back_within_a_minute_and_then_it_is_urgent) {
    at.ready("li");
    auto const first = at.comes(his_number);
    at.passes(8s);
    lines.gives_up(first);
    at.passes(1s);
    ASSERT_THAT(at.bench.record.holds().requests, SizeIs(1));
    auto const& request = at.bench.record.holds().requests.begin()->second;
    EXPECT_EQ(at.call_named(first).outcome, domain::call_outcome::missed);
    EXPECT_EQ(request.level, priority::p2);
    EXPECT_LE(request.due_at, at.bench.clock.now() + 60s);
    at.passes(5min);
    auto const second = at.comes(his_number);
    lines.gives_up(second);
    at.passes(1s);
    auto const& urgent = at.bench.record.holds().requests.begin()->second;
    EXPECT_EQ(urgent.level, priority::p1);
    EXPECT_LE(urgent.due_at, at.bench.clock.now() + 60s);
    EXPECT_THAT(at.bench.record.holds().requests, SizeIs(1));
}

TEST_F(hotline_desk, a_stranger_who_gives_up_is_rung_back_as_ever) {
    lines.gives_up(at.comes());
    at.passes(1s);
    ASSERT_THAT(at.bench.record.holds().requests, SizeIs(1));
    EXPECT_EQ(at.bench.record.holds().requests.begin()->second.level, priority::p3);
}

// ------------------------------------------------------------------ operators

TEST_F(hotline_desk, a_caller_whose_operator_is_lost_is_the_next) {
    at.ready("li");
    auto const call = at.comes();
    at.answers(call, "li");
    auto const waits = at.comes();
    at.passes(1s);
    lines.loses_her(call);
    at.settle();
    EXPECT_EQ(at.standing(call).place, 1);
    EXPECT_EQ(at.standing(waits).place, 2);
    EXPECT_EQ(at.seat("li").is, seat_state::away);
    at.ready("wang");
    EXPECT_EQ(ringing(call), people{"wang"});
    at.answers(call, "wang");
    lines.hangs_up(call);
    at.settle();
    EXPECT_EQ(at.call_named(call).seat, "li") << "who answered first";
    EXPECT_THAT(at.attempts(call), SizeIs(2));
}

TEST_F(hotline_desk, holds_and_resumes) {
    at.ready("li");
    auto const call = at.comes();
    at.answers(call, "li");
    EXPECT_EQ(at.wishes(call, call_wish::hold), "done");
    EXPECT_TRUE(lines.calls().at(call).is_held);
    EXPECT_TRUE(at.standing(call).is_held);
    EXPECT_EQ(at.wishes(call, call_wish::resume), "done");
    EXPECT_FALSE(at.standing(call).is_held);
}

TEST_F(hotline_desk, a_parked_caller_is_the_next_and_she_wraps_up) {
    at.ready("li");
    auto const call = at.comes();
    at.answers(call, "li");
    at.wishes(call, call_wish::park);
    EXPECT_EQ(at.standing(call).place, 1);
    EXPECT_EQ(at.seat("li").is, seat_state::wrapping_up);
    at.ready("li");
    EXPECT_EQ(ringing(call), people{"li"});
}

TEST_F(hotline_desk, hands_a_talk_to_another_who_is_ready) {
    at.ready("li");
    auto const call = at.comes();
    at.answers(call, "li");
    EXPECT_EQ(at.wishes(call, call_wish::transfer, "wang"), "not_ready");
    at.ready("wang");
    EXPECT_EQ(at.wishes(call, call_wish::transfer, "wang"), "done");
    EXPECT_EQ(ringing(call), people{"wang"});
    EXPECT_EQ(at.standing(call).ringing.value, "wang") << "li sees whose telephone rings";
    EXPECT_EQ(lines.talks(call), "li") << "until wang answers";
    at.answers(call, "wang");
    EXPECT_TRUE(at.standing(call).ringing.empty());
    EXPECT_EQ(at.seat("li").is, seat_state::wrapping_up);
    EXPECT_EQ(at.seat("wang").is, seat_state::talking);
    at.passes(5s);
    EXPECT_EQ(lines.talks(call), "wang");
}

TEST_F(hotline_desk, a_talk_that_nobody_takes_over_stays_hers) {
    at.ready("li");
    auto const call = at.comes();
    at.answers(call, "li");
    at.ready("wang");
    at.wishes(call, call_wish::transfer, "wang");
    lines.refuses(call, "wang");
    at.passes(5s);
    EXPECT_EQ(lines.talks(call), "li");
    EXPECT_EQ(at.seat("wang").is, seat_state::ready);
}

TEST_F(hotline_desk, a_wish_asked_again_after_the_link_broke_is_done_while_it_rings) {
    for (auto const what : {call_wish::transfer, call_wish::add_third})
        for (auto const* to : {"wang", ""}) {
            at.ready("li");
            auto const call = at.comes();
            at.answers(call, "li");
            at.ready("wang");
            std::string const number = *to ? "" : "13922222222";
            EXPECT_EQ(at.wishes_as_the_link_breaks(call, what, to, number), "done");
            EXPECT_EQ(ringing(call), people{*to ? to : "+number"});
            EXPECT_EQ(lines.calls().at(call).legs.size(), 2U) << "once";
            EXPECT_EQ(lines.talks(call), "li");
            at.says("wang", seat_word::away);
            lines.gives_up(call);
            at.passes(2s);
        }
}

TEST_F(hotline_desk, hands_a_talk_to_a_telephone_outside) {
    at.ready("li");
    auto const call = at.comes();
    at.answers(call, "li");
    at.wishes(call, call_wish::transfer, {}, "13922222222");
    ASSERT_EQ(ringing(call), people{"+number"});
    auto const& outside = lines.calls().at(call).legs.at("+number-2");
    EXPECT_EQ(outside.address, "sip:13922222222@trunk.example");
    EXPECT_FALSE(outside.headers.contains("X-Seat"));
    at.answers(call, "+number");
    at.passes(5s);
    EXPECT_EQ(at.seat("li").is, seat_state::wrapping_up);
    EXPECT_EQ(lines.talks(call), "+number");
}

TEST_F(hotline_desk, a_wish_that_was_not_done_is_news_for_the_desks) {
    auto const call = at.comes();
    at.passes(5s);
    at.news.clear();
    EXPECT_EQ(at.wishes(call, call_wish::park), "not_now");
    auto const refused = at.kept.refused_of(at.call_named(call).id);
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->what, call_wish::park);
    EXPECT_EQ(refused->why, wish_refusal::not_now);
    EXPECT_EQ(refused->by.value, "li");
    EXPECT_THAT(at.news, testing::Contains(at.call_named(call).id));
}

// ------------------------------------------------------------------ who waits too long

TEST_F(hotline_desk, a_call_that_waits_too_long_is_looked_into_once_whatever_dies) {
    memory_wait_checks kept(at.bench.record, at.keeper);
    app::wait_checks looks(kept, at.bench.clock);
    auto const open = [&] { return run_on(at.bench.loop, kept.list({{city_area}})).value().total; };
    auto tasks = std::make_unique<runtime::work_scope>(at.bench.loop.get_executor());
    tasks->spawn("checks", looks.run());
    at.comes();
    at.passes(180s);
    EXPECT_EQ(open(), 0U);
    kept.away(true);
    at.passes(20s);
    kept.away(false);
    at.passes(6s);
    EXPECT_EQ(open(), 1U);
    run_on(at.bench.loop, tasks->stop());
    at.is_killed();
    tasks = std::make_unique<runtime::work_scope>(at.bench.loop.get_executor());
    tasks->spawn("checks", looks.run());
    at.comes();
    at.passes(60s);
    EXPECT_EQ(open(), 1U);
    run_on(at.bench.loop, tasks->stop());
}

// ------------------------------------------------------------------ her own calls

TEST_F(hotline_desk, nobody_rings_whoever_has_dialled_herself_and_her_seat_says_so) {
    at.ready("li");
    at.house->dials({"li"});
    at.settle();
    EXPECT_EQ(at.seat("li").is, seat_state::talking);
    auto const call = at.comes();
    EXPECT_EQ(ringing(call), nobody());
    at.passes_at_desks(40s, {"li"});
    EXPECT_EQ(ringing(call), nobody());
    at.house->has_dialled({"li"}, true);
    at.settle();
    EXPECT_EQ(at.seat("li").is, seat_state::wrapping_up);
    at.ready("li");
    EXPECT_EQ(ringing(call), people{"li"});
}

TEST_F(hotline_desk, a_link_that_breaks_forgets_no_call_of_hers) {
    at.ready("li");
    at.house->dials({"li"});
    at.loses_link(2s);
    auto const call = at.comes();
    EXPECT_EQ(ringing(call), nobody());
    at.house->has_dialled({"li"}, false);
    at.passes(1s);
    at.ready("li");
    EXPECT_EQ(ringing(call), people{"li"});
}

// ------------------------------------------------------------------ his language

TEST_F(hotline_desk, a_resident_is_put_through_to_somebody_who_speaks_as_he_does) {
    at.bench.record.becomes(a_city()
                                .with_station("s1")
                                .with(home("h1"))
                                .with(resident("r1").at_home("h1").speaks("wuu")));
    at.ready("li");
    at.says("wang", seat_word::ready, {"wuu"});
    at.passes(1s);
    EXPECT_EQ(ringing(at.comes(his_number)), people{"wang"}) << "although li is idle longer";
    EXPECT_EQ(ringing(at.comes(stranger)), people{"li"});
}

TEST_F(hotline_desk, takes_somebody_into_a_talk_and_all_is_in_the_record) {
    at.ready("li");
    auto const call = at.comes();
    at.answers(call, "li");
    EXPECT_EQ(at.wishes(call, call_wish::join_third), "not_now");
    EXPECT_EQ(at.wishes(call, call_wish::drop_third), "not_now");
    EXPECT_EQ(at.wishes(call, call_wish::add_third, {}, "120"), "done");
    EXPECT_EQ(lines.calls().at(call).legs.at("+number-2").address, "sip:120@trunk.example");
    EXPECT_EQ(at.wishes(call, call_wish::add_third, {}, "13922222222"), "not_now") << "one third";
    EXPECT_EQ(at.standing(call).third, domain::third_party{}) << "a telephone outside rings";
    lines.comes_to(call, "+number");
    at.passes(1s);
    EXPECT_EQ(at.standing(call).third->is, domain::third_state::aside);
    EXPECT_EQ(lines.talks(call), "li");
    EXPECT_EQ(at.wishes(call, call_wish::join_third), "done");
    at.passes(1s);
    EXPECT_EQ(at.standing(call).third->is, domain::third_state::joined);
    lines.goes_from(call, "+number");
    at.passes(5s);
    EXPECT_FALSE(at.standing(call).third);
    EXPECT_EQ(lines.talks(call), "li");
    EXPECT_EQ(at.seat("li").is, seat_state::talking);
    auto const rung = at.kept.attempts_of(at.call_named(call).id);
    ASSERT_THAT(rung, SizeIs(2));
    EXPECT_EQ(rung[0].role, domain::attempt_role::third);
    EXPECT_EQ(rung[0].leg, "+number-2");
    EXPECT_TRUE(rung[0].answered_at);
    EXPECT_EQ(rung[0].how, attempt_end::hung_up);
    EXPECT_EQ(rung[1].role, domain::attempt_role::takes_caller);
    EXPECT_EQ(at.wishes(call, call_wish::add_third, {}, "13922222222"), "done") << "and another";
}

TEST_F(hotline_desk, a_seat_that_comes_to_a_talk_is_rung_for_nobody_else) {
    at.ready("li");
    auto const call = at.comes();
    at.answers(call, "li");
    EXPECT_EQ(at.wishes(call, call_wish::add_third, "wang"), "not_ready");
    at.ready("wang");
    EXPECT_EQ(at.wishes(call, call_wish::add_third, "wang"), "done");
    lines.comes_to(call, "wang");
    at.passes(1s);
    auto const next = at.comes("13922222222");
    at.passes(2s);
    EXPECT_THAT(ringing(next), testing::Not(testing::Contains("wang")));
    at.passes_at_desks(20s, {"li", "wang"});
    EXPECT_EQ(at.seat("wang").is, seat_state::talking);
    at.wishes(call, call_wish::join_third);
    at.wishes(call, call_wish::leave);
    at.passes(2s);
    EXPECT_EQ(lines.talks(call), "wang");
    EXPECT_EQ(at.seat("wang").is, seat_state::talking);
    EXPECT_NE(at.seat("li").is, seat_state::talking);
}

TEST_F(hotline_desk, whoever_came_to_a_talk_and_goes_wraps_up_and_is_rung_again) {
    for (bool const is_killed : {false, true}) { // the server, in their talk
        at.ready("li");
        auto const call = at.comes();
        at.answers(call, "li");
        at.ready("wang");
        at.wishes(call, call_wish::add_third, "wang");
        lines.comes_to(call, "wang");
        at.passes_at_desks(20s, {"li", "wang"});
        if (is_killed) at.is_killed();
        at.passes_at_desks(20s, {"li", "wang"});
        EXPECT_EQ(at.seat("wang").is, seat_state::talking);
        lines.goes_from(call, "wang");
        at.passes_at_desks(20s, {"li", "wang"});
        EXPECT_EQ(at.seat("wang").is, seat_state::wrapping_up) << is_killed;
        EXPECT_EQ(at.seat("li").is, seat_state::talking);
        at.ready("wang");
        auto const next = at.comes("13922222222");
        EXPECT_EQ(ringing(next), people{"wang"});
        at.says("wang", seat_word::away);
        lines.gives_up(next);
        lines.gives_up(call);
        at.passes(2s);
    }
}

TEST_F(hotline_desk, a_third_who_is_busy_leaves_the_talk_and_her_seat_as_they_were) {
    at.ready("li");
    auto const call = at.comes();
    at.answers(call, "li");
    at.ready("wang");
    at.wishes(call, call_wish::add_third, "wang");
    lines.refuses(call, "wang");
    at.passes(2s);
    EXPECT_EQ(lines.talks(call), "li");
    EXPECT_EQ(at.seat("wang").is, seat_state::ready);
}

TEST_F(hotline_desk,
       a_browser_lost_with_all_three_leaves_him_with_the_third_and_aside_in_the_line) {
    for (bool const is_joined : {true, false}) {
        at.ready("li");
        auto const call = at.comes();
        at.answers(call, "li");
        at.wishes(call, call_wish::add_third, {}, "120");
        lines.comes_to(call, "+number");
        at.settle();
        if (is_joined) at.wishes(call, call_wish::join_third);
        lines.loses_her(call);
        at.passes(2s);
        EXPECT_EQ(lines.talks(call), is_joined ? "+number" : "");
        EXPECT_EQ(at.standing(call).waits, !is_joined);
        lines.gives_up(call);
        at.passes(2s);
    }
}

TEST_F(hotline_desk, a_server_that_comes_into_a_talk_of_three_finds_it) {
    at.ready("li");
    auto const call = at.comes();
    at.answers(call, "li");
    at.wishes(call, call_wish::add_third, {}, "120");
    lines.comes_to(call, "+number");
    at.settle();
    at.wishes(call, call_wish::join_third);
    at.is_killed();
    at.passes(2s);
    EXPECT_EQ(lines.talks(call), "li");
    EXPECT_EQ(at.wishes(call, call_wish::drop_third), "done");
    EXPECT_THAT(lines.calls().at(call).legs, SizeIs(1));
}

TEST_F(hotline_desk, whoever_listens_is_rung_herself_and_her_seat_is_what_it_was) {
    at.ready("li");
    auto const call = at.comes();
    EXPECT_EQ(at.wishes(call, call_wish::listen), "not_now");
    at.answers(call, "li");
    EXPECT_EQ(at.wishes(call, call_wish::listen), "done");
    auto const rung = at.kept.attempts_of(at.call_named(call).id);
    ASSERT_THAT(rung, SizeIs(2));
    EXPECT_EQ(rung[1].role, domain::attempt_role::listens);
    auto const& legs = lines.calls().at(call).legs;
    EXPECT_EQ(legs.at("li-2").headers.at("X-Listen"), "1") << "her page takes it by itself";
    EXPECT_FALSE(legs.at("li-1").headers.contains("X-Listen"));
    EXPECT_EQ(lines.talks(call), "li");
    EXPECT_EQ(at.seat("li").is, seat_state::talking);
}

TEST_F(hotline_desk, hangs_up_when_she_says_so) {
    at.ready("li");
    auto const call = at.comes();
    at.answers(call, "li");
    at.wishes(call, call_wish::hang_up);
    EXPECT_FALSE(lines.calls().contains(call));
    EXPECT_TRUE(at.call_named(call).ended_at);
}

TEST_F(hotline_desk, a_wish_that_nobody_could_do_in_time_is_not_done_later) {
    at.ready("li");
    auto const call = at.comes();
    at.answers(call, "li");
    lines.hang_up_on_server();
    EXPECT_EQ(at.wishes(call, call_wish::hang_up), "waits");
    at.passes(30s);
    lines.connect(*at.house);
    at.passes(2s);
    EXPECT_EQ(lines.talks(call), "li");
    ASSERT_THAT(at.kept.done_wishes(), SizeIs(1));
    EXPECT_EQ(at.kept.done_wishes()[0].second, wish_refusal::too_late);
}

// ------------------------------------------------------------------ what dies

TEST_F(hotline_desk, callers_are_put_through_while_the_record_is_away_and_nothing_is_acknowledged) {
    at.ready("li");
    at.record_is_away(true);
    auto const began = at.bench.clock.now();
    auto const call = at.comes();
    at.passes(1s);
    EXPECT_EQ(ringing(call), people{"li"});
    at.answers(call, "li");
    at.passes(60s);
    lines.gives_up(call);
    at.passes(10s);
    EXPECT_GT(lines.unacknowledged(), 0U);
    EXPECT_THAT(at.keeper.all(), IsEmpty());
    at.record_is_away(false);
    at.passes(5s);
    EXPECT_EQ(lines.unacknowledged(), 0U);
    EXPECT_EQ(at.call_named(call).answered_at, began + 1s);
    EXPECT_EQ(at.call_named(call).ended_at, began + 61s);
    EXPECT_EQ(at.attempts(call).at(0).answered_at, began + 1s);
}

TEST_F(hotline_desk, while_the_record_is_away_a_seat_is_what_it_is_since_it_became_that) {
    at.ready("li");
    auto const call = at.comes();
    at.record_is_away(true);
    at.passes(3s);
    auto const answered = at.bench.clock.now();
    at.answers(call, "li");
    at.passes(60s);
    at.record_is_away(false);
    at.passes(5s);
    EXPECT_EQ(at.seat("li").is, seat_state::talking);
    EXPECT_EQ(at.seat("li").since, answered);
}

TEST_F(hotline_desk, a_record_that_is_away_is_asked_who_calls_once_and_not_for_each_line) {
    at.record_is_away(true);
    for (int callers = 0; callers < 5; ++callers)
        at.comes();
    at.passes(2s);
    auto const before = at.kept.times_asked_who_calls();
    at.passes(1s);
    EXPECT_EQ(at.kept.times_asked_who_calls() - before, 1);
    at.record_is_away(false);
    at.passes(1s);
    EXPECT_EQ(at.kept.times_asked_who_calls() - before, 6);
}

TEST_F(hotline_desk, while_the_record_is_away_each_operator_answers_one_call_after_another) {
    at.ready("li");
    at.record_is_away(true);
    auto const first = at.comes();
    at.passes(1s);
    at.answers(first, "li");
    at.passes(60s);
    lines.gives_up(first);
    at.passes(1s);
    auto const second = at.comes();
    EXPECT_EQ(ringing(second), nobody()) << "she wraps up";
    at.passes(30s);
    EXPECT_EQ(ringing(second), people{"li"});
}

TEST_F(hotline_desk, whoever_waits_long_for_one_who_has_walked_off_rings_the_duty_list) {
    at.ready("li");
    auto const first = at.comes();
    at.answers(first, "li");
    lines.gives_up(first);
    at.passes_at_desks(10s, {"li"});
    auto const second = at.comes();
    at.passes_at_desks(40s, {"li"});
    EXPECT_FALSE(lines.calls().at(second).rings_duty);
    at.passes_at_desks(10s, {"li"});
    EXPECT_EQ(at.seat("li").is, seat_state::wrapping_up) << "her page is open";
    EXPECT_TRUE(lines.calls().at(second).rings_duty);
}

TEST_F(hotline_desk,
       after_an_outage_pages_come_again_and_nobody_has_to_say_anew_that_she_is_ready) {
    at.ready("li");
    at.ready("wang");
    at.record_is_away(true);
    at.passes(2min);
    at.record_is_away(false);
    at.passes(5s);
    at.says("li", seat_word::here);
    at.passes(11s); // and wang's page doesn't
    at.is_killed();
    auto const call = at.comes();
    EXPECT_EQ(ringing(call), people{"li"});
    lines.refuses(call, "li");
    at.passes(1s);
    EXPECT_EQ(at.seat("wang").is, seat_state::away);
    EXPECT_EQ(ringing(call), nobody());
}

TEST_F(hotline_desk, whoever_takes_over_finds_a_caller_in_the_line_and_the_telephone_that_rings) {
    at.ready("li");
    auto const call = at.comes();
    auto const waits = at.comes();
    at.is_killed();
    EXPECT_EQ(ringing(call), people{"li"}) << "once";
    EXPECT_THAT(lines.calls().at(call).legs, SizeIs(1));
    EXPECT_THAT(at.keeper.all(), SizeIs(2)) << "they are no new calls";
    at.answers(call, "li");
    EXPECT_EQ(at.seat("li").is, seat_state::talking);
    EXPECT_EQ(at.standing(waits).place, 1);
}

TEST_F(hotline_desk, whoever_takes_over_finds_a_talk) {
    at.ready("li");
    auto const call = at.comes();
    at.answers(call, "li");
    auto const answered = at.call_named(call).answered_at;
    at.is_killed();
    auto const waits = at.comes();
    at.passes(1s);
    EXPECT_EQ(ringing(waits), nobody()) << "she talks";
    lines.hangs_up(call);
    at.passes(1s);
    EXPECT_EQ(at.call_named(call).answered_at, answered);
    EXPECT_TRUE(at.call_named(call).ended_at);
    EXPECT_EQ(at.seat("li").is, seat_state::wrapping_up);
}

TEST_F(hotline_desk, what_happened_while_nobody_heard_is_in_the_record_with_its_times) {
    at.ready("li");
    auto const rang = at.comes();
    at.stops();
    auto const then = at.bench.clock.now();
    lines.answers(rang, "li");
    at.bench.clock.fast_forward(10s);
    lines.hangs_up(rang);
    auto const missed = lines.comes();
    at.bench.clock.fast_forward(10s);
    lines.gives_up(missed);
    at.starts();
    at.passes(1s);
    EXPECT_EQ(at.call_named(rang).answered_at, then);
    EXPECT_EQ(at.call_named(rang).seat, "li");
    EXPECT_EQ(at.call_named(rang).ended_at, then + 10s);
    EXPECT_EQ(at.attempts(rang).at(0).answered_at, then);
    EXPECT_EQ(at.call_named(missed).rang_at, then + 10s);
    EXPECT_EQ(at.call_named(missed).ended_at, then + 20s);
    EXPECT_EQ(at.call_named(missed).outcome, domain::call_outcome::missed);
    EXPECT_EQ(lines.unacknowledged(), 0U);
}

TEST_F(hotline_desk, a_link_that_breaks_forgets_nobody) {
    at.ready("li");
    auto const call = at.comes();
    at.loses_link(2s);
    EXPECT_EQ(ringing(call), people{"li"});
    lines.hang_up_on_server();
    lines.refuses(call, "li");
    at.passes(1s);
    lines.connect(*at.house);
    at.settle();
    EXPECT_FALSE(ringing(call).empty()) << "she is asked again: nobody else is there";
}

TEST_F(hotline_desk, calls_that_a_dead_engine_has_lost_are_over) {
    at.ready("li");
    auto const call = at.comes();
    at.answers(call, "li");
    auto const waits = at.comes();
    lines.dies();
    at.passes(1s);
    lines.connect(*at.house);
    at.passes(1s);
    EXPECT_TRUE(at.call_named(call).ended_at);
    EXPECT_TRUE(at.call_named(waits).ended_at);
    EXPECT_EQ(at.call_named(waits).outcome, domain::call_outcome::missed);
    EXPECT_EQ(at.seat("li").is, seat_state::wrapping_up);
    EXPECT_EQ(lines.unacknowledged(), 0U);
}

// ------------------------------------------------------------------ seeded nights

// Callers, operators, and everything that can die, in any order.
class night {
public:
    explicit night(unsigned seed) : random_(seed) {}

    void step() {
        happens();
        at_.settle();
        at_.passes(std::chrono::milliseconds(pick(4000)));
    }

    // All is well again, and whoever is rung answers: then nobody may be left.
    void comes_to_rest() {
        at_.record_is_away(false);
        if (!at_.lines.has_server()) at_.lines.connect(*at_.house);
        for (int n = 0; n < 200 && !at_.lines.calls().empty(); ++n) {
            for (auto const* who : people)
                at_.says(who, seat_word::ready);
            at_.passes(3s);
            for (auto const& [name, each] : std::map(at_.lines.calls())) {
                if (at_.lines.talks(name).empty() && !at_.lines.ringing(name).empty())
                    at_.lines.answers(name, *at_.lines.ringing(name).begin());
                at_.settle();
                if (!at_.lines.talks(name).empty()) at_.lines.hangs_up(name);
                at_.settle();
            }
        }
        at_.passes(10s);
        EXPECT_THAT(at_.lines.calls(), IsEmpty()) << "a caller is forgotten";
        EXPECT_EQ(at_.lines.unacknowledged(), 0U);
        EXPECT_EQ(at_.keeper.all().size(), static_cast<std::size_t>(came_));
        for (auto const& [id, each] : at_.keeper.all()) {
            EXPECT_TRUE(each.what.ended_at) << each.what.name << " never ends in the record";
            EXPECT_TRUE(each.what.answered_at || each.what.outcome)
                << each.what.name << " is neither answered nor to be rung back";
        }
    }
    int deaths() const { return deaths_; }

private:
    static constexpr std::array people{"li", "wang", "zhao"};

    int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }
    std::string somebody() { return people[static_cast<std::size_t>(pick(3))]; }
    std::string any_call() {
        auto const& all = at_.lines.calls();
        if (all.empty()) return {};
        return std::next(all.begin(), pick(static_cast<int>(all.size())))->first;
    }

    void happens() {
        auto const call = any_call();
        switch (pick(14)) {
        case 0:
        case 1:
            ++came_;
            at_.lines.comes(pick(2) == 0 ? his_number : stranger);
            return;
        case 2:
        case 3:
            return at_.says(somebody(), pick(4) == 0 ? seat_word::away : seat_word::ready);
        case 4:
        case 5:
        case 6:
            return is_rung(call);
        case 7:
            if (!call.empty() && pick(3) == 0) at_.lines.gives_up(call);
            return;
        case 8:
        case 9:
            if (!at_.lines.talks(call).empty()) at_.lines.hangs_up(call);
            return;
        case 10:
            if (!at_.lines.talks(call).empty()) at_.lines.loses_her(call);
            return;
        default:
            return dies();
        }
    }

    void is_rung(std::string const& call) {
        auto const ringing = at_.lines.ringing(call);
        if (ringing.empty()) return;
        auto const& who = *ringing.begin();
        switch (pick(4)) {
        case 0:
            return at_.lines.refuses(call, who);
        case 1:
            return at_.lines.does_not_answer(call, who);
        default:
            return at_.lines.answers(call, who);
        }
    }

    void dies() {
        ++deaths_;
        switch (pick(5)) {
        case 0:
            if (!is_away_) at_.is_killed(); // the lock is the record's, too
            return;
        case 1:
            if (at_.lines.has_server()) at_.lines.hang_up_on_server();
            return;
        case 2:
            if (!at_.lines.has_server()) at_.lines.connect(*at_.house);
            return;
        case 3:
            is_away_ = !is_away_;
            return at_.record_is_away(is_away_);
        default:
            if (pick(4) > 0) return;
            at_.lines.dies();
            return at_.lines.connect(*at_.house);
        }
    }

    switchboard at_;
    std::mt19937 random_;
    int came_ = 0;
    int deaths_ = 0;
    bool is_away_ = false;
};

TEST(hotline_nights, no_caller_is_forgotten_and_no_call_lost_whatever_dies) {
    int deaths = 0;
    for (unsigned seed = 1; seed <= 40 && !testing::Test::HasFailure(); ++seed) {
        SCOPED_TRACE(seed);
        night n(seed);
        for (int step = 0; step < 150; ++step)
            n.step();
        n.comes_to_rest();
        deaths += n.deaths();
    }
    EXPECT_GT(deaths, 500);
}

} // namespace
} // namespace linli::tests
