// Which days count when something is due in so many working days.
#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include "domain/working_calendar.hpp"

namespace linli::tests {

using namespace domain;
using namespace std::chrono_literals;

namespace {

std::chrono::sys_days day(int month, int of_month) {
    return std::chrono::year(2026) / month / of_month;
}
instant local(int month, int of_month, int hour) {
    return instant(day(month, of_month)) + hours(hour) - 480min;
}

// Spring Festival of 2026: nine days off, and the Saturdays before and after it are worked.
working_calendar spring_festival() {
    working_calendar c;
    for (int of_month = 15; of_month <= 23; ++of_month)
        c.holidays.insert(day(2, of_month));
    c.worked_weekends = {day(2, 14), day(2, 28)};
    return c;
}

struct due_case {
    std::string what;
    working_calendar worked;
    instant at;
    int days;
    instant expected; // the end of the last day
};
std::ostream& operator<<(std::ostream& out, due_case const& c) {
    return out << c.what;
}

class due_in_working_days : public testing::TestWithParam<due_case> {};

} // namespace

TEST_P(due_in_working_days, ends_with_the_last_of_them) {
    auto const& c = GetParam();
    EXPECT_EQ(c.worked.days_after(c.at, c.days), c.expected);
}

INSTANTIATE_TEST_SUITE_P(
    calendar, due_in_working_days,
    testing::Values(
        due_case{"on a Friday", {}, local(11, 27, 15), 5, local(12, 5, 0)},
        due_case{"on a Saturday", {}, local(11, 28, 10), 5, local(12, 5, 0)},
        due_case{"late on a Monday", {}, local(11, 30, 23), 1, local(12, 2, 0)},
        due_case{"a minute before local midnight", {}, local(12, 1, 24) - 1min, 1, local(12, 3, 0)},
        due_case{"at local midnight", {}, local(12, 2, 0), 1, local(12, 4, 0)},
        due_case{"no day more", {}, local(12, 2, 9), 0, local(12, 3, 0)},
        due_case{"before the festival, its Saturday counts", spring_festival(), local(2, 12, 9), 2,
                 local(2, 15, 0)},
        due_case{"over the festival", spring_festival(), local(2, 12, 9), 3, local(2, 25, 0)},
        due_case{"within the festival", spring_festival(), local(2, 18, 9), 1, local(2, 25, 0)},
        due_case{"after the festival, its Saturday counts", spring_festival(), local(2, 27, 9), 1,
                 local(3, 1, 0)},
        due_case{"without a table the festival's weekdays count",
                 {},
                 local(2, 12, 9),
                 3,
                 local(2, 18, 0)}));

TEST(calendar, a_weekend_that_is_worked_is_worked_whatever_else_is_said_of_it) {
    auto c = spring_festival();
    EXPECT_FALSE(c.is_worked(day(2, 21)));
    c.worked_weekends.insert(day(2, 21));
    EXPECT_TRUE(c.is_worked(day(2, 21)));
}

} // namespace linli::tests
