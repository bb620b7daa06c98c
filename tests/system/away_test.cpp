// The database or the broker is away, and nothing that was acknowledged is lost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/loopback_gateway.hpp"
#include "system/house.hpp"
#include "system/until.hpp"

namespace linli::tests {

using namespace std::chrono_literals;

TEST(away, the_database_during_work_and_signals_wait_on_disk) {
    house h(small_city());
    auto& watch = h.device("w1");
    watch.hears_stored(watch.presses_sos());
    house::database("kill");
    auto const waiting = watch.presses_green_key(); // acknowledged: it is on our disk
    auto const also = h.device("b1").presses_sos();
    until("it says so", [&] { return !h.is_ready(); });
    house::database("start");
    watch.hears_stored(waiting);
    h.device("b1").hears_stored(also);
    until("it is well again", [&] { return h.is_ready(); });
    EXPECT_EQ(h.count("signal"), 3);
}

TEST(away, the_database_at_the_start_and_over_a_restart) {
    house h(small_city());
    h.server_stops();
    house::database("stop");
    h.server_starts_unready();
    auto& watch = h.device("w1");
    auto const first = watch.presses_sos();
    h.server_stops();
    h.server_starts_unready(); // what the first one took lies in the journal
    auto const second = h.device("b1").presses_sos();
    EXPECT_FALSE(h.is_ready());
    house::database("start");
    watch.hears_stored(first);
    h.device("b1").hears_stored(second);
    EXPECT_EQ(h.count("alert"), 2);
}

TEST(away, the_broker_restarts_in_order_and_keeps_what_came_meanwhile) {
    house h(small_city());
    auto& watch = h.device("w1");
    h.server_stops();
    auto const event = watch.presses_sos(); // waits for the house in its session
    h.broker().stop();
    h.broker().start();
    h.server_starts();
    watch.hears_stored(event);
    EXPECT_EQ(h.count("alert"), 1);
}

TEST(away, the_broker_loses_its_sessions_and_the_device_sends_again) {
    house h(small_city());
    auto& watch = h.device("w1");
    watch.hears_stored(watch.presses_sos());
    h.broker().loses_everything();
    until("subscribed again", [&] { return h.is_ready(); });
    watch.listens_again();
    auto const event = watch.presses_green_key();
    watch.hears_stored(event);
}

TEST(away, the_server_stops_and_offers_go_out_when_it_is_back) {
    house h(small_city());
    auto& watch = h.device("w1");
    auto& provider = h.provider("c1");
    watch.hears_stored(watch.presses_sos());
    h.server_stops();
    h.fast_forward(10min);
    h.server_starts(); // everything that became due meanwhile is done at once
    EXPECT_EQ(provider.gets_offer().event, "w1:1:1");
    h.when("it has climbed", [](app::overview const& o) {
        return !o.alerts.empty() &&
               o.alerts[0].what.progress.told.contains(domain::audience::shift_leader);
    });
}

TEST(away, the_clock_never_goes_back_over_a_restart) {
    house h(small_city());
    h.device("w1").hears_stored(h.device("w1").presses_sos());
    h.server_stops();
    h.server_starts();
    h.device("w1").hears_stored(h.device("w1").presses_sos());
    EXPECT_EQ(h.count("(select at, lag(at) over (partition by chain order by seq) as before "
                      "from log) l where before > at"),
              0);
}

TEST(away, an_alert_that_nobody_had_taken_rings_the_duty_telephone_though_nobody_presses_again) {
    auto city = small_city();
    city.sites.at(0).duty_phone = "09311234567";
    loopback_gateway sms;
    house h(city);
    runtime::notify_config gateways;
    gateways.sms.url = sms.url();
    h.gets_gateways(gateways);
    until("the registry is copied",
          [&] { return std::filesystem::exists(h.config().journal.folder / "registry-copy"); });
    auto const event = h.device("w1").presses_sos();
    h.device("w1").hears_stored(event); // and is silent from now on
    house::database("kill");
    until("it knows, though nothing waits", [&] { return !h.is_ready(); });
    h.fast_forward(6s);
    until("the gateway was asked", [&] { return !sms.requests().empty(); });
    EXPECT_THAT(sms.requests().at(0).body, testing::AllOf(testing::HasSubstr("09311234567"),
                                                          testing::HasSubstr("数据库不可用"),
                                                          testing::HasSubstr(event.value)));
    house::database("start");
    until("it is well again", [&] { return h.is_ready(); });
    until("its alert says who was told",
          [&] { return h.count("log where why like 'duty_phone:city sms degraded sent %'") == 1; });
    EXPECT_EQ(h.count("alert where progress like '%told=%duty_phone%'"), 1);
}

TEST(away, an_emergency_that_waits_rings_the_duty_telephone_once_and_its_alert_says_so) {
    auto city = small_city();
    city.sites.at(0).duty_phone = "09311234567";
    loopback_gateway sms;
    house h(city);
    runtime::notify_config gateways;
    gateways.sms.url = sms.url();
    h.gets_gateways(gateways);
    until("the registry is copied",
          [&] { return std::filesystem::exists(h.config().journal.folder / "registry-copy"); });
    auto const is_told = [&](std::size_t times) {
        until("the gateway was asked", [&] { return sms.requests().size() >= times; });
    };

    house::database("kill");
    auto const first = h.device("w1").presses_sos();
    until("it knows that it can't decide", [&] { return !h.is_ready(); });
    h.fast_forward(6s);
    is_told(1);
    until("the book has it",
          [&] { return std::filesystem::exists(h.config().journal.folder / "told-degraded"); });
    h.server_stops();
    h.server_starts_unready();
    auto const second = h.device("b1").presses_sos();
    h.fast_forward(6s);
    is_told(2); // in the order of the journal: the first one's would come before
    house::database("start");
    h.device("w1").hears_stored(first);
    h.device("b1").hears_stored(second);

    auto const got = sms.requests();
    EXPECT_THAT(got[0].body,
                testing::AllOf(testing::HasSubstr("09311234567"),
                               testing::HasSubstr("数据库不可用"), testing::HasSubstr(first.value),
                               testing::Not(testing::HasSubstr("王秀兰"))));
    EXPECT_THAT(got[1].body, testing::HasSubstr(second.value));
    until("both alerts say who was told",
          [&] { return h.count("log where why like 'duty_phone:city sms degraded sent %'") == 2; });
    EXPECT_EQ(h.count("delivery d join signal s on s.event = d.event where d.why = 'degraded' and "
                      "s.received_at <= d.since"),
              2);
    until("the book is empty",
          [&] { return !std::filesystem::exists(h.config().journal.folder / "told-degraded"); });
}

} // namespace linli::tests
