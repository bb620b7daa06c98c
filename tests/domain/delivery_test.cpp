// A notice to one person by one channel: when it is tried again, when another channel takes over.
#include <gtest/gtest.h>

#include "domain/delivery.hpp"

namespace linli::tests {

using namespace domain;

namespace {

instant const night = instant(std::chrono::sys_days(std::chrono::year(2026) / 11 / 23)) + hours(19);
constexpr minutes china{480}; // 19:00 UTC is 03:00 there

delivery by_sms(std::vector<channel> others, std::uint32_t attempts) {
    delivery d;
    d.who = "contact:r1/1";
    d.others = std::move(others);
    d.attempts = attempts;
    d.since = night;
    d.due_at = night + seconds(90);
    return d;
}

} // namespace

TEST(delivery, what_the_gateway_took_is_sent_and_what_the_receiver_has_is_delivered) {
    auto const sent = decide(by_sms({channel::email}, 1), sending::accepted, {}, night);
    EXPECT_EQ(sent.next.state, delivery_state::sent);
    EXPECT_FALSE(sent.next.due_at);
    EXPECT_FALSE(sent.by_another);
    auto const got = decide(by_sms({}, 1), sending::confirmed, {}, night);
    EXPECT_EQ(got.next.state, delivery_state::delivered);
}

struct trouble {
    sending what;
    std::vector<channel> others;
    std::uint32_t attempts;
    char const* then; // "again Ns", "other", "end"
};

class delivery_in_trouble : public testing::TestWithParam<trouble> {};

TEST_P(delivery_in_trouble, goes_again_or_to_another_channel_or_ends) {
    auto const& t = GetParam();
    auto const out = decide(by_sms(t.others, t.attempts), t.what, "status_500", night);
    std::string then;
    if (out.next.due_at) {
        EXPECT_EQ(out.next.state, delivery_state::queued);
        then = "again " + std::to_string((*out.next.due_at - night) / seconds(1)) + 's';
    } else {
        EXPECT_EQ(out.next.state, delivery_state::failed);
        EXPECT_EQ(out.next.reason, "status_500");
        then = out.by_another ? "other" : "end";
    }
    EXPECT_EQ(then, t.then);
}

INSTANTIATE_TEST_SUITE_P(
    all, delivery_in_trouble,
    testing::Values(trouble{sending::unreachable, {channel::email}, 1, "again 2s"},
                    trouble{sending::unreachable, {channel::email}, 2, "again 4s"},
                    trouble{sending::unreachable, {channel::email}, 3, "other"},
                    trouble{sending::unreachable, {}, 3, "again 8s"},
                    trouble{sending::unreachable, {}, 20, "again 60s"},
                    trouble{sending::unreachable, {}, 36, "end"},
                    trouble{sending::silent, {channel::email}, 1, "other"},
                    trouble{sending::silent, {}, 1, "again 2s"},
                    trouble{sending::refused, {channel::email}, 1, "other"},
                    trouble{sending::refused, {}, 1, "end"}));

struct quiet_case {
    char const* what;
    quiet_hours quiet;
    priority level;
    minutes wait;
};

class quiet_time : public testing::TestWithParam<quiet_case> {};

TEST_P(quiet_time, puts_off_what_is_no_emergency) {
    auto const& c = GetParam();
    EXPECT_EQ(first_time(c.quiet, c.level, night, china), night + c.wait) << c.what;
}

INSTANTIATE_TEST_SUITE_P(
    all, quiet_time,
    testing::Values(quiet_case{"over midnight", {22 * 60, 7 * 60}, priority::p2, minutes(240)},
                    quiet_case{"within the day", {60, 4 * 60 + 30}, priority::p3, minutes(90)},
                    quiet_case{"an emergency wakes", {22 * 60, 7 * 60}, priority::p1, minutes(0)},
                    quiet_case{"before they begin", {4 * 60, 7 * 60}, priority::p2, minutes(0)},
                    quiet_case{"they end now", {22 * 60, 3 * 60}, priority::p2, minutes(0)},
                    quiet_case{"they begin now", {3 * 60, 5 * 60}, priority::p2, minutes(120)},
                    quiet_case{"none at all", {0, 0}, priority::p2, minutes(0)}));

TEST(quiet_time, ends_on_the_minute_and_nobody_without_it_waits) {
    quiet_hours const quiet{22 * 60, 7 * 60};
    EXPECT_EQ(first_time(quiet, priority::p2, night + seconds(59), china), night + minutes(240));
    EXPECT_EQ(first_time({}, priority::p2, night, china), night);
}

} // namespace linli::tests
