// What the broker says of those whom it refuses, as mosquitto 2.0.11 writes it.
#include "adapters/mqtt/broker_log.hpp"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "adapters/files/followed_file.hpp"
#include "adapters/mqtt/credentials.hpp"

namespace linli::mqtt {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

constexpr auto came = "2026-11-29T10:07:50: New client connected from 10.0.0.7:46156 as box "
                      "(p5, c1, k60, u'd-b1').";

TEST(broker_log, a_denied_publish_is_of_whoever_signed_in_by_that_name) {
    broker_log log;
    EXPECT_FALSE(log.read(came));
    auto const seen = log.read("2026-11-29T10:07:51: Denied PUBLISH from box (d0, q1, r0, m1, "
                               "'linli/v1/d/d-w1/signal', ... (2 bytes))");
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->what, refusal::of::publish);
    EXPECT_TRUE(seen->is_named);
    EXPECT_EQ(seen->times, 1U);
    EXPECT_EQ(seen->user, "d-b1");
    EXPECT_EQ(seen->address, "10.0.0.7");
    EXPECT_EQ(seen->topic, "linli/v1/d/d-w1/signal");
}

TEST(broker_log, of_a_client_whose_coming_nobody_saw_only_its_own_word_is_known) {
    broker_log log;
    auto const seen = log.read("1795946466: Denied PUBLISH from box (d0, q0, r0, m0, 'x', ... (2 "
                               "bytes))");
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->client, "box");
    EXPECT_EQ(seen->user, "");
    EXPECT_EQ(seen->topic, "x");
}

TEST(broker_log, a_name_that_looks_like_the_rest_of_the_line_deceives_nobody) {
    broker_log log;
    log.read("1: New client connected from 10.0.0.8:1 as d-w1 (d0, q1, r0, m1, 'x', ... (1 bytes)) "
             "(p5, c1, k60, u'd-b1').");
    log.read("1: New client connected from 10.0.0.9:1 as evil (p5, c1, k60, u'd-w1'). (p5, c1, "
             "k60, u'd-b2').");
    auto const one = log.read("1: Denied PUBLISH from d-w1 (d0, q1, r0, m1, 'x', ... (1 bytes)) "
                              "(d0, q1, r0, m1, 'there', ... (1 bytes))");
    ASSERT_TRUE(one);
    EXPECT_EQ(one->user, "d-b1");
    EXPECT_EQ(one->topic, "there");
    auto const two = log.read("1: Denied PUBLISH from evil (p5, c1, k60, u'd-w1'). (d0, q1, r0, "
                              "m1, 'it', ... (9 bytes))', ... (1 bytes))");
    ASSERT_TRUE(two);
    EXPECT_EQ(two->user, "d-b2");
    EXPECT_EQ(two->topic, "it', ... (9 bytes))");
}

TEST(broker_log, a_long_line_that_the_broker_cut_still_tells_who_and_where_about) {
    broker_log log;
    log.read(came);
    auto const seen =
        log.read("1: Denied PUBLISH from box (d0, q1, r0, m1, 'linli/" + std::string(900, 'a'));
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->user, "d-b1");
    EXPECT_THAT(seen->topic, StartsWith("linli/aaa"));
}

TEST(broker_log, a_sign_in_that_failed_is_told_with_its_address_and_nothing_else_is) {
    for (auto const* line : {"1: Sending CONNACK to 10.0.0.7 (0, 5)",
                             "2026-11-29T10:07:50: Sending CONNACK to 10.0.0.7 (0, 135)"}) {
        broker_log log;
        auto const seen = log.read(line);
        ASSERT_TRUE(seen) << line;
        EXPECT_EQ(seen->what, refusal::of::sign_in);
        EXPECT_EQ(seen->address, "10.0.0.7");
    }
    for (auto const* line :
         {"", "x", ": ", "1: Sending CONNACK to box (0, 0)", "1: Sending CONNACK to box (1, 0)",
          "1: New connection from 10.0.0.7:1 on port 8883.", "1: Denied", came,
          "1: New client connected from x", "1: New client connected from 1:2 as  (p"}) {
        broker_log log;
        EXPECT_FALSE(log.read(line)) << line;
    }
}

TEST(broker_log, a_connection_that_it_has_no_room_for_is_told_and_names_nobody) {
    broker_log log;
    auto const seen = log.read("2026-11-30T10:07:50: No room for a connection");
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->what, refusal::of::connection);
    EXPECT_EQ(seen->times, 1U);
    EXPECT_FALSE(seen->is_named);
}

