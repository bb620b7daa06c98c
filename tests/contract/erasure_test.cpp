// What everybody who lets go of a resident's data must do, on the twin and on PostgreSQL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/contract_of.hpp"
#include "contract/person_keeper.hpp"
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
    EXPECT_THAT(must(record().list()), ElementsAre(wish()));
}

TEST_P(erasure_contract, whoever_asked_may_take_it_back) {
    asks();
    resident_id const who{"r1"};
    operator_id const by{"wang"};
    must(record().withdraw(who, by, evening));
    EXPECT_EQ(standing().asked, std::nullopt);
    EXPECT_EQ(said(run_on(loop_, record().withdraw(who, by, evening))), "conflict");
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
    resident_id const who{"r1"};
    operator_id const by{"wang"};
    EXPECT_EQ(said(run_on(loop_, record().withdraw(who, by, evening))), "conflict");
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
