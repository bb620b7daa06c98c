#include "domain/triage.hpp"

#include <gtest/gtest.h>

namespace linli::tests {

using namespace domain;

namespace {

struct row {
    signal_kind said;
    meaning registered;
    std::optional<alert_kind> kind;
    meaning unregistered; // an alert of these is of kind unknown_device, but for the house's own
};

constexpr row table[] = {
    {signal_kind::unreadable, meaning::alert, alert_kind::unreadable, meaning::alert},
    {signal_kind::sos, meaning::alert, alert_kind::sos, meaning::alert},
    {signal_kind::help_request, meaning::request, std::nullopt, meaning::alert},
    {signal_kind::fall, meaning::alert, alert_kind::fall, meaning::alert},
    {signal_kind::fall_confirmed, meaning::alert, alert_kind::fall, meaning::alert},
    {signal_kind::fall_cancelled, meaning::cancelled, std::nullopt, meaning::cancelled},
    {signal_kind::vitals, meaning::alert, alert_kind::vitals, meaning::alert},
    {signal_kind::position, meaning::record, std::nullopt, meaning::record},
    {signal_kind::fence, meaning::alert, alert_kind::fence, meaning::alert},
    {signal_kind::inactivity, meaning::alert, alert_kind::inactivity, meaning::alert},
    {signal_kind::smoke, meaning::alert, alert_kind::smoke, meaning::alert},
    {signal_kind::gas, meaning::alert, alert_kind::gas, meaning::alert},
    {signal_kind::water, meaning::alert, alert_kind::water, meaning::alert},
    {signal_kind::bed, meaning::alert, alert_kind::bed, meaning::alert},
    {signal_kind::battery, meaning::maintenance, std::nullopt, meaning::maintenance},
    {signal_kind::removed, meaning::alert, alert_kind::removed, meaning::alert},
    {signal_kind::cleared, meaning::cleared, std::nullopt, meaning::cleared},
    {signal_kind::test, meaning::record, std::nullopt, meaning::record},
    {signal_kind::online, meaning::record, std::nullopt, meaning::record},
    {signal_kind::offline, meaning::record, std::nullopt, meaning::record},
    {signal_kind::clock_jump, meaning::alert, alert_kind::clock_jump, meaning::alert},
    {signal_kind::outage, meaning::alert, alert_kind::outage, meaning::alert},
};

} // namespace

TEST(triage, every_kind_of_signal_means_what_the_table_says) {
    ASSERT_EQ(std::size(table), names<signal_kind>::table.size());
    for (auto const& [said, registered, kind, unregistered] : table) {
        SCOPED_TRACE(to_text(said));
        auto const known = triage(said, true);
        EXPECT_EQ(known.what, registered);
        EXPECT_EQ(known.kind, kind);
        auto const unknown = triage(said, false);
        EXPECT_EQ(unknown.what, unregistered);
        bool const by_house = said == signal_kind::clock_jump || said == signal_kind::outage;
        auto const by_device = by_house ? kind : alert_kind::unknown_device;
        EXPECT_EQ(unknown.kind, unregistered == meaning::alert ? by_device : std::nullopt);
    }
}

TEST(triage, only_a_confirmed_fall_is_confirmed) {
    for (auto const& [kind, name] : names<signal_kind>::table)
        EXPECT_EQ(triage(kind, true).confirmed, kind == signal_kind::fall_confirmed) << name;
}

TEST(triage, whatever_an_unregistered_device_says_with_urgency_is_an_alert) {
    for (auto const& [kind, name] : names<signal_kind>::table) {
        SCOPED_TRACE(name);
        auto const known = triage(kind, true).what;
        if (known != meaning::alert && known != meaning::request) continue;
        EXPECT_EQ(triage(kind, false).what, meaning::alert);
    }
}

TEST(triage, a_kind_that_nobody_knows_yet_is_raised_and_never_dropped) {
    auto const newer_device = triage(static_cast<signal_kind>(200), true);
    EXPECT_EQ(newer_device.what, meaning::alert);
    EXPECT_EQ(newer_device.kind, alert_kind::unreadable);
}

} // namespace linli::tests
