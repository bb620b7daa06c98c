// What everybody who keeps the calls that the house begins must do, on the twin and on PostgreSQL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/contract_of.hpp"
#include "contract/keeper.hpp"
#include "support/evening.hpp"

namespace linli::tests {

namespace {

using namespace std::chrono_literals;
using namespace domain;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class placed_call_contract : public contract_of<call_keeper> {
protected:
    app::placed_call_record& kept() { return keeper_->placed(); }

    static uuid number(int n) {
        uuid id;
        id.bytes[0] = 5;
        id.bytes[15] = static_cast<std::uint8_t>(n);
        return id;
    }
    static app::placed_call spoken(int n, instant asked_at = evening) {
        return {number(n),
                "key " + std::to_string(n),
                {},
                "13912345678",
                "孙美按了呼救",
                "zh",
                "delivery",
                asked_at,
                asked_at + 20s};
    }
    app::placed_state state(int n, instant now = evening) {
        auto const all = must(kept().states({number(n)}, now));
        return all.empty() ? app::placed_state{} : all.front();
    }
};

TEST_P(placed_call_contract, is_open_until_it_is_over_and_the_oldest_comes_first) {
    must(kept().ask(spoken(2, evening + 1s)));
    must(kept().ask(spoken(1)));
    auto const open = must(kept().open());
    ASSERT_THAT(open, SizeIs(2));
    EXPECT_EQ(open[0].what, spoken(1)) << "with its number and its text";
    EXPECT_FALSE(open[0].is_taken);
    must(kept().ended(number(1), {placed_end::pressed, evening + 30s, ""}));
    EXPECT_THAT(must(kept().open()), SizeIs(1));
    EXPECT_EQ(state(1).ended, placed_end::pressed);
}

TEST_P(placed_call_contract, the_more_urgent_comes_before_the_older) {
    auto notice = spoken(1);
    notice.level = priority::p3;
    must(kept().ask(notice));
    must(kept().ask(spoken(2, evening + 1s)));
    auto const open = must(kept().open());
    ASSERT_THAT(open, SizeIs(2));
    EXPECT_EQ(open[0].what, spoken(2, evening + 1s));
    EXPECT_EQ(open[1].what, notice);
}

TEST_P(placed_call_contract, the_same_wish_twice_is_one) {
    EXPECT_EQ(must(kept().ask(spoken(1))), number(1));
    auto again = spoken(2);
    again.key = spoken(1).key;
    EXPECT_EQ(must(kept().ask(again)), number(1));
    EXPECT_THAT(must(kept().open()), SizeIs(1));
}

TEST_P(placed_call_contract, one_that_asks_about_an_offer_keeps_which_and_what_it_may_have_to_say) {
    auto asks = spoken(1);
    asks.offer.value = number(77);
    asks.noted = "已记下您的按键";
    must(kept().ask(asks));
    EXPECT_EQ(must(kept().open()).front().what, asks);
    EXPECT_TRUE(keeper_->hides("已记下"));
}

TEST_P(placed_call_contract, number_and_text_lie_sealed_and_go_with_the_end) {
    must(kept().ask(spoken(1)));
    EXPECT_TRUE(keeper_->hides("13912345678"));
    EXPECT_TRUE(keeper_->hides("孙美"));
    must(kept().ended(number(1), {placed_end::busy, evening + 5s, ""}));
    must(kept().ended(number(1), {placed_end::pressed, evening + 6s, ""}));
    EXPECT_EQ(state(1).ended, placed_end::busy) << "the first stays";
}

TEST_P(placed_call_contract, what_nobody_has_taken_in_its_time_is_not_begun_and_never_will_be) {
    must(kept().ask(spoken(1)));
    EXPECT_FALSE(state(1, evening + 20s).ended);
    EXPECT_EQ(state(1, evening + 20s + 1us).ended, placed_end::not_begun);
    EXPECT_FALSE(must(kept().take(number(1), evening + 21s)));
    EXPECT_THAT(must(kept().open()), IsEmpty());
}

TEST_P(placed_call_contract, what_is_taken_runs_as_long_as_it_does) {
    must(kept().ask(spoken(1)));
    EXPECT_TRUE(must(kept().take(number(1), evening + 20s)));
    EXPECT_FALSE(state(1, evening + 1h).ended);
    EXPECT_TRUE(must(kept().open()).front().is_taken);
    EXPECT_TRUE(must(kept().take(number(1), evening + 1h))) << "by the next that holds the hotline";
    EXPECT_FALSE(state(1).has_begun);
    must(kept().begun(number(1), evening + 2s));
    EXPECT_TRUE(state(1).has_begun);
}

TEST_P(placed_call_contract, too_late_nobody_takes_it) {
    must(kept().ask(spoken(1)));
    EXPECT_FALSE(must(kept().take(number(1), evening + 20s + 1us)));
    EXPECT_FALSE(must(kept().take(number(7), evening)));
}

TEST_P(placed_call_contract, tells_of_several_at_once_and_of_nobody_elses) {
    for (int n : {1, 2, 3})
        must(kept().ask(spoken(n)));
    must(kept().ended(number(2), {placed_end::spoken, evening + 1s, ""}));
    auto const found = must(kept().states({number(1), number(2), number(9)}, evening));
    EXPECT_THAT(found, ElementsAre(app::placed_state{number(1), false, {}},
                                   app::placed_state{number(2), false, placed_end::spoken}));
}

TEST_P(placed_call_contract, what_was_over_before_then_is_forgotten_a_little_at_a_time) {
    for (int n : {1, 2, 3, 4})
        must(kept().ask(spoken(n)));
    for (int n : {1, 2, 3})
        must(kept().ended(number(n), {placed_end::pressed, evening + std::chrono::seconds(n)}));
    EXPECT_EQ(must(kept().forget(evening + 3s, 1)), 1U);
    EXPECT_EQ(must(kept().forget(evening + 3s, 10)), 1U);
    EXPECT_EQ(state(3).ended, placed_end::pressed);
    EXPECT_THAT(must(kept().open()), SizeIs(1)) << "what runs is never forgotten";
}

std::string name_of(testing::TestParamInfo<call_keeper_maker> const& who) {
    return who.param == calls_on_memory ? "memory" : "postgres";
}

INSTANTIATE_TEST_SUITE_P(on, placed_call_contract,
                         testing::Values(calls_on_memory, calls_on_postgres), name_of);

} // namespace

} // namespace linli::tests
