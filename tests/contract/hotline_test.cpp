// What everybody who keeps our own hotline must do, on the twin and on PostgreSQL: who sits at a
// desk, which telephones were rung, what is wished for a call, who calls; and how a desk sees it.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/contract_of.hpp"
#include "contract/keeper.hpp"
#include "contract/rows.hpp"

namespace linli::tests {

namespace {

using namespace std::chrono_literals;
using namespace domain;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class hotline_contract : public contract_of<call_keeper> {
protected:
    void SetUp() override {
        contract_of::SetUp();
        if (IsSkipped()) return;
        must(keeper_->record().keep_plans({{"sos-plan", "kind = \"sos\""}}));
        keeper_->has_telephones();
        keeper_->has_account("li");
        keeper_->has_account("wang");
    }

    app::hotline_record& kept() { return keeper_->hotline(); }

    static call_id call_number(int number) {
        call_id id;
        id.value.bytes[0] = 9;
        id.value.bytes[15] = static_cast<std::uint8_t>(number);
        return id;
    }
    static uuid wish_number(int number) {
        uuid id;
        id.bytes[0] = 7;
        id.bytes[15] = static_cast<std::uint8_t>(number);
        return id;
    }
    void told(int number, call_event what, instant at, std::string from = "13800000001",
              std::string source = std::string(own_hotline)) {
        call_report report{
            std::move(source), "call-" + std::to_string(number),         what, at, std::move(from),
            "12349",           what == call_event::answered ? "li" : "", ""};
        must(keeper_->calls().take(report, call_number(number), {"310000s1"}));
    }
    hotline_seat says(std::string who, seat_word what, instant now = evening,
                      std::set<std::string> languages = {}) {
        return must(kept().says({std::move(who)}, what, std::move(languages), now));
    }
    void stands(int number, call_standing is) {
        app::hotline_record::standing now;
        now.calls.emplace_back(call_number(number), std::move(is));
        must(kept().stands(now));
    }
    void seat_stands(std::string who, seat_state is, std::optional<call_id> with,
                     instant since = evening) {
        app::hotline_record::standing now;
        hotline_seat seat;
        seat.who = {std::move(who)};
        seat.is = is;
        seat.call = with;
        seat.since = since;
        now.seats.push_back(std::move(seat));
        must(kept().stands(now));
    }
    app::wished wish(int number, int call, call_wish what = call_wish::hold) {
        return {wish_number(number),  call_number(call), what, {}, {}, {"li"},
                evening + 1s * number};
    }
    caller_facts facts(std::string number, instant now = evening, int except = 99) {
        return must(kept().facts_of(std::move(number), call_number(except), now));
    }
    app::call_seen seen(int number) {
        auto const all = must(keeper_->reading().lines({call_number(number).value}));
        if (all.size() != 1 || !all[0].call) throw std::runtime_error("not one call");
        return *all[0].call;
    }
};

// ------------------------------------------------------------------ seats

TEST_P(hotline_contract, a_seat_is_taken_with_the_languages_and_kept_by_her_page) {
    EXPECT_EQ(must(kept().seat({"li"})).is, seat_state::away) << "she has never said a word";
    auto const hers = says("li", seat_word::ready, evening, {"wenzhou", "lanzhou"});
    EXPECT_EQ(hers.is, seat_state::ready);
    EXPECT_EQ(hers.since, evening);
    EXPECT_EQ(hers.until, evening + seat_lease);
    says("li", seat_word::here, evening + 10s);
    auto const then = must(kept().seat({"li"}));
    EXPECT_EQ(then.until, evening + 10s + seat_lease);
    EXPECT_EQ(then.languages, (std::set<std::string>{"lanzhou", "wenzhou"}));
    EXPECT_EQ(then.said_ready, evening);
    EXPECT_EQ(state_at(then, evening + 41s), seat_state::away) << "her page is silent";
    EXPECT_THAT(must(kept().seats()), ElementsAre(then));
}

TEST_P(hotline_contract, whoever_went_is_away_until_she_says_that_she_is_ready) {
    says("li", seat_word::ready);
    EXPECT_LT(says("li", seat_word::away, evening + 5s).until, evening);
    EXPECT_EQ(says("li", seat_word::here, evening + 9s).is, seat_state::away);
    EXPECT_EQ(says("li", seat_word::ready, evening + 9s).is, seat_state::ready);
    EXPECT_EQ(says("li", seat_word::here, evening + 1h).is, seat_state::away)
        << "a page that comes back after long says so anew";
}

TEST_P(hotline_contract, a_ring_and_a_talk_outlast_what_a_page_says) {
    told(1, call_event::ringing, evening);
    says("li", seat_word::ready);
    seat_stands("li", seat_state::ringing, call_number(1), evening + 1s);
    EXPECT_EQ(must(kept().talks_on(call_number(1))), operator_id());
    seat_stands("li", seat_state::talking, call_number(1), evening + 2s);
    auto const hers = says("li", seat_word::ready, evening + 3s);
    EXPECT_EQ(hers.is, seat_state::talking);
    EXPECT_EQ(hers.call, call_number(1));
    EXPECT_EQ(hers.since, evening + 2s);
    EXPECT_EQ(must(kept().talks_on(call_number(1))), operator_id{"li"});
    EXPECT_EQ(state_at(hers, evening + 1h), seat_state::talking);
}

TEST_P(hotline_contract, with_a_colleague_as_the_third_it_stays_the_talk_of_who_has_asked_her) {
    told(1, call_event::ringing, evening);
    for (auto const* who : {"li", "wang"}) {
        says(who, seat_word::ready);
        seat_stands(who, seat_state::talking, call_number(1), evening + 2s);
    }
    call_standing is;
    is.third = third_party{third_state::aside, {"wang"}};
    stands(1, is);
    EXPECT_EQ(must(kept().talks_on(call_number(1))), operator_id{"li"});
    is.third = third_party{third_state::joined, {"li"}};
    stands(1, is);
    EXPECT_EQ(must(kept().talks_on(call_number(1))), operator_id{"wang"});
    is.third = third_party{third_state::rings, {}}; // a telephone outside
    stands(1, is);
    seat_stands("li", seat_state::wrapping_up, {}, evening + 5s);
    EXPECT_EQ(must(kept().talks_on(call_number(1))), operator_id{"wang"});
}

TEST_P(hotline_contract, nobody_sits_down_without_an_account) {
    auto const done = run_on(loop_, kept().says({"stranger"}, seat_word::ready, {}, evening));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error(), app::record_errc::bad_data);
    EXPECT_THAT(must(kept().seats()), IsEmpty());
    seat_stands("stranger", seat_state::ready, {});
    EXPECT_THAT(must(kept().seats()), IsEmpty());
}

// ------------------------------------------------------------------ calls

TEST_P(hotline_contract, a_desk_sees_how_a_call_of_ours_stands_while_it_lasts) {
    told(1, call_event::ringing, evening);
    told(2, call_event::ringing, evening, "13911111111", "pbx");
    EXPECT_FALSE(seen(2).on_our_line);
    EXPECT_EQ(seen(1).on_our_line, call_standing()) << "nothing is known of it yet";
    call_standing const is{true, caller_rank::frail, 2, {"li"}, false};
    auto const version = seen(1).what.version;
    stands(1, is);
    EXPECT_EQ(seen(1).on_our_line, is);
    EXPECT_EQ(seen(1).what.version, version + 1) << "the desks must hear of it";
    stands(1, is);
    EXPECT_EQ(seen(1).what.version, version + 1) << "it is no news";
    stands(1, {false, caller_rank::frail, 0, {}, true});
    EXPECT_TRUE(seen(1).on_our_line->is_held);
    call_standing const of_three{false, caller_rank::frail,
                                 0,     {},
                                 false, domain::third_party{domain::third_state::aside, {"wang"}}};
    stands(1, of_three);
    EXPECT_EQ(seen(1).on_our_line, of_three);
    stands(1, {false, caller_rank::frail, 0, {}, false, domain::third_party{}});
    EXPECT_EQ(seen(1).on_our_line->third, domain::third_party{}) << "a telephone outside rings";
    told(1, call_event::ended, evening + 60s);
    EXPECT_FALSE(seen(1).on_our_line);
    stands(77, is); // nobody knows it
}

TEST_P(hotline_contract, whoever_is_rung_for_a_call_or_speaks_on_it_sees_it_wherever_she_sits) {
    keeper_->has_account("zhao", "310000s2");
    says("zhao", seat_word::ready);
    told(1, call_event::ringing, evening);
    told(1, call_event::answered, evening + 1s); // by li, who hands it on
    auto const sees = [this] {
        auto const line = must(keeper_->reading().lines({call_number(1).value})).at(0);
        return std::ranges::count(line.areas, area_id{"310000s2"}) > 0;
    };
    EXPECT_FALSE(sees());
    call_standing is;
    is.ringing = {"zhao"};
    stands(1, is);
    EXPECT_TRUE(sees());
    stands(1, {});
    EXPECT_FALSE(sees());
    seat_stands("zhao", seat_state::talking, call_number(1));
    EXPECT_TRUE(sees()) << "the talk is hers";
    seat_stands("zhao", seat_state::wrapping_up, {}, evening + 5s);
    EXPECT_FALSE(sees());
    is = {};
    is.third = third_party{third_state::rings, {"zhao"}};
    stands(1, is);
    EXPECT_TRUE(sees());
}

TEST_P(hotline_contract, whoever_takes_over_finds_the_calls_that_run) {
    told(1, call_event::ringing, evening);
    told(2, call_event::ringing, evening);
    told(3, call_event::ringing, evening, "13911111111", "pbx");
    told(2, call_event::answered, evening + 5s);
    must(kept().keep({call_number(2), "li.na-x-11", {"li.na-x"}, evening, {}, {}, {}}));
    must(kept().keep({call_number(2), "+duty-3", {}, evening, {}, {}, {}}));
    told(4, call_event::ringing, evening);
    told(4, call_event::ended, evening + 9s);
    EXPECT_THAT(
        must(kept().running()),
        ElementsAre(app::running_call{call_number(1), "call-1", "13800000001", "", false, 0},
                    app::running_call{call_number(2), "call-2", "13800000001", "li", true, 11}));
}

TEST_P(hotline_contract, of_a_telephone_that_was_rung_what_is_told_first_stays) {
    told(1, call_event::ringing, evening);
    app::call_attempt rang{call_number(1), "li-1", {"li"}, evening + 1s, {}, {}, {}};
    must(kept().keep(rang));
    app::call_attempt over{call_number(1), "li-1",       {"li"},           {},
                           evening + 4s,   evening + 9s, attempt_end::lost};
    must(kept().keep(over));
    must(kept().keep(over));
    rang.rang_at = evening + 30s;
    must(kept().keep(rang));
    must(kept().keep({call_number(55), "li-1", {"li"}, evening, {}, {}, {}})); // of no call
    EXPECT_EQ(must(kept().running())[0].attempts, 1);
}

TEST_P(hotline_contract, what_a_seat_was_is_kept_for_its_occupancy) {
    told(1, call_event::ringing, evening);
    says("li", seat_word::ready);
    says("li", seat_word::here, evening + 10s);
    seat_stands("li", seat_state::ringing, call_number(1), evening + 15s);
    seat_stands("li", seat_state::talking, call_number(1), evening + 20s);
    seat_stands("li", seat_state::talking, call_number(1), evening + 25s); // as it stood
    seat_stands("li", seat_state::wrapping_up, {}, evening + 80s);
    says("li", seat_word::ready, evening + 90s);
    says("li", seat_word::ready, evening + 10min); // her page had been away
    says("li", seat_word::away, evening + 620s);
    EXPECT_THAT(keeper_->stretches("li"),
                ElementsAre(seat_stretch{seat_state::ready, evening},
                            seat_stretch{seat_state::ringing, evening + 15s},
                            seat_stretch{seat_state::talking, evening + 20s},
                            seat_stretch{seat_state::wrapping_up, evening + 80s},
                            seat_stretch{seat_state::ready, evening + 90s},
                            seat_stretch{seat_state::away, evening + 90s + seat_lease},
                            seat_stretch{seat_state::ready, evening + 10min},
                            seat_stretch{seat_state::away, evening + 620s}));
    EXPECT_THAT(keeper_->stretches("wang"), IsEmpty());
}

TEST_P(hotline_contract, tells_how_it_stands_and_what_the_day_was) {
    auto const call = [this](int n, instant came, std::optional<seconds> answered, seconds ended) {
        told(n, call_event::ringing, came);
        if (answered) told(n, call_event::answered, came + *answered);
        told(n, call_event::ended, came + ended);
    };
    call(1, evening, 15s, 100s);
    call(2, evening + 1min, 16s, 100s);
    call(3, evening + 2min, {}, 5s);
    call(4, evening + 3min, {}, 4s);
    call(5, evening - 1us, 1s, 2s);
    call(6, evening + 1h, 1s, 2s);
    told(7, call_event::ringing, evening, "13911111111", "pbx");
    told(8, call_event::ringing, evening + 59min);
    told(9, call_event::ringing, evening + 50min);
    told(9, call_event::answered, evening + 51min);
    says("li", seat_word::ready, evening + 1h);
    says("wang", seat_word::ready, evening);
    app::hotline_now expected;
    expected.waiting = 1;
    expected.longest_since = evening + 59min;
    expected.seats = {{seat_state::ready, 1}, {seat_state::away, 1}};
    expected.calls = 5;
    expected.answered = 3;
    expected.answered_in_time = 1;
    expected.abandoned = 1;
    expected.abandoned_at_once = 1;
    EXPECT_EQ(must(kept().stands_now(evening, evening + 1h)), expected);
    stands(9, {true, caller_rank::other, 1, {}, false}); // parked
    EXPECT_EQ(must(kept().stands_now(evening, evening + 1h)).waiting, 2);
    EXPECT_EQ(must(kept().stands_now(evening + 1h, evening + 1h)).calls, 0) << "the next day";
    EXPECT_EQ(must(kept().stands_now(evening, evening + 5h)).waiting, 0)
        << "nobody waits for hours: its end was never told";
}

// ------------------------------------------------------------------ calls that waited too long

class wait_check_contract : public hotline_contract {
protected:
    app::wait_check_record& checks() { return keeper_->wait_checks(); }
    int opened(instant now) { return must(checks().open_due(now)); }
    app::wait_check_page listed(bool is_open = true, std::uint32_t page = 1,
                                std::uint32_t per_page = 50, char const* area = "310000") {
        return must(checks().list({{area}, is_open, page, per_page}));
    }
    app::check_closing closes(int number, std::string words, instant at) {
        return must(checks().close(call_number(number), {"wang"}, std::move(words), at));
    }
    std::vector<call_id> ids(app::wait_check_page const& page) {
        std::vector<call_id> all;
        for (auto const& each : page.lines)
            all.push_back(each.call);
        return all;
    }
};

TEST_P(wait_check_contract, each_call_over_180_seconds_opens_its_own_and_once) {
    told(1, call_event::ringing, evening);
    EXPECT_EQ(opened(evening + 180s), 0);
    EXPECT_EQ(opened(evening + 180s + 1us), 1) << "while he still waits";
    EXPECT_EQ(opened(evening + 10min), 0) << "another server, or after a restart";
    told(1, call_event::answered, evening + 11min);
    told(1, call_event::ended, evening + 12min);
    EXPECT_EQ(opened(evening + 13min), 0);
    auto const page = listed();
    ASSERT_THAT(page.lines, SizeIs(1));
    auto const& one = page.lines[0];
    EXPECT_EQ(one.call, call_number(1));
    EXPECT_EQ(one.called, "12349");
    EXPECT_EQ(one.area.value, "310000s1");
    EXPECT_EQ(one.came_at, evening);
    EXPECT_EQ(one.answered_at, evening + 11min);
    EXPECT_EQ(one.ended_at, evening + 12min);
    EXPECT_EQ(one.seat, "li");
    EXPECT_EQ(one.opened_at, evening + 180s + 1us);
    EXPECT_FALSE(one.closed_at);
}

TEST_P(wait_check_contract, what_was_told_of_late_is_looked_into_and_the_others_are_not) {
    auto const call = [this](int n, std::optional<duration> answered, duration ended,
                             std::string source = std::string(own_hotline)) {
        told(n, call_event::ringing, evening, "13911111111", source);
        if (answered) told(n, call_event::answered, evening + *answered, "13911111111", source);
        told(n, call_event::ended, evening + ended, "13911111111", source);
    };
    call(1, 180s, 400s); // in time
    call(2, 180s + 1us, 400s);
    call(3, {}, 180s + 1us); // he gave up
    call(4, {}, 180s);
    call(5, 300s, 400s, "pbx");                 // not ours
    told(6, call_event::ringing, evening - 5h); // its end was never told
    EXPECT_EQ(opened(evening + 24h), 2);
    EXPECT_THAT(ids(listed()), ElementsAre(call_number(2), call_number(3)));
}

TEST_P(wait_check_contract, whoever_closes_it_says_why_and_the_first_words_stay) {
    told(1, call_event::ringing, evening);
    told(2, call_event::ringing, evening);
    opened(evening + 5min);
    EXPECT_EQ(closes(1, "two seats ill", evening + 1h), app::check_closing::closed);
    EXPECT_EQ(closes(1, "no idea", evening + 2h), app::check_closing::closed_before);
    EXPECT_EQ(closes(3, "none", evening + 2h), app::check_closing::unknown);
    EXPECT_EQ(opened(evening + 3h), 0) << "it stays closed";
    EXPECT_THAT(ids(listed()), ElementsAre(call_number(2)));
    auto const closed = listed(false);
    ASSERT_THAT(closed.lines, SizeIs(1));
    EXPECT_EQ(closed.lines[0].words, "two seats ill");
    EXPECT_EQ(closed.lines[0].closed_by.value, "wang");
    EXPECT_EQ(closed.lines[0].closed_at, evening + 1h);
    EXPECT_TRUE(keeper_->hides("two seats ill"));
}

TEST_P(wait_check_contract, a_list_has_pages_and_an_area_its_own) {
    for (int const n : {1, 2, 3}) {
        told(n, call_event::ringing, evening + 1s * n);
        opened(evening + 190s + 1s * n);
    }
    EXPECT_EQ(listed(true, 2, 2).total, 3U);
    EXPECT_THAT(ids(listed(true, 1, 2)), ElementsAre(call_number(1), call_number(2)));
    EXPECT_THAT(ids(listed(true, 2, 2)), ElementsAre(call_number(3)));
    EXPECT_THAT(ids(listed(true, 1, 50, "310000s1")), SizeIs(3));
    EXPECT_THAT(ids(listed(true, 1, 50, "320000")), IsEmpty());
    closes(1, "why", evening + 1h);
    closes(3, "why", evening + 2h);
    EXPECT_THAT(ids(listed(false)), ElementsAre(call_number(3), call_number(1)));
}

// ------------------------------------------------------------------ wishes

TEST_P(hotline_contract, a_wish_is_kept_once_until_it_is_done) {
    told(1, call_event::ringing, evening);
    auto const later = wish(2, 1, call_wish::park);
    auto to_number = wish(1, 1, call_wish::transfer);
    to_number.number = "13922222222";
    EXPECT_TRUE(must(kept().wish(later)));
    EXPECT_TRUE(must(kept().wish(to_number)));
    EXPECT_TRUE(must(kept().wish(to_number))) << "the page asks again";
    EXPECT_TRUE(keeper_->hides("13922222222"));
    EXPECT_THAT(must(kept().wishes()), ElementsAre(to_number, later));
    auto const version = seen(1).what.version;
    must(kept().done(to_number.id, {}, evening + 5s));
    EXPECT_EQ(seen(1).what.version, version);
    EXPECT_FALSE(seen(1).refused);
    must(kept().done(later.id, wish_refusal::not_now, evening + 5s));
    EXPECT_EQ(seen(1).what.version, version + 1) << "whoever wished it must hear of it";
    EXPECT_EQ(seen(1).refused,
              (refused_wish{call_wish::park, wish_refusal::not_now, {"li"}, evening + 5s}));
    must(kept().done(later.id, {}, evening + 6s));
    EXPECT_THAT(must(kept().wishes()), IsEmpty());
    EXPECT_TRUE(must(kept().wish(to_number)));
    EXPECT_THAT(must(kept().wishes()), IsEmpty()) << "it is done";
}

TEST_P(hotline_contract, nothing_is_wished_for_a_call_that_is_over_or_not_ours) {
    told(1, call_event::ringing, evening);
    told(1, call_event::ended, evening + 9s);
    told(2, call_event::ringing, evening, "13911111111", "pbx");
    for (int const call : {1, 2, 3})
        EXPECT_FALSE(must(kept().wish(wish(call, call)))) << call;
}

// ------------------------------------------------------------------ who calls

TEST_P(hotline_contract, knows_whose_number_it_is_and_who_is_frail) {
    EXPECT_EQ(facts("13800000001"), (caller_facts{.is_bound = true}));
    EXPECT_TRUE(facts("13800000002").is_frail);
    EXPECT_TRUE(facts("13800000009").is_bound) << "a contact's";
    EXPECT_FALSE(facts("13800000009").is_frail);
    EXPECT_EQ(facts("13800000001").language, "") << "any";
    EXPECT_EQ(facts("13800000002").language, "wuu");
    EXPECT_EQ(facts("13800000009").language, "") << "a contact may speak otherwise";
    EXPECT_EQ(facts("13911111111"), caller_facts());
    EXPECT_EQ(facts(""), caller_facts());
    auto const bound = must(kept().bound_numbers(100));
    ASSERT_TRUE(bound);
    EXPECT_THAT(*bound, testing::Contains("13800000009"));
    EXPECT_FALSE(must(kept().bound_numbers(1))) << "a part of them would shut out the others";
}

TEST_P(hotline_contract, an_open_emergency_of_his_or_of_his_home_is_known) {
    auto alert = open_alert(1, "r2"); // who lives with r1
    alert.level = priority::p1;
    must(keeper_->record().commit(changes_of(alert)));
    EXPECT_TRUE(facts("13800000001").has_emergency);
    EXPECT_TRUE(facts("13800000009").has_emergency) << "a contact of r1's";
    EXPECT_FALSE(facts("13911111111").has_emergency);
}

TEST_P(hotline_contract, knows_whoever_gave_up_or_said_nothing_a_short_while_ago) {
    told(1, call_event::ringing, evening);
    EXPECT_EQ(facts("13800000001", evening + 1s), (caller_facts{.is_bound = true}));
    told(1, call_event::ended, evening + 20s);
    EXPECT_TRUE(facts("13800000001", evening + 1min).has_given_up);
    EXPECT_TRUE(facts("13800000001", evening + 1min).was_silent);
    EXPECT_FALSE(facts("13800000001", evening + 1min, 1).has_given_up) << "it is the call itself";
    EXPECT_FALSE(facts("13800000001", evening + 20s + 10min + 1us).has_given_up);
    EXPECT_FALSE(facts("13800000001", evening + 31min).was_silent);

    told(2, call_event::ringing, evening + 2min);
    told(2, call_event::answered, evening + 2min);
    EXPECT_FALSE(facts("13800000001", evening + 3min).was_silent) << "somebody spoke with him";
    must(keeper_->calls().decide(
        {call_number(2), call_outcome::no_case, {"li"}, "silent: breathing", {}, {}}));
    EXPECT_TRUE(facts("13800000001", evening + 3min).was_silent);
}

std::string name_of(testing::TestParamInfo<call_keeper_maker> const& who) {
    return who.param == calls_on_memory ? "memory" : "postgres";
}

INSTANTIATE_TEST_SUITE_P(on, wait_check_contract,
                         testing::Values(calls_on_memory, calls_on_postgres), name_of);
INSTANTIATE_TEST_SUITE_P(on, hotline_contract, testing::Values(calls_on_memory, calls_on_postgres),
                         name_of);

} // namespace

} // namespace linli::tests
