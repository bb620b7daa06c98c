// Two servers of one installation, on one broker and one database: one receives, the other stands
// by; both of them never, and none of them only while nobody can say who.
#include <gtest/gtest.h>

#include "system/another_server.hpp"
#include "system/house.hpp"
#include "system/seized_ingest.hpp"
#include "system/until.hpp"

namespace linli::tests {

namespace {

constexpr auto stands_by = "stands by: server ";
constexpr auto receives = R"("name":"ingest","ready":true,"state":"receives)";
constexpr auto waits = "waits for the database, which says who receives";

class two_servers : public testing::Test {
protected:
    // The first has been receiving since it started.
    two_servers() { second.starts(); }

    void first_says(std::string const& words) {
        until("the first says: " + words,
              [&] { return h.tells("/readyz").find(words) != std::string::npos; });
    }
    void second_says(std::string const& words) {
        until("the second says: " + words,
              [&] { return second.says().find(words) != std::string::npos; });
    }
    bool is_last_holder(char const* journal) const {
        return std::filesystem::exists(h.folder() / journal / "holds-ingest");
    }

    house h{small_city()};
    tests::device& watch{h.device("w1")};
    another_server second{h.config(), h.folder() / "second"};
};

} // namespace

TEST_F(two_servers, one_stands_by_and_is_ready_and_the_other_receives) {
    second_says(stands_by);
    second_says("HTTP/1.1 200");
    EXPECT_TRUE(h.is_ready());
    first_says(receives);
    watch.hears_stored(watch.presses_sos());
    EXPECT_TRUE(is_last_holder("journal"));
    EXPECT_FALSE(is_last_holder("second/journal"));
}

TEST_F(two_servers, the_other_takes_over_when_the_holder_stops_in_order) {
    second_says(stands_by);
    watch.hears_stored(watch.presses_sos());
    h.server_stops();
    auto const meanwhile = watch.presses_sos();
    second_says(receives);
    watch.hears_stored(meanwhile);
    h.server_starts();
    first_says(stands_by);
    EXPECT_FALSE(is_last_holder("journal"));
    watch.hears_stored(watch.presses_sos());
    EXPECT_EQ(h.count("signal"), 3);
    EXPECT_EQ(h.count("alert"), 1);
}

TEST_F(two_servers, the_other_takes_over_when_the_holder_is_killed_and_nothing_is_lost) {
    second_says(stands_by);
    h.server_stops();
    second_says(receives);
    h.server_starts();
    first_says(stands_by);
    std::vector<domain::event_id> pressed;
    for (int n = 0; n < 50; ++n)
        pressed.push_back(watch.presses_sos());
    second.dies();
    pressed.push_back(watch.presses_sos());
    first_says(receives);
    for (auto const& event : pressed)
        watch.sends_again(event); // some may lie in the dead one's journal
    for (auto const& event : pressed)
        watch.hears_stored(event);
    EXPECT_EQ(h.count("signal"), 51);
    EXPECT_EQ(h.count("alert"), 1);
    second.starts();
    second_says(stands_by);
}

TEST_F(two_servers, without_the_database_the_holder_goes_on_also_over_a_restart) {
    second_says(stands_by);
    house::database("stop");
    second_says(waits);
    EXPECT_TRUE(second.says().starts_with("HTTP/1.1 503"));
    auto const before = watch.presses_sos();
    first_says(R"("1 waiting")");
    h.server_stops();
    h.server_starts_unready();
    auto const after = watch.presses_sos();
    first_says(R"("2 waiting")"); // it is the one who took it
    second_says(waits);
    house::database("start");
    watch.hears_stored(before);
    watch.hears_stored(after);
    second_says(stands_by); // the last holder had the first word
    first_says(receives);
}

TEST_F(two_servers, who_has_never_held_waits_for_the_database_and_says_so) {
    second_says(stands_by);
    second.stops();
    house::database("stop");
    second.starts();
    second_says(waits);
    auto const event = watch.presses_sos();
    first_says(R"("1 waiting")");
    house::database("start");
    watch.hears_stored(event);
    second_says(stands_by);
}

// Both believe that they were the last: the first, because nobody could tell it otherwise.
TEST_F(two_servers, of_two_last_holders_without_the_database_one_remains) {
    second_says(stands_by);
    h.server_stops();
    second_says(receives);
    house::database("stop");
    second_says("receives, as the last that did");
    h.server_starts_unready();
    second_says(waits);
    auto const event = watch.presses_sos();
    first_says(R"("1 waiting")");
    EXPECT_FALSE(is_last_holder("second/journal"));
    house::database("start");
    watch.hears_stored(event);
    second_says(stands_by);
}

TEST_F(two_servers, a_holder_that_finds_another_holding_steps_down_and_its_signals_are_worked_off) {
    second.stops();
    watch.hears_stored(watch.presses_sos());
    seized_ingest third(h.config().database.url, "third");
    first_says("stands by: server third receives");
    EXPECT_FALSE(is_last_holder("journal"));
    auto const meanwhile = watch.presses_sos(); // the broker keeps it for whoever receives
    third.gives_back();
    watch.hears_stored(meanwhile);
    first_says(receives);
}

} // namespace linli::tests
