// A worker who calls for help by his page is an emergency like any, and never sent to help himself.
#include <gtest/gtest.h>

#include "app/bench_top.hpp"

namespace linli::tests {

namespace {

app::worker_sos call(std::string const& worker, std::uint8_t number = 1) {
    domain::uuid id;
    id.bytes[15] = number;
    app::worker_sos what;
    what.worker = {worker};
    what.event = domain::make_own_sos_event(what.worker, id);
    what.fix = north_of(usual_place, 400);
    return what;
}

} // namespace

TEST(worker_sos, is_an_emergency_of_his_own_with_where_he_is) {
    bench_top b;
    b.takes({call("k1")});
    auto const& a = b.only_alert();
    EXPECT_EQ(to_string(a.about), "worker:k1");
    EXPECT_EQ(a.level, domain::priority::p1);
    EXPECT_EQ(a.kind, domain::alert_kind::sos);
    auto const& [event, kept] = *b.record.holds().signals.begin();
    EXPECT_EQ(kept.what.what.fix, north_of(usual_place, 400));
    EXPECT_EQ(kept.what.what.device.value, "+page.k1");
    EXPECT_EQ(kept.what.alert, a.id);
}

TEST(worker_sos, that_comes_twice_is_one_and_a_second_one_rings_again) {
    bench_top b;
    b.takes({call("k1")});
    EXPECT_FALSE(b.takes({call("k1")})[0].set_aside) << "his page must hear that he was heard";
    EXPECT_EQ(b.only_alert().signals, 1U);
    b.takes({call("k1", 2)});
    EXPECT_EQ(b.only_alert().signals, 2U);
}

TEST(worker_sos, on_a_visit_sends_another_to_the_home_where_he_is) {
    bench_top b;
    b.takes({b.press("w1", 1)});
    auto his = b.says(domain::reply_kind::accept);
    auto const him = b.news().offer.worker;
    b.takes({his});
    b.takes({call(him.value)});
    std::string where;
    for (auto const& [id, a] : b.record.holds().alerts)
        if (a.about.kind == domain::subject_kind::worker) where = a.home.value;
    EXPECT_EQ(where, "h1");
    EXPECT_EQ(b.record.holds().orders.size(), 2U);
    EXPECT_NE(b.news().offer.worker, him);
}

TEST(worker_sos, of_whom_the_registry_has_forgotten_is_heard_at_the_citys_desk) {
    bench_top b;
    b.takes({call("gone")});
    EXPECT_EQ(b.only_alert().area.value, city_area);
}

TEST(worker_sos, tells_no_device_anything) {
    bench_top b;
    b.takes({call("k1")});
    b.takes({app::alert_command{b.only_alert().id, domain::claim{{"li"}}}});
    EXPECT_EQ(b.told("device:+page.k1"), 0U);
}

} // namespace linli::tests
