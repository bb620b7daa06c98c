#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "hotline/system/an_edge.hpp"
#include "hotline/system/hotline_house.hpp"
#include "hotline/system/loopback.hpp"
#include "hotline/system/until.hpp"

// kill -9 of each part while a caller waits, while a seat rings for him, and while they talk: what
// he hears, by the packets that reach him, and that his call is in the record all the same. The
// table of src/hotline/README.md names these tests.
namespace linli::tests {
namespace {

using Told = v1::Event;

class PartDies : public testing::Test {
protected:
    PartDies() { server_.emplace(house_.folder() / "socket"); }

    // Through the edge, as everybody.
    void has_phone(std::optional<sipp>& who, std::string scenario, std::uint8_t says) {
        who.emplace(folder_.path(),
                    sipp::call{.scenario = std::move(scenario), .engine = edge_.port()}, says);
    }
    void sits_down(std::string scenario) { has_phone(seat_, std::move(scenario), 0x22); }
    void somebody_waits(std::string scenario) {
        has_phone(caller_, std::move(scenario), 0x11);
        call_ = server_->hears(Told::kAnswered).call();
        hears_the_house();
    }
    void a_seat_rings(std::string caller_does, std::string seat_does) {
        somebody_waits(std::move(caller_does));
        sits_down(std::move(seat_does));
        server_->rings(call_, "op1", seat_->address());
        server_->hears(Told::kLegRinging);
    }
    void they_talk(std::string caller_does) {
        somebody_waits(std::move(caller_does));
        sits_down("leg_answers");
        server_->rings(call_, "op1", seat_->address());
        server_->hears(Told::kBridged);
        hear_each_other();
    }

    // Announcement or music, half a second of it and more.
    void hears_the_house() {
        auto const before = caller_->voice().heard();
        until("the house is heard", [&] { return caller_->voice().heard() > before + 25; });
    }
    void hear_each_other() {
        auto const from_seat = caller_->voice().heard_of(seat_->voice());
        auto const from_caller = seat_->voice().heard_of(caller_->voice());
        until("both hear each other", [&] {
            caller_->finds_whom_to_speak_to();
            seat_->finds_whom_to_speak_to();
            return caller_->voice().heard_of(seat_->voice()) > from_seat + 25 &&
                   seat_->voice().heard_of(caller_->voice()) > from_caller + 25;
        });
    }
    // No call is lost: the next that listens is told what became of this one.
    v1::EndedCall is_in_the_record() {
        auto ended = server_->hears_ended_call();
        EXPECT_EQ(ended.id(), call_);
        return ended;
    }
    void another_server_comes() {
        server_.emplace(house_.folder() / "socket");
        finds_his_call();
    }
    void finds_his_call() {
        auto const found = server_->hears_snapshot();
        ASSERT_EQ(found.calls_size(), 1);
        EXPECT_EQ(found.calls(0).id(), call_);
    }
    void the_engine_is_started_again() {
        server_.reset();
        house_.start_engine();
        server_.emplace(house_.folder() / "socket");
    }
    void both_are_hung_up_on() {
        EXPECT_EQ(caller_->ends(), "");
        EXPECT_EQ(seat_->ends(), "");
    }
    void nothing_is_left_of_it() {
        until("nothing is left in rtpengine", [&] { return house_.sessions() == 0; });
    }

