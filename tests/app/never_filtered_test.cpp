// An alert is never filtered: whatever a call for help lacks, it is one with what is known. (What
// the bytes were is the doors' business, and tests/system/bad_input_test's.)
#include <gtest/gtest.h>

#include "app/bench_top.hpp"

namespace linli::tests {

namespace {

using domain::signal_kind;

domain::instant at_year(int year) {
    return domain::instant(std::chrono::sys_days(std::chrono::year(year) / 1 / 1));
}

struct row {
    char const* name;
    void (*happens)(domain::signal&);
};

row const table[] = {
    {"with a place and a clock",
     [](domain::signal& s) {
         s.fix = usual_place;
         s.happened_at = s.received_at;
     }},
    {"no position", [](domain::signal& s) { s.happened_at = s.received_at; }},
    {"no clock", [](domain::signal& s) { s.fix = usual_place; }},
    {"a clock years behind", [](domain::signal& s) { s.happened_at = at_year(1999); }},
    {"a clock years ahead", [](domain::signal& s) { s.happened_at = at_year(2099); }},
    {"a battery that is nearly empty", [](domain::signal& s) { s.battery_percent = 1; }},
    {"bytes that nobody can read",
     [](domain::signal& s) {
         s.kind = signal_kind::unreadable;
         s.raw = std::string("\xff\xfe\x00", 3);
     }},
};

} // namespace

TEST(never_filtered, a_call_for_help_brings_help_whatever_it_lacks) {
    for (auto const& [name, happens] : table) {
        SCOPED_TRACE(name);
        bench_top b;
        auto press = b.press("w1", 1);
        happens(press);
        EXPECT_FALSE(b.takes({press})[0].set_aside);
        ASSERT_EQ(b.record.holds().alerts.size(), 1U);
        EXPECT_EQ(to_string(b.only_alert().about), "resident:r1");
        EXPECT_EQ(b.only_alert().state, domain::alert_state::raised);
        EXPECT_EQ(b.only_alert().level, domain::priority::p1);
        EXPECT_EQ(b.record.holds().orders.size(), 1U);
        auto const& kept = b.record.holds().signals.begin()->second.what.what;
        EXPECT_EQ(kept.happened_at, press.happened_at) << "the device's clock is data";
        EXPECT_EQ(kept.raw, press.raw);
    }
}

} // namespace linli::tests
