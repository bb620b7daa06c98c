// Calls that the house begins: a delivery by its own voice, a seat that is connected with a number.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "app/call_placer.hpp"
#include "app/house_dialler.hpp"
#include "app/house_voice.hpp"
#include "app/placed_lines.hpp"
#include "app/spoken_text.hpp"
#include "support/evening.hpp"
#include "support/manual_clock.hpp"
#include "support/memory_placed_calls.hpp"
#include "support/run_on.hpp"

namespace linli::tests {

namespace {

using namespace std::chrono_literals;
using namespace domain;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct a_house {
    boost::asio::io_context loop;
    manual_clock clock{evening};
    app::id_source ids{7};
    memory_placed_calls kept;
    lines_of_a_test lines;
    voice_of_a_test speech;
    app::house_voice voice{{kept, clock, ids, [this] { asked(); }}};
    app::house_dialler dialler{{kept, clock, ids, [this] { asked(); }}};
    bool is_elsewhere = false; // who asks is another server
    std::unique_ptr<app::call_placer> placer;
    std::unique_ptr<runtime::work_scope> tasks;
    std::unique_ptr<runtime::work_scope> holders;
    std::vector<app::carried> came;
    std::vector<std::string> seats; // whose telephone a call of hers has, and no longer

    a_house() {
        tasks = std::make_unique<runtime::work_scope>(loop.get_executor());
        tasks->spawn("voice", voice.run());
        holds();
        stands();
    }
    ~a_house() {
        run_on(loop, holders->stop());
        run_on(loop, tasks->stop());
    }

    void asked() {
        if (placer && !is_elsewhere) placer->look();
    }
    // A server that holds the hotline from now on, after another has died.
    void holds() {
        if (holders) run_on(loop, holders->stop());
        placer = std::make_unique<app::call_placer>(
            app::call_placer::ports{
                .keeper = kept,
                .lines = lines,
                .speech = speech,
                .time = clock,
                .dials = [this](operator_id const& who) { seats.push_back(who.value); },
                .has_dialled =
                    [this](operator_id const& who, bool talked) {
                        seats.push_back(who.value + (talked ? " talked" : " reached nobody"));
                    }},
            app::call_placer::settings{.domain = "desk.test", .trunk = "trunk.test"});
        holders = std::make_unique<runtime::work_scope>(loop.get_executor());
        placer->start(*holders);
    }
    void stands(std::set<std::string> placed = {}) {
        lines.is_there = true;
        app::lines_snapshot all;
        all.placed = std::move(placed);
        placer->lines_stand(all);
        goes_on();
    }
    void goes_on() {
        loop.restart();
        loop.poll();
    }
    void fast_forward(duration by) {
        for (auto const until = clock.now() + by; clock.now() < until;) {
            clock.fast_forward(std::min<duration>(1s, until - clock.now()));
            goes_on();
        }
    }

    void tells_contact(std::string phone = "139-0000-0001", priority level = priority::p1) {
        asks_for_contact(std::move(phone), level);
        fast_forward(2s);
    }
    void asks_for_contact(std::string phone = "139-0000-0001", priority level = priority::p1) {
        app::letter what;
        what.about.level = level;
        what.by = channel::voice;
        what.key = "delivery-1";
        what.phone = std::move(phone);
        what.text = "孙美按了呼救";
        what.language = "zh";
        voice.carry(std::move(what), [this](app::carried how) { came.push_back(how); });
    }
    app::place_line const& told() { return lines.commands.back().what; }
    void answers(app::line_refusal why = app::line_refusal::none) {
        placer->lines_answered(lines.commands.back().id, why);
        goes_on();
    }
    void is_over(placed_end how, std::string reference = {}) {
        if (reference.empty()) reference = told().reference;
        placer->placed_was({"h1-o1", std::move(reference), how});
        fast_forward(2s);
    }
};

// ---- the ladder's voice ----

TEST(HouseVoice, RingsThePersonAndSaysWhatTheNoticeSays) {
    a_house h;
    h.tells_contact();
    ASSERT_THAT(h.lines.commands, SizeIs(1));
    EXPECT_EQ(h.told().to, "sip:13900000001@trunk.test");
    auto const& said = std::get<app::speak_line>(h.told().then);
    ASSERT_THAT(said.sounds, SizeIs(3));
    EXPECT_EQ(said.sounds[0], "notice_zh") << "recorded";
    EXPECT_EQ(h.speech.files.at(said.sounds[1]), "孙美按了呼救");
    EXPECT_EQ(said.sounds[2], "press_1_zh");
    EXPECT_EQ(said.accepts, "1");
    EXPECT_THAT(h.came, IsEmpty()) << "nobody has heard it yet";
}

TEST(HouseVoice, RingsAtOnceAndWithinASecondForAnotherServer) {
    for (bool const elsewhere : {false, true}) {
        a_house h;
        h.is_elsewhere = elsewhere;
        h.asks_for_contact();
        h.goes_on();
        EXPECT_THAT(h.lines.commands, SizeIs(elsewhere ? 0 : 1));
        h.fast_forward(1s);
        EXPECT_THAT(h.lines.commands, SizeIs(1));
    }
}

TEST(HouseVoice, WhoPressesOneHasIt) {
    a_house h;
    h.tells_contact();
    h.answers();
    h.is_over(placed_end::pressed);
    ASSERT_THAT(h.came, SizeIs(1));
    EXPECT_EQ(h.came[0].how, sending::confirmed);
    EXPECT_EQ(h.came[0].reason, "");
}

TEST(HouseVoice, WhatWasSaidIsForgottenWhenTheCallIsOver) {
    a_house h;
    h.tells_contact();
    EXPECT_THAT(h.speech.files, SizeIs(1));
    h.is_over(placed_end::spoken);
    EXPECT_THAT(h.speech.files, IsEmpty());
    EXPECT_THAT(h.lines.acknowledged, ElementsAre("h1-o1"));
    for (auto const& [id, row] : h.kept.all()) {
        EXPECT_EQ(row.what.number, "");
        EXPECT_EQ(row.what.text, "");
    }
}

TEST(HouseVoice, EachEndIsWhatTheDeliveryRulesKnow) {
    struct {
        placed_end how;
        sending is;
    } const table[] = {
        {placed_end::spoken, sending::silent},
        {placed_end::hung_up, sending::silent},
        {placed_end::lost, sending::silent},
        {placed_end::busy, sending::unreachable},
        {placed_end::not_answered, sending::unreachable},
        {placed_end::declined, sending::unreachable},
        {placed_end::withdrawn, sending::unreachable},
        {placed_end::failed, sending::unreachable},
        {placed_end::no_such_number, sending::refused},
    };
    for (auto const& [how, is] : table) {
        a_house h;
        h.tells_contact();
        h.is_over(how);
        ASSERT_THAT(h.came, SizeIs(1));
        EXPECT_EQ(h.came[0].how, is) << to_text(how);
        EXPECT_EQ(h.came[0].reason, to_text(how));
    }
}

TEST(HouseVoice, SentAgainItRingsAgain) {
    a_house h;
    h.tells_contact();
    h.is_over(placed_end::busy);
    h.tells_contact();
    EXPECT_THAT(h.lines.commands, SizeIs(2));
    EXPECT_NE(h.lines.commands[0].id, h.lines.commands[1].id);
}

TEST(HouseVoice, WithoutAHotlineTheNextChannelHearsOfItSoon) {
    a_house h;
    h.placer->lines_went();
    h.lines.is_there = false;
    h.tells_contact();
    h.fast_forward(app::house_voice::begins_within + 2s);
    ASSERT_THAT(h.came, SizeIs(1));
    EXPECT_EQ(h.came[0].how, sending::unreachable);
    EXPECT_EQ(h.came[0].reason, "hotline_away");
    h.stands();
    h.fast_forward(5s);
    EXPECT_THAT(h.lines.commands, IsEmpty()) << "it is another's by now";
}

TEST(HouseVoice, WithoutARecordItIsSaidAtOnce) {
    a_house h;
    h.kept.away(true);
    h.tells_contact();
    ASSERT_THAT(h.came, SizeIs(1));
    EXPECT_EQ(h.came[0].reason, "record_away");
}

TEST(HouseVoice, WhatTheRecordHasWithoutSayingSoIsAskedForAgainAndRings) {
    a_house h;
    h.kept.does_not_say_that_it_has_the_next();
    h.tells_contact();
    EXPECT_THAT(h.came, IsEmpty()) << "no other channel is tried while his telephone rings";
    EXPECT_THAT(h.lines.commands, SizeIs(1));
    h.is_over(placed_end::pressed);
    ASSERT_THAT(h.came, SizeIs(1));
    EXPECT_EQ(h.came[0].how, sending::confirmed);
}

TEST(HouseVoice, WhatCanNotBeSpokenRingsNobody) {
    a_house h;
    h.speech.is_hoarse = true;
    h.tells_contact();
    h.fast_forward(2s);
    EXPECT_THAT(h.lines.commands, IsEmpty());
    ASSERT_THAT(h.came, SizeIs(1));
    EXPECT_EQ(h.came[0].reason, "call_failed");
}

TEST(HouseVoice, WhatIsNoNumberRingsNobody) {
    a_house h;
    h.tells_contact("unknown");
    h.fast_forward(2s);
    ASSERT_THAT(h.came, SizeIs(1));
    EXPECT_EQ(h.came[0].how, sending::refused);
}

TEST(HouseVoice, ARefusalOfTheLinesIsNoEndOfTheMatter) {
    a_house h;
    h.tells_contact();
    h.answers(app::line_refusal::no_line);
    h.fast_forward(2s);
    ASSERT_THAT(h.came, SizeIs(1));
    EXPECT_EQ(h.came[0].how, sending::unreachable);
}

TEST(HouseVoice, ACallThatNeverEndsIsSilenceInTheEnd) {
    a_house h;
    h.tells_contact();
    h.fast_forward(app::house_voice::longest);
    ASSERT_THAT(h.came, SizeIs(1));
    EXPECT_EQ(h.came[0].how, sending::silent);
}

// ---- what dies ----

TEST(CallPlacer, AfterTheLinesWereAwayTheSameCommandIsSaidAgain) {
    a_house h;
    h.tells_contact();
    h.placer->lines_went();
    h.stands();
    ASSERT_THAT(h.lines.commands, SizeIs(2));
    EXPECT_EQ(h.lines.commands[0].id, h.lines.commands[1].id) << "which the engine does once";
}

TEST(CallPlacer, LongAfterItWasWishedItIsNotSaidAgain) {
    a_house h;
    h.tells_contact();
    h.placer->lines_went();
    h.fast_forward(2min);
    h.stands();
    h.fast_forward(2s);
    EXPECT_THAT(h.lines.commands, SizeIs(1)) << "his next channel has told him by now";
    ASSERT_THAT(h.came, SizeIs(1));
    EXPECT_EQ(h.came[0].reason, "call_lost");
}

TEST(CallPlacer, WhatRunsAlreadyIsNotSaidAgain) {
    a_house h;
    h.tells_contact();
    h.placer->lines_went();
    h.stands({h.told().reference});
    h.fast_forward(1s);
    EXPECT_THAT(h.lines.commands, SizeIs(1));
    EXPECT_TRUE(h.kept.all().begin()->second.has_begun) << "though its answer went with the lines";
}

TEST(CallPlacer, AWishWhoseAskerIsGoneEndsAndItsNumberAndTextGo) {
    a_house h;
    h.placer->lines_went();
    app::placed_call wish;
    wish.id = h.ids.next(h.clock.now());
    wish.key = "dial-1";
    wish.number = "13900000001";
    wish.asked_at = h.clock.now();
    wish.begin_by = h.clock.now() + 20s;
    ASSERT_TRUE(run_on(h.loop, h.kept.ask(wish)));
    h.fast_forward(2min);
    h.stands();
    h.fast_forward(2s);
    auto const& row = h.kept.all().begin()->second;
    EXPECT_EQ(row.how, placed_end::not_begun);
    EXPECT_EQ(row.what.number, "");
    EXPECT_THAT(h.lines.commands, IsEmpty());
}

TEST(CallPlacer, TheNextHolderKeepsACallThatRunsAndHearsItsEnd) {
    a_house h;
    h.tells_contact();
    auto const reference = h.told().reference;
    h.holds();
    h.stands({reference});
    h.fast_forward(3s);
    EXPECT_THAT(h.lines.commands, SizeIs(1)) << "nobody is rung twice";
    EXPECT_THAT(h.speech.files, SizeIs(1)) << "it is still said";
    h.is_over(placed_end::pressed, reference);
    ASSERT_THAT(h.came, SizeIs(1));
    EXPECT_EQ(h.came[0].how, sending::confirmed);
    EXPECT_THAT(h.speech.files, IsEmpty());
}

TEST(CallPlacer, TheNextHolderCutsOffNobodyWhoListens) {
    for (bool const listens : {true, false}) {
        a_house h;
        h.tells_contact();
        auto const reference = h.told().reference;
        h.holds();
        h.lines.is_there = true;
        app::lines_snapshot all;
        all.placed = {reference};
        if (listens) all.heard = {reference};
        h.placer->lines_stand(all);
        h.fast_forward(3s);
        h.placer->withdraw(*parse_uuid(reference), true);
        EXPECT_EQ(h.lines.others.size(), listens ? 0U : 1U);
    }
}

TEST(CallPlacer, AnEndThatCameWhileNobodyHeldItIsHeardBeforeAnythingIsRung) {
    a_house h;
    h.tells_contact();
    auto const reference = h.told().reference;
    h.holds();
    h.placer->placed_was({"h1-o1", reference, placed_end::lost});
    h.stands();
    h.fast_forward(3s);
    EXPECT_THAT(h.lines.commands, SizeIs(1));
    ASSERT_THAT(h.came, SizeIs(1));
    EXPECT_EQ(h.came[0].reason, "call_lost");
}

TEST(CallPlacer, WhatWasTakenLongAgoAndIsNowhereIsLostAndNotRung) {
    a_house h;
    h.tells_contact();
    h.placer->lines_went();
    h.fast_forward(app::house_voice::begins_within + 2min);
    h.holds();
    h.stands();
    h.fast_forward(2s);
    EXPECT_THAT(h.lines.commands, SizeIs(1));
    ASSERT_THAT(h.came, SizeIs(1));
    EXPECT_EQ(h.came[0].reason, "call_lost");
}

TEST(CallPlacer, AnEndIsAcknowledgedWhenTheRecordHasIt) {
    a_house h;
    h.tells_contact();
    h.kept.away(true);
    h.is_over(placed_end::pressed);
    EXPECT_THAT(h.lines.acknowledged, IsEmpty());
    h.kept.away(false);
    h.fast_forward(2s);
    EXPECT_THAT(h.lines.acknowledged, ElementsAre("h1-o1"));
}

TEST(CallPlacer, AnEndOfNobodysIsAcknowledgedAway) {
    a_house h;
    h.is_over(placed_end::pressed, "what another house began");
    EXPECT_THAT(h.lines.acknowledged, ElementsAre("h1-o1"));
}

// ---- click to dial ----

struct a_dial : a_house {
    std::optional<app::dialled> answer;

