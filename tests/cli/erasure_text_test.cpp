// What somebody is told who lets a resident's data go: what is in the way, and what is left.
#include "cli/erasure_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/evening.hpp"

namespace linli::tests {

namespace {

using namespace domain;
using testing::AllOf;
using testing::HasSubstr;

app::erasures::answer refused(erasure_refusal why) {
    app::erasures::answer said;
    said.refused = why;
    said.now.is_known = true;
    said.now.asked.emplace();
    said.now.asked->resident = {"r1"};
    said.now.asked->asked_by = {"wang"};
    said.now.asked->asked_at = evening;
    said.now.asked->erased_at = evening;
    return said;
}

} // namespace

TEST(the_words_of_an_erasure, say_who_must_do_what) {
    auto const text = [](erasure_refusal why) { return cli::refusal_text({"r1"}, refused(why)); };
    EXPECT_EQ(text(erasure_refusal::unknown), "there is no resident r1");
    EXPECT_EQ(text(erasure_refusal::alone), "wang asked for it, so somebody else must confirm");
    EXPECT_THAT(text(erasure_refusal::twice), HasSubstr("linli residents confirm r1"));
    EXPECT_THAT(text(erasure_refusal::not_asked), HasSubstr("linli residents erase r1"));
}

TEST(the_words_of_an_erasure, name_each_obstacle_with_its_remedy) {
    auto said = refused(erasure_refusal::needed);
    for (auto const& [what, name] : names<erasure_obstacle>::table)
        said.now.obstacles.push_back({what, "x7"});
    auto const text = cli::refusal_text({"r1"}, said);
    for (auto const& [what, name] : names<erasure_obstacle>::table)
        EXPECT_THAT(text, HasSubstr("  " + std::string(name) + " x7: "));
}

TEST(the_words_of_an_erasure, say_what_is_left_and_how_long_a_backup_may_know) {
    auto const said = refused(erasure_refusal::gone);
    auto const text = cli::erased_text(*said.now.asked, 12, 35);
    auto const last = evening + std::chrono::days(35);
    std::chrono::year_month_day const day(std::chrono::floor<std::chrono::days>(last));
    EXPECT_THAT(text, AllOf(HasSubstr("12 rows"), HasSubstr("backups_days = 35"),
                            HasSubstr("recordings"), HasSubstr("plans/resident")));
    EXPECT_THAT(text, HasSubstr("on " + std::to_string(static_cast<int>(day.year()))));
}

TEST(the_words_of_an_erasure, list_also_what_was_refused_and_why) {
    erasure what;
    what.resident = {"r1"};
    what.why = erasure_reason::request;
    what.wished_on = std::chrono::sys_days(std::chrono::days(20'000));
    what.asked_by = {"wang"};
    what.asked_at = evening;
    what.withdrawn = {erasure_withdrawal::kept_by_law, {"li"}, evening};
    auto const text = cli::erasures_text({what});
    EXPECT_THAT(text, AllOf(HasSubstr("2024-10-04"), HasSubstr("kept_by_law by li")));
    EXPECT_EQ(cli::erasures_text({}), "nobody's data was asked to go\n");
}

} // namespace linli::tests
