// A resident's data goes by two people's word and while nobody needs it.
#include "domain/erasure.hpp"

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

} // namespace linli::tests
