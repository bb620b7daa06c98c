#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <google/protobuf/stubs/logging.h>

#include "hotline/a_call.hpp"
#include "hotline/call_file.hpp"
#include "hotline/config.hpp"
#include "hotline/core/backlog.hpp"
#include "hotline/link/messages.hpp"
#include "linli/hotline/v1/hotline.pb.h"
#include "support/places.hpp"

namespace linli::tests {
namespace {

namespace v1 = ::linli::hotline::v1;

v1::FromEngine parsed(std::string const& framed) {
    EXPECT_EQ(messages::length_of(framed), framed.size() - messages::length_bytes);
    v1::FromEngine message;
    EXPECT_TRUE(message.ParseFromString(framed.substr(messages::length_bytes)));
    return message;
}

v1::ToEngine a_ring() {
    v1::ToEngine message;
    auto* const to = message.mutable_command();
    to->set_id("k1");
    to->set_call("c1");
    to->mutable_ring()->set_leg("op1");
    to->mutable_ring()->set_address("sip:op1@desk");
    to->mutable_ring()->mutable_timeout()->set_seconds(20);
    (*to->mutable_ring()->mutable_headers())["X-Call-Ref"] = "c1";
    return message;
}

std::optional<command> command_in(v1::ToEngine const& message) {
    auto const read = messages::read(message.SerializeAsString());
    return std::get<messages::wanted>(*read).what;
}

TEST(HotlineMessages, ARingIsReadWhole) {
    auto const what = command_in(a_ring());
    auto const& read = std::get<ring>(*what);
    EXPECT_EQ(read.leg.value, "op1");
    EXPECT_EQ(read.timeout, seconds(20));
    EXPECT_EQ(read.headers.at("X-Call-Ref"), "c1");
}

TEST(HotlineMessages, WhoComesToATalkOrListensIsReadAsARingIs) {
    auto const whom = a_ring().command().ring();
    v1::ToEngine message;
    *message.mutable_command()->mutable_add_third()->mutable_ring() = whom;
    message.mutable_command()->mutable_add_third()->set_at_once(true);
    auto const added = std::get<add_third>(*command_in(message));
    EXPECT_EQ(added.what.leg.value, "op1");
    EXPECT_TRUE(added.at_once);
    *message.mutable_command()->mutable_listen()->mutable_ring() = whom;
    EXPECT_EQ(std::get<listen>(*command_in(message)).what.address, "sip:op1@desk");
    message.mutable_command()->mutable_listen()->mutable_ring()->set_address("sip:a@b\r\nX: y");
    EXPECT_FALSE(command_in(message));
    message.mutable_command()->mutable_join_third();
    EXPECT_TRUE(std::holds_alternative<join_third>(*command_in(message)));
    message.mutable_command()->mutable_leave();
    EXPECT_TRUE(std::holds_alternative<leave>(*command_in(message)));
}

TEST(HotlineMessages, WhatMayNotGoIntoARequestIsNotUnderstood) {
    auto wrong = a_ring();
    wrong.mutable_command()->mutable_ring()->set_address("sip:a@b\r\nX: y");
    EXPECT_FALSE(command_in(wrong));
    wrong = a_ring();
    (*wrong.mutable_command()->mutable_ring()->mutable_headers())["Route"] = "sip:evil";
    EXPECT_FALSE(command_in(wrong));
    wrong = a_ring();
    wrong.mutable_command()->mutable_ring()->clear_timeout();
    EXPECT_FALSE(command_in(wrong));
    wrong = a_ring();
    wrong.mutable_command()->mutable_play()->set_sound("../x");
    EXPECT_FALSE(command_in(wrong));
    wrong.mutable_command()->clear_play();
    EXPECT_FALSE(command_in(wrong)) << "a newer server's command";
}

v1::Command an_originate() {
    v1::Command command;
    command.set_id("k1");
    auto* const to = command.mutable_originate();
    to->set_reference("0192a0b0-1");
    to->set_to("sip:13900000001@trunk");
    to->mutable_timeout()->set_seconds(30);
    auto* const said = to->mutable_speak();
    said->add_sounds("this_is_the_house");
    said->add_sounds("n1");
    said->set_times(2);
    said->mutable_pause()->set_seconds(4);
    said->set_accepts("1");
    said->set_thanks("thanks");
    return command;
}

std::optional<originate> originate_in(v1::Command const& command) {
    v1::ToEngine message;
    *message.mutable_command() = command;
    auto const read = messages::read(message.SerializeAsString());
    return std::get<messages::wanted_call>(*read).what;
}

TEST(HotlineMessages, ACallToBeBegunIsReadWhole) {
    auto const what = originate_in(an_originate());
    ASSERT_TRUE(what);
    EXPECT_EQ(what->to, "sip:13900000001@trunk");
    EXPECT_EQ(what->timeout, seconds(30));
    auto const& said = std::get<speak>(what->then);
    ASSERT_EQ(said.sounds.size(), 2U);
    EXPECT_EQ(said.sounds[1].value, "n1");
    EXPECT_EQ(said.pause, seconds(4));
    EXPECT_EQ(said.thanks->value, "thanks");
    auto connecting = an_originate();
    *connecting.mutable_originate()->mutable_connect() = a_ring().command().ring();
    auto const talk = originate_in(connecting);
    EXPECT_EQ(std::get<ring>(talk->then).leg.value, "op1");
}

TEST(HotlineMessages, NoSoundLeadsOutOfItsFolderAndNothingElseIntoARequest) {
    auto const refused = [](auto const& change) {
        auto wrong = an_originate();
        change(*wrong.mutable_originate());
        return !originate_in(wrong);
    };
    for (auto const* const each : {"../etc/passwd", "a/b", "a.b", "", "a\nb"})
        EXPECT_TRUE(refused([&](auto& to) { to.mutable_speak()->set_sounds(1, each); })) << each;
    EXPECT_TRUE(refused([](auto& to) { to.mutable_speak()->set_thanks("../x"); }));
    EXPECT_TRUE(refused([](auto& to) { to.mutable_speak()->clear_sounds(); }));
    EXPECT_TRUE(refused([](auto& to) { to.mutable_speak()->set_times(0); }));
    EXPECT_TRUE(refused([](auto& to) { to.mutable_speak()->set_times(11); }));
    EXPECT_TRUE(refused([](auto& to) { to.mutable_speak()->clear_pause(); }));
    EXPECT_TRUE(refused([](auto& to) { to.mutable_speak()->set_accepts("x"); }));
    EXPECT_TRUE(refused([](auto& to) { to.set_to("13900000001"); }));
    EXPECT_TRUE(refused([](auto& to) { to.set_from("sip:a@b\r\nX: y"); }));
    EXPECT_TRUE(refused([](auto& to) { to.set_reference("r 1"); }));
    EXPECT_TRUE(refused([](auto& to) { to.clear_timeout(); }));
    EXPECT_TRUE(refused([](auto& to) { to.clear_then(); }));
}

TEST(HotlineMessages, WhatBecameOfACallThatWeBeganIsToldAndKept) {
    a_call c(originate{.reference = "r1",
                       .to = "sip:13900000001@trunk",
                       .timeout = seconds(30),
                       .then = speak{{{"n1"}}, 1, seconds(1), "1", std::nullopt}});
    c.picked_up();
    c.takes(digit_pressed{std::nullopt, '1'});
    auto const told = parsed(messages::told({7, {"c1"}, {}, *c.told<told_ended>()}));
    EXPECT_EQ(told.event().ended().why(), v1::CALL_END_PRESSED);
    EXPECT_EQ(told.event().ended().digits(), "1");
    v1::EndedCall kept;
    ASSERT_TRUE(kept.ParseFromString(messages::ended_call(c.is())));
    EXPECT_EQ(kept.placed().reference(), "r1");
    EXPECT_FALSE(kept.has_offered());
    EXPECT_EQ(kept.digits(), "1");
    EXPECT_TRUE(kept.has_answered_at());
}

TEST(HotlineMessages, AnyBytesAreReadOrRefused) {
    google::protobuf::LogSilencer const silence; // it says what it can't read
    auto const good = a_ring().SerializeAsString();
    for (unsigned seed = 0; seed < 20'000; ++seed) {
        std::mt19937 dice(seed);
        auto bytes = good;
        bytes[dice() % bytes.size()] = static_cast<char>(dice() % 256);
        bytes.resize(dice() % (bytes.size() + 1));
        auto const read = messages::read(bytes);
        auto const* const wanted = read ? std::get_if<messages::wanted>(&*read) : nullptr;
        auto const* const rings =
            wanted && wanted->what ? std::get_if<ring>(&*wanted->what) : nullptr;
        if (rings) {
            EXPECT_EQ(rings->address.find_first_of("\r\n<>"), std::string::npos);
        }
    }
}

TEST(HotlineMessages, ASnapshotShowsWhoTalksWithWhom) {
    a_call c;
    c.waiting().talking("op1").ringing("op2");
    auto const message = parsed(messages::snapshot({&c.is()}, 7));
    EXPECT_EQ(message.snapshot().as_of_sequence(), 7U);
    auto const& read = message.snapshot().calls(0);
    EXPECT_EQ(read.state(), v1::CALL_STATE_TALKING);
    EXPECT_EQ(read.offered().number(), "13800000001");
    ASSERT_EQ(read.legs_size(), 2);
    EXPECT_EQ(read.legs(0).state(), v1::LEG_STATE_TALKING);
    EXPECT_EQ(read.legs(1).state(), v1::LEG_STATE_RINGING);
    EXPECT_TRUE(read.has_talked_at());
}

TEST(HotlineMessages, ASnapshotShowsWhoHasComeToATalkAndWhoListens) {
    a_call c;
    c.waiting().talking("op1");
    c.takes(listen{ring{.leg = {"l"}, .address = "sip:l@desk", .timeout = seconds(20)}});
    c.takes(add_third{ring{.leg = {"t"}, .address = "sip:t@desk", .timeout = seconds(20)}});
    c.takes(leg_offered{{"t"}, "sdp"});
    c.takes(hotline::leg_answered{{"t"}, "sdp"});
    c.takes(leg_connected{{"t"}, "sdp"});
    c.takes(mixed_opened{c.is().three->callers, "sdp"});
    c.takes(caller_moved{});
    auto const read = parsed(messages::snapshot({&c.is()}, 7)).snapshot().calls(0);
    ASSERT_EQ(read.legs_size(), 3);
    EXPECT_EQ(read.legs(0).role(), v1::LEG_ROLE_UNSPECIFIED);
    EXPECT_EQ(read.legs(1).role(), v1::LEG_ROLE_LISTENS);
    EXPECT_EQ(read.legs(2).role(), v1::LEG_ROLE_THIRD);
    EXPECT_TRUE(read.legs(2).aside());
    EXPECT_EQ(read.state(), v1::CALL_STATE_TALKING);
}

TEST(HotlineBacklog, KeepsWhatWasNotAcknowledgedAndDropsTheOldestAtItsBound) {
    backlog kept(3);
    for (int i = 0; i < 4; ++i)
        kept.add({"c"}, {}, told_answered{});
    EXPECT_EQ(kept.dropped(), 1U);
    EXPECT_EQ(kept.waiting().front().sequence, 2U);
    kept.acknowledge(3);
    ASSERT_EQ(kept.waiting().size(), 1U);
    EXPECT_EQ(kept.waiting().front().sequence, 4U);
    kept.acknowledge(99);
    EXPECT_EQ(kept.add({"c"}, {}, told_answered{}).sequence, 5U);
}

TEST(HotlineAnsweredCommands, AreRememberedUpToTheirBound) {
    answered_commands known(2);
    known.add("a", {refusal::none});
    known.add("b", {refusal::none, {"c7"}});
    EXPECT_EQ(known.find("b")->begun.value, "c7") << "told twice, the same call has come of it";
    known.add("c", {refusal::none});
    EXPECT_FALSE(known.find("a"));
    EXPECT_TRUE(known.find("c"));
}

// ---- on the disk ----

class HotlineCallFile : public testing::Test {
protected:
    HotlineCallFile() { std::filesystem::create_directories(folder_); }
    ~HotlineCallFile() override { std::filesystem::remove_all(folder_); }

