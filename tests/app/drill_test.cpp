// Exercises and the house's own presses beside real work, on the twin.
#include <algorithm>

#include <gtest/gtest.h>

#include "app/bench_top.hpp"

namespace linli::tests {

using domain::alert_kind;
using domain::purpose;
using domain::refusal;
using domain::reply_kind;
using domain::seconds;

namespace {

app::start_drill drill(std::string device, alert_kind kind = alert_kind::sos) {
    return {{std::move(device)}, kind, {"li"}};
}

domain::alert const& alert_for(bench_top const& b, purpose what_for) {
    for (auto const& [id, a] : b.record.holds().alerts)
        if (a.what_for == what_for) return a;
    throw std::logic_error("no such alert");
}

domain::order const& order_for(bench_top const& b, purpose what_for) {
    for (auto const& [id, o] : b.record.holds().orders)
        if (o.what_for == what_for) return o;
    throw std::logic_error("no such order");
}

std::size_t open_alerts(bench_top const& b) {
    auto const& all = b.record.holds().alerts;
    return static_cast<std::size_t>(std::count_if(
        all.begin(), all.end(), [](auto const& each) { return is_open(each.second); }));
}

// Two homes, far from each other, and one worker for both.
city one_worker() {
    return a_city()
        .with_station("s1")
        .with(resident("r1").at_home("h1").wears("w1"))
        .with(home("h2").has("b2").at(north_of(usual_place, 3000)))
        .with(worker("k1").of("p1").certified("first_aid"));
}

city with_synthetic_people() {
    return one_worker()
        .with(resident("r0").at_home("h0").wears("w0").synthetic())
        .with(worker("k0")
                  .of("p0")
                  .certified("first_aid")
                  .synthetic()
                  .at(north_of(usual_place, 9000)));
}

void tell_contacts_at_once(domain::plan& p) {
    p.steps = {{.after = seconds(0), .tell = domain::audience::contacts}};
}

} // namespace

TEST(drill, a_real_press_inside_it_is_a_real_alert_of_its_own) {
    bench_top b;
    EXPECT_FALSE(b.takes({drill("w1")})[0].refused);
    b.takes({b.press("w1", 1)});
    b.takes({b.press("w1", 2)});
    EXPECT_EQ(open_alerts(b), 2U);
    EXPECT_EQ(alert_for(b, purpose::drill).signals, 1U);
    EXPECT_EQ(alert_for(b, purpose::real).signals, 2U);
    EXPECT_EQ(alert_for(b, purpose::real).desk.value, "s1");
    for (auto const& [event, each] : b.record.holds().signals)
        EXPECT_EQ(each.what.alert, alert_for(b, purpose::real).id);
}

TEST(drill, beside_an_open_alert_is_one_of_its_own_and_ends_alone) {
    bench_top b;
    b.takes({b.press("w1", 1)});
    b.takes({drill("w1")});
    auto const id = alert_for(b, purpose::drill).id;
    b.takes({app::alert_command{id, domain::claim{{"li"}}},
             app::alert_command{id, domain::close{{"li"}, domain::disposition::test, {}}}});
    EXPECT_FALSE(is_open(alert_for(b, purpose::drill)));
    EXPECT_TRUE(is_open(alert_for(b, purpose::real)));
    EXPECT_NE(order_for(b, purpose::real).state, domain::order_state::cancelled);
}

TEST(drill, one_a_subject_at_a_time_and_only_with_what_the_house_knows) {
    bench_top b;
    EXPECT_FALSE(b.takes({drill("w1")})[0].refused);
    EXPECT_EQ(b.takes({drill("w1", alert_kind::fall)})[0].refused, refusal::held);
    EXPECT_EQ(b.takes({drill("stranger")})[0].refused, refusal::unknown);
    EXPECT_EQ(b.takes({drill("b2", alert_kind::help_request)})[0].refused, refusal::out_of_turn);
    EXPECT_EQ(b.record.holds().alerts.size(), 1U);
}

TEST(drill, tells_the_worker_that_it_is_one_and_device_and_contacts_nothing) {
    bench_top b(tell_contacts_at_once);
    b.takes({drill("w1")});
    EXPECT_EQ(b.news().what_for, purpose::drill);
    b.takes({b.says(reply_kind::accept)});
    b.takes({b.says(reply_kind::arrived)});
    EXPECT_EQ(b.only_order().state, domain::order_state::arrived);
    EXPECT_EQ(b.told("device:w1"), 0U);
    EXPECT_TRUE(b.notices(b.only_alert().id).empty());
    EXPECT_TRUE(b.record.holds().signals.empty());
}

TEST(drill, who_is_held_by_one_is_free_for_real_work) {
    bench_top b(one_worker());
    b.takes({drill("w1")});
    b.takes({b.says(reply_kind::accept)});
    b.takes({b.says(reply_kind::en_route)});
    b.takes({b.press("b2", 1)});
    EXPECT_EQ(b.news().what_for, purpose::real);
    EXPECT_EQ(b.news().offer.worker.value, "k1");
    EXPECT_FALSE(b.takes({b.says(reply_kind::accept)})[0].refused);
    EXPECT_EQ(order_for(b, purpose::real).worker.value, "k1");
    auto const known = run_on(b.loop, b.record.load_registry()).value();
    EXPECT_EQ(known.workers.at(0).load, 1) << "a drill is no load";
}

TEST(drill, takes_nobody_from_real_work) {
    bench_top b(one_worker());
    b.takes({b.press("b2", 1)});
    b.takes({b.says(reply_kind::accept)});
    b.takes({drill("w1")});
    EXPECT_EQ(order_for(b, purpose::drill).state, domain::order_state::unfilled);
}

TEST(synthetic, a_press_rings_at_no_real_seat_and_its_order_finds_the_synthetic_worker) {
    bench_top b(with_synthetic_people(), tell_contacts_at_once);
    b.takes({b.press("w0", 1)});
    b.fast_forward(seconds(300)); // all rungs
    EXPECT_EQ(b.only_alert().what_for, purpose::synthetic);
    for (auto const& each : b.committed)
        for (auto const& a : each.alerts)
            EXPECT_EQ(a.desk.value, domain::synthetic_desk);
    for (auto const& news : b.offers_told)
        EXPECT_EQ(news.offer.worker.value, "k0");
    EXPECT_FALSE(b.offers_told.empty());
    EXPECT_TRUE(b.notices(b.only_alert().id).empty());
    EXPECT_GE(b.told("device:w0"), 1U) << "its device waits for the receipt like any";
}

TEST(synthetic, a_real_order_never_finds_the_synthetic_worker) {
    bench_top b(with_synthetic_people());
    b.takes({b.press("w1", 1)});
    b.takes({b.says(reply_kind::accept)});
    b.takes({b.press("b2", 1)});
    EXPECT_EQ(b.offers_told.back().offer.worker.value, "k1");
    for (auto const& [id, o] : b.record.holds().orders)
        if (to_string(o.about) == "home:h2") {
            EXPECT_EQ(o.state, domain::order_state::unfilled);
        }
}

} // namespace linli::tests
