#include "domain/time.hpp"

#include <gtest/gtest.h>

#include "domain/situation.hpp"

namespace linli::tests {

using namespace domain;

TEST(time, the_minute_of_the_day_is_counted_by_the_installations_offset) {
    constexpr minutes china{480};
    struct {
        instant now;
        minutes offset;
        int minute;
    } const table[] = {
        {evening, china, 20 * 60},
        {evening, minutes(0), 12 * 60},
        {evening + hours(4) - duration(1), china, 1439},
        {evening + hours(4), china, 0},
        {evening + hours(4) + seconds(59), china, 0},
        {evening + hours(4) + seconds(60), china, 1},
        {evening, minutes(-720), 0},
        {evening, minutes(330), 17 * 60 + 30},
        {instant{} - duration(1), minutes(0), 1439}, // before 1970 the day is not upside down
    };
    for (auto const& [now, offset, minute] : table)
        EXPECT_EQ(minute_of_day(now, offset), minute) << offset.count();
}

} // namespace linli::tests