    private_folder const folder_;
    std::uint16_t const engine_ = free_sip_port();
    an_edge edge_{folder_.path(), {.engine = engine_}};
    hotline_house house_{{.edge = edge_.port(), .sip = engine_}};
    std::optional<dispatch_peer> server_;
    std::optional<sipp> caller_;
    std::optional<sipp> seat_;
    std::string call_;
};

// ---- the dispatch server ----

TEST_F(PartDies, ServerInQueueAndTheMusicGoesOnUntilTheNextHasASeat) {
    somebody_waits("caller_talks");
    server_->dies();
    hears_the_house();
    another_server_comes();
    sits_down("leg_answers");
    server_->rings(call_, "op1", seat_->address());
    hear_each_other();
    server_->hangs_up(call_);
    both_are_hung_up_on();
    is_in_the_record();
}

TEST_F(PartDies, ServerInRingingAndWhoAnswersTalksWithHim) {
    a_seat_rings("caller_talks", "leg_answers_late");
    server_->dies();
    seat_->answers();
    hear_each_other();
    server_.emplace(house_.folder() / "socket");
    EXPECT_EQ(server_->hears(Told::kBridged).bridged().leg(), "op1") << "kept in the backlog";
    finds_his_call(); // the snapshot comes after what waited
    server_->hangs_up(call_);
    both_are_hung_up_on();
    EXPECT_TRUE(is_in_the_record().has_talked_at());
}

TEST_F(PartDies, ServerInATalkAndItGoesOn) {
    they_talk("caller_talks_and_leaves");
    server_->dies();
    hear_each_other();
    caller_->hangs_up();
    both_are_hung_up_on();
    server_.emplace(house_.folder() / "socket");
    EXPECT_TRUE(is_in_the_record().has_talked_at());
}

// ---- the engine ----

TEST_F(PartDies, EngineInQueueAndTheMusicEndsWithItsNextRun) {
    somebody_waits("caller_stays");
    house_.kill_engine();
    hears_the_house();
    the_engine_is_started_again();
    EXPECT_EQ(is_in_the_record().why(), v1::CALL_END_ENGINE_LOST);
    nothing_is_left_of_it();
}

TEST_F(PartDies, EngineInRingingAndWhoAnswersHasNobody) {
    a_seat_rings("caller_stays", "leg_answers_late");
    house_.kill_engine();
    hears_the_house();
    the_engine_is_started_again();
    EXPECT_EQ(is_in_the_record().why(), v1::CALL_END_ENGINE_LOST);
    nothing_is_left_of_it();
}

TEST_F(PartDies, EngineInATalkAndTheyGoOnHearingEachOther) {
    they_talk("caller_talks");
    house_.kill_engine();
    hear_each_other();
    the_engine_is_started_again();
    EXPECT_EQ(is_in_the_record().why(), v1::CALL_END_ENGINE_LOST);
    {
        sipp newer(folder_.path(), {.scenario = "caller_leaves", .engine = edge_.port()}, 0x33);
        server_->hears(Told::kAnswered);
        newer.hangs_up();
        EXPECT_EQ(newer.ends(), "");
    }
    hear_each_other();
    EXPECT_EQ(house_.sessions(), 1U);
}

// ---- kamailio ----

TEST_F(PartDies, EdgeInQueueAndNothingIsHeardOfIt) {
    somebody_waits("caller_talks");
    edge_.is_killed();
    hears_the_house();
    edge_.starts();
    sits_down("leg_answers");
    server_->rings(call_, "op1", seat_->address());
    hear_each_other();
    server_->hangs_up(call_);
    both_are_hung_up_on();
    is_in_the_record();
}

TEST_F(PartDies, EdgeInRingingAndWhoAnswersAfterwardsHasHim) {
    a_seat_rings("caller_talks", "leg_answers_late");
    edge_.is_killed();
    hears_the_house();
    edge_.starts();
    seat_->answers();
    server_->hears(Told::kBridged);
    hear_each_other();
    server_->hangs_up(call_);
    both_are_hung_up_on();
    EXPECT_TRUE(is_in_the_record().has_talked_at());
}

TEST_F(PartDies, EdgeInATalkAndWhoHangsUpAfterwardsIsHeard) {
    they_talk("caller_talks_and_leaves");
    edge_.is_killed();
    hear_each_other();
    edge_.starts();
    caller_->hangs_up();
    both_are_hung_up_on();
    EXPECT_EQ(is_in_the_record().by(), v1::ENDED_BY_CALLER);
}

// ---- rtpengine ----

TEST_F(PartDies, SoundInQueueAndHeIsHungUpOn) {
    somebody_waits("caller_stays");
    house_.restart_rtpengine();
    EXPECT_EQ(caller_->ends(), "");
    EXPECT_EQ(is_in_the_record().why(), v1::CALL_END_MEDIA_LOST);
}

TEST_F(PartDies, SoundInRingingAndTheSeatStopsRinging) {
    a_seat_rings("caller_stays", "leg_is_withdrawn");
    house_.restart_rtpengine();
    both_are_hung_up_on();
    EXPECT_EQ(is_in_the_record().why(), v1::CALL_END_MEDIA_LOST);
}

TEST_F(PartDies, SoundInATalkAndBothAreHungUpOn) {
    they_talk("caller_talks");
    house_.restart_rtpengine();
    both_are_hung_up_on();
    EXPECT_EQ(is_in_the_record().why(), v1::CALL_END_MEDIA_LOST);
}

} // namespace
} // namespace linli::tests
