// Time is data: what is due, in which order; and the numbers of a day.
#include "contract/keeper.hpp"
#include "contract/rows.hpp"

namespace linli::tests {

using namespace domain;

namespace {

alert due(std::uint8_t number, priority level, int in_s) {
    auto a = open_alert(number, "resident" + std::to_string(number));
    a.level = level;
    a.due_at = evening + seconds(in_s);
    return a;
}

alert_id nth(std::uint8_t number) {
    return numbered<alert_id>(number);
}

using alerts = std::vector<alert_id>;

} // namespace

TEST_P(record_contract, nothing_is_due_on_the_first_day) {
    auto const work = must(record().due(evening, 10));
    EXPECT_TRUE(work.alerts.empty() && work.requests.empty() && work.orders.empty());
    EXPECT_EQ(work.next, std::nullopt);
}

TEST_P(record_contract, p1_is_due_first_then_the_longest_overdue) {
    store(changes_of(due(1, priority::p3, -900), due(2, priority::p1, -10),
                     due(3, priority::p2, -600), due(4, priority::p1, -20), due(5, priority::p1, 0),
                     due(6, priority::p1, 1)));
    auto const work = must(record().due(evening, 10));
    EXPECT_EQ(work.alerts, (alerts{nth(4), nth(2), nth(5), nth(3), nth(1)}));
    EXPECT_EQ(work.next, evening + seconds(1));
    EXPECT_EQ(must(record().due(evening, 2)).alerts, (alerts{nth(4), nth(2)}));
}

TEST_P(record_contract, due_is_not_taken_away_by_looking) {
    store(changes_of(due(1, priority::p1, -10)));
    must(record().due(evening, 10));
    EXPECT_EQ(must(record().due(evening, 10)).alerts, (alerts{nth(1)}));
}

TEST_P(record_contract, alerts_orders_and_requests_are_due_and_what_has_ended_is_not) {
    auto const a = open_alert(1);
    auto const r = open_request(1);
    auto over = order_for(a, 2);
    over.service = {"meal"};
    over.state = order_state::cancelled;
    over.due_at.reset();
    store(changes_of(a, r, order_for(a, 1), over, closed(open_alert(2, "r2"))));
    auto const work = must(record().due(evening + hours(1), 10));
    EXPECT_EQ(work.alerts, (alerts{a.id}));
    EXPECT_EQ(work.requests, (std::vector{r.id}));
    EXPECT_EQ(work.orders, (std::vector{numbered<order_id>(1)}));
    EXPECT_EQ(work.next, std::nullopt);

    auto const early = must(record().due(evening - seconds(1), 10));
    EXPECT_EQ(early.next, evening) << "the order's, the earliest of all";
}

TEST_P(record_contract, a_countdown_is_open_work_that_comes_due) {
    auto const a = counted_down(open_alert(1));
    store(changes_of(a));
    EXPECT_EQ(must(record().due(evening + seconds(29), 10)).next, a.due_at);
    auto const work = must(record().due(evening + seconds(30), 10));
    EXPECT_EQ(work.alerts, (std::vector{a.id}));
    EXPECT_EQ(answer_to(changes_of(open_alert(2))), "conflict") << "one open alert a subject";

    auto const seen = read(wants(a.id));
    auto stored = a;
    stored.version = 1;
    EXPECT_EQ(seen.alerts.at(a.id), stored);
    ASSERT_TRUE(seen.homes.contains(a.home)) << "its end brings the first order to this door";
    EXPECT_FALSE(seen.homes.at(a.home).rough_place.empty());
    EXPECT_TRUE(seen.homes.at(a.home).place);

    auto taken_back = closed(stored);
    taken_back.outcome = disposition::cancelled_by_wearer;
    store(changes_of(taken_back));
    EXPECT_EQ(answer_to(changes_of(open_alert(2))), "done");
}

TEST_P(record_contract, a_moment_is_exact_to_the_microsecond) {
    auto a = open_alert(1);
    a.due_at = evening + duration(1);
    store(changes_of(a));
    EXPECT_TRUE(must(record().due(evening, 10)).alerts.empty());
    EXPECT_EQ(must(record().due(evening, 10)).next, evening + duration(1));
    EXPECT_EQ(must(record().due(evening + duration(1), 10)).alerts.size(), 1U);
}

TEST_P(record_contract, order_numbers_follow_each_other_and_are_given_once) {
    EXPECT_EQ(must(record().reserve_numbers(20260101, 5)), 1);
    EXPECT_EQ(must(record().reserve_numbers(20260101, 1)), 6);
    EXPECT_EQ(must(record().reserve_numbers(20260101, 100)), 7);
    EXPECT_EQ(must(record().reserve_numbers(20260102, 3)), 1) << "a new day";
    EXPECT_EQ(must(record().reserve_numbers(20260101, 1)), 107);
}

} // namespace linli::tests
