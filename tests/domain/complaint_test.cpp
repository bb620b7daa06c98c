// field-rules 26: a complaint is a record of its own with a clock, and nobody answers for himself.
#include <gtest/gtest.h>

#include "domain/complaint.hpp"

namespace linli::tests {

using namespace domain;
using namespace std::chrono_literals;

namespace {

constexpr minutes in_china{480};

instant local(int month, int day, int hour) {
    return instant(std::chrono::sys_days{std::chrono::year{2026} /
                                         std::chrono::month(static_cast<unsigned>(month)) / day}) +
           hours(hour) - in_china;
}

complaint about_wang() {
    complaint first;
    first.kind = complaint_kind::late;
    first.worker = {"wang"};
    first.against = {"li"};
    first.written_by = {"zhang"};
    first.words = "an hour late";
    return open_complaint(first, working_calendar{}, local(11, 27, 15)).next; // a Friday
}

complaint complaint_before_the_golden_week() {
    working_calendar worked;
    for (int day = 1; day <= 7; ++day)
        worked.holidays.insert(std::chrono::sys_days(std::chrono::year(2026) / 10 / day));
    worked.worked_weekends.insert(std::chrono::sys_days(std::chrono::year(2026) / 10 / 10));
    return open_complaint({}, worked, local(9, 30, 15)).next; // a Wednesday
}

complaint_answerer const zhao{{"zhao"}, {}};

} // namespace

TEST(complaint, is_answered_within_five_working_days) {
    auto const c = about_wang();
    EXPECT_EQ(c.due_at, local(12, 5, 0)) << "the end of the next Friday";
    auto const october = complaint_before_the_golden_week();
    EXPECT_EQ(october.due_at, local(10, 14, 0)) << "the week that all had off does not count";
}

TEST(complaint, is_overdue_from_the_end_of_its_last_day_until_an_answer_is_accepted) {
    auto c = about_wang();
    EXPECT_FALSE(is_overdue(c, local(12, 4, 23)));
    EXPECT_TRUE(is_overdue(c, local(12, 5, 0)));
    c.state = complaint_state::answered;
    EXPECT_TRUE(is_overdue(c, local(12, 5, 0))) << "somebody has answered, nobody is content";
    auto const accepted = accept_answer(c, {{"zhang"}, {}}, {}, local(12, 5, 9));
    ASSERT_TRUE(accepted);
    EXPECT_FALSE(is_overdue(accepted->next, local(12, 30, 0)));
}

TEST(complaint, is_answered_by_a_supervisor_and_accepted_by_whoever_complained) {
    auto const answered = answer_complaint(about_wang(), zhao, "he apologises", local(11, 30, 9));
    ASSERT_TRUE(answered);
    EXPECT_EQ(answered->next.state, complaint_state::answered);
    EXPECT_TRUE(answered->next.due_at) << "its clock runs until it is accepted";
    EXPECT_EQ(answered->line.what, log_kind::complaint_answered);
    EXPECT_EQ(answered->line.personal, "he apologises");
    auto const accepted = accept_answer(answered->next, {{"zhang"}, {}}, {}, local(11, 30, 10));
    ASSERT_TRUE(accepted);
    EXPECT_EQ(accepted->next.state, complaint_state::accepted);
    EXPECT_FALSE(accepted->next.due_at);
    EXPECT_EQ(answer_complaint(accepted->next, zhao, "again", local(12, 1, 9)).error(),
              refusal::closed);
}

TEST(complaint, nobody_answers_for_himself_nor_accepts_in_his_own_case) {
    complaint_answerer const wang{{"wang.signed.in"}, {"wang"}};
    complaint_answerer const li{{"li"}, {}};
    auto const c = about_wang();
    for (auto const& each : {wang, li}) {
        EXPECT_EQ(answer_complaint(c, each, "it was the traffic", c.at).error(),
                  refusal::not_yours);
        auto answered = c;
        answered.state = complaint_state::answered;
        EXPECT_EQ(accept_answer(answered, each, {}, c.at).error(), refusal::not_yours);
    }
}

TEST(complaint, an_answer_has_words_and_comes_before_it_is_accepted) {
    auto const c = about_wang();
    EXPECT_EQ(answer_complaint(c, zhao, "", c.at).error(), refusal::needs_reason);
    EXPECT_EQ(accept_answer(c, zhao, {}, c.at).error(), refusal::out_of_turn);
}

TEST(complaint, whose_answer_is_not_accepted_is_answered_again) {
    auto const first = answer_complaint(about_wang(), zhao, "it was the traffic", local(11, 30, 9));
    auto const second = answer_complaint(first->next, zhao, "he apologises", local(12, 1, 9));
    ASSERT_TRUE(second);
    EXPECT_EQ(second->next.answer, "he apologises");
}

} // namespace linli::tests
