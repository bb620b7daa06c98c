// Who comes too late hears `conflict`, and nothing of what he brought is there.
#include <chrono>
#include <future>
#include <thread>

#include "adapters/postgres/record.hpp"
#include "contract/fresh_database.hpp"
#include "contract/keeper.hpp"
#include "contract/registry_by_sql.hpp"
#include "contract/rows.hpp"

namespace linli::tests {

using namespace domain;

namespace {

template <class Row>
Row stored(Row row) {
    row.version += 1;
    return row;
}

// An alert that a commit brings along, to see whether it came in.
alert bystander() {
    return open_alert(200, "r3");
}

} // namespace

TEST_P(record_contract, an_event_comes_once) {
    auto const s = signal_of("w1:1:1", "w1");
    store(changes_of(s));
    EXPECT_EQ(answer_to(changes_of(s, bystander())), "conflict");
    EXPECT_TRUE(read(wants(bystander().id)).alerts.empty()) << "the whole or nothing";
    EXPECT_EQ(keeper_->count_signals(), 1U);

    auto const again = read(wants(signal_from{"w1", "w1:1:1"}, signal_from{"w1", "w1:1:2"}));
    EXPECT_TRUE(again.known_events.contains("w1:1:1")) << "read again, he sees why";
    EXPECT_FALSE(again.known_events.contains("w1:1:2"));
}

TEST_P(record_contract, an_event_comes_once_within_a_batch_too) {
    auto const s = signal_of("w1:1:1", "w1");
    EXPECT_EQ(answer_to(changes_of(s, s)), "conflict");
    EXPECT_EQ(keeper_->count_signals(), 0U);
}

TEST_P(record_contract, a_row_that_has_moved_on_is_a_conflict) {
    auto const a = open_alert(1);
    auto const r = open_request(1);
    auto const o = order_for(a, 1);
    auto const f = offer_of(o, 1);
    store(changes_of(a, r, o, f));
    store(changes_of(stored(a), stored(r), stored(o), stored(f)));
    EXPECT_EQ(answer_to(changes_of(stored(a), bystander())), "conflict");
    EXPECT_EQ(answer_to(changes_of(stored(r), bystander())), "conflict");
    EXPECT_EQ(answer_to(changes_of(stored(o), bystander())), "conflict");
    EXPECT_EQ(answer_to(changes_of(stored(f), bystander())), "conflict");
    EXPECT_EQ(answer_to(changes_of(a)), "conflict") << "made twice";
    EXPECT_TRUE(read(wants(bystander().id)).alerts.empty());
    EXPECT_EQ(read(wants(a.id)).alerts.at(a.id).version, 2U);
}

TEST_P(record_contract, one_situation_one_open_alert) {
    auto const first = open_alert(1);
    store(changes_of(first));
    EXPECT_EQ(answer_to(changes_of(open_alert(2))), "conflict");
    store(changes_of(open_alert(3, "r2"))); // somebody else
    store(changes_of(closed(stored(first))));
    store(changes_of(open_alert(2)));
}

TEST_P(record_contract, two_new_alerts_of_one_subject_in_one_batch_are_a_conflict) {
    EXPECT_EQ(answer_to(changes_of(open_alert(1), open_alert(2))), "conflict");
}

TEST_P(record_contract, closed_and_pressed_again_in_one_batch) {
    auto const first = open_alert(1);
    store(changes_of(first));
    store(changes_of(closed(stored(first)), open_alert(2)));
    auto const seen = read(wants(signal_from{"w1"}));
    EXPECT_EQ(seen.devices.at({"w1"}).open_alert, numbered<alert_id>(2));
}

TEST_P(record_contract, one_open_request_a_subject) {
    store(changes_of(open_request(1)));
    EXPECT_EQ(answer_to(changes_of(open_request(2))), "conflict");
    store(changes_of(open_request(3, "r2")));
}

TEST_P(record_contract, one_order_of_a_service_that_is_still_coming) {
    auto const a = open_alert(1);
    auto const first = order_for(a, 1);
    store(changes_of(a, first));
    for (auto state : {order_state::requested, order_state::offered, order_state::accepted,
                       order_state::en_route, order_state::unfilled}) {
        auto second = order_for(a, 2);
        second.state = state;
        second.worker = {"k1"};
        EXPECT_EQ(answer_to(changes_of(second)), "conflict") << to_text(state);
    }
    auto another_service = order_for(a, 3);
    another_service.service = {"meal"};
    store(changes_of(another_service));

    auto there = stored(first);
    there.state = order_state::arrived;
    there.worker = {"k1"};
    store(changes_of(there));
    store(changes_of(order_for(a, 2))); // help has arrived, and he pressed again
}

TEST_P(record_contract, failed_at_the_door_and_ordered_again_in_one_batch) {
    auto const a = open_alert(1);
    auto const first = order_for(a, 1);
    store(changes_of(a, first));
    auto over = stored(first);
    over.state = order_state::failed;
    over.due_at.reset();
    store(changes_of(over, order_for(a, 2)));
}

TEST_P(record_contract, an_order_number_is_given_once) {
    auto const a = open_alert(1);
    auto const b = open_alert(2, "r2");
    store(changes_of(a, b, order_for(a, 1)));
    auto second = order_for(b, 2);
    second.number = order_for(a, 1).number;
    EXPECT_EQ(answer_to(changes_of(second)), "conflict");
}

TEST_P(record_contract, a_worker_is_on_visits_at_one_home_only) {
    auto const a = open_alert(1);
    auto const b = open_alert(2, "r2");
    auto const here = order_for(a, 1);
    auto there = order_for(b, 2);
    there.home = {"h9"};
    auto const f = offer_of(here, 1);
    store(changes_of(a, b, held_by(here, f, order_state::accepted)));
    EXPECT_EQ(answer_to(changes_of(held_by(there, f, order_state::accepted))), "conflict");
    there.home = here.home; // a couple: two alerts, one visit
    store(changes_of(held_by(there, f, order_state::accepted)));
}

TEST_P(record_contract, a_worker_may_leave_one_home_for_another_in_one_commit) {
    auto const a = open_alert(1);
    auto const b = open_alert(2, "r2");
    auto const f = offer_of(order_for(a, 1), 1);
    auto first = held_by(order_for(a, 1), f, order_state::in_service);
    auto second = order_for(b, 2);
    second.home = {"h9"};
    store(changes_of(a, b, first, second));
    for (int turn = 0; turn < 2; ++turn) { // whichever row is older
        first = stored(first);
        second = stored(second);
        first.state = turn == 0 ? order_state::completed : order_state::in_service;
        second = turn == 0 ? held_by(second, f, order_state::accepted) : second;
        if (turn == 1) second.state = order_state::completed;
        EXPECT_EQ(answer_to(changes_of(first, second)), "done") << turn;
    }
}

TEST_P(record_contract, an_outbox_row_is_made_once) {
    store(changes_of(outbox_row(1, evening)));
    EXPECT_EQ(answer_to(changes_of(outbox_row(1, evening))), "conflict");
}

TEST_P(record_contract, what_no_rule_allows_is_bad_data) {
    auto forgotten = open_alert(1);
    forgotten.due_at.reset();
    EXPECT_EQ(answer_to(changes_of(bystander(), forgotten)), "bad_data");
    auto without_outcome = closed(open_alert(1));
    without_outcome.outcome.reset();
    EXPECT_EQ(answer_to(changes_of(without_outcome)), "bad_data");
    auto held_by_nobody = open_alert(1);
    held_by_nobody.state = alert_state::claimed;
    EXPECT_EQ(answer_to(changes_of(held_by_nobody)), "bad_data");

    auto held_countdown = counted_down(open_alert(1));
    held_countdown.holder = {"o1"};
    EXPECT_EQ(answer_to(changes_of(held_countdown)), "bad_data");
    auto timeless_countdown = counted_down(open_alert(1));
    timeless_countdown.due_at.reset();
    EXPECT_EQ(answer_to(changes_of(timeless_countdown)), "bad_data");

    auto const a = open_alert(1);
    store(changes_of(a));
    auto nobodys_visit = order_for(a, 1);
    nobodys_visit.state = order_state::en_route;
    EXPECT_EQ(answer_to(changes_of(nobodys_visit)), "bad_data");
    auto six_stars = order_for(a, 1);
    six_stars.rating = 6;
    EXPECT_EQ(answer_to(changes_of(six_stars)), "bad_data");
    auto timeless = offer_of(order_for(a, 1), 1);
    timeless.due_at.reset();
    EXPECT_EQ(answer_to(changes_of(order_for(a, 1), timeless)), "bad_data");
    EXPECT_TRUE(read(wants(bystander().id)).alerts.empty());
}

TEST_P(record_contract, what_refers_to_nothing_is_not_stored) {
    auto planless = open_alert(1);
    planless.plan = "no such plan";
    EXPECT_EQ(answer_to(changes_of(planless)), "away");
    EXPECT_EQ(answer_to(changes_of(order_for(open_alert(1), 1))), "away");
}

// Else it would be closed by its newest version, and an order that came with that would go on.
TEST(a_picture_of_what_is_open, is_of_one_moment) {
    if (!has_test_server()) GTEST_SKIP() << "set LINLI_TEST_DATABASE to run it";
    fresh_database const of;
    pqxx::connection other(of.url());
    write_registry(other, of.keys(), the_town());
    auto const record = postgres::open_record({.url = of.url(), .connections = 1}, of.keys());
    boost::asio::io_context loop;
    auto const a = open_alert(1);
    auto const both = changes_of(a, order_for(a, 1));
    ASSERT_TRUE(run_on(loop, record->keep_plans({{"sos-plan", "kind = \"sos\""}})));
    ASSERT_TRUE(run_on(loop, record->commit(both)));
    auto const asked = wants(a.id);
    ASSERT_TRUE(run_on(loop, record->read(asked))); // its statements are prepared

    pqxx::work meanwhile(other);
    meanwhile.exec("lock table alert in access exclusive mode");
    meanwhile.exec("update alert set version = version + 1");
    meanwhile.exec("update service_order set version = version + 1");
    auto reading =
        std::async(std::launch::async, [&] { return run_on(loop, record->read(asked)); });
    auto const waits = [&] {
        return of.value("select count(*) from pg_locks l join pg_database d on d.oid = l.database "
                        "where not l.granted and d.datname = current_database()") != "0";
    };
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(8);
    while (!waits() && std::chrono::steady_clock::now() < deadline)
        std::this_thread::yield(); // it has read the orders, and wants the alerts
    bool const has_waited = waits();
    meanwhile.commit();
    auto const seen = reading.get();
    record->stop();
    ASSERT_TRUE(has_waited);
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->alerts.at(a.id).version, seen->orders.begin()->second.version);
}

} // namespace linli::tests
