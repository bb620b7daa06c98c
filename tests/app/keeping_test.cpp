// What has been kept long enough goes, in small steps, by the one server that does it.
#include "app/keeping.hpp"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/evening.hpp"
#include "support/manual_clock.hpp"
#include "support/memory_erasures.hpp"
#include "support/memory_keeping.hpp"
#include "support/run_on.hpp"

namespace linli::tests {

namespace {

using namespace domain;
using std::chrono::days;

class keeping_test : public testing::Test {
protected:
    void kept_since(kept what, duration ago, int rows = 1) {
        for (int n = 0; n < rows; ++n)
            record_.rows.push_back({what, evening - ago, false});
    }
    // Until it has nothing to do at this time any more.
    void looks() {
        bool is_done = false;
        boost::asio::co_spawn(loop_, keeping_.look(), [&](std::exception_ptr) { is_done = true; });
        while (!is_done) {
            loop_.restart();
            loop_.poll();
            if (!is_done) clock_.fast_forward(std::chrono::milliseconds(100));
        }
    }
    std::size_t left(kept what) const {
        return static_cast<std::size_t>(
            std::ranges::count(record_.rows, what, &memory_keeping::row::what));
    }

    boost::asio::io_context loop_;
    manual_clock clock_{evening};
    memory_keeping record_;
    memory_erasures erased_record_;
    app::erasures erasures_{erased_record_, clock_};
    bool is_ours_ = true;
    bool knows_the_time_ = true;
    app::keeping keeping_{{record_, erasures_, clock_, [this] { return is_ours_; },
                           [this] { return knows_the_time_; }},
                          {{kept::calls, days(730)}, {kept::looks, days(1095)}}};
};

} // namespace

TEST_F(keeping_test, each_kind_is_kept_for_its_own_time) {
    kept_since(kept::calls, days(731));
    kept_since(kept::calls, days(729));
    kept_since(kept::looks, days(731));
    looks();
    EXPECT_EQ(left(kept::calls), 1U);
    EXPECT_EQ(left(kept::looks), 1U);
}

TEST_F(keeping_test, what_has_no_time_is_kept_for_ever) {
    kept_since(kept::words, days(36'500));
    looks();
    EXPECT_EQ(left(kept::words), 1U);
}

TEST_F(keeping_test, many_go_in_steps_with_pauses_between_them) {
    kept_since(kept::calls, days(800), 1000);
    auto const began = clock_.now();
    looks();
    EXPECT_EQ(left(kept::calls), 0U);
    EXPECT_GE(record_.asked, 5) << "a few rows at a time";
    EXPECT_GE(clock_.now() - began, seconds(1)) << "others write between them";
}

TEST_F(keeping_test, what_the_database_refuses_waits_for_the_next_round) {
    kept_since(kept::calls, days(800));
    record_.away(true);
    looks();
    record_.away(false);
    looks();
    EXPECT_EQ(left(kept::calls), 0U);
}

TEST_F(keeping_test, nothing_goes_while_the_house_may_not_know_how_late_it_is) {
    kept_since(kept::calls, days(800));
    knows_the_time_ = false;
    looks();
    EXPECT_EQ(left(kept::calls), 1U);
    knows_the_time_ = true;
    looks();
    EXPECT_EQ(left(kept::calls), 0U);
}

TEST_F(keeping_test, what_an_erasure_left_behind_goes_with_it) {
    knows_the_time_ = false; // somebody has decided that, and no clock
    erased_record_.people["r1"].rows = 1200;
    ASSERT_TRUE(run_on(loop_, erasures_.ask({{"r1"}, erasure_reason::request, {"wang"}})));
    ASSERT_TRUE(run_on(loop_, erasures_.confirm({"r1"}, {"li"})));
    EXPECT_FALSE(erased_record_.people["r1"].has_key);
    looks();
    EXPECT_EQ(erased_record_.people["r1"].rows, 0U);
    EXPECT_TRUE(run_on(loop_, erased_record_.uncleared())->empty());
}

TEST_F(keeping_test, one_whose_rows_cannot_go_holds_up_nobody_else) {
    for (auto const* who : {"r1", "r2"}) {
        erased_record_.people[who].rows = 3;
        ASSERT_TRUE(run_on(loop_, erasures_.ask({{who}, erasure_reason::request, {"wang"}})));
        ASSERT_TRUE(run_on(loop_, erasures_.confirm({who}, {"li"})));
    }
    erased_record_.people["r1"].is_refused = true;
    looks();
    EXPECT_EQ(erased_record_.people["r1"].rows, 3U);
    EXPECT_EQ(erased_record_.people["r2"].rows, 0U);
    EXPECT_EQ(run_on(loop_, erasures_.clear_all()).error(), app::record_errc::bad_data)
        << "it is said";
}

TEST_F(keeping_test, an_erasure_needs_two_people_and_nothing_open) {
    erased_record_.people["r1"].obstacles = {{erasure_obstacle::order, "0007"}};
    auto const asked = run_on(loop_, erasures_.ask({{"r1"}, erasure_reason::request, {"wang"}}));
    EXPECT_FALSE(asked->refused);
    EXPECT_EQ(asked->now.obstacles.size(), 1U) << "what must be ended first";
    auto const by_li = [&] { return run_on(loop_, erasures_.confirm({"r1"}, {"li"}))->refused; };
    EXPECT_EQ(by_li(), erasure_refusal::needed);
    erased_record_.people["r1"].obstacles.clear();
    auto const alone = run_on(loop_, erasures_.confirm({"r1"}, {"wang"}));
    EXPECT_EQ(alone->refused, erasure_refusal::alone);
    EXPECT_TRUE(erased_record_.people["r1"].has_key);
    EXPECT_EQ(by_li(), std::nullopt);
    EXPECT_FALSE(erased_record_.people["r1"].has_key);
}

} // namespace linli::tests
