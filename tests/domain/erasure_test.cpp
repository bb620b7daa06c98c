// A resident's data goes by two people's word and while nobody needs it.
#include "domain/erasure.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "support/evening.hpp"

namespace linli::tests {

using namespace domain;
using refusal = std::optional<erasure_refusal>;

namespace {

erasure_standing nobody() {
    return {};
}

erasure_standing lives_here() {
    erasure_standing now;
    now.is_known = true;
    return now;
}

erasure_standing asked() {
    auto now = lives_here();
    now.asked.emplace();
    now.asked->resident = {"r1"};
    now.asked->asked_by = {"wang"};
    now.asked->asked_at = evening;
    return now;
}

erasure_standing asked_and_needed() {
    auto now = asked();
    now.obstacles.push_back({erasure_obstacle::alert, "a1"});
    return now;
}

erasure_standing erased() {
    auto now = asked();
    now.asked->confirmed_by = {"li"};
    now.asked->erased_at = evening + hours(1);
    return now;
}

struct line {
    char const* how;
    erasure_standing (*stands)();
    refusal ask;
    refusal confirm_by_li;
    refusal confirm_by_wang; // who asked
    refusal withdraw;
};
line const table[] = {
    {"nobody", nobody, erasure_refusal::unknown, erasure_refusal::unknown, erasure_refusal::unknown,
     erasure_refusal::unknown},
    {"lives here",
     lives_here,
     {},
     erasure_refusal::not_asked,
     erasure_refusal::not_asked,
     erasure_refusal::not_asked},
    {"asked for", asked, erasure_refusal::twice, {}, erasure_refusal::alone, {}},
    {"asked for, with an open alert",
     asked_and_needed,
     erasure_refusal::twice,
     erasure_refusal::needed,
     erasure_refusal::alone,
     {}},
    {"erased", erased, erasure_refusal::gone, erasure_refusal::gone, erasure_refusal::gone,
     erasure_refusal::gone},
};

} // namespace

TEST(an_erasure, is_asked_for_confirmed_and_taken_back_by_this_table) {
    for (auto const& each : table) {
        auto const now = each.stands();
        EXPECT_EQ(refusal_to_ask(now), each.ask) << each.how;
        EXPECT_EQ(refusal_to_confirm(now, {"li"}), each.confirm_by_li) << each.how;
        EXPECT_EQ(refusal_to_confirm(now, {"wang"}), each.confirm_by_wang) << each.how;
        EXPECT_EQ(refusal_to_withdraw(now), each.withdraw) << each.how;
    }
}

TEST(an_erasure, may_be_asked_for_while_something_is_open) {
    auto now = lives_here();
    now.obstacles.push_back({erasure_obstacle::device, "w1"});
    EXPECT_EQ(refusal_to_ask(now), std::nullopt) << "it is ended meanwhile";
}

TEST(an_erasure, is_wished_for_on_a_day_of_the_year_that_has_passed) {
    using namespace std::chrono_literals;
    auto const noon = instant(std::chrono::sys_days(2026y / 11 / 30) + 12h);
    auto const can = [&](std::chrono::sys_days day, instant now) {
        return can_be_wished_on(day, now, minutes(480));
    };
    EXPECT_TRUE(can(2026y / 11 / 30, noon));
    EXPECT_FALSE(can(2026y / 12 / 1, noon)) << "ahead";
    EXPECT_TRUE(can(2026y / 12 / 1, noon + 4h)) << "the local day has begun";
    EXPECT_TRUE(can(2025y / 11 / 30, noon));
    EXPECT_FALSE(can(2025y / 11 / 29, noon)) << "another year was meant";
}

TEST(an_erasure, goes_from_asked_to_cleared_or_is_withdrawn) {
    erasure what;
    EXPECT_EQ(state_of(what), erasure_state::asked);
    auto taken_back = what;
    taken_back.withdrawn.emplace();
    EXPECT_EQ(state_of(taken_back), erasure_state::withdrawn);
    what.erased_at = evening;
    EXPECT_EQ(state_of(what), erasure_state::erased);
    what.cleared_at = evening;
    EXPECT_EQ(state_of(what), erasure_state::cleared);
}

TEST(an_erasure, takes_the_home_along_when_nobody_else_lives_there_and_never_the_trail) {
    auto const goes = [](erasure_standing const& now, erasure_part what) {
        auto const all = goes_of(now);
        return std::ranges::count(all, what) == 1;
    };
    auto const stays = [](erasure_standing const& now, erasure_rest what) {
        auto const all = stays_of(now);
        return std::ranges::count(all, what) == 1;
    };
    auto with_somebody = lives_here();
    auto alone = lives_here();
    alone.home_goes = true;
    EXPECT_FALSE(goes(with_somebody, erasure_part::home));
    EXPECT_TRUE(stays(with_somebody, erasure_rest::home));
    EXPECT_TRUE(goes(alone, erasure_part::home));
    EXPECT_FALSE(stays(alone, erasure_rest::home));
    for (auto const& now : {with_somebody, alone}) {
        EXPECT_TRUE(goes(now, erasure_part::registry));
        for (auto const what : {erasure_rest::trail, erasure_rest::chain, erasure_rest::looks})
            EXPECT_TRUE(stays(now, what));
    }
}

} // namespace linli::tests
