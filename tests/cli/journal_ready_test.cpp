// What /readyz says of the journal's disk.
#include "server/journal_ready.hpp"

#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace linli::server {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr std::uint64_t reserve = 64U << 20;
constexpr domain::instant began{std::chrono::microseconds(1'700'000'000'000'000)};

journal::figures well() {
    journal::figures now;
    now.waiting = 3;
    now.reserve_left = reserve;
    return now;
}

TEST(journal_ready, says_how_much_waits) {
    auto const said = journal_ready(well(), reserve, began);
    EXPECT_TRUE(said.ready);
    EXPECT_EQ(said.state, "3 waiting");
    EXPECT_EQ(said.since, began);
}

TEST(journal_ready, says_that_the_reserve_is_in_use_while_there_is_some) {
    auto now = well();
    now.reserve_left = 5U << 20;
    auto const said = journal_ready(now, reserve, began);
    EXPECT_TRUE(said.ready);
    EXPECT_THAT(said.state, AllOf(HasSubstr("3 waiting"), HasSubstr("5 of 64 MiB")));
}

TEST(journal_ready, is_not_ready_while_it_refuses_signals) {
    auto now = well();
    now.reserve_left = 0;
    now.refused = 7;
    now.refuses_since_us = 1'700'000'009'000'000;
    auto const said = journal_ready(now, reserve, began);
    EXPECT_FALSE(said.ready);
    EXPECT_THAT(said.state, HasSubstr("the disk takes no signal (0 MiB of the reserve left)"));
    EXPECT_EQ(said.since, began + std::chrono::seconds(9));
}

TEST(journal_ready, a_disk_that_failed_once_stays_not_ready) {
    auto now = well();
    now.failed_syncs = 1;
    EXPECT_FALSE(journal_ready(now, reserve, began).ready);
}

} // namespace
} // namespace linli::server
