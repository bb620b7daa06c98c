// What everybody who lets go of old data must do, on the twin and on PostgreSQL.
#include <set>

#include <gtest/gtest.h>

#include "contract/contract_of.hpp"
#include "contract/person_keeper.hpp"
#include "support/evening.hpp"

namespace linli::tests {

namespace {

using namespace domain;
using std::chrono::days;

class keeping_contract : public contract_of<person_keeper> {
protected:
    std::size_t goes(kept what, instant before, int limit = 100) {
        return must(keeper_->keeping().let_go(what, before, limit));
    }
};

} // namespace

TEST_P(keeping_contract, what_is_old_goes_and_what_is_not_stays) {
    for (auto const& [what, name] : names<kept>::table) {
        keeper_->keeps(what, evening - hours(3), false);
        keeper_->keeps(what, evening - hours(1), false);
        EXPECT_EQ(keeper_->kept_of(what), 2) << name;
        EXPECT_EQ(goes(what, evening - hours(2)), 1U) << name;
        EXPECT_EQ(keeper_->kept_of(what), 1) << name;
        EXPECT_EQ(goes(what, evening - hours(2)), 0U) << name;
    }
}

TEST_P(keeping_contract, a_few_go_at_a_time) {
    for (auto const& [what, name] : names<kept>::table) {
        for (int n = 0; n < 5; ++n)
            keeper_->keeps(what, evening - hours(10 + n), false);
        EXPECT_EQ(goes(what, evening, 2), 2U) << name;
        EXPECT_EQ(goes(what, evening, 2), 2U) << name;
        EXPECT_EQ(goes(what, evening, 2), 1U) << name;
        EXPECT_EQ(goes(what, evening, 2), 0U) << name;
    }
}

TEST_P(keeping_contract, what_hangs_on_something_open_stays) {
    for (auto const what :
         {kept::places, kept::words, kept::pictures, kept::calls, kept::recordings, kept::wishes,
          kept::commands, kept::searches, kept::maintenance}) {
        keeper_->keeps(what, evening - hours(3), true);
        EXPECT_EQ(goes(what, evening), 0U) << to_text(what);
        EXPECT_EQ(keeper_->kept_of(what), 1) << to_text(what);
    }
}

TEST_P(keeping_contract, the_evidence_of_what_is_complained_of_stays_until_that_is_settled) {
    for (auto const what :
         {kept::words, kept::pictures, kept::calls, kept::recordings, kept::wishes}) {
        keeper_->keeps(what, evening - hours(3), false);
        keeper_->all_are_complained_of(false);
        EXPECT_EQ(goes(what, evening), 0U) << to_text(what);
        keeper_->all_complaints_are_settled();
        EXPECT_EQ(goes(what, evening), 1U) << to_text(what);
    }
}

TEST_P(keeping_contract, a_complaint_of_a_visit_holds_what_is_of_the_visit) {
    for (auto const what : {kept::pictures, kept::wishes}) {
        keeper_->keeps(what, evening - hours(3), false);
        keeper_->all_are_complained_of(true);
        EXPECT_EQ(goes(what, evening), 0U) << to_text(what);
        keeper_->all_complaints_are_settled();
        EXPECT_EQ(goes(what, evening), 1U) << to_text(what);
    }
}

TEST_P(keeping_contract, places_that_were_held_go_when_nothing_holds_them_any_more) {
    keeper_->keeps(kept::places, evening - days(300), true);
    for (int n = 0; n < 3; ++n)
        keeper_->keeps(kept::places, evening - days(200 - n), false);
    EXPECT_EQ(goes(kept::places, evening - days(100), 2), 2U);
    EXPECT_EQ(goes(kept::places, evening - days(100)), 1U);
    EXPECT_EQ(goes(kept::places, evening - days(1)), 0U);
    keeper_->all_alerts_close();
    EXPECT_EQ(goes(kept::places, evening), 1U);
    EXPECT_EQ(keeper_->kept_of(kept::places), 0);
}

TEST_P(keeping_contract, places_that_a_server_brought_late_go_as_well) {
    keeper_->keeps(kept::places, evening - days(90), false);
    EXPECT_EQ(goes(kept::places, evening - days(30)), 1U);
    keeper_->keeps(kept::places, evening - days(50), false);
    EXPECT_EQ(goes(kept::places, evening - days(30)), 1U);
}

INSTANTIATE_TEST_SUITE_P(twin, keeping_contract, testing::Values(&persons_on_memory));
INSTANTIATE_TEST_SUITE_P(postgresql, keeping_contract, testing::Values(&persons_on_postgres));

} // namespace linli::tests
