// What must still be told.
#include "contract/keeper.hpp"
#include "contract/rows.hpp"

namespace linli::tests {

using namespace domain;

namespace {

constexpr seconds lease{60};

std::vector<std::string> keys(std::vector<app::outbox_row> const& rows) {
    std::vector<std::string> all;
    for (auto const& row : rows)
        all.push_back(row.key);
    return all;
}

using told = std::vector<std::string>;

} // namespace

TEST_P(record_contract, an_outbox_row_is_read_back_field_by_field) {
    auto row = outbox_row(1, evening);
    row.version = 7;
    row.payload = std::string("\0\xff binary \\x", 12);
    store(changes_of(row));
    auto const taken = must(record().take_outbox(evening, lease, 10));
    ASSERT_EQ(taken.size(), 1U);
    EXPECT_EQ(taken[0].id, row.id);
    EXPECT_EQ(taken[0].destination, row.destination);
    EXPECT_EQ(taken[0].key, row.key);
    EXPECT_EQ(taken[0].version, 7U);
    EXPECT_EQ(taken[0].payload, row.payload);
    EXPECT_EQ(taken[0].attempts, 1U);
}

TEST_P(record_contract, an_outbox_row_is_taken_once_and_again_when_its_lease_is_over) {
    store(changes_of(outbox_row(1, evening)));
    EXPECT_EQ(must(record().take_outbox(evening, lease, 10)).size(), 1U);
    EXPECT_TRUE(must(record().take_outbox(evening, lease, 10)).empty());
    auto const almost = evening + lease - duration(1);
    EXPECT_TRUE(must(record().take_outbox(almost, lease, 10)).empty());
    auto const again = must(record().take_outbox(evening + lease, lease, 10));
    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(again[0].attempts, 2U);
}

TEST_P(record_contract, what_was_tried_in_vain_waits_longer_each_time_till_it_is_brought_forward) {
    store(changes_of(outbox_row(1, evening), outbox_row(2, evening + hours(1))));
    must(record().take_outbox(evening, lease, 10));
    auto const again = evening + lease;
    must(record().take_outbox(again, lease, 10));
    EXPECT_TRUE(must(record().take_outbox(again + lease, lease, 10)).empty());
    must(record().outbox_forward(again + lease, again + 2 * lease));
    EXPECT_EQ(keys(must(record().take_outbox(again + lease, lease, 10))), (told{"w1:1:2"}))
        << "the first is with whoever has taken it, by now";
    must(record().outbox_sent({outbox_row(2, evening).id}));
    must(record().outbox_forward(again + lease, again + lease));
    auto const first = must(record().take_outbox(again + lease, lease, 10));
    EXPECT_EQ(keys(first), (told{"w1:1:1"}));
    EXPECT_EQ(first[0].attempts, 1U);
}

TEST_P(record_contract, an_outbox_row_waits_for_its_time) {
    store(changes_of(outbox_row(1, evening + seconds(10))));
    EXPECT_TRUE(must(record().take_outbox(evening, lease, 10)).empty());
    EXPECT_EQ(must(record().take_outbox(evening + seconds(10), lease, 10)).size(), 1U);
}

TEST_P(record_contract, outbox_rows_come_in_the_order_in_which_they_were_made) {
    store(changes_of(outbox_row(3, evening - seconds(9)), outbox_row(1, evening),
                     outbox_row(2, evening - seconds(5))));
    EXPECT_EQ(keys(must(record().take_outbox(evening, lease, 2))), (told{"w1:1:1", "w1:1:2"}));
    EXPECT_EQ(keys(must(record().take_outbox(evening, lease, 2))), (told{"w1:1:3"}));
}

TEST_P(record_contract, what_was_sent_is_gone) {
    store(changes_of(outbox_row(1, evening), outbox_row(2, evening)));
    must(record().outbox_sent({outbox_row(1, evening).id}));
    must(record().outbox_sent({outbox_row(1, evening).id})); // said twice
    must(record().outbox_sent({}));
    EXPECT_EQ(keys(must(record().take_outbox(evening + hours(1), lease, 10))), (told{"w1:1:2"}));
}

} // namespace linli::tests
