// Which emergencies the house still knows of when the record falls silent.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/unclaimed_emergencies.hpp"

namespace linli::tests {
namespace {

using namespace domain;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr instant start{hours(8)};

alert ringing(std::uint8_t number) {
    alert a;
    a.id.value.bytes[15] = number;
    a.last_event = {"w" + std::to_string(number) + ":1:1"};
    a.due_at = start + seconds(30);
    return a;
}

struct memory {
    app::unclaimed_emergencies known;

    void hears(alert const& a) {
        app::changes c;
        c.alerts.push_back(a);
        known.committed(c);
    }
    std::vector<std::string> at(instant silent_since) const {
        std::vector<std::string> events;
        for (auto const& each : known.at(silent_since))
            events.push_back(each.last_event.value);
        return events;
    }
};

TEST(unclaimed_emergencies, are_known_until_somebody_has_them) {
    memory m;
    for (std::uint8_t n = 1; n <= 4; ++n)
        m.hears(ringing(n));
    EXPECT_THAT(m.at(start), ElementsAre("w1:1:1", "w2:1:1", "w3:1:1", "w4:1:1"));
    auto claimed = ringing(1);
    claimed.state = alert_state::claimed;
    m.hears(claimed);
    auto handled = ringing(2);
    handled.state = alert_state::handled;
    m.hears(handled);
    auto closed = ringing(3);
    closed.state = alert_state::closed;
    closed.due_at.reset();
    m.hears(closed);
    EXPECT_THAT(m.at(start), ElementsAre("w4:1:1"));
    EXPECT_FALSE(m.known.has(claimed.id));
    claimed.state = alert_state::raised; // nobody has it any more
    m.hears(claimed);
    EXPECT_THAT(m.at(start), ElementsAre("w1:1:1", "w4:1:1"));
}

TEST(unclaimed_emergencies, are_real_and_p1_and_may_be_counted_down) {
    memory m;
    auto drill = ringing(1);
    drill.what_for = purpose::drill;
    m.hears(drill);
    auto less = ringing(2);
    less.level = priority::p2;
    m.hears(less);
    auto fall = ringing(3);
    fall.state = alert_state::pending;
    m.hears(fall);
    EXPECT_THAT(m.at(start), ElementsAre("w3:1:1"));
}

TEST(unclaimed_emergencies, whose_rung_came_while_the_record_answered_is_somebody_elses) {
    memory m;
    m.hears(ringing(1));
    EXPECT_THAT(m.at(start + seconds(80)), ElementsAre("w1:1:1"));
    EXPECT_THAT(m.at(start + seconds(100)), IsEmpty()) << "another process has claimed it";
}

TEST(unclaimed_emergencies, are_not_more_than_memory_bears) {
    memory m;
    auto a = ringing(0);
    for (std::size_t n = 0; n < app::unclaimed_emergencies::most + 10; ++n) {
        a.id.value.bytes[14] = static_cast<std::uint8_t>(n >> 8U);
        a.id.value.bytes[15] = static_cast<std::uint8_t>(n);
        m.hears(a);
    }
    EXPECT_EQ(m.known.at(start).size(), app::unclaimed_emergencies::most);
}

} // namespace
} // namespace linli::tests
