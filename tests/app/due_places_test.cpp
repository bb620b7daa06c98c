// When many things are due, each once: against a list that is searched through.
#include "app/due_places.hpp"

#include <algorithm>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "support/evening.hpp"

namespace linli::tests {

using namespace std::chrono_literals;

TEST(due_places, gives_out_what_is_due_the_earliest_first) {
    app::due_places due;
    due.put(7, evening + 3s);
    due.put(2, evening + 1s);
    due.put(5, evening + 2s);
    EXPECT_EQ(due.take_due(evening), std::nullopt);
    EXPECT_EQ(due.take_due(evening + 2s), 2U);
    EXPECT_EQ(due.take_due(evening + 2s), 5U);
    EXPECT_EQ(due.take_due(evening + 2s), std::nullopt);
    EXPECT_EQ(due.when(7), evening + 3s);
    EXPECT_EQ(due.when(2), std::nullopt);
}

TEST(due_places, a_time_that_is_moved_leaves_none_behind) {
    app::due_places due;
    for (int n = 0; n < 1000; ++n)
        due.put(3, evening + std::chrono::seconds(n * 7 % 1000));
    EXPECT_EQ(due.size(), 1U);
    EXPECT_EQ(due.take_due(evening + 1h), 3U);
    EXPECT_EQ(due.take_due(evening + 1h), std::nullopt);
}

TEST(due_places, is_as_a_list_that_is_searched_through_over_a_long_walk) {
    constexpr std::uint32_t places = 200;
    std::mt19937_64 dice(1);
    app::due_places due;
    std::map<std::uint32_t, domain::instant> all;
    for (int step = 0; step < 100'000; ++step) {
        auto const p = static_cast<std::uint32_t>(dice() % places);
        auto const when = evening + std::chrono::seconds(dice() % 1000);
        switch (dice() % 4) {
        case 0:
            due.remove(p);
            all.erase(p);
            break;
        case 1: {
            auto const taken = due.take_due(when);
            bool const is_none =
                std::ranges::none_of(all, [&](auto const& each) { return each.second <= when; });
            ASSERT_EQ(!taken, is_none) << step;
            if (!taken) break;
            for (auto const& [other, at] : all)
                ASSERT_LE(all.at(*taken), at) << step << ' ' << other;
            all.erase(*taken);
            break;
        }
        default:
            due.put(p, when);
            all[p] = when;
        }
        ASSERT_EQ(due.size(), all.size()) << step;
    }
}

} // namespace linli::tests
