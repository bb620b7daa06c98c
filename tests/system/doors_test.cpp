// Makers' devices that speak their own JSON by the broker, and clouds that push it by HTTP.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/http/push_secrets.hpp"
#include "system/house.hpp"
#include "system/until.hpp"

namespace linli::tests {

class doors : public testing::Test {
protected:
    doors() : h(with_mapped_devices(small_city())) {}

    static app::registry_rows with_mapped_devices(app::registry_rows city) {
        city.devices.push_back({{"imede.865067123456789"}, "watch", {"r1"}, {}, {}});
        city.devices.push_back({{"carelink.band7"}, "band", {"r1"}, {}, {}});
        city.devices.push_back({{"ctwing.869951045130001"}, "smoke", {}, {"h2"}, {}});
        return city;
    }

    std::string pushes(std::string const& body) {
        auto const secret = http::read_push_secret(h.config().push.secrets, "ctwing");
        return exchange(h.push_port(), "POST /v1/push/ctwing?token=" + secret +
                                           " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                           "Content-Length: " +
                                           std::to_string(body.size()) + "\r\n\r\n" + body);
    }
    static bool is_ok(std::string const& answer) { return answer.starts_with("HTTP/1.1 200"); }

    // A press of r1's own watch, after which all that came before is in the record.
    void all_is_taken() {
        auto const event = h.device("w1").sends(domain::signal_kind::test);
        h.device("w1").hears_stored(event);
    }

