// A visit whose alert is closed, or that has none: whoever goes isn't forgotten, nor is the door
// that nobody opens (field-rules 16, 18).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/bench_top.hpp"

namespace linli::tests {

using domain::alert_kind;
using domain::order_state;
using domain::reply_kind;

namespace {

using namespace std::chrono_literals;

std::vector<domain::alert> alerts_of(bench_top const& b, alert_kind kind) {
    std::vector<domain::alert> all;
    for (auto const& [id, a] : b.record.holds().alerts)
        if (a.kind == kind) all.push_back(a);
    return all;
}

std::vector<std::string> words_of(bench_top const& b, domain::alert const& a) {
    std::vector<std::string> all;
    for (auto const& each : b.record.holds().log.at(a.id.value))
        all.push_back(std::string(to_text(each.what.line.what)));
    return all;
}

// As shipped: these kinds bring no order of their own.
void as_shipped(domain::plan& p) {
    if (!domain::is_of_visits(p.kind)) return;
    if (p.kind != alert_kind::needs_120) p.level = domain::priority::p2;
    p.order.reset();
}

// r1 has pressed, and a worker has said all of that.
struct visited_desk {
    bench_top b{as_shipped};
    domain::worker_id him;

    explicit visited_desk(std::vector<reply_kind> const& steps) {
        b.takes({b.press("w1", 1)});
        him = b.news().offer.worker;
        says(steps);
    }
    void says(std::vector<reply_kind> const& steps) {
        for (auto const each : steps)
            b.takes({b.says(each)});
    }
    void closes(domain::alert const& a, domain::disposition how = domain::disposition::helped) {
        b.takes({app::alert_command{a.id, domain::claim{{"li"}}}});
        auto const done =
            b.takes({app::alert_command{a.id, domain::close{{"li"}, how, "said so"}}});
        EXPECT_FALSE(done[0].refused);
    }
    void needs_120() {
        auto said = b.says(reply_kind::failed);
        said.reply_id = "help";
        said.needs_120 = true;
        b.takes({said});
    }
    void calls_for_help(int n = 1) {
        domain::uuid id;
        id.bytes[15] = static_cast<std::uint8_t>(n);
        app::worker_sos call;
        call.worker = him;
        call.event = domain::make_own_sos_event(him, id);
        b.takes({call});
    }
    domain::alert pressed() const { return alerts_of(b, alert_kind::sos).front(); }
    std::vector<domain::alert> missed() const { return alerts_of(b, alert_kind::check_in_missed); }
};

} // namespace

TEST(unheard_visit, closed_while_he_is_inside_and_no_word_for_20_minutes_the_desk_hears_it) {
    visited_desk d({reply_kind::accept, reply_kind::arrived});
    d.b.fast_forward(5min);
    d.closes(d.pressed());
    d.b.fast_forward(14min);
    EXPECT_TRUE(d.missed().empty());
    d.b.fast_forward(1min);
    ASSERT_EQ(d.missed().size(), 1U);
    auto const a = d.missed()[0];
    EXPECT_EQ(to_string(a.about), "worker:" + d.him.value);
    EXPECT_EQ(a.home.value, "h1") << "there he is";
    EXPECT_EQ(a.state, domain::alert_state::raised);
    EXPECT_EQ(a.level, domain::priority::p2);
    EXPECT_THAT(words_of(d.b, a), testing::Contains("check_in_missed"));
    EXPECT_EQ(d.b.only_order().state, order_state::arrived);
    EXPECT_EQ(d.b.told("device:+visit"), 0U) << "no device has said it";
}

TEST(unheard_visit, who_is_inside_after_it_was_closed_and_says_120_is_heard) {
    visited_desk d({reply_kind::accept, reply_kind::arrived});
    d.closes(d.pressed());
    d.needs_120();
    auto const all = alerts_of(d.b, alert_kind::needs_120);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].state, domain::alert_state::raised);
    EXPECT_EQ(to_string(all[0].about), "resident:r1");
    EXPECT_EQ(d.b.record.holds().orders.size(), 1U) << "nobody else is sent: he stands there";
}

TEST(unheard_visit, who_says_120_while_it_is_open_rings_her_who_holds_it) {
    visited_desk d({reply_kind::accept, reply_kind::arrived});
    d.b.takes({app::alert_command{d.pressed().id, domain::claim{{"li"}}}});
    d.needs_120();
    EXPECT_TRUE(alerts_of(d.b, alert_kind::needs_120).empty()) << "one situation is one alert";
    EXPECT_TRUE(d.pressed().acknowledge_by) << "as a new press rings her";
    EXPECT_EQ(d.pressed().signals, 2U);
}

