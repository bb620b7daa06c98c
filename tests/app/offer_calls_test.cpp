// Urgent orders by telephone: who hasn't answered his offer is rung, and takes it by a key.
#include "app/offer_calls.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <ranges>

#include "app/bench_top.hpp"
#include "app/placed_lines.hpp"
#include "support/memory_offer_calls.hpp"
#include "support/memory_placed_calls.hpp"
#include "support/run_on.hpp"

namespace linli::tests {

namespace {

using namespace std::chrono_literals;
using namespace domain;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

city street() {
    return a_city()
        .with_station("s1")
        .with(home("h1").roughly("沪太路 12 弄").door("3-501"))
        .with(resident("r1").at_home("h1").wears("w1").named("Wang Xiulan"))
        .with(worker("k1").of("p1").certified("first_aid").at(north_of(usual_place, 1230)))
        .with(worker("k2").of("p2").certified("first_aid").at(north_of(usual_place, 2000)));
}

void asks_both(plan& p) {
    p.order->offers_at_once = 2;
}

app::notice_texts words() {
    app::notice_words zh;
    zh.kinds[alert_kind::sos] = "按下了呼救按钮";
    return {{"zh", zh}};
}

// A house whose hotline speaks, with the engine as a script.
struct a_house {
    explicit a_house(std::function<void(plan&)> const& changes = {}, city town = street())
        : b(std::move(town), changes) {
        kept_offers.workers = {{{"k1"}, "139-0000-0001"}, {{"k2"}, "13900000002"}};
        kept_offers.companies = {{{"p1"}, "021-5555-0001"}};
        holds();
    }
    ~a_house() { run_on(b.loop, tasks->stop()); }
    a_house(a_house const&) = delete;
    a_house& operator=(a_house const&) = delete;

    // A server that holds the hotline from now on, after another has died.
    void holds(std::set<std::string> placed = {}) {
        if (tasks) run_on(b.loop, tasks->stop());
        placer = std::make_unique<app::call_placer>(
            app::call_placer::ports{.keeper = kept,
                                    .lines = lines,
                                    .speech = speech,
                                    .time = b.clock,
                                    .pressed = [this](app::placed_call const& call,
                                                      char key) { offers->pressed(call, key); }},
            app::call_placer::settings{.domain = "desk.test", .trunk = "trunk.test"});
        app::offer_calls::settings how;
        how.callback = "12349";
        offers = std::make_unique<app::offer_calls>(
            app::offer_calls::ports{kept_offers, kept, *placer, b.dispatch, b.clock, b.ids, texts},
            how);
        tasks = std::make_unique<runtime::work_scope>(b.loop.get_executor());
        placer->start(*tasks);
        offers->start(*tasks);
        app::lines_snapshot all;
        all.placed = std::move(placed);
        placer->lines_stand(all);
        goes_on();
    }
    void goes_on() {
        b.loop.restart();
        b.loop.poll();
    }
    void fast_forward(duration by) {
        for (auto const until = b.clock.now() + by; b.clock.now() < until;) {
            b.fast_forward(std::min<duration>(1s, until - b.clock.now()));
            goes_on();
        }
    }
    void presses() {
        b.takes({b.press("w1", 1)});
        goes_on();
    }
    // The telephone of whoever was rung last.
    app::place_line const& rung() { return lines.commands.back().what; }
    void rings() {
        placer->lines_answered(lines.commands.back().id, app::line_refusal::none);
        goes_on();
    }
    void is_answered() {
        placer->placed_happened({rung().reference});
        goes_on();
    }
    void presses_key(char key) {
        placer->placed_happened({rung().reference, key});
        goes_on();
    }
    void is_over(placed_end how, std::string key = {}) {
        placer->placed_was({"h1-o1", rung().reference, how, std::move(key)});
        fast_forward(1s);
    }
    std::string said_to_him() { // before he answers
        return speech.files.at(std::get<app::speak_line>(rung().then).sounds.at(1));
    }
    std::string answered() { // after his key
        for (auto const& [call, what] : lines.others)
            if (auto const* said = std::get_if<app::say_line>(&what))
                return call == rung().reference ? speech.files.at(said->sounds.at(0)) : "another's";
        return "nothing";
    }
    bool is_withdrawn(std::string const& reference) const {
        return std::ranges::any_of(lines.others, [&](auto const& each) {
            return each.first == reference &&
                   std::holds_alternative<app::hang_up_line>(each.second);
        });
    }
    std::vector<std::string> lines_of(domain::uuid const& chain, log_kind what) const {
        std::vector<std::string> all;
        for (auto const& each : b.record.holds().log.at(chain))
            if (each.what.line.what == what) all.push_back(each.what.line.why);
        return all;
    }
    std::vector<std::string> of_alert(log_kind what) const {
        return lines_of(b.only_alert().id.value, what);
    }
    std::vector<std::string> of_order(log_kind what) const {
        return lines_of(b.only_order().id.value, what);
    }

