// Drills and synthetic alerts beside real ones: what a record lets stand, and what it finds.
#include "contract/keeper.hpp"
#include "contract/rows.hpp"

namespace linli::tests {

using namespace domain;

namespace {

alert open_alert_for(purpose what_for, std::uint8_t number, std::string resident = "r1") {
    auto a = open_alert(number, std::move(resident));
    a.what_for = what_for;
    return a;
}

// Of a worker under way: a drill's, or a real one's.
order under_way(alert const& a, std::uint8_t number, std::string home, offer& shown) {
    auto o = order_for(a, number);
    o.what_for = a.what_for;
    o.home = {std::move(home)};
    shown = offer_of(o, number);
    return held_by(o, shown, order_state::en_route);
}

app::wanted drill_with(std::string const& device) {
    app::wanted what;
    what.drills.push_back({device});
    return what;
}

int load_of_k1(app::registry const& all) {
    for (auto const& w : all.workers)
        if (w.id.value == "k1") return w.load;
    return -1;
}

app::chained_line by_operator(alert const& a, std::string who) {
    auto l = line(app::chain_of::alert, a.id.value, {});
    l.line.by = {actor_kind::operator_, std::move(who), {}};
    return l;
}

alert claimed(alert a, std::string who) {
    a.state = alert_state::claimed;
    a.holder = {std::move(who)};
    a.claimed_until = evening + seconds(900);
    return a;
}

} // namespace

TEST_P(record_contract, purposes_are_read_back) {
    for (auto const what_for : {purpose::drill, purpose::synthetic}) {
        auto const number = static_cast<std::uint8_t>(what_for);
        auto const a = open_alert_for(what_for, number);
        auto o = order_for(a, number);
        o.what_for = what_for;
        store(changes_of(a, o));
        auto const seen = read(wants(a.id));
        EXPECT_EQ(seen.alerts.at(a.id).what_for, what_for);
        EXPECT_EQ(seen.orders.at(o.id).what_for, what_for);
    }
}

TEST_P(record_contract, one_alert_of_a_subject_is_open_for_each_purpose) {
    store(changes_of(open_alert_for(purpose::drill, 1)));
    EXPECT_EQ(answer_to(changes_of(open_alert_for(purpose::drill, 2))), "conflict");
    EXPECT_EQ(answer_to(changes_of(open_alert_for(purpose::real, 3))), "done");
    EXPECT_EQ(answer_to(changes_of(open_alert_for(purpose::real, 4))), "conflict");
}

TEST_P(record_contract, a_press_finds_the_open_alert_for_its_own_purpose_and_no_drill) {
    auto const drill = open_alert_for(purpose::drill, 1);
    store(changes_of(drill));
    auto seen = read(wants(signal_from{"w1"}));
    EXPECT_FALSE(seen.devices.at({"w1"}).open_alert);
    EXPECT_TRUE(seen.alerts.empty());

    auto const real = open_alert_for(purpose::real, 2);
    store(changes_of(real));
    seen = read(wants(signal_from{"w1"}));
    EXPECT_EQ(seen.devices.at({"w1"}).open_alert, real.id);
    EXPECT_EQ(seen.alerts.size(), 1U);
}

TEST_P(record_contract, a_drill_finds_its_device_and_the_drill_that_is_open) {
    auto seen = read(drill_with("w1"));
    EXPECT_TRUE(seen.devices.at({"w1"}).registered);
    EXPECT_TRUE(seen.known_events.empty());
    EXPECT_TRUE(seen.homes.contains({"h1"}));
    EXPECT_FALSE(read(drill_with("stranger")).devices.at({"stranger"}).registered);

    auto const drill = open_alert_for(purpose::drill, 1);
    store(changes_of(drill, open_alert_for(purpose::real, 2)));
    seen = read(drill_with("w1"));
    EXPECT_TRUE(seen.alerts.contains(drill.id));
}

TEST_P(record_contract, what_a_synthetic_resident_wears_reports_for_that_purpose) {
    auto const ours = open_alert_for(purpose::synthetic, 1, "r0");
    store(changes_of(ours, open_alert_for(purpose::real, 2, "r0")));
    auto const facts = read(wants(signal_from{"w0"})).devices.at({"w0"});
    EXPECT_EQ(facts.what_for, purpose::synthetic);
    EXPECT_EQ(facts.open_alert, ours.id);
    EXPECT_EQ(read(wants(signal_from{"w1"})).devices.at({"w1"}).what_for, purpose::real);
}

TEST_P(record_contract, the_registry_names_the_synthetic_worker) {
    for (auto const& w : must(record().load_registry()).workers)
        EXPECT_EQ(w.synthetic, w.id.value == "k0") << w.id.value;
}

TEST_P(record_contract, a_worker_held_by_a_drill_is_free_for_real_work) {
    auto const drill = open_alert_for(purpose::drill, 1);
    auto const real = open_alert_for(purpose::real, 2, "r3");
    offer shown;
    auto const exercise = under_way(drill, 1, "h1", shown);
    store(changes_of(drill, exercise, shown));
    EXPECT_FALSE(read(wants(exercise.id)).visiting.contains({"k1"}));
    EXPECT_EQ(load_of_k1(must(record().load_registry())), 0);

    offer open;
    auto const visit = under_way(real, 2, "h2", open);
    EXPECT_EQ(answer_to(changes_of(real, visit, open)), "done");
    EXPECT_EQ(read(wants(exercise.id)).visiting.at({"k1"}), home_id{"h2"});
    EXPECT_EQ(load_of_k1(must(record().load_registry())), 2); // the offer is still open
}

TEST_P(record_contract, whoever_sees_to_synthetic_alerts_is_no_free_operator) {
    app::wanted what;
    what.operators_since = evening - seconds(1);
    auto const ours = claimed(open_alert_for(purpose::synthetic, 1), "synthetic");
    store(changes_of(ours, by_operator(ours, "synthetic")));
    EXPECT_FALSE(read(what).operators.any_busy);
    EXPECT_FALSE(read(what).operators.any_free);

    auto const drill = claimed(open_alert_for(purpose::drill, 2, "r2"), "li");
    store(changes_of(drill, by_operator(drill, "li")));
    EXPECT_FALSE(read(what).operators.any_busy) << "a drill holds nobody";
    EXPECT_TRUE(read(what).operators.any_free);
}

TEST_P(record_contract, no_false_alarm_of_a_drill_is_counted) {
    auto drill = closed(open_alert_for(purpose::drill, 1));
    drill.outcome = disposition::false_alarm;
    auto const real = open_alert_for(purpose::real, 2);
    store(changes_of(drill, real));
    app::wanted what = wants(real.id);
    what.false_alarms_of.push_back(real.id);
    what.false_alarms_until = evening + seconds(120);
    EXPECT_EQ(read(what).false_alarms.at(real.id).week, 0);
}

} // namespace linli::tests