    void now(std::function<runtime::task<>(call_file&)> const& what) {
        boost::asio::io_context loop;
        call_file calls(folder_, instant(std::chrono::hours(9)));
        boost::asio::co_spawn(loop, what(calls), boost::asio::detached);
        loop.run();
        waiting_ = calls.waiting();
    }

    v1::EndedCall first() const {
        v1::EndedCall read;
        if (!waiting_.empty()) read.ParseFromString(waiting_.front());
        return read;
    }

    std::filesystem::path const folder_ =
        std::filesystem::temp_directory_path() / ("linli-hotline-" + std::to_string(::getpid()));
    std::vector<std::string> waiting_;
};

runtime::task<> nothing(call_file&) {
    co_return;
}

TEST_F(HotlineCallFile, AnEndedCallWaitsThereUntilItIsAcknowledged) {
    a_call c;
    auto const begun = messages::ended_call(c.is());
    c.takes(caller_left{});
    auto const ended = messages::ended_call(c.is());
    now([&](call_file& calls) -> runtime::task<> {
        call_id const id{"c1"};
        auto first = calls.begun(id, begun, {});
        co_await std::move(first);
        auto second = calls.ended(id, ended, {});
        co_await std::move(second);
    });
    now(nothing);
    ASSERT_EQ(waiting_.size(), 1U);
    EXPECT_EQ(first().why(), v1::CALL_END_HUNG_UP);
    now([&](call_file& calls) -> runtime::task<> {
        auto done = calls.acknowledge({{"c1"}});
        co_await std::move(done);
    });
    EXPECT_TRUE(waiting_.empty());
    now(nothing);
    EXPECT_TRUE(waiting_.empty());
}

TEST_F(HotlineCallFile, ACallThatTheEngineDiedInIsToldByItsNextRun) {
    a_call c;
    auto const begun = messages::ended_call(c.is());
    now([&](call_file& calls) -> runtime::task<> {
        call_id const id{"c1"};
        auto first = calls.begun(id, begun, {});
        co_await std::move(first);
    });
    EXPECT_TRUE(waiting_.empty()) << "it runs";
    now(nothing);
    EXPECT_EQ(first().why(), v1::CALL_END_ENGINE_LOST);
    EXPECT_EQ(first().offered().number(), "13800000001");
    now(nothing);
    EXPECT_EQ(waiting_.size(), 1U) << "and by each, until it is acknowledged";
}

// ---- its configuration ----

TEST(HotlineConfig, TheFileThatIsDeliveredIsRight) {
    auto const read = load_config(shipped_config("hotline/hotline.toml"));
    EXPECT_EQ(read.terms.duty.size(), 2U);
    EXPECT_EQ(read.lines.lines, 200U);
    EXPECT_EQ(read.terms.srtp, srtp::offered);
}

} // namespace
} // namespace linli::tests
