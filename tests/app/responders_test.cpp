// Who goes, on the twin: what each is told, and whose own button it may be.
#include <gtest/gtest.h>

#include "app/bench_top.hpp"

namespace linli::tests {

using domain::reply_kind;
using domain::responder_kind;

namespace {

city a_street() {
    return a_city()
        .with_station("s1")
        .with(home("h1").at(usual_place))
        .with(resident("r1").at_home("h1").wears("w1").named("Wang Xiulan"));
}

} // namespace

TEST(responders, a_company_sees_the_door_when_it_has_named_who_goes) {
    bench_top b(
        a_street().with(worker("k1").of("p1").certified("first_aid").whose_company_is_asked()));
    b.takes({b.press("w1", 1)});
    EXPECT_TRUE(b.news().offer.worker.empty());
    b.takes({b.says(reply_kind::accept)});
    EXPECT_EQ(b.news().offer.state, domain::offer_state::accepted);
    EXPECT_FALSE(b.news().visit);

    auto named = b.says(reply_kind::assign);
    named.worker = {"k1"};
    b.takes({named});
    EXPECT_EQ(b.only_order().worker.value, "k1");
    ASSERT_TRUE(b.news().visit);
    EXPECT_EQ(b.news().visit->name, "Wang Xiulan");
}

TEST(responders, a_company_names_nobody_elses_people) {
    bench_top b(a_street()
                    .with(worker("k1").of("p1").certified("first_aid").whose_company_is_asked())
                    .with(worker("k2").of("p2").at(north_of(usual_place, 9000))));
    b.takes({b.press("w1", 1)});
    b.takes({b.says(reply_kind::accept)});
    auto named = b.says(reply_kind::assign);
    named.worker = {"k2"};
    EXPECT_EQ(b.takes({named})[0].refused, domain::refusal::not_yours);
}

TEST(responders, a_worker_who_is_at_a_home_presses_his_own_button_and_another_comes_there) {
    bench_top b(
        a_street()
            .with(worker("k1").of("p1").certified("first_aid").wears("kw1"))
            .with(worker("k2").of("p2").certified("first_aid").at(north_of(usual_place, 2000))));
    b.takes({b.press("w1", 1)});
    b.takes({b.says(reply_kind::accept)});
    b.takes({b.says(reply_kind::arrived)});
    b.takes({b.press("kw1", 1)});

    auto const& news = b.news();
    EXPECT_EQ(news.offer.worker.value, "k2") << "who has pressed can't come to help himself";
    auto const& order = b.record.holds().orders.at(news.order);
    EXPECT_EQ(order.home.value, "h1");
    EXPECT_EQ(to_string(order.about), "worker:k1");
    EXPECT_EQ(order.level, domain::priority::p1);
}

TEST(responders, a_worker_on_the_road_who_presses_is_put_before_his_sites_desk) {
    bench_top b(a_street().with(worker("k1").of("p1").wears("kw1")));
    b.takes({b.press("kw1", 1)});
    EXPECT_EQ(to_string(b.only_alert().about), "worker:k1");
    EXPECT_EQ(b.only_alert().desk.value, "s1");
    EXPECT_TRUE(b.record.holds().orders.empty()) << "nobody knows where he is: the desk asks";
}

} // namespace linli::tests