    void dials(std::string key = "wang.1") {
        boost::asio::co_spawn(loop,
                              dialler.dial({std::move(key), {"wang"}, "13900000001", "alert-1"}),
                              [this](std::exception_ptr, app::dialled how) { answer = how; });
        fast_forward(2s);
    }
};

TEST(HouseDialler, NoticesLeavePlacesForAnEmergencyAndAllLeaveSomeForAnOperator) {
    a_dial h;
    for (int i = 0; i < 30; ++i)
        h.tells_contact("139-0000-0002", priority::p3);
    EXPECT_THAT(h.lines.commands, SizeIs(10));
    for (int i = 0; i < 30; ++i)
        h.tells_contact();
    EXPECT_THAT(h.lines.commands, SizeIs(16));
    EXPECT_EQ(h.told().to, "sip:13900000001@trunk.test");
    h.dials();
    EXPECT_THAT(h.lines.commands, SizeIs(17));
    EXPECT_TRUE(std::holds_alternative<app::ring_leg>(h.told().then));
    h.answers();
    h.fast_forward(1s);
    EXPECT_EQ(h.answer, app::dialled::accepted);
}

TEST(HouseDialler, RingsHerSeatAndThenTheNumber) {
    a_dial h;
    h.dials();
    EXPECT_FALSE(h.answer);
    EXPECT_EQ(h.told().to, "sip:13900000001@trunk.test");
    auto const& seat = std::get<app::ring_leg>(h.told().then);
    EXPECT_EQ(seat.address, "sip:wang@desk.test");
    EXPECT_EQ(seat.headers.at("X-Call"), "alert-1");
    EXPECT_TRUE(seat.headers.contains("X-Seat"));
    EXPECT_TRUE(seat.webrtc);
    EXPECT_THAT(h.speech.files, IsEmpty());
    h.answers();
    h.fast_forward(1s);
    EXPECT_EQ(h.answer, app::dialled::accepted);
}

TEST(HouseDialler, HerTelephoneIsTakenForAsLongAsItsCallRuns) {
    a_dial h;
    h.dials();
    EXPECT_THAT(h.seats, ElementsAre("wang"));
    h.answers();
    h.kept.away(true); // it is free although the record can't be told
    h.is_over(placed_end::talked);
    EXPECT_THAT(h.seats, ElementsAre("wang", "wang talked"));
    h.placer->placed_was({"h1-o1", h.told().reference, placed_end::talked}); // told twice
    EXPECT_THAT(h.seats, SizeIs(2));
    h.kept.away(false);
    h.fast_forward(2s);
    h.dials("wang.2");
    h.answers(app::line_refusal::no_line);
    EXPECT_THAT(h.seats, ElementsAre("wang", "wang talked", "wang", "wang reached nobody"));
    h.tells_contact();
    EXPECT_THAT(h.seats, SizeIs(4)) << "nobody's seat";
}

TEST(HouseDialler, WhoeverTakesOverFindsHerTelephoneTaken) {
    a_dial h;
    h.dials();
    h.answers();
    h.fast_forward(1s);
    auto const reference = h.told().reference;
    h.holds();
    h.seats.clear();
    h.stands({reference});
    h.fast_forward(2s);
    EXPECT_THAT(h.seats, ElementsAre("wang"));
    h.is_over(placed_end::not_answered, reference);
    EXPECT_THAT(h.seats, ElementsAre("wang", "wang reached nobody"));
}

TEST(HouseDialler, TheSameWishTwiceRingsOnce) {
    a_dial h;
    h.dials();
    h.answers();
    h.fast_forward(1s);
    h.answer.reset();
    h.dials();
    EXPECT_EQ(h.answer, app::dialled::accepted);
    EXPECT_THAT(h.lines.commands, SizeIs(1));
}

TEST(HouseDialler, WithoutAHotlineItIsUnreachable) {
    a_dial h;
    h.placer->lines_went();
    h.dials();
    h.fast_forward(app::house_dialler::begins_within + 2s);
    EXPECT_EQ(h.answer, app::dialled::unreachable);
}

TEST(HouseDialler, WithoutALineItIsRefused) {
    a_dial h;
    h.dials();
    h.answers(app::line_refusal::no_line);
    h.fast_forward(3s);
    EXPECT_EQ(h.answer, app::dialled::refused);
}

// ---- what a voice reads ----

TEST(SpokenText, IsReadAsPeopleReadIt) {
    EXPECT_EQ(app::spoken_text("【邻里】孙美08:05呼救，请回拨12349。", "zh"),
              "邻里，孙美08点05分呼救，请回拨 1 2 3 4 9 。");
    EXPECT_EQ(app::spoken_text("[Linli] SOS at 08:05, call 12349.", "en"),
              "Linli,  SOS at 08:05, call 1 2 3 4 9 .");
    EXPECT_EQ(app::spoken_text("第 12 号，3 楼", "zh"), "第 12 号，3 楼");
    EXPECT_EQ(app::spoken_text("a\nb\x01", "zh"), "a b ");
    EXPECT_EQ(app::spoken_text("", "zh"), "");
}

TEST(SpokenText, EndsBeforeNobodyListensAndNeverInACharacter) {
    std::string longest;
    for (int i = 0; i < 1000; ++i)
        longest += "听";
    auto const said = app::spoken_text(longest, "zh");
    EXPECT_LE(said.size(), 1200U);
    EXPECT_EQ(said.size() % 3, 0U);
}

} // namespace

} // namespace linli::tests