    bench_top b;
    memory_placed_calls kept;
    memory_offer_calls kept_offers{b.record, kept};
    lines_of_a_test lines;
    voice_of_a_test speech;
    app::notice_texts texts = words();
    std::unique_ptr<app::call_placer> placer;
    std::unique_ptr<app::offer_calls> offers;
    std::unique_ptr<runtime::work_scope> tasks;
};

TEST(OfferCalls, WhoHasNotAnsweredHisOfferIsRungAndHearsWhatItShows) {
    a_house h;
    h.presses();
    EXPECT_EQ(h.b.told("provider:p1"), 1U) << "at once, as ever";
    h.fast_forward(4s);
    EXPECT_THAT(h.lines.commands, IsEmpty());
    h.fast_forward(3s);
    ASSERT_THAT(h.lines.commands, SizeIs(1));
    EXPECT_EQ(h.rung().to, "sip:13900000001@trunk.test");
    auto const& said = std::get<app::speak_line>(h.rung().then);
    EXPECT_EQ(said.accepts, "12");
    EXPECT_GT(said.answer_within, 0s);
    EXPECT_EQ(h.said_to_him(), "紧急工单。沪太路 12 弄，有老人按下了呼救按钮，距您大约1.2公里。"
                               "接单请按1，不能去请按2。");
    EXPECT_THAT(h.said_to_him(), AllOf(Not(HasSubstr("Wang")), Not(HasSubstr("501"))));
    EXPECT_THAT(h.speech.files.at(said.thanks), HasSubstr("1 2 3 4 9"));
}

TEST(OfferCalls, WhoAnswersHisOfferByHimselfIsNotRung) {
    a_house h;
    h.presses();
    h.b.takes({h.b.says(reply_kind::accept)});
    h.fast_forward(1min);
    EXPECT_THAT(h.lines.commands, IsEmpty());
}

TEST(OfferCalls, OneIsTheSameAcceptAsHisAppsAndHeHearsThatHeHasIt) {
    a_house h;
    h.presses();
    h.fast_forward(7s);
    h.rings();
    h.is_answered();
    h.presses_key('7');
    EXPECT_EQ(h.b.only_order().state, order_state::offered) << "that key means nothing";
    h.presses_key('1');
    EXPECT_EQ(h.b.only_order().state, order_state::accepted);
    EXPECT_EQ(h.b.only_order().worker, worker_id{"k1"});
    EXPECT_THAT(h.answered(), HasSubstr("已接单"));
    h.presses_key('2');
    h.is_over(placed_end::pressed, "1");
    EXPECT_EQ(h.b.only_order().state, order_state::accepted) << "he had taken it by then";
    EXPECT_THAT(h.of_order(log_kind::accepted), ElementsAre("k1"));
    EXPECT_THAT(h.of_alert(log_kind::told),
                ElementsAre("worker:k1 voice offer pressed 1 " + h.rung().reference));
    EXPECT_THAT(h.speech.files, IsEmpty()) << "what was said is gone";
    h.fast_forward(30s);
    EXPECT_THAT(h.lines.commands, SizeIs(1));
    EXPECT_THAT(h.of_alert(log_kind::told), SizeIs(1));
}

TEST(OfferCalls, TwoDeclinesAndTheNextIsAskedAtOnce) {
    a_house h;
    h.presses();
    h.fast_forward(7s);
    h.rings();
    h.presses_key('2');
    EXPECT_THAT(h.answered(), HasSubstr("不能前往"));
    EXPECT_THAT(h.of_order(log_kind::declined), ElementsAre("k1"));
    EXPECT_EQ(h.b.told("provider:p2"), 1U);
    h.is_over(placed_end::pressed, "2");
    h.fast_forward(7s);
    EXPECT_EQ(h.rung().to, "sip:13900000002@trunk.test");
}

TEST(OfferCalls, WhoComesSecondHearsThatAnotherHasIt) {
    a_house h(asks_both);
    h.presses();
    h.fast_forward(7s);
    ASSERT_THAT(h.lines.commands, SizeIs(2));
    ASSERT_EQ(h.rung().to, "sip:13900000002@trunk.test");
    h.is_answered();
    auto of_k1 = h.b.says(reply_kind::accept);
    of_k1.offer = h.b.offers_told.front().offer.id;
    of_k1.provider = {"p1"};
    h.b.takes({of_k1});
    h.presses_key('1');
    EXPECT_EQ(h.b.only_order().worker, worker_id{"k1"});
    EXPECT_THAT(h.answered(), HasSubstr("已由别人接下"));
    EXPECT_THAT(h.of_order(log_kind::reply_refused), ElementsAre("accept taken"));
}

TEST(OfferCalls, AgainUntilItIsTakenOrTheOfferIsOver) {
    a_house h;
    h.presses();
    h.fast_forward(7s);
    h.is_over(placed_end::busy);
    h.fast_forward(5s);
    EXPECT_THAT(h.lines.commands, SizeIs(1)) << "he may be on his way to the telephone";
    h.fast_forward(7s);
    ASSERT_THAT(h.lines.commands, SizeIs(2));
    EXPECT_NE(h.lines.commands[0].what.reference, h.rung().reference);
    EXPECT_THAT(h.of_alert(log_kind::not_told),
                ElementsAre(HasSubstr("worker:k1 voice offer busy ")));
    h.is_over(placed_end::not_answered);
    h.fast_forward(40s);
    EXPECT_THAT(h.of_order(log_kind::expired), Contains("k1")) << "silence, as without a telephone";
    EXPECT_EQ(h.rung().to, "sip:13900000002@trunk.test") << "and then the next";
}

TEST(OfferCalls, WhatRingsStopsWhenAnotherHasTakenIt) {
    a_house h(asks_both);
    h.presses();
    h.fast_forward(7s);
    auto const of_k1 = h.lines.commands.at(0).what.reference;
    auto const of_k2 = h.lines.commands.at(1).what.reference;
    h.b.takes({h.b.says(reply_kind::accept)}); // k2, whose news were last
    h.fast_forward(2s);
    EXPECT_TRUE(h.is_withdrawn(of_k1));
    EXPECT_TRUE(h.is_withdrawn(of_k2)) << "he knows by his app";
    h.is_over(placed_end::withdrawn);
    EXPECT_THAT(h.of_alert(log_kind::not_told), Contains(HasSubstr("voice offer call_withdrawn")));
    h.fast_forward(1min);
    EXPECT_THAT(h.lines.commands, SizeIs(2));
}

TEST(OfferCalls, WhatRingsStopsAtTheEndOfTheLeaseAndWhoListensMayStillTakeIt) {
    for (bool const listens : {false, true}) {
        a_house h(asks_both);
        h.presses();
        h.fast_forward(7s);
        if (listens) h.is_answered();
        h.fast_forward(42s);
        ASSERT_EQ(h.b.only_order().state, order_state::unfilled);
        EXPECT_EQ(h.is_withdrawn(h.rung().reference), !listens);
        if (!listens) continue;
        h.presses_key('1');
        EXPECT_EQ(h.b.only_order().worker, worker_id{"k2"}) << "nobody has it, so it is help";
        EXPECT_THAT(h.answered(), HasSubstr("已接单"));
    }
}

TEST(OfferCalls, AKeyThatNobodyHeardInTimeIsAReplyAllTheSame) {
    a_house h;
    h.presses();
    h.fast_forward(7s);
    h.rings();
    h.holds({h.rung().reference}); // the server has died, and with it what it knew
    h.is_over(placed_end::pressed, "1");
    EXPECT_EQ(h.b.only_order().worker, worker_id{"k1"});
    EXPECT_EQ(h.answered(), "nothing") << "the engine has said that it is noted";
    h.fast_forward(10s);
    EXPECT_THAT(h.of_order(log_kind::accepted), SizeIs(1));
    EXPECT_THAT(h.of_alert(log_kind::told), SizeIs(1));
}

TEST(OfferCalls, TheNextHolderAnswersWhoIsBeingRung) {
    a_house h;
    h.presses();
    h.fast_forward(7s);
    h.rings();
    h.holds({h.rung().reference});
    h.fast_forward(2s);
    h.presses_key('1');
    EXPECT_THAT(h.answered(), HasSubstr("已接单"));
}

TEST(OfferCalls, WhileTheRecordIsAwayHisKeyWaitsForIt) {
    a_house h;
    h.presses();
    h.fast_forward(7s);
    h.rings();
    h.is_answered();
    h.b.record.away(true);
    h.presses_key('1');
    EXPECT_EQ(h.answered(), "nothing");
    h.b.record.away(false);
    h.is_over(placed_end::pressed, "1");
    EXPECT_EQ(h.b.only_order().worker, worker_id{"k1"});
}

TEST(OfferCalls, WithoutAHotlineTheOfferGoesItsWay) {
    a_house h;
    h.placer->lines_went();
    h.lines.is_there = false;
    h.presses();
    h.fast_forward(25s);
    EXPECT_THAT(h.of_alert(log_kind::not_told),
                Contains(HasSubstr("worker:k1 voice offer hotline_away")));
    h.fast_forward(25s);
    EXPECT_THAT(h.of_order(log_kind::expired), ElementsAre("k1"));
}

TEST(OfferCalls, ANumberThatIsNoneIsTriedOnce) {
    a_house h;
    h.kept_offers.workers[{"k1"}] = "none";
    h.presses();
    h.fast_forward(40s);
    EXPECT_THAT(h.lines.commands, IsEmpty());
    EXPECT_THAT(h.of_alert(log_kind::not_told), ElementsAre(HasSubstr("no_such_number")));
}

TEST(OfferCalls, WhoHasNoNumberIsAskedByHisAppAlone) {
    a_house h;
    h.kept_offers.workers.clear();
    h.presses();
    h.fast_forward(40s);
    EXPECT_THAT(h.kept.all(), IsEmpty());
}

TEST(OfferCalls, ACompanyThatNamesWhoGoesIsRungAsACompany) {
    a_house h({}, a_city()
                      .with_station("s1")
                      .with(resident("r1").at_home("h1").wears("w1"))
                      .with(worker("k1").of("p1").certified("first_aid").whose_company_is_asked()));
    h.presses();
    h.fast_forward(7s);
    EXPECT_EQ(h.rung().to, "sip:02155550001@trunk.test");
    EXPECT_THAT(h.said_to_him(), AllOf(HasSubstr("地点请看手机应用"), Not(HasSubstr("距您"))));
    h.presses_key('1');
    EXPECT_EQ(h.b.only_order().provider, provider_id{"p1"});
    EXPECT_EQ(h.b.only_order().worker, worker_id{}) << "it says later who goes";
    EXPECT_THAT(h.answered(), AllOf(HasSubstr("派人"), Not(HasSubstr("出发"))));
    h.is_over(placed_end::pressed, "1");
    EXPECT_THAT(h.of_alert(log_kind::told), ElementsAre(HasSubstr("company:p1 voice offer")));
}

TEST(OfferCalls, AColleagueInDangerIsNotCalledAnElder) {
    a_house h;
    h.presses();
    h.b.takes({h.b.says(reply_kind::accept)}); // k1, and calls from there
    app::worker_sos call;
    call.worker = {"k1"};
    call.event = make_own_sos_event(call.worker, uuid{});
    call.fix = usual_place;
    h.b.takes({call});
    h.goes_on();
    h.fast_forward(7s);
    ASSERT_THAT(h.lines.commands, SizeIs(1));
    EXPECT_EQ(h.rung().to, "sip:13900000002@trunk.test");
    EXPECT_EQ(h.said_to_him(), "紧急工单。沪太路 12 弄，有同事求助，按下了呼救按钮，"
                               "距您大约2公里。接单请按1，不能去请按2。");
}

TEST(OfferCalls, OffersLeavePlacesToWhomOnlyAVoiceCanReach) {
    a_house h;
    h.presses();
    app::placed_call wish;
    wish.number = "13900000009";
    wish.asked_at = h.b.clock.now();
    wish.begin_by = h.b.clock.now() + 20s;
    for (int i = 0; i < 20; ++i) {
        wish.id = h.b.ids.next(h.b.clock.now());
        wish.key = to_string(wish.id);
        wish.level = i < 10 ? priority::p1 : priority::p3;
        ASSERT_TRUE(run_on(h.b.loop, h.kept.ask(wish)));
    }
    h.fast_forward(7s);
    ASSERT_THAT(h.lines.commands, SizeIs(10)) << "ten emergencies are rung";
    wish.id = h.b.ids.next(h.b.clock.now());
    wish.key = to_string(wish.id);
    wish.level = priority::p1;
    ASSERT_TRUE(run_on(h.b.loop, h.kept.ask(wish)));
    h.fast_forward(2s);
    EXPECT_THAT(h.lines.commands, SizeIs(11)) << "and the next, but no worker";
    EXPECT_EQ(h.rung().to, "sip:13900000009@trunk.test");
}

TEST(OfferCalls, OnlyWhatIsUrgentRings) {
    a_house h([](plan& p) { p.level = priority::p2; });
    h.presses();
    h.fast_forward(40s);
    ASSERT_EQ(h.b.only_order().level, priority::p2);
    EXPECT_THAT(h.kept.all(), IsEmpty());
}

// ---- what is said ----

TEST(OfferText, SaysInBothLanguagesWhatTheOfferShows) {
    struct {
        char const* language;
        app::offer_said with;
        char const* text;
    } const table[] = {
        {"zh",
         {"可能跌倒", "莘庄镇", 30, false},
         "紧急工单。莘庄镇，有老人可能跌倒，距您大约50米。接单请按1，不能去请按2。"},
        {"zh",
         {"可能跌倒", "", 0, true},
         "这是演练。紧急工单。地点请看手机应用，有老人可能跌倒。接单请按1，不能去请按2。"},
        {"zh",
         {"可能跌倒", "莘庄镇", 980, false},
         "紧急工单。莘庄镇，有老人可能跌倒，距您大约1公里。接单请按1，不能去请按2。"},
        {"en",
         {"may have fallen", "Xinzhuang", 460, false},
         "An urgent order. Xinzhuang: somebody may have fallen, about 450 metres from you. "
         "To accept, press 1. If you can't go, press 2."},
        {"en",
         {"may have fallen", "Xinzhuang", 2340, true},
         "This is an exercise. An urgent order. Xinzhuang: somebody may have fallen, about 2.3 "
         "kilometres from you. To accept, press 1. If you can't go, press 2."},
    };
    for (auto const& [language, with, text] : table)
        EXPECT_EQ(word_offer(app::usual_offer_words(language), language, with), text);
}

TEST(OfferText, SaysInBothLanguagesWhatTheKeyHasLedTo) {
    using enum reply_kind;
    struct {
        app::offer_answered what;
        char const* zh;
        char const* en;
    } const table[] = {
        {{accept, {}, false}, "请马上出发", "set out now"},
        {{accept, {}, false}, "或拨打12349", "ring 12349"},
        {{accept, {}, true}, "派人，或拨打12349", "name at once who goes"},
        {{decline, {}, false}, "不能前往", "You don't go"},
        {{decline, {}, true}, "不能前往", "You don't go"},
        {{accept, refusal::taken, false}, "已由别人接下", "Somebody else has taken"},
        {{accept, refusal::taken, true}, "已由别人接下", "Somebody else has taken"},
        {{accept, refusal::busy, false}, "另一处", "at another home"},
        {{accept, refusal::closed, false}, "已经结束", "is over"},
        {{accept, refusal::out_of_turn, false}, "已经结束", "is over"},
        {{accept, refusal::unknown, false}, "已经结束", "is over"},
    };
    for (auto const& [what, zh, en] : table) {
        EXPECT_THAT(word_answer(app::usual_offer_words("zh"), what, "12349"), HasSubstr(zh));
        EXPECT_THAT(word_answer(app::usual_offer_words("en"), what, "12349"), HasSubstr(en));
    }
}

} // namespace

} // namespace linli::tests
