// Who asks for one row gets everything that hangs together with it, and nothing else.
#include "contract/keeper.hpp"
#include "contract/rows.hpp"

namespace linli::tests {

using namespace domain;

namespace {

// An alert with two orders and three offers, a request with its ring-back, and a neighbour's alert
// with an order and an offer.
struct situation {
    alert a = open_alert(1);
    order visit = order_for(a, 1);
    order meal = order_for(a, 2);
    offer silent = offer_of(visit, 1, "k2");
    offer taken = offer_of(visit, 2);
    offer for_meal = offer_of(meal, 3);
    request r = open_request(1);
    order ring_back = order_for(r, 3);
    alert other = open_alert(2, "r3");
    order others = order_for(other, 4);
    offer to_other = offer_of(others, 4);

    situation() {
        meal.service = {"meal"};
        visit = held_by(visit, taken, order_state::accepted);
        taken.state = offer_state::accepted;
        taken.due_at.reset();
        others.home = {"h2"};
        others.area = {"310000s2"};
    }
    app::changes all() const {
        return changes_of(a, visit, meal, silent, taken, for_meal, r, ring_back, other, others,
                          to_other);
    }
};

template <class Map>
auto keys(Map const& map) {
    std::vector<typename Map::key_type> all;
    for (auto const& [key, row] : map)
        all.push_back(key);
    return all;
}

void expect_the_alerts_world(app::view const& seen, situation const& s) {
    EXPECT_EQ(keys(seen.alerts), (std::vector{s.a.id}));
    EXPECT_EQ(keys(seen.orders), (std::vector{s.visit.id, s.meal.id}));
    EXPECT_EQ(keys(seen.offers), (std::vector{s.silent.id, s.taken.id, s.for_meal.id}));
    EXPECT_TRUE(seen.requests.empty());
    EXPECT_TRUE(seen.homes.contains({"h1"}));
    EXPECT_TRUE(seen.heads.contains(s.a.id.value));
    EXPECT_TRUE(seen.heads.contains(s.meal.id.value));
}

void expect_the_requests_world(app::view const& seen, situation const& s) {
    EXPECT_EQ(keys(seen.requests), (std::vector{s.r.id}));
    EXPECT_EQ(keys(seen.orders), (std::vector{s.ring_back.id}));
    EXPECT_TRUE(seen.alerts.empty());
    EXPECT_TRUE(seen.offers.empty());
}

} // namespace

TEST_P(record_contract, by_its_alert_one_of_its_orders_or_one_of_their_offers) {
    situation const s;
    store(s.all());
    expect_the_alerts_world(read(wants(s.a.id)), s);
    expect_the_alerts_world(read(wants(s.visit.id)), s);
    expect_the_alerts_world(read(wants(s.meal.id)), s);
    expect_the_alerts_world(read(wants(s.silent.id)), s);
    expect_the_alerts_world(read(wants(s.for_meal.id)), s);
}

TEST_P(record_contract, by_its_request_or_its_ring_back) {
    situation const s;
    store(s.all());
    expect_the_requests_world(read(wants(s.r.id)), s);
    expect_the_requests_world(read(wants(s.ring_back.id)), s);
}

TEST_P(record_contract, by_a_signal_of_the_residents_watch) {
    situation const s;
    store(s.all());
    auto const seen = read(wants(signal_from{"w1"}));
    EXPECT_EQ(keys(seen.alerts), (std::vector{s.a.id}));
    EXPECT_EQ(keys(seen.requests), (std::vector{s.r.id}));
    EXPECT_EQ(keys(seen.orders), (std::vector{s.visit.id, s.meal.id, s.ring_back.id}));
    EXPECT_EQ(seen.offers.size(), 3U);
    EXPECT_EQ(seen.devices.at({"w1"}).open_alert, s.a.id);
    EXPECT_EQ(seen.devices.at({"w1"}).open_request, s.r.id);
}

TEST_P(record_contract, a_closed_alert_is_no_longer_brought_by_a_signal) {
    store(changes_of(closed(open_alert(1))));
    auto const seen = read(wants(signal_from{"w1"}));
    EXPECT_TRUE(seen.alerts.empty());
    EXPECT_EQ(seen.devices.at({"w1"}).open_alert, std::nullopt);
    EXPECT_EQ(read(wants(numbered<alert_id>(1))).alerts.size(), 1U);
}

TEST_P(record_contract, by_the_subject_that_unknown_devices_join) {
    auto door = open_alert(1);
    door.about = {subject_kind::area, "310000/mqtt"};
    door.resident = {};
    store(changes_of(door));
    auto const seen = read(wants(signal_from{"stranger"}, door.about));
    EXPECT_EQ(keys(seen.alerts), (std::vector{door.id}));
    EXPECT_FALSE(seen.devices.at({"stranger"}).registered);
}

TEST_P(record_contract, what_nobody_has_is_not_there) {
    auto const seen = read(wants(numbered<alert_id>(9), numbered<request_id>(9),
                                 numbered<order_id>(9), accept_of{numbered<offer_id>(9)}));
    EXPECT_TRUE(seen.alerts.empty() && seen.requests.empty() && seen.orders.empty() &&
                seen.offers.empty() && seen.visits.empty());
    EXPECT_TRUE(read(wants()).devices.empty());
}

TEST_P(record_contract, the_visit_that_a_worker_is_on_binds_him_wherever_he_is_asked) {
    situation const s;
    store(s.all());
    auto const at_h1 = read(wants(s.a.id));
    EXPECT_EQ(at_h1.visiting.at({"k1"}), home_id{"h1"}) << "the holder";
    EXPECT_FALSE(at_h1.visiting.contains({"k2"}));
    auto const elsewhere = read(wants(s.to_other.id));
    EXPECT_EQ(elsewhere.visiting.at({"k1"}), home_id{"h1"}) << "asked by another home";

    auto done = s.visit;
    done.version = 1;
    done.state = order_state::completed;
    store(changes_of(done));
    EXPECT_FALSE(read(wants(s.to_other.id)).visiting.contains({"k1"}));
}

TEST_P(record_contract, the_card_comes_with_the_accept_and_only_then) {
    situation const s;
    store(s.all());
    EXPECT_TRUE(read(wants(s.taken.id)).visits.empty());
    auto const card = read(wants(accept_of{s.taken.id})).visits.at(s.visit.id);
    EXPECT_EQ(card.name, "Sun Mei") << "the one whom it is about, not her husband";
    EXPECT_EQ(card.phone, "13800000001");
    EXPECT_EQ(card.door, "3-501");
    EXPECT_EQ(card.notes, "dog");
    ASSERT_TRUE(card.place);
    EXPECT_DOUBLE_EQ(card.place->latitude, usual_place.latitude);
}

TEST_P(record_contract, an_alert_about_a_home_gives_the_card_of_all_who_live_there) {
    auto a = open_alert(1);
    a.about = {subject_kind::home, "h1"};
    a.resident = {};
    auto const o = order_for(a, 1);
    auto const f = offer_of(o, 1);
    store(changes_of(a, o, f));
    auto const seen = read(wants(accept_of{f.id}));
    EXPECT_EQ(seen.visits.at(o.id).name, "Sun Mei / Sun Bo");
    EXPECT_EQ(seen.visits.at(o.id).phone, "13800000001");
}

} // namespace linli::tests
