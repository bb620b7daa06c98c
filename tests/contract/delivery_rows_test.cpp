// Deliveries of a newer version: two servers of different versions have one record for a while.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "adapters/postgres/delivery_record.hpp"
#include "contract/fresh_database.hpp"
#include "support/evening.hpp"
#include "support/run_on.hpp"

namespace linli::tests {
namespace {

using namespace domain;
using lane = app::delivery_record::lane;
using testing::ElementsAre;

delivery to(std::string who, std::uint8_t number) {
    delivery d;
    d.id.value.bytes[15] = number;
    d.notice.bytes[15] = number;
    d.about.event = {"w1:1:1"};
    d.about.at = evening;
    d.who = std::move(who);
    d.by = channel::voice;
    d.since = evening;
    d.due_at = evening;
    return d;
}

std::vector<std::string> whom(std::vector<delivery> const& all) {
    std::vector<std::string> names;
    for (auto const& each : all)
        names.push_back(each.who);
    return names;
}

TEST(delivery_rows, one_with_a_word_of_a_newer_version_stops_none_of_the_others) {
    if (!has_test_server()) GTEST_SKIP() << "set LINLI_TEST_DATABASE";
    fresh_database const db;
    boost::asio::io_context loop;
    auto const kept = postgres::open_deliveries(db.url(), db.keys());
    std::vector<delivery> const all{to("first", 1), to("second", 2), to("third", 3)};
    ASSERT_TRUE(run_on(loop, kept->expand(uuid{}, all)));
    db.sql("update delivery set why = 'seen_by_a_robot' where who <> 'third'");
    auto const taken = run_on(loop, kept->take(lane::emergency, evening, seconds(60), 10));
    ASSERT_TRUE(taken);
    EXPECT_THAT(whom(*taken), ElementsAre("third"));
    db.sql("update delivery set state = 'sent', due_at = null");
    auto const ended = run_on(loop, kept->unlogged(1)); // fewer than stand before it
    ASSERT_TRUE(ended);
    EXPECT_THAT(whom(*ended), ElementsAre("third"));
    kept->stop();
}

} // namespace
} // namespace linli::tests
