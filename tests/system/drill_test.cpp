// 演练: the whole house takes part, and nobody outside of it hears of anything.
#include <gtest/gtest.h>

#include "support/loopback_gateway.hpp"
#include "system/house.hpp"
#include "system/until.hpp"

namespace linli::tests {

namespace {

using namespace std::chrono_literals;
using domain::alert_kind;
using domain::alert_state;
using domain::purpose;

domain::alert const* open_alert_for(app::overview const& seen, purpose what_for) {
    for (auto const& line : seen.alerts)
        if (line.what.what_for == what_for) return &line.what;
    return nullptr;
}

domain::alert alert_for(house& h, purpose what_for) {
    auto const seen = h.when("an alert for " + std::string(to_text(what_for)),
                             [&](auto const& o) { return open_alert_for(o, what_for); });
    return *open_alert_for(seen, what_for);
}

app::registry_rows city_with_a_daughter() {
    auto city = small_city();
    app::contact_row daughter;
    daughter.resident = {"r1"};
    daughter.name = "王小红";
    daughter.phone = "13900000001";
    city.contacts = {daughter};
    city.sites.at(0).duty_phone = "09311234567";
    return city;
}

} // namespace

TEST(drill, runs_to_the_door_and_past_it_and_no_gateway_hears_of_it) {
    loopback_gateway sms;
    house h(city_with_a_daughter());
    runtime::notify_config gateways;
    gateways.sms.url = sms.url();
    h.gets_gateways(gateways);
    auto& provider = h.provider("c1");

    EXPECT_EQ(h.begins_drill("w1", alert_kind::sos, "li"), "");
    EXPECT_EQ(h.begins_drill("w1", alert_kind::sos, "li"), "held"); // one at a time
    auto const alert = alert_for(h, purpose::drill);
    h.fast_forward(10min); // every rung and step of the plan
    auto const offer = provider.gets_offer();
    EXPECT_TRUE(offer.drill);
    EXPECT_TRUE(provider.accepts(offer).visit);
    EXPECT_EQ(h.claims(alert.id, "li"), "");
    EXPECT_EQ(h.closes(alert.id, "li", domain::disposition::test), "");

    // The first that any gateway hears is the real press after it.
    h.device("w1").presses_sos();
    auto const real = alert_for(h, purpose::real);
    h.fast_forward(10min);
    until("somebody is told", [&] { return !sms.requests().empty(); });
    EXPECT_EQ(h.count("delivery d join alert a on a.id = d.alert where a.purpose <> 'real'"), 0);
    EXPECT_GE(h.count("delivery"), 1);
    EXPECT_EQ(real.signals, 1U);
    h.counts("linli_alerts_raised_total", 1);
    EXPECT_EQ(h.record().alerts_today, 1);
}

TEST(drill, a_real_press_in_the_midst_of_it_is_a_real_alert) {
    house h(small_city());
    h.takes_the_demo_plans();
    auto& provider = h.provider("c1");
    EXPECT_EQ(h.begins_drill("w1", alert_kind::fall, "li"), "");
    auto const exercise = alert_for(h, purpose::drill);
    auto const event = h.device("w1").presses_sos();
    h.device("w1").hears_stored(event);
    auto const real = alert_for(h, purpose::real);
    EXPECT_NE(real.id, exercise.id);
    EXPECT_EQ(real.first_event, event);
    EXPECT_FALSE(provider.gets_offer().event.empty());
    EXPECT_EQ(h.claims(exercise.id, "li"), "");
    EXPECT_EQ(h.closes(exercise.id, "li", domain::disposition::test), "");
    auto const left = h.record();
    EXPECT_EQ(left.alerts.size(), 1U);
    EXPECT_EQ(left.alerts.at(0).what.id, real.id);
}

} // namespace linli::tests