    house h;
};

std::string const imede_sos = R"({"status":"SOS","IMEI":"865067123456789",)"
                              R"("location":{"GPS":{"latitude":36.061,"longitude":103.83}}})";
std::string const smoke = R"({"messageType":"eventReport","IMEI":"869951045130001",)"
                          R"("timestamp":1795420797000,"eventContent":{"smoke_state":1}})";

TEST_F(doors, a_makers_sos_by_the_broker_is_one_alert_and_help_goes) {
    auto& provider = h.provider("c1");
    auto watch = h.maker("imede");
    watch->says("iMEDE_watch/sos", imede_sos);
    h.sees_alert("resident:r1");
    watch->says("iMEDE_watch/sos", imede_sos); // again, as it does unanswered
    all_is_taken();
    EXPECT_EQ(h.record().alerts.size(), 1U);
    EXPECT_EQ(h.count("signal where device = 'imede.865067123456789' and door = 'mqtt' and "
                      "kind = 'sos'"),
              1);
    h.fast_forward(std::chrono::seconds(61));
    EXPECT_EQ(provider.gets_offer().rough_place, "张掖路 5号院");
}

TEST_F(doors, a_makers_device_that_nobody_has_registered_speaks_for_nobody_else) {
    auto watch = h.maker("imede");
    watch->says("iMEDE_watch/sos", R"({"IMEI":"w1"})"); // r1's own watch has that name
    auto const seen = h.when("an alert", [](auto const& o) { return !o.alerts.empty(); });
    EXPECT_EQ(seen.alerts[0].what.kind, domain::alert_kind::unknown_device);
    EXPECT_EQ(h.count("signal where device = 'imede.w1'"), 1);
}

TEST_F(doors, a_maker_may_say_nothing_on_anothers_topics) {
    auto watch = h.maker("imede");
    watch->says("linli/v1/d/d-w1/signal", "x");
    EXPECT_EQ(watch->last_reason(), 135); // not authorized
    watch->says("band7/fall/detected", "{}");
    EXPECT_EQ(watch->last_reason(), 135);
}

TEST_F(doors, what_is_published_at_qos_2_is_taken_and_its_bulk_goes_to_telemetry) {
    auto band = h.maker("carelink");
    band->says("band7/fall/detected",
               R"({"timestamp":"2026-11-23T08:00:00Z","location":{"lat":36.06,"lon":103.83}})", 2);
    h.sees_alert("resident:r1");
    EXPECT_EQ(h.record().alerts[0].what.kind, domain::alert_kind::fall);
    band->says("band7/status",
               R"({"timestamp":"2026-11-23T08:01:00Z","location":{"lat":36.06,"lon":103.83}})");
    until("the position is stored",
          [this] { return h.count("telemetry where device = 'carelink.band7'") == 1; });
    band->says("band7/status", "LW: Unexpected disconnection");
    until("the last will is a signal", [this] {
        return h.count("signal where device = 'carelink.band7' and kind = 'offline'") == 1;
    });
    EXPECT_EQ(h.count("signal where device = 'carelink.band7'"), 2);
}

// Of a maker's position, of his last will, of a cloud's alarm.
TEST_F(doors, every_door_is_heard_by_the_supervision) {
    auto band = h.maker("carelink");
    h.opens_push_door("ctwing");
    until("all are supervised", [this] { return h.metric("linli_devices_supervised") > 0; });
    auto const heard = [this](char const* how) {
        h.fast_forward(std::chrono::minutes(1)); // words are written once a minute
        until(how, [&] { return h.count(std::string("device_health where ") + how) == 1; });
    };
    band->says("band7/status",
               R"({"timestamp":"2026-11-23T08:01:00Z","location":{"lat":36.06,"lon":103.83}})");
    until("the position is stored",
          [this] { return h.count("telemetry where device = 'carelink.band7'") == 1; });
    heard("device = 'carelink.band7' and door = 'mqtt' and heard_at is not null");
    band->says("band7/status", "LW: Unexpected disconnection");
    until("the last will is a signal", [this] { return h.count("signal") == 1; });
    heard("device = 'carelink.band7' and at_broker = 'offline'");
    EXPECT_TRUE(is_ok(pushes(smoke)));
    h.when("an alert", [](auto const& o) { return !o.alerts.empty(); });
    heard("door = 'http' and heard_at is not null");
}

TEST_F(doors, what_cant_be_read_on_a_makers_signal_topic_is_an_alert) {
    auto watch = h.maker("imede");
    watch->says("iMEDE_watch/onlineTrigger", R"({"IMEI":"865067123456789","status":"99"})");
    h.sees_alert("resident:r1");
    EXPECT_EQ(h.record().alerts[0].what.kind, domain::alert_kind::unreadable);
}

TEST_F(doors, a_pushed_alarm_is_one_alert_however_often_the_cloud_repeats_it) {
    auto& provider = h.provider("c1");
    h.opens_push_door("ctwing");
    EXPECT_TRUE(is_ok(pushes(smoke)));
    EXPECT_TRUE(is_ok(pushes(smoke)));
    auto const seen = h.when("an alert", [](auto const& o) { return !o.alerts.empty(); });
    EXPECT_EQ(seen.alerts[0].what.kind, domain::alert_kind::smoke);
    EXPECT_TRUE(is_ok(pushes(smoke)));
    all_is_taken();
    EXPECT_EQ(h.record().alerts.size(), 1U);
    EXPECT_EQ(h.count("signal where door = 'http' and kind = 'smoke'"), 1);
    h.fast_forward(std::chrono::seconds(61));
    EXPECT_EQ(provider.gets_offer().rough_place, "张掖路 7号院");
    EXPECT_NE(h.tells("/readyz").find("1 sources may push"), std::string::npos);
    EXPECT_NE(h.tells("/metrics").find("linli_push_received_total{source=\"ctwing\"} 3"),
              std::string::npos);
}

TEST_F(doors, a_push_that_cant_be_read_is_taken_and_is_an_alert) {
    h.opens_push_door("ctwing");
    EXPECT_TRUE(is_ok(pushes("\x01\x02 no JSON")));
    auto const seen = h.when("an alert", [](auto const& o) { return !o.alerts.empty(); });
    EXPECT_EQ(seen.alerts[0].what.kind, domain::alert_kind::unknown_device);
    EXPECT_EQ(h.count("signal where kind = 'unreadable' and door = 'http'"), 1);
}

TEST_F(doors, a_push_is_taken_while_the_database_is_away_and_read_after_a_restart) {
    h.opens_push_door("ctwing");
    house::database("kill");
    EXPECT_TRUE(is_ok(pushes(smoke)));
    h.server_stops();
    house::database("start");
    h.server_starts();
    auto const seen = h.when("an alert", [](auto const& o) { return !o.alerts.empty(); });
    EXPECT_EQ(seen.alerts[0].what.kind, domain::alert_kind::smoke);
}

TEST(broker_door, a_device_hears_what_it_is_asked_on_its_own_topic_and_no_other_does) {
    house h(small_city());
    inbox_of<domain::device_command> of_w1;
    inbox_of<domain::device_command> of_b1;
    auto const hear = [](auto& into) {
        return [&into](std::string_view payload) {
            if (auto const what = wire::decode_command(payload)) into.put(*what);
        };
    };
    auto const w1 = h.listener("w1", hear(of_w1));
    auto const b1 = h.listener("b1", hear(of_b1));
    h.desk_says("command w1 --kind call_back --value 12349 -o o1");
    h.desk_says("command b1 --kind ring -o o1");
    auto const any = [](auto const&) { return true; };
    auto const first = of_w1.wait_for("a command for w1", any);
    EXPECT_EQ(first.kind, domain::command_kind::call_back);
    EXPECT_THAT(first.values, testing::ElementsAre("12349"));
    EXPECT_EQ(first.expires_at - first.asked_at, domain::minutes(2));
    EXPECT_EQ(of_b1.wait_for("a command for b1", any).kind, domain::command_kind::ring);
    until("the record knows",
          [&] { return h.count("device_command where state = 'published'") == 2; });
}

} // namespace linli::tests