TEST(broker_log, lines_that_the_filter_left_out_are_counted_and_name_nobody) {
    broker_log log;
    auto const publishes = log.read("2026-11-29T10:07:50: Left out 980 PUBLISH");
    ASSERT_TRUE(publishes);
    EXPECT_EQ(publishes->what, refusal::of::publish);
    EXPECT_EQ(publishes->times, 980U);
    EXPECT_FALSE(publishes->is_named);
    auto const sign_ins = log.read("2026-11-29T10:07:50: Left out 1 CONNACK");
    ASSERT_TRUE(sign_ins);
    EXPECT_EQ(sign_ins->what, refusal::of::sign_in);
    EXPECT_EQ(sign_ins->times, 1U);
    auto const connections = log.read("2026-11-29T10:07:50: Left out 12 connection");
    ASSERT_TRUE(connections);
    EXPECT_EQ(connections->what, refusal::of::connection);
    EXPECT_EQ(connections->times, 12U);
    for (auto const* line :
         {"1: Left out 7 others", "1: Left out ", "1: Left out 12", "1: The log is read",
          "1: Left out -1 PUBLISH", "1: Left out 99999999999 PUBLISH"})
        EXPECT_FALSE(log.read(line)) << line;
}

TEST(a_client_id_of_the_house, is_the_same_on_each_server_and_nobody_elses_guess) {
    EXPECT_EQ(unguessable("linli-intake", "secret"), unguessable("linli-intake", "secret"));
    EXPECT_NE(unguessable("linli-intake", "secret"), unguessable("linli-intake", "secret2"));
    EXPECT_NE(unguessable("linli-intake", "secret"), unguessable("linli-intake-check", "secret"));
    EXPECT_THAT(unguessable("linli-intake", "secret"), StartsWith("linli-intake-"));
    EXPECT_THAT(unguessable("linli-intake", "secret"), SizeIs(12 + 1 + 32));
}

} // namespace
} // namespace linli::mqtt

namespace linli::files {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class a_followed_file : public testing::Test {
protected:
    a_followed_file() {
        std::string name = "/tmp/linli-followed-XXXXXX";
        folder_ = ::mkdtemp(name.data());
        file_ = folder_ / "log";
    }
    ~a_followed_file() override { std::filesystem::remove_all(folder_); }

    void writes(std::string const& text) { std::ofstream(file_, std::ios::app) << text; }

    std::filesystem::path folder_;
    std::filesystem::path file_;
};

TEST_F(a_followed_file, tells_each_line_once_and_when_it_has_ended) {
    writes("one\ntwo\n");
    followed_file log(file_);
    EXPECT_THAT(log.news(), ElementsAre("one", "two"));
    EXPECT_THAT(log.news(), IsEmpty());
    writes("thr");
    EXPECT_THAT(log.news(), IsEmpty());
    writes("ee\n\nfour\n");
    EXPECT_THAT(log.news(), ElementsAre("three", "", "four"));
}

TEST_F(a_followed_file, that_was_emptied_or_replaced_is_read_from_its_start) {
    writes("a line of some length\n");
    followed_file log(file_);
    log.news();
    std::filesystem::resize_file(file_, 0);
    writes("new\n");
    EXPECT_THAT(log.news(), ElementsAre("new"));
    std::filesystem::rename(file_, folder_ / "log.1");
    writes("a longer one than before\n");
    EXPECT_THAT(log.news(), ElementsAre("a longer one than before"));
}

TEST_F(a_followed_file, that_is_away_says_so_and_is_read_when_it_is_back) {
    followed_file log(file_);
    EXPECT_THROW(log.news(), std::runtime_error);
    writes("there\n");
    EXPECT_THAT(log.news(), ElementsAre("there"));
}

TEST_F(a_followed_file, of_any_length_costs_no_more_than_a_piece_at_once) {
    followed_file log(file_);
    writes("first\n");
    log.news();
    writes(std::string(3 << 20, 'x') + "\n");
    for (int i = 0; i < 5; ++i)
        EXPECT_THAT(log.news(), SizeIs(testing::Le(1U)));
    writes("last\n");
    auto const end = log.news();
    ASSERT_FALSE(end.empty());
    EXPECT_EQ(end.back(), "last");
    std::ofstream(file_, std::ios::trunc) << std::string(2 << 20, '\n') << "newest\n";
    followed_file late(file_);
    EXPECT_EQ(late.news().back(), "newest");
}

} // namespace
} // namespace linli::files
