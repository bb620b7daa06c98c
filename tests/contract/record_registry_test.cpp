// Who is cared for, by whom: as the import left it, with load and visit as they are now.
#include <algorithm>

#include "contract/keeper.hpp"
#include "contract/rows.hpp"

namespace linli::tests {

using namespace domain;

namespace {

app::device_facts facts(subject about, std::string area, std::string home) {
    app::device_facts f;
    f.registered = true;
    f.about = std::move(about);
    f.area = {std::move(area)};
    f.home = {std::move(home)};
    return f;
}

void expect_same(app::device_facts const& seen, app::device_facts const& expected) {
    EXPECT_EQ(seen.registered, expected.registered);
    EXPECT_EQ(seen.about, expected.about);
    EXPECT_EQ(seen.area, expected.area);
    EXPECT_EQ(seen.home, expected.home);
    EXPECT_EQ(seen.resident, expected.resident);
    EXPECT_EQ(seen.high_risk, expected.high_risk);
    EXPECT_EQ(seen.open_alert, std::nullopt);
    EXPECT_EQ(seen.open_request, std::nullopt);
}

domain::worker const& find(app::registry const& all, std::string const& id) {
    return *std::find_if(all.workers.begin(), all.workers.end(),
                         [&](domain::worker const& w) { return w.id.value == id; });
}

} // namespace

TEST_P(record_contract, whom_a_signal_is_about) {
    app::wanted what;
    for (auto const* device : {"w1", "w2", "box1", "w3", "spare", "stranger"})
        what.signals.push_back({{std::string(device) + ":1:1"}, {device}});
    auto const seen = read(what);

    auto worn = facts({subject_kind::resident, "r1"}, "310000s1", "h1");
    worn.resident = {"r1"};
    expect_same(seen.devices.at({"w1"}), worn);

    auto high_risk = facts({subject_kind::resident, "r2"}, "310000s1", "h1");
    high_risk.resident = {"r2"};
    high_risk.high_risk = true;
    expect_same(seen.devices.at({"w2"}), high_risk);

    auto fixed = facts({subject_kind::home, "h1"}, "310000s1", "h1");
    fixed.high_risk = true; // one of the couple is
    expect_same(seen.devices.at({"box1"}), fixed);

    expect_same(seen.devices.at({"spare"}), facts({subject_kind::device, "spare"}, "", ""));
    EXPECT_FALSE(seen.devices.at({"stranger"}).registered);
    EXPECT_TRUE(seen.known_events.empty());
    EXPECT_TRUE(seen.alerts.empty());
}

TEST_P(record_contract, where_a_home_is) {
    auto const seen = read(wants(signal_from{"w1"}, signal_from{"w3"}));
    auto const& h1 = seen.homes.at({"h1"});
    EXPECT_EQ(h1.area, area_id{"310000s1"});
    EXPECT_EQ(h1.rough_place, "Changyang Road");
    ASSERT_TRUE(h1.place);
    EXPECT_DOUBLE_EQ(h1.place->latitude, usual_place.latitude);
    EXPECT_DOUBLE_EQ(h1.place->longitude, usual_place.longitude);
    EXPECT_EQ(seen.homes.at({"h2"}).place, std::nullopt);
}

TEST_P(record_contract, areas_and_sites_are_read_as_they_were_imported) {
    auto const town = the_town();
    auto const all = must(record().load_registry());
    ASSERT_EQ(all.areas.size(), town.areas.size());
    for (auto const& expected : town.areas) {
        auto const seen = std::find_if(all.areas.begin(), all.areas.end(),
                                       [&](auto const& a) { return a.code == expected.code; });
        ASSERT_NE(seen, all.areas.end());
        EXPECT_EQ(seen->parent, expected.parent);
        EXPECT_EQ(seen->served_by, expected.served_by);
    }
    ASSERT_EQ(all.sites.size(), town.sites.size());
    for (auto const& expected : town.sites) {
        auto const seen = std::find_if(all.sites.begin(), all.sites.end(),
                                       [&](auto const& s) { return s.id == expected.id; });
        ASSERT_NE(seen, all.sites.end());
        EXPECT_EQ(seen->level, expected.level);
        EXPECT_EQ(seen->parent, expected.parent);
        EXPECT_EQ(seen->area, expected.area);
        EXPECT_EQ(seen->place.has_value(), expected.place.has_value());
        EXPECT_EQ(seen->opens, expected.opens);
        EXPECT_EQ(seen->closes, expected.closes);
    }
}

TEST_P(record_contract, workers_are_read_as_they_were_imported) {
    auto const all = must(record().load_registry());
    ASSERT_EQ(all.workers.size(), 5U);
    auto const& k1 = find(all, "k1");
    EXPECT_EQ(k1.provider, provider_id{"p1"});
    EXPECT_EQ(k1.site, "s1");
    EXPECT_EQ(k1.certificates, (std::vector<std::string>{"first_aid", "lifting"}));
    EXPECT_DOUBLE_EQ(k1.rating, 4.5);
    ASSERT_TRUE(k1.place);
    EXPECT_DOUBLE_EQ(k1.place->longitude, usual_place.longitude);
    EXPECT_EQ(k1.load, 0);
    EXPECT_EQ(k1.visiting, "");
    auto const& k2 = find(all, "k2");
    EXPECT_EQ(k2.place, std::nullopt);
    EXPECT_EQ(k2.from_minute, 1320);
    EXPECT_EQ(k2.until_minute, 360);
    EXPECT_TRUE(k2.certificates.empty());
}

TEST_P(record_contract, a_worker_carries_his_open_offers_and_his_visit) {
    auto const a = open_alert(1);
    auto const b = open_alert(2, "r2");
    auto const here = order_for(a, 1);
    auto const f = offer_of(here, 1);
    auto taken = f;
    taken.state = offer_state::accepted;
    taken.due_at.reset();
    auto const there = order_for(b, 2);
    store(changes_of(a, b, held_by(here, f, order_state::en_route), taken, there,
                     offer_of(there, 2), offer_of(there, 3, "k2")));
    auto const all = must(record().load_registry());
    EXPECT_EQ(find(all, "k1").load, 2) << "one visit, one offer that waits";
    EXPECT_EQ(find(all, "k1").visiting, "h1");
    EXPECT_EQ(find(all, "k2").load, 1);
    EXPECT_EQ(find(all, "k2").visiting, "");
}

TEST_P(record_contract, the_registry_says_its_version) {
    auto const version = must(record().registry_version());
    EXPECT_GT(version, 0);
    EXPECT_EQ(must(record().load_registry()).version, version);
}

TEST_P(record_contract, a_plan_is_kept_under_its_digest_for_ever) {
    must(record().keep_plans({{"sos-plan", "another text"}, {"p2", "body {\"é\": '预案'}\n"}}));
    EXPECT_EQ(must(record().plan_body("sos-plan")), "kind = \"sos\"") << "a snapshot never changes";
    EXPECT_EQ(must(record().plan_body("p2")), "body {\"é\": '预案'}\n");
    must(record().keep_plans({}));
}

TEST_P(record_contract, a_plan_that_nobody_has_kept_is_a_failure_and_no_crash) {
    EXPECT_FALSE(run(record().plan_body("no such plan")));
}

TEST_P(record_contract, a_workers_own_button_is_where_he_is) {
    app::wanted what;
    what.signals.push_back({{"kb1:1:1"}, {"kb1"}});
    auto const seen = read(what);
    auto const& f = seen.devices.at({"kb1"});
    EXPECT_TRUE(f.registered);
    EXPECT_EQ(f.about, (subject{subject_kind::worker, "k1"}));
    EXPECT_EQ(f.area, area_id{"310000s1"}) << "his site's, while he is on no visit";
    EXPECT_TRUE(f.home.empty());
}

TEST_P(record_contract, who_can_go_beside_workers_is_read_as_he_was_imported) {
    auto const all = must(record().load_registry());
    auto const& key = find(all, "chen");
    EXPECT_EQ(key.kind, responder_kind::neighbour);
    EXPECT_EQ(key.people, 2);
    EXPECT_EQ(key.homes, (std::vector<std::string>{"h1"}));
    EXPECT_TRUE(find(all, "k9").by_company);
    EXPECT_FALSE(key.by_company);
}

TEST_P(record_contract, an_address_where_nobody_goes_alone) {
    auto const seen = read(wants(signal_from{"w1"}, signal_from{"w4"}));
    EXPECT_FALSE(seen.homes.at({"h1"}).needs_two);
    EXPECT_TRUE(seen.homes.at({"h4"}).needs_two);
}

} // namespace linli::tests