TEST(unheard_visit, who_was_called_back_and_finds_her_on_the_floor_says_120_and_is_heard) {
    visited_desk d({reply_kind::accept, reply_kind::en_route});
    d.closes(d.pressed(), domain::disposition::false_alarm);
    ASSERT_EQ(d.b.only_order().state, order_state::stood_down);
    d.needs_120();
    auto const all = alerts_of(d.b, alert_kind::needs_120);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].state, domain::alert_state::raised);
    EXPECT_EQ(to_string(all[0].about), "resident:r1");
    EXPECT_THAT(words_of(d.b, all[0]), testing::Contains("failed"));
    EXPECT_EQ(d.b.only_order().state, order_state::stood_down) << "his order is over all the same";
    d.needs_120();
    EXPECT_EQ(alerts_of(d.b, alert_kind::needs_120).size(), 1U) << "said again it joins";
}

TEST(unheard_visit, who_has_said_120_and_says_it_again_rings_nobody_twice) {
    visited_desk d({reply_kind::accept, reply_kind::arrived});
    d.closes(d.pressed());
    d.needs_120();
    d.needs_120();
    ASSERT_EQ(alerts_of(d.b, alert_kind::needs_120).size(), 1U);
    EXPECT_EQ(alerts_of(d.b, alert_kind::needs_120)[0].signals, 1U);
}

TEST(unheard_visit, while_its_alert_is_open_that_one_rings_and_no_other_is_raised) {
    visited_desk d({reply_kind::accept, reply_kind::arrived});
    d.b.takes({app::alert_command{d.pressed().id, domain::claim{{"li"}}}});
    d.b.fast_forward(20min);
    EXPECT_TRUE(d.missed().empty());
    EXPECT_THAT(words_of(d.b, d.pressed()), testing::Contains("nobody_to_go"));
    d.closes(d.pressed());
    d.b.fast_forward(20min);
    EXPECT_EQ(d.missed().size(), 1U) << "and after it is closed, this one hears the next";
}

TEST(unheard_visit, it_is_raised_once_until_there_was_a_word_from_him_again) {
    visited_desk d({reply_kind::accept, reply_kind::arrived});
    d.closes(d.pressed());
    d.b.fast_forward(20min);
    ASSERT_EQ(d.missed().size(), 1U);
    d.closes(d.missed()[0]);
    d.b.fast_forward(60min);
    EXPECT_EQ(d.missed().size(), 1U) << "she has rung him: he isn't asked about each 20 minutes";
    d.says({reply_kind::started});
    EXPECT_EQ(d.b.only_order().reason, "");
    d.b.fast_forward(20min);
    EXPECT_EQ(d.missed().size(), 2U) << "but what comes after a word is news";
}

TEST(unheard_visit, joins_what_is_open_about_him) {
    visited_desk d({reply_kind::accept, reply_kind::arrived});
    d.closes(d.pressed());
    d.calls_for_help();
    d.b.fast_forward(20min);
    EXPECT_TRUE(d.missed().empty());
    auto const his = alerts_of(d.b, alert_kind::sos).back();
    EXPECT_EQ(to_string(his.about), "worker:" + d.him.value);
    EXPECT_EQ(his.signals, 2U);
    EXPECT_THAT(words_of(d.b, his), testing::Contains("check_in_missed"));
    EXPECT_EQ(d.b.record.holds().orders.size(), 2U) << "who goes to help him is on the way already";
}

TEST(unheard_visit, of_a_worker_who_only_forgot_to_press_brings_no_visit_for_a_cause) {
    visited_desk d({reply_kind::accept, reply_kind::arrived});
    d.closes(d.pressed());
    for (int n = 1; n <= 2; ++n) {
        d.calls_for_help(n);
        d.closes(alerts_of(d.b, alert_kind::sos).back(), domain::disposition::false_alarm);
    }
    d.b.fast_forward(20min);
    d.closes(d.missed().at(0), domain::disposition::false_alarm);
    for (auto const& [id, o] : d.b.record.holds().orders)
        EXPECT_NE(o.service.value, "cause_visit");
}

TEST(unheard_visit, a_drills_worker_is_in_nobodys_home) {
    bench_top b(as_shipped);
    b.takes({app::start_drill{{"w1"}, alert_kind::sos, {"li"}}});
    b.takes({b.says(reply_kind::accept)});
    b.takes({b.says(reply_kind::arrived)});
    auto const id = b.only_alert().id;
    b.takes({app::alert_command{id, domain::claim{{"li"}}}});
    b.takes({app::alert_command{id, domain::close{{"li"}, domain::disposition::test, "over"}}});
    b.fast_forward(60min);
    EXPECT_EQ(b.record.holds().alerts.size(), 1U);
}

} // namespace linli::tests
