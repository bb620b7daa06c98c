// The whole first machine dies, database and all, and the second one goes on. And a new schema
// comes while people press.
#include <future>

#include <gmock/gmock.h>
#include <pqxx/pqxx>

#include "adapters/postgres/schema.hpp"
#include "support/evening.hpp"
#include "system/another_server.hpp"
#include "system/house.hpp"
#include "system/standby.hpp"
#include "system/until.hpp"

namespace linli::tests {

namespace {

struct first_machine_returns { // for the tests behind this one
    ~first_machine_returns() { house::database("start"); }
};

} // namespace

TEST(a_standby, takes_over_with_the_second_server_and_what_was_stored_is_there) {
    house h{small_city()};
    auto& watch = h.device("w1");
    auto const url = h.config().database.url;
    standby b;
    auto config = h.config();
    config.database.url = b.both(url);
    another_server second(config, h.folder() / "second");
    second.starts();
    auto const second_says = [&](std::string const& words) {
        until("the second says: " + words,
              [&] { return second.says().find(words) != std::string::npos; });
    };
    second_says("stands by: server ");
    watch.hears_stored(watch.presses_sos());
    b.has_all_of(url);
    EXPECT_EQ(b.count("signal", url), 1);

    first_machine_returns const afterwards;
    house::database("kill");
    h.server_stops();
    auto const meanwhile = watch.presses_sos(); // the broker keeps it
    b.is_promoted();
    second_says(R"("name":"ingest","ready":true,"state":"receives)");
    watch.hears_stored(meanwhile);
    watch.hears_stored(watch.presses_sos());
    EXPECT_EQ(b.count("signal", url), 3);
    EXPECT_EQ(b.count("alert", url), 1) << "it is the same one that the first machine had opened";
    second.stops();
}

// The new program stands beside the old schema: what is pressed waits on its disk, while "linli
// migrate" works and afterwards.
TEST(the_previous_schema, becomes_this_one_while_people_press_and_nobody_is_lost) {
    house h{small_city()};
    h.server_stops();
    {
        pqxx::connection connection(h.config().database.url);
        pqxx::nontransaction in(connection);
        in.exec("drop schema public cascade; create schema public");
        auto const steps = postgres::all_migrations();
        postgres::migrate(h.config().database.url, evening, {}, steps.first(steps.size() - 1));
    }
    h.learns(small_city());
    h.server_starts_unready();
    EXPECT_FALSE(h.is_ready());
    auto& watch = h.device("w1");
    std::vector<domain::event_id> pressed;
    pressed.push_back(watch.presses_sos());
    auto migrating = std::async(std::launch::async, [&] { return h.program_says("migrate"); });
    for (int n = 0; n < 50; ++n)
        pressed.push_back(watch.presses_sos());
    EXPECT_THAT(migrating.get(), testing::HasSubstr("applied "));
    for (auto const& event : pressed)
        watch.hears_stored(event);
    EXPECT_TRUE(h.is_ready());
    EXPECT_EQ(h.count("signal"), 51);
    EXPECT_EQ(h.count("alert"), 1);
}

TEST(the_anchors, are_made_by_the_server_and_leave_the_database) {
    house h{small_city()};
    auto& watch = h.device("w1");
    watch.hears_stored(watch.presses_sos());
    h.fast_forward(std::chrono::hours(1));
    until("an anchor vouches for the press", [&] {
        auto const said = h.program_says("audit verify --json");
        return said.find(R"("anchored":0,)") == std::string::npos &&
               said.find(R"("whole":true)") != std::string::npos;
    });
    // The anchor is in the database a moment before the server that made it says so.
    until("the server says so", [&] { return h.metric("linli_anchor_number") > 0; });
    EXPECT_THAT(h.tells("/readyz"),
                testing::HasSubstr(R"("name":"anchors","ready":true,"state":"anchor )"));
    EXPECT_EQ(h.metric("linli_anchors_wrong"), 0);
}

} // namespace linli::tests
