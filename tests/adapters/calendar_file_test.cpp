#include "adapters/files/calendar_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/files/file_error.hpp"
#include "support/places.hpp"

namespace linli::tests {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

std::chrono::sys_days day(int year, int month, int of_month) {
    return std::chrono::year(year) / month / of_month;
}

std::vector<std::string> problems_of(std::string const& text) {
    try {
        files::parse_calendar(text, "c.toml");
    } catch (files::file_error const& e) {
        return e.problems();
    }
    return {};
}

std::string holiday(std::string const& rest) {
    return "[[holiday]]\nname = \"May\"\n" + rest;
}

} // namespace

TEST(calendar_file, delivered_is_the_notice_of_2026) {
    auto const c = files::load_calendar(shipped_config("calendar.toml"));
    for (auto const& off : {day(2026, 1, 1), day(2026, 2, 16), day(2026, 4, 6), day(2026, 5, 5),
                            day(2026, 6, 19), day(2026, 9, 25), day(2026, 10, 7)})
        EXPECT_FALSE(c.is_worked(off)) << off.time_since_epoch().count();
    for (auto const& on : {day(2026, 1, 4), day(2026, 2, 14), day(2026, 2, 28), day(2026, 5, 9),
                           day(2026, 9, 20), day(2026, 10, 10), day(2026, 10, 8)})
        EXPECT_TRUE(c.is_worked(on)) << on.time_since_epoch().count();
}

TEST(calendar_file, of_which_all_mistakes_are_told_with_their_line) {
    EXPECT_THAT(problems_of(holiday("from = 2026-05-01\nuntil = 2026-05-05\n"
                                    "worked = [2026-05-09]\n")),
                IsEmpty());
    EXPECT_THAT(problems_of(holiday("form = 2026-05-01\nuntil = 2026-05-05\n")),
                ElementsAre(HasSubstr("holiday.from is missing"),
                            AllOf(HasSubstr("c.toml:3"), HasSubstr("did you mean holiday.from?"))));
    EXPECT_THAT(problems_of(holiday("from = 2026-05-05\nuntil = 2026-05-01\n")),
                ElementsAre(HasSubstr("until is not within 31 days of from")));
    EXPECT_THAT(problems_of(holiday("from = \"May\"\nuntil = 2026-05-01\n")),
                ElementsAre(HasSubstr("a date without quotes")));
    EXPECT_THAT(problems_of(holiday("from = 2026-05-01\nuntil = 2026-05-05\n"
                                    "worked = [2026-05-11]\n")),
                ElementsAre(HasSubstr("Saturdays and Sundays only")));
    EXPECT_THAT(problems_of(holiday("from = 2026-05-01\nuntil = 2026-05-05\n"
                                    "worked = \"2026-05-09\"\n")),
                ElementsAre(HasSubstr("a list of dates without quotes")));
    EXPECT_THAT(problems_of(holiday("from = 2026-05-01\nuntil = 2026-05-05\n"
                                    "worked = [2026-05-03]\n")),
                ElementsAre(HasSubstr("2026-05-03 is both worked and a holiday")));
    EXPECT_THAT(problems_of("[holidays]\n"), testing::Contains(HasSubstr("holiday is missing")));
}

} // namespace linli::tests
