// The rules of people who run such desks, and one real case with its times (杭州 天水街道, 2015),
// on real parts and the plans we ship.
#include <gtest/gtest.h>

#include "system/house.hpp"
#include "system/until.hpp"

namespace linli::tests {

namespace {

using namespace std::chrono_literals;
using domain::alert_state;
using domain::ask;
using domain::disposition;
using domain::reply_kind;

// Lines of that kind in the record.
long lines(house& h, std::string const& what, std::string const& why = "%") {
    return h.count("log where what = '" + what + "' and why like '" + why + "'");
}

// The same, written so long after the alert was opened, by at most half a minute more.
long lines_after(house& h, std::string const& what, std::chrono::minutes since) {
    auto const from = std::to_string(since.count());
    return h.count("log l, alert a where l.what = '" + what + "' and l.at - a.opened_at >= '" +
                   from + " min' and l.at - a.opened_at < '" + from + " min 30 s'");
}

domain::alert pressed(house& h, std::string const& device, std::string const& subject) {
    h.device(device).hears_stored(h.device(device).presses_sos());
    return h.sees(subject, alert_state::raised);
}

domain::alert claimed(house& h, std::string const& device, std::string const& subject) {
    auto const a = pressed(h, device, subject);
    EXPECT_EQ(h.claims(a.id, "op1"), "");
    return a;
}

// k1 and k2 drive a taxi company's cars; a neighbour with the key lives opposite.
app::registry_rows city_with_a_neighbour() {
    auto city = small_city();
    auto neighbour = city.workers.at(0);
    neighbour.id = {"n1"};
    neighbour.provider = {"c3"};
    neighbour.kind = domain::responder_kind::neighbour;
    neighbour.certificates.clear();
    neighbour.homes = {"h1"};
    city.workers.push_back(neighbour);
    city.providers.push_back({{"c3"}, "社区", "00000003"});
    return city;
}

} // namespace

TEST(field_rule_1, a_new_press_on_a_claimed_alert_rings_its_holder_and_then_everybody) {
    house h(small_city());
    auto const a = claimed(h, "w1", "resident:r1");
    h.fast_forward(15s);
    h.device("w1").hears_stored(h.device("w1").presses_sos());
    EXPECT_EQ(h.sees("resident:r1", alert_state::claimed).signals, 2U);
    h.fast_forward(31s);
    auto const again = h.sees("resident:r1", alert_state::raised);
    EXPECT_EQ(again.id, a.id);
    EXPECT_TRUE(again.holder.empty());
}

TEST(field_rule_1, a_new_press_on_a_handled_alert_raises_it_at_once) {
    house h(small_city());
    auto const a = claimed(h, "w1", "resident:r1");
    EXPECT_EQ(h.handles(a.id, "op1"), "");
    h.device("w1").hears_stored(h.device("w1").presses_sos());
    EXPECT_EQ(h.sees("resident:r1", alert_state::raised).id, a.id);
    EXPECT_EQ(h.count("alert"), 1);
}

TEST(field_rule_2, who_wears_it_where_it_hangs_or_who_works_is_whom_it_is_about) {
    auto city = small_city();
    city.devices.push_back({{"k1-button"}, "button_box", {}, {}, {"k1"}});
    house h(city);
    EXPECT_EQ(pressed(h, "w1", "resident:r1").resident.value, "r1");
    auto const fixed = pressed(h, "b1", "home:h2");
    EXPECT_EQ(fixed.home.value, "h2");
    EXPECT_TRUE(fixed.resident.empty()) << "it may be either of a couple";
    pressed(h, "k1-button", "worker:k1");
    EXPECT_EQ(h.count("alert"), 3);
}

TEST(field_rule_3, the_order_is_written_at_once_and_the_first_is_asked_when_nobody_has_cleared_it) {
    house h(small_city());
    auto& nearest = h.provider("c1");
    auto const a = claimed(h, "w1", "resident:r1");
    auto const seen = h.record();
    ASSERT_EQ(seen.alerts.at(0).orders.size(), 1U);
    EXPECT_EQ(seen.alerts[0].orders[0].state, domain::order_state::requested);
    EXPECT_EQ(h.cancels(seen.alerts[0].orders[0].id, "op1", "老人说按错了"), "");
    h.fast_forward(61s);

    pressed(h, "b1", "home:h2");
    h.fast_forward(61s);
    EXPECT_EQ(nearest.gets_offer().event, "b1:1:1"); // the first that anybody is asked for
    EXPECT_EQ(lines(h, "offered"), 2);               // the two best, of that alone
    EXPECT_EQ(h.closes(a.id, "op1", disposition::helped), "");
}

TEST(field_rule_4, a_rung_with_nobody_on_duty_costs_no_time) {
    house h(small_city()); // has no centre
    pressed(h, "w1", "resident:r1");
    EXPECT_EQ(lines(h, "rung_reached", "station:s1"), 1);
    h.fast_forward(31s);
    until("the shift leader is rung",
          [&] { return lines(h, "rung_reached", "shift_leader:%") > 0; });
    EXPECT_EQ(lines_after(h, "rung_reached", 0min), 1);
    EXPECT_EQ(lines(h, "rung_reached", "centre:%"), 0);
}

TEST(field_rule_5, an_area_without_a_site_is_served_from_above_and_keeps_its_own_figures) {
    auto city = small_city();
    city.areas.push_back({{"620102001"}, {"620102"}, "张掖路街道", {}});
    city.homes.at(0).area = {"620102001"};
    house h(city);
    auto const a = pressed(h, "w1", "resident:r1");
    EXPECT_EQ(a.area.value, "620102001");
    EXPECT_EQ(a.desk.value, "s1");
}

TEST(field_rule_6, a_company_is_asked_and_its_word_on_the_telephone_counts_by_whom_it_was_heard) {
    auto city = small_city();
    city.providers.at(0).dispatch = "company";
    city.workers.pop_back(); // nobody else
    house h(city);
    auto& company = h.provider("c1");
    claimed(h, "w1", "resident:r1");
    h.fast_forward(61s);
    auto const offer = company.gets_offer();
    EXPECT_EQ(offer.worker, "");
    EXPECT_EQ(h.replies_for(offer.offer, "c1", "k1", reply_kind::accept, "op1"), "");
    auto const taken = company.hears(domain::offer_state::accepted, offer.offer);
    EXPECT_EQ(taken.worker, "k1");
    EXPECT_TRUE(taken.visit);
    EXPECT_EQ(h.count("log where what = 'accepted' and by_who = 'op1' and by_behalf = 'k1'"), 1);
}

TEST(field_rule_6, what_is_said_on_the_telephone_is_written_down_from_a_terminal) {
    auto city = small_city();
    city.providers.at(0).dispatch = "company";
    house h(city);
    h.takes_the_demo_plans();
    pressed(h, "w1", "resident:r1");
    until("both are asked", [&] { return h.count("offer where state = 'open'") == 2; });
    auto const number = h.record().alerts.at(0).orders.at(0).number;
    auto const to = "reply " + number + " -o op1 --kind ";
    EXPECT_NE(h.desk_says(to + "accept -w k9", 1).find("refused"), std::string::npos);
    EXPECT_NE(h.desk_says(to + "decline -w k2 -t 车坏了").find("his word"), std::string::npos);
    h.desk_says(to + "accept -w k1");
    h.desk_says(to + "en_route -w k1");
    h.desk_says(to + "arrived -w k1");
    EXPECT_EQ(h.count("service_order where state = 'arrived' and worker = 'k1'"), 1);
    EXPECT_EQ(lines(h, "declined"), 1);
    EXPECT_EQ(h.count("log where by_who = 'op1' and by_behalf = 'k1' and what in ('accepted', "
                      "'assigned', 'en_route', 'arrived')"),
              4);
    EXPECT_NE(h.desk_says(to + "accept -w k2", 1).find("not offered to k2"), std::string::npos);
}

TEST(field_rule_7, whoever_is_said_to_be_in_hospital_is_helped_all_the_same) {
    auto city = small_city();
    city.residents.at(0).status = "hospital";
    house h(city);
    auto& nearest = h.provider("c1");
    claimed(h, "w1", "resident:r1");
    h.fast_forward(61s);
    EXPECT_EQ(nearest.gets_offer().event, "w1:1:1");
}

TEST(field_rule_8, a_referral_is_no_end_and_not_going_needs_a_reason) {
    house h(small_city());
    auto const a = claimed(h, "w1", "resident:r1");
    EXPECT_EQ(h.closes(a.id, "op1", disposition::false_alarm), "needs_reason");
    EXPECT_EQ(h.handles(a.id, "op1"), ""); // 120 has been called
    h.fast_forward(15min + 1s);
    h.sees("resident:r1", alert_state::raised); // what did the hospital say?
    EXPECT_EQ(h.claims(a.id, "op1"), "");
    EXPECT_EQ(h.closes(a.id, "op1", disposition::sent_to_hospital), "");
    EXPECT_EQ(h.count("alert where state = 'closed' and outcome = 'sent_to_hospital'"), 1);
}

TEST(a_real_case,
     no_taxi_is_free_and_somebody_of_the_community_is_there_six_minutes_after_the_press) {
    house h(city_with_a_neighbour());
    auto& taxis = h.provider("c1");
    auto& others = h.provider("c2");
    auto& community = h.provider("c3");

    auto const a = pressed(h, "w1", "resident:r1"); // 10:24 the alarm pops up
    EXPECT_EQ(h.claims(a.id, "op1"), "");
    h.fast_forward(1min); // 10:25 the desk rings back, as the plan asks
    h.when("the ring-back is asked for", [](app::overview const& o) {
        return o.alerts.at(0).what.progress.asks.contains(ask::ring_back);
    });
    EXPECT_EQ(h.has_done(a.id, "op1", ask::ring_back, "无人接听"), "");
    auto const first = taxis.gets_offer();
    auto const second = others.gets_offer();
    h.fast_forward(1min - 45s); // 10:26 no taxi is free: before their time is over
    EXPECT_EQ(taxis.declines(first, "没有空车").state, domain::offer_state::declined);
    EXPECT_EQ(others.declines(second, "没有空车").state, domain::offer_state::declined);
    auto const fallback = community.gets_offer(); // and the community is asked at once
    h.fast_forward(45s);                          // 10:27
    auto const taken = community.accepts(fallback);
    ASSERT_TRUE(taken.visit);
    EXPECT_EQ(taken.visit->phone, "") << "a neighbour gets name and door";
    EXPECT_FALSE(community.replies(reply_kind::en_route, fallback.offer).refused);
    h.fast_forward(4min); // 10:30 on the scene
    EXPECT_FALSE(community.replies(reply_kind::arrived, fallback.offer).refused);
    h.device("w1").hears(domain::receipt_stage::arrived, a.first_event);

    EXPECT_EQ(lines_after(h, "asked", 0min) + lines_after(h, "asked", 1min), 1);
    EXPECT_EQ(lines_after(h, "declined", 1min), 2);
    EXPECT_EQ(lines_after(h, "accepted", 2min), 1);
    EXPECT_EQ(lines_after(h, "arrived", 6min), 1);
    EXPECT_FALSE(community.replies(reply_kind::started, fallback.offer).refused);
    EXPECT_FALSE(community.replies(reply_kind::completed, fallback.offer).refused);
    EXPECT_EQ(h.claims(a.id, "op1"), "");
    EXPECT_EQ(h.closes(a.id, "op1", disposition::sent_to_hospital, "儿子陪同去医院"), "");
}

} // namespace linli::tests
