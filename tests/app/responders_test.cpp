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

TEST(responders, whom_the_desk_chooses_is_asked_beside_the_others_also_off_duty) {
    bench_top b(a_street()
                    .with(worker("k1").of("p1").certified("first_aid"))
                    .with(worker("k2").of("p2").on_duty(1200, 1260)));
    b.takes({b.press("w1", 1)});
    EXPECT_EQ(b.news().offer.worker.value, "k1");
    app::order_command const choose{b.only_order().id, domain::offer_to{{"op1"}, {"k2"}}};
    EXPECT_FALSE(b.takes({choose})[0].refused);
    EXPECT_EQ(b.news().offer.worker.value, "k2");
    EXPECT_EQ(b.record.holds().offers.size(), 2U);
    auto const& ranked = b.record.holds().searches.at(1).ranked;
    ASSERT_EQ(ranked.size(), 2U);
    EXPECT_EQ(ranked[0].id.value, "k2");
    EXPECT_EQ(ranked[0].why, domain::match_reason::by_operator);
    EXPECT_EQ(ranked[1].why, domain::match_reason::asked_before);

    b.takes({choose}); // she presses the button twice
    EXPECT_EQ(b.record.holds().offers.size(), 2U);
    EXPECT_EQ(b.record.holds().searches.size(), 2U);
    b.takes({b.says(reply_kind::accept)});
    EXPECT_EQ(b.only_order().worker.value, "k2");
}

TEST(responders, the_desk_sees_who_could_go_before_the_plan_asks_anybody) {
    bench_top b(
        a_street().with(worker("k1").of("p1").certified("first_aid")).with(worker("k2").of("p2")),
        [](domain::plan& p) {
            p.order->when = domain::offer_when::unless_cleared;
            p.order->certificate = "first_aid";
        });
    b.takes({b.press("w1", 1)});
    EXPECT_TRUE(b.record.holds().offers.empty());
    ASSERT_EQ(b.record.holds().searches.size(), 1U);
    auto const& ranked = b.record.holds().searches[0].ranked;
    ASSERT_EQ(ranked.size(), 2U);
    EXPECT_EQ(ranked[0].id.value, "k1");
    EXPECT_EQ(ranked[0].why, domain::match_reason::next);
    EXPECT_EQ(ranked[1].why, domain::match_reason::no_certificate);
    app::order_command const choose{b.only_order().id, domain::offer_to{{"op1"}, {"k1"}}};
    EXPECT_FALSE(b.takes({choose})[0].refused);
    EXPECT_EQ(b.news().offer.worker.value, "k1");
}

TEST(responders, who_was_there_an_hour_ago_and_says_so_now_is_not_near) {
    struct said {
        domain::duration ago;
        double metres; // to the north of her who presses
    };
    struct row {
        char const* why;
        std::vector<said> words; // k1's, one after the other
        char const* asked;
    };
    std::vector<row> const rows{{"he is there", {{domain::seconds(5), 0}}, "k1"},
                                {"he was there, and had no network", {{domain::hours(1), 0}}, "k2"},
                                {"what he did before comes after it",
                                 {{domain::seconds(5), 0}, {domain::hours(1), 9000}},
                                 "k1"},
                                {"his telephone's clock is ahead",
                                 {{-domain::hours(5), 9000}, {domain::seconds(0), 0}},
                                 "k1"}};
    for (auto const& each : rows) {
        SCOPED_TRACE(each.why);
        auto const far = north_of(usual_place, 5000);
        bench_top b(
            a_street()
                .with(home("h9").at(far).has("b9"))
                .with(worker("k1").of("p1").certified("first_aid").at(far))
                .with(
                    worker("k2").of("p2").certified("first_aid").at(north_of(usual_place, 2000))));
        b.takes({b.press("b9", 1)});
        ASSERT_EQ(b.news().offer.worker.value, "k1");
        auto const no = b.says(reply_kind::decline);
        for (auto const& word : each.words) {
            auto told = no;
            told.fix = north_of(usual_place, word.metres);
            told.happened_at = b.clock.now() - word.ago;
            b.takes({told});
        }
        b.takes({b.press("w1", 1)});
        EXPECT_EQ(b.news().offer.worker.value, each.asked);
    }
}

TEST(responders, the_desk_can_choose_nobody_who_is_unknown_not_real_himself_or_elsewhere) {
    bench_top b(a_street()
                    .with(home("h2").at(north_of(usual_place, 500)))
                    .with(resident("r2").at_home("h2").wears("w2"))
                    .with(worker("k1").of("p1").certified("first_aid").wears("kw1"))
                    .with(worker("k3").of("p1").synthetic()));
    b.takes({b.press("w1", 1)});
    b.takes({b.says(reply_kind::accept)}); // k1 goes to h1
    b.takes({b.press("w2", 1)});
    for (auto const& [id, o] : b.record.holds().orders) {
        if (o.home.value != "h2") continue;
        auto const chosen = [&](char const* who) {
            return b.takes({app::order_command{o.id, domain::offer_to{{"op1"}, {who}}}})[0].refused;
        };
        EXPECT_EQ(chosen("k9"), domain::refusal::unknown);
        EXPECT_EQ(chosen("k3"), domain::refusal::unknown);
        EXPECT_EQ(chosen("k1"), domain::refusal::busy);
        EXPECT_EQ(o.state, domain::order_state::unfilled);
    }
}

} // namespace linli::tests
