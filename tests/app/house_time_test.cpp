#include "app/house_time.hpp"

#include <gtest/gtest.h>

#include "support/evening.hpp"

namespace linli::app {

namespace {

using domain::seconds;
using tests::evening;

// How a house begins that has handed out `before`, and what it says `later` on.
struct beginning {
    domain::duration machine_ahead{0}; // of the evening
    domain::duration wall_ahead{0};    // the database's
    domain::duration latest_ahead{0};  // that an earlier run has stored
    domain::duration says_at_once{0};
    domain::duration says_after_a_minute{0};
};

} // namespace

TEST(house_time, begins_where_the_database_is_and_never_goes_back) {
    seconds const minute{60};
    beginning const all[] = {
        {seconds(0), seconds(0), seconds(-5), seconds(0), minute},
        // The machine is slow, or fast.
        {seconds(-90), seconds(0), seconds(-5), seconds(0), minute},
        {seconds(90), seconds(0), seconds(-5), seconds(90), seconds(90) + minute},
        // The database has gone back behind what the house has written.
        {seconds(0), seconds(-3600), seconds(0), seconds(0), minute},
        // Two servers a moment apart: it stands still until the database has come.
        {seconds(0), seconds(0), seconds(2), seconds(2), minute},
        {seconds(0), seconds(0), seconds(3), seconds(3), seconds(3) + minute},
    };
    for (auto const& each : all) {
        house_time time(evening + each.machine_ahead, seconds(1000));
        time.adopt(evening + each.wall_ahead, evening + each.latest_ahead, seconds(1000));
        EXPECT_EQ(time.now(seconds(1000)) - evening, each.says_at_once);
        EXPECT_EQ(time.now(seconds(1060)) - evening, each.says_after_a_minute);
    }
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
