// What everybody who lets go of a resident's data must do, on the twin and on PostgreSQL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/contract_of.hpp"
#include "contract/person_keeper.hpp"
#include "support/city.hpp"
#include "support/evening.hpp"

namespace linli::tests {

namespace {

using namespace domain;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class erasure_contract : public contract_of<person_keeper> {
protected:
    app::erasure_record& record() { return keeper_->erasures(); }
    static erasure wish(std::string who = "r1") {
        erasure what;
        what.resident = {std::move(who)};
        what.why = erasure_reason::consent;
        what.wished_on = std::chrono::sys_days(std::chrono::days(20'000));
        what.asked_by = {"wang"};
        what.asked_at = evening;
        return what;
    }
    erasure_standing standing(std::string const& who = "r1") {
        resident_id const id{who};
        return must(record().standing_of(id));
    }
    std::string asks(std::string const& who = "r1") {
        auto const what = wish(who);
        return said(run_on(loop_, record().ask(what)));
    }
    std::string erases(std::string const& who = "r1", std::string const& by = "li") {
        resident_id const id{who};
        operator_id const other{by};
        return said(run_on(loop_, record().erase(id, other, evening + hours(1))));
    }
    std::string withdraws(std::string const& who = "r1") {
        resident_id const id{who};
        auto const how = refusal();
        return said(run_on(loop_, record().withdraw(id, how)));
    }
    static withdrawn_erasure refusal() {
        return {erasure_withdrawal::not_entitled, {"li"}, evening + hours(1)};
    }
    static erasure after_withdrawing(erasure what) {
        what.withdrawn = refusal();
        return what;
    }
    std::vector<erasure> listed(app::erasure_question const& what = {}) {
        return must(record().list(what)).all;
    }
    std::size_t clears(int limit, std::string const& who = "r1") {
        resident_id const id{who};
        return must(record().clear(id, evening + hours(2), limit));
    }
    static std::string said(app::record_result<void> const& done) {
        return in_words(done ? std::nullopt : std::optional(done.error()));
    }
};

} // namespace

TEST_P(erasure_contract, nobody_is_known_whom_nobody_registered) {
    EXPECT_FALSE(standing("nobody").is_known);
    EXPECT_EQ(asks("nobody"), "conflict");
    EXPECT_EQ(erases("nobody"), "conflict");
}

TEST_P(erasure_contract, it_is_kept_who_asked_when_and_why) {
    EXPECT_EQ(asks(), "done");
    EXPECT_EQ(standing().asked, wish());
    EXPECT_EQ(asks(), "conflict") << "once";
    EXPECT_THAT(listed(), ElementsAre(wish()));
    auto without_a_day = wish("r3");
    without_a_day.wished_on = std::nullopt;
    ASSERT_EQ(said(run_on(loop_, record().ask(without_a_day))), "done");
    EXPECT_EQ(standing("r3").asked, without_a_day);
}

TEST_P(erasure_contract, whoever_asked_may_take_it_back) {
    asks();
    EXPECT_EQ(withdraws(), "done");
    EXPECT_EQ(standing().asked, std::nullopt);
    EXPECT_EQ(withdraws(), "conflict");
    EXPECT_EQ(erases(), "conflict");
    EXPECT_TRUE(keeper_->has_key("r1"));
}

TEST_P(erasure_contract, it_tells_what_somebody_still_needs_the_data_for) {
    keeper_->has_open_alert("r1");
    auto const what = [](obstacle const& each) { return std::string(to_text(each.what)); };
    std::vector<std::string> kinds;
    for (auto const& each : standing().obstacles)
        kinds.push_back(what(each));
    EXPECT_THAT(kinds, testing::UnorderedElementsAre("alert", "device"));
    EXPECT_THAT(standing("r3").obstacles, ElementsAre(obstacle{erasure_obstacle::device, "w3"}));
}

TEST_P(erasure_contract, nothing_goes_while_it_is_needed_or_by_one_persons_word) {
    asks();
    EXPECT_EQ(erases(), "conflict") << "he wears w1";
    keeper_->is_taken_off("w1");
    EXPECT_EQ(erases("r1", "wang"), "conflict") << "she asked for it";
    EXPECT_TRUE(keeper_->has_key("r1"));
    EXPECT_EQ(erases(), "done");
    EXPECT_FALSE(keeper_->has_key("r1"));
    EXPECT_EQ(erases(), "conflict") << "once";
}

TEST_P(erasure_contract, what_is_done_stays_written_down_and_is_not_asked_for_again) {
    asks();
    keeper_->is_taken_off("w1");
    erases();
    auto expected = wish();
    expected.confirmed_by = {"li"};
    expected.erased_at = evening + hours(1);
    EXPECT_EQ(standing().asked, expected);
    EXPECT_TRUE(standing().is_known) << "as an id";
    EXPECT_EQ(asks(), "conflict");
    EXPECT_EQ(withdraws(), "conflict");
}

TEST_P(erasure_contract, what_was_taken_back_or_refused_stays_written_down_and_can_be_asked_anew) {
    asks();
    withdraws();
    auto const before = after_withdrawing(wish());
    EXPECT_THAT(listed(), ElementsAre(before));
    auto again = wish();
    again.asked_at = evening + hours(3);
    ASSERT_EQ(said(run_on(loop_, record().ask(again))), "done");
    EXPECT_EQ(standing().asked, again);
    EXPECT_THAT(listed(), ElementsAre(again, before)) << "what waits comes first";
}

TEST_P(erasure_contract, it_is_listed_by_state_by_resident_by_area_and_by_page) {
    asks("r3");
    withdraws("r3");
    auto first = wish();
    first.asked_at = evening + hours(2);
    auto second = wish("r2");
    second.asked_at = evening + hours(1);
    run_on(loop_, record().ask(first));
    run_on(loop_, record().ask(second));
    auto const refused = after_withdrawing(wish("r3"));
    EXPECT_THAT(listed(), ElementsAre(second, first, refused)) << "who waits longest comes first";
    app::erasure_question asked;
    asked.state = erasure_state::asked;
    EXPECT_THAT(listed(asked), ElementsAre(second, first));
    asked = {};
    asked.of = resident_id{"r3"};
    EXPECT_THAT(listed(asked), ElementsAre(refused));
    asked = {};
    asked.per_page = 2;
    asked.page = 2;
    auto const page = must(record().list(asked));
    EXPECT_THAT(page.all, ElementsAre(refused));
    EXPECT_EQ(page.total, 3U);
    asked = {};
    asked.within = area_id{city_area};
    EXPECT_THAT(listed(asked), SizeIs(3));
    asked.within = area_id{"999999"};
    EXPECT_THAT(listed(asked), IsEmpty());
}

TEST_P(erasure_contract, it_tells_whose_home_would_go_with_him) {
    EXPECT_FALSE(standing().home_goes) << "r2 lives there";
    EXPECT_TRUE(standing("r3").home_goes);
    asks("r3");
    keeper_->is_taken_off("w3");
    ASSERT_EQ(erases("r3"), "done");
    EXPECT_TRUE(standing("r3").home_goes) << "it went";
}

TEST_P(erasure_contract, a_home_goes_with_the_last_who_lives_there) {
    asks();
    keeper_->is_taken_off("w1");
    EXPECT_EQ(erases(), "done");
    EXPECT_TRUE(keeper_->home_has_key("h1")) << "r2 lives there";
    asks("r3");
    keeper_->is_taken_off("w3");
    EXPECT_EQ(erases("r3"), "done");
    EXPECT_FALSE(keeper_->home_has_key("h2"));
}

TEST_P(erasure_contract, what_lies_under_the_id_goes_a_few_rows_at_a_time) {
    keeper_->was_somewhere("r1", 5);
    keeper_->was_somewhere("r3", 1);
    asks();
    keeper_->is_taken_off("w1");
    EXPECT_EQ(clears(100), 0U) << "not before the key";
    EXPECT_EQ(keeper_->places_of("r1"), 5);
    erases();
    EXPECT_THAT(must(record().uncleared()), ElementsAre(resident_id{"r1"}));
    EXPECT_EQ(clears(2), 2U);
    EXPECT_EQ(keeper_->places_of("r1"), 3);
    EXPECT_EQ(clears(100), 3U);
    EXPECT_THAT(must(record().uncleared()), SizeIs(1)) << "nobody has looked whether that is all";
    EXPECT_EQ(clears(100), 0U);
    EXPECT_THAT(must(record().uncleared()), IsEmpty());
    EXPECT_EQ(standing().asked->cleared_at, evening + hours(2));
    EXPECT_EQ(keeper_->places_of("r1"), 0);
    EXPECT_EQ(keeper_->places_of("r3"), 1) << "somebody else's";
}

INSTANTIATE_TEST_SUITE_P(twin, erasure_contract, testing::Values(&persons_on_memory));
INSTANTIATE_TEST_SUITE_P(postgresql, erasure_contract, testing::Values(&persons_on_postgres));

} // namespace linli::tests
