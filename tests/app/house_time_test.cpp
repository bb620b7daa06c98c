#include "app/house_time.hpp"

#include <gtest/gtest.h>

#include "support/evening.hpp"

namespace linli::app {

namespace {

using domain::seconds;
using tests::evening;

// How a house begins, and what it says later on.
struct beginning {
    bool has_said_a_time = false;      // before the database was reached
    domain::duration machine_ahead{0}; // of the evening
    domain::duration wall_ahead{0};    // the database's
    domain::duration latest_ahead{0};  // that an earlier run has stored
    domain::duration says_at_once{0};
    domain::duration says_after_a_minute{0};
};

} // namespace

TEST(house_time, begins_where_the_database_is_and_never_goes_back) {
    seconds const minute{60};
    constexpr std::chrono::days year{365};
    constexpr std::chrono::days week{7};
    beginning const all[] = {
        {true, seconds(0), seconds(0), seconds(-5), seconds(0), minute},
        // The machine is slow, or fast.
        {true, seconds(-90), seconds(0), seconds(-5), seconds(0), minute},
        {true, seconds(90), seconds(0), seconds(-5), seconds(90), seconds(90) + minute},
        // As long as nobody was told what it says, it may be as wrong as it likes.
        {false, seconds(90), seconds(0), seconds(-5), seconds(0), minute},
        {false, year, seconds(0), seconds(-5), seconds(0), minute},
        {false, -year, seconds(0), seconds(-5), seconds(0), minute},
        // The database has gone back behind what the house has written.
        {true, seconds(0), seconds(-3600), seconds(0), seconds(0), minute},
        {false, seconds(0), seconds(-3600), seconds(0), seconds(0), minute},
        {false, year, seconds(-3600), seconds(0), seconds(0), minute},
        // Two servers a moment apart: it stands still until the database has come.
        {true, seconds(0), seconds(0), seconds(2), seconds(2), minute},
        {false, seconds(0), seconds(0), seconds(2), seconds(2), minute},
        {true, seconds(0), seconds(0), seconds(3), seconds(3), seconds(3) + minute},
        // It was off for a week, as both clocks say; or the machine's lags behind what was written.
        {false, week, week, seconds(0), week, week + minute},
        {false, seconds(-5), week, seconds(0), week, week + minute},
        // A database that is far ahead by itself is not believed.
        {false, seconds(5), year, seconds(0), seconds(5), seconds(5) + minute},
        {true, seconds(5), year, seconds(0), seconds(5), seconds(5) + minute},
    };
    for (auto const& each : all) {
        house_time time(evening + each.machine_ahead, seconds(1000));
        if (each.has_said_a_time) time.now(seconds(1000));
        time.adopt(evening + each.wall_ahead, evening + each.latest_ahead, seconds(1000));
        EXPECT_EQ(time.now(seconds(1000)) - evening, each.says_at_once);
        EXPECT_EQ(time.now(seconds(1060)) - evening, each.says_after_a_minute);
    }
}

TEST(house_time, of_a_house_that_has_never_been_is_the_databases) {
    house_time time(evening, seconds(0));
    time.adopt(evening + std::chrono::days(365), domain::instant{}, seconds(0));
    EXPECT_EQ(time.now(seconds(0)) - evening, std::chrono::days(365));
}

TEST(house_time, says_how_wrong_it_stood) {
    house_time time(evening, seconds(0));
    EXPECT_EQ(time.adopt(evening + seconds(90), evening, seconds(0)), seconds(90));
    EXPECT_EQ(time.adopt(evening + seconds(40), evening, seconds(10)), seconds(-60));
}

TEST(house_time, knows_when_its_steady_clock_will_have_come_so_far) {
    house_time time(evening, seconds(1000));
    time.adopt(evening + seconds(90), evening, seconds(1000));
    auto const when = evening + seconds(100);
    EXPECT_EQ(time.steady_at(when), seconds(1010));
    EXPECT_EQ(time.now(time.steady_at(when)), when);
}

} // namespace linli::app
