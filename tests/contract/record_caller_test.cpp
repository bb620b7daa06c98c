// What the record says of somebody who calls the hotline: who he is, where, and what is open.
#include <gmock/gmock.h>

#include "contract/keeper.hpp"
#include "contract/rows.hpp"

namespace linli::tests {

using namespace domain;

namespace {

app::wanted caller(subject_kind kind, char const* id, char const* event = "+telephone:1:sos") {
    app::wanted what;
    what.callers.emplace_back(event_id{event}, subject{kind, id});
    return what;
}

} // namespace

TEST_P(record_contract, a_resident_who_calls_is_known_with_home_and_risk) {
    subject const r2{subject_kind::resident, "r2"};
    auto const seen = read(caller(r2.kind, "r2"));
    ASSERT_TRUE(seen.callers.contains(r2));
    auto const& facts = seen.callers.at(r2);
    EXPECT_EQ(facts.home.value, "h1");
    EXPECT_EQ(facts.resident.value, "r2");
    EXPECT_TRUE(facts.high_risk);
    EXPECT_EQ(seen.homes.at({"h1"}).rough_place, "Changyang Road");
}

TEST_P(record_contract, a_home_that_calls_is_as_frail_as_the_frailest_in_it) {
    subject const h1{subject_kind::home, "h1"};
    auto const seen = read(caller(h1.kind, "h1"));
    ASSERT_TRUE(seen.callers.contains(h1));
    EXPECT_TRUE(seen.callers.at(h1).resident.empty());
    EXPECT_TRUE(seen.callers.at(h1).high_risk);
}

TEST_P(record_contract, a_caller_brings_the_alert_and_the_request_that_are_open_of_him) {
    auto const a = open_alert(1, "r1");
    auto const r = open_request(1, "r1");
    store(changes_of(a));
    store(changes_of(r));
    auto const seen = read(caller(subject_kind::resident, "r1"));
    EXPECT_TRUE(seen.alerts.contains(a.id));
    EXPECT_TRUE(seen.requests.contains(r.id));
}

TEST_P(record_contract, a_call_that_is_in_the_record_is_known_again) {
    EXPECT_TRUE(read(caller(subject_kind::resident, "r1")).known_events.empty());
    store(changes_of(signal_of("+telephone:1:sos", "+telephone")));
    EXPECT_TRUE(
        read(caller(subject_kind::resident, "r1")).known_events.contains("+telephone:1:sos"));
}

TEST_P(record_contract, a_worker_who_calls_is_where_he_visits_else_in_his_stations_area) {
    subject const k1{subject_kind::worker, "k1"};
    auto const before = read(caller(k1.kind, "k1"));
    ASSERT_TRUE(before.callers.contains(k1));
    EXPECT_TRUE(before.callers.at(k1).home.empty());
    EXPECT_EQ(before.callers.at(k1).area.value, "310000s1");
    auto const a = open_alert(1);
    auto o = order_for(a, 1);
    auto f = offer_of(o, 1);
    o = held_by(o, f, order_state::en_route);
    f.state = offer_state::accepted;
    f.due_at.reset();
    store(changes_of(a, o, f));
    auto const seen = read(caller(k1.kind, "k1"));
    EXPECT_EQ(seen.callers.at(k1).home.value, "h1");
    EXPECT_TRUE(seen.callers.at(k1).resident.empty());
    EXPECT_TRUE(seen.homes.contains({"h1"}));
}

TEST_P(record_contract, an_order_that_no_alert_hears_brings_what_is_open_about_its_worker) {
    auto const sent = open_alert(1);
    auto o = order_for(sent, 1);
    auto f = offer_of(o, 1);
    o = held_by(o, f, order_state::arrived);
    f.state = offer_state::accepted;
    f.due_at.reset();
    auto his = open_alert(2);
    his.about = {subject_kind::worker, o.worker.value};
    his.resident = {};
    auto const for_him = order_for(his, 2);
    store(changes_of(sent, o, f, his, for_him));
    app::wanted what;
    what.orders.push_back(o.id);
    EXPECT_FALSE(read(what).alerts.contains(his.id)) << "its own alert is open";
    auto over = closed(sent);
    ++over.version;
    store(changes_of(over));
    auto const seen = read(what);
    ASSERT_TRUE(seen.alerts.contains(his.id));
    EXPECT_TRUE(seen.heads.contains(his.id.value));
    EXPECT_TRUE(seen.orders.contains(for_him.id)) << "who goes to help him is no second time sent";

    app::wanted reply;
    reply.offers.push_back(f.id);
    EXPECT_TRUE(read(reply).alerts.contains(his.id));
}

TEST_P(record_contract, a_caller_whom_nobody_knows_is_nobody) {
    EXPECT_TRUE(read(caller(subject_kind::resident, "gone")).callers.empty());
    EXPECT_TRUE(read(caller(subject_kind::area, "310000/call:1")).callers.empty());
}

} // namespace linli::tests
