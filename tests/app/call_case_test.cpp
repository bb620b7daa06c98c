// What a call to the hotline opens, on the twin: the same help as a press brings, and no more than
// once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/bench_top.hpp"

namespace linli::tests {
namespace {

using domain::log_kind;
using domain::signal_kind;

app::call_case about(std::string resident, signal_kind kind = signal_kind::sos) {
    domain::call_id const id{};
    return {domain::make_call_event(id, to_text(kind)),
            kind,
            {domain::subject_kind::resident, std::move(resident)},
            {city_area},
            {"li"},
            to_string(id),
            {}};
}

bool says(bench_top const& b, domain::uuid const& chain, log_kind what, std::string const& who) {
    for (auto const& [seq, each] : b.record.holds().log.at(chain))
        if (each.line.what == what && each.line.by.who == who) return true;
    return false;
}

TEST(call_case, that_is_an_emergency_brings_an_order_as_a_press_does) {
    bench_top b;
    b.takes({about("r1")});
    auto const& a = b.only_alert();
    EXPECT_EQ(to_string(a.about), "resident:r1");
    EXPECT_EQ(a.home.value, "h1");
    EXPECT_EQ(a.kind, domain::alert_kind::sos);
    EXPECT_EQ(a.level, domain::priority::p1);
    EXPECT_TRUE(says(b, a.id.value, log_kind::called, "li"));
    EXPECT_EQ(b.only_order().alert, a.id);
    EXPECT_EQ(b.record.holds().offers.size(), 1U);
}

TEST(call_case, asked_twice_opens_once) {
    bench_top b;
    b.takes({about("r1")});
    b.takes({about("r1")});
    EXPECT_EQ(b.only_alert().signals, 1U);
    EXPECT_EQ(b.record.holds().orders.size(), 1U);
}

TEST(call_case, joins_the_alert_that_the_residents_button_has_raised) {
    bench_top b;
    b.takes({b.press("w1", 1)});
    b.takes({about("r1")});
    EXPECT_EQ(b.only_alert().signals, 2U);
    EXPECT_EQ(b.record.holds().orders.size(), 1U);
}

TEST(call_case, of_a_stranger_is_an_emergency_of_his_own_on_his_line) {
    bench_top b;
    auto unknown = about("r1");
    unknown.about = {domain::subject_kind::area, std::string(city_area) + "/call:1"};
    b.takes({unknown});
    EXPECT_EQ(b.only_alert().area.value, city_area);
    EXPECT_TRUE(b.only_alert().home.empty());
}

TEST(call_case, that_nobody_answered_is_rung_back_like_a_green_key) {
    bench_top b;
    auto missed = about("r1", signal_kind::help_request);
    missed.who = {};
    b.takes({missed});
    ASSERT_EQ(b.record.holds().requests.size(), 1U);
    auto const& [id, r] = *b.record.holds().requests.begin();
    EXPECT_TRUE(r.due_at.has_value());
    EXPECT_TRUE(says(b, id.value, log_kind::called, ""));

    bench_top pressed;
    pressed.takes({pressed.press("w1", 1, signal_kind::help_request)});
    auto const& by_key = pressed.record.holds().requests.begin()->second;
    EXPECT_EQ(*r.due_at - r.opened_at, *by_key.due_at - by_key.opened_at);
}

TEST(call_case, tells_no_device_anything) {
    bench_top b;
    b.takes({about("r1")});
    EXPECT_EQ(b.told("device:+telephone"), 0U);
    b.takes({b.says(domain::reply_kind::accept)});
    EXPECT_EQ(b.told("device:+telephone"), 0U);
}

TEST(call_heard, stands_on_the_alert_with_who_answered_and_the_recording) {
    bench_top b;
    b.takes({b.press("w1", 1)});
    auto const id = b.only_alert().id;
    b.takes({app::call_heard{
        id, log_kind::call_answered, {domain::actor_kind::operator_, "seat 3", {}}, "c1 rec-7"}});
    EXPECT_TRUE(says(b, id.value, log_kind::call_answered, "seat 3"));
    auto const unknown = b.takes({app::call_heard{{}, log_kind::called, {}, "c1"}});
    EXPECT_EQ(unknown.front().refused, domain::refusal::unknown);
}

} // namespace
} // namespace linli::tests
