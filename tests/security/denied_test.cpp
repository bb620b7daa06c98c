// Whoever has one credential and wants more: the broker denies it, and somebody hears of it.
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/mqtt/packets.hpp"
#include "adapters/wire/device_words.hpp"
#include "adapters/wire/encoding.hpp"
#include "adapters/wire/topics.hpp"
#include "system/house.hpp"
#include "system/until.hpp"

namespace linli::tests {

namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Ge;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Le;
using testing::Not;
using testing::SizeIs;

constexpr auto not_authorized = 135; // MQTT 5 says it to whoever asks; 3.1.1 hears "taken"

class denied : public testing::Test {
protected:
    denied() : h(small_city()) {
        until("the broker's log is read", [this] { return is_told("0 publishes and 0 sign-ins"); });
    }

    bool is_told(std::string const& words) {
        return h.tells("/readyz").find(words) != std::string::npos;
    }
    long refused(std::string const& what) {
        return h.metric("linli_broker_denied_total{what=\"" + what + "\"}");
    }
    std::string brokers_log() const {
        std::ifstream in(h.folder() / "broker/log");
        return {std::istreambuf_iterator<char>(in), {}};
    }

    house h;
};

} // namespace

TEST_F(denied, a_press_on_anothers_topic_rings_a_desk_about_whose_credential_it_was) {
    auto& box = h.device("b1");
    box.publishes("linli/v1/d/d-w1/signal", R"({"kind":"SOS"})");
    EXPECT_EQ(box.broker_said(), not_authorized);
    h.sees_alert("home:h2"); // b1's, where somebody may have pressed
    auto const seen = h.record();
    EXPECT_EQ(seen.alerts[0].what.kind, domain::alert_kind::unreadable);
    EXPECT_EQ(seen.alerts[0].what.level, domain::priority::p1);
    EXPECT_EQ(h.count("signal where device = 'b1' and door = 'broker'"), 1);
    EXPECT_EQ(h.count("signal where device = 'w1'"), 0);
    EXPECT_EQ(refused("publish"), 1);
    EXPECT_TRUE(is_told("1 publishes and 0 sign-ins refused"));
}

TEST_F(denied, a_thousand_of_one_credential_are_all_counted_and_fill_no_queue) {
    auto& box = h.device("b1");
    for (int i = 0; i < 1000; ++i)
        box.publishes("linli/v1/d/d-w1/signal", "x");
    until("all are counted", [this] { return refused("publish") == 1000; });
    h.sees_alert("home:h2");
    EXPECT_LE(h.count("signal where device = 'b1'"), 3) << "one a minute";
    EXPECT_THAT(brokers_log(), HasSubstr(" PUBLISH\n")) << "left out, and its number said";
    box.hears_stored(box.presses_sos()); // and it can still call for help
}

TEST_F(denied, a_device_with_a_wrong_topic_for_its_bulk_is_told_of_once_a_day) {
    auto& box = h.device("b1");
    for (int i = 1; i <= 20; ++i) {
        box.publishes("linli/v1/d/d-w1/telemetry", "x");
        box.publishes("linli/v1/d/d-w1/state", "x");
        until("both are counted", [&] { return refused("publish") == 2 * i; });
        h.fast_forward(3min);
    }
    box.publishes("linli/v1/d/d-w1/signal", "x"); // is raised, however many came before it
    until("it is told", [this] { return h.count("signal where event like 'b1:x:denied:%'") == 1; });
    h.sees_alert("home:h2");
    EXPECT_THAT(h.count("signal where event like 'b1:x:denied-bulk:%'"), AllOf(Ge(1), Le(2)))
        << "two, when the hour goes past midnight";
}

TEST_F(denied, a_press_is_told_though_more_was_measured_in_its_second_than_the_log_takes) {
    auto& box = h.device("b1");
    for (int i = 1; i <= 200; ++i)
        box.publishes("linli/v1/d/d-w1/telemetry", "x");
    box.publishes("linli/v1/d/d-w1/signal", "x");
    until("it is told", [this] { return h.count("signal where event like 'b1:x:denied:%'") == 1; });
    until("all are counted", [this] { return refused("publish") == 201; });
    EXPECT_THAT(brokers_log(), HasSubstr(" PUBLISH\n")) << "left out, and its number said";
}

TEST_F(denied, a_provider_in_anothers_name_or_as_a_device_is_told_to_the_city) {
    auto const provider = h.somebody_with("p-c1", "linli/v1/server/state", [](auto) {});
    for (auto const* topic : {"linli/v1/p/p-c2/replies", "linli/v1/d/d-w1/signal",
                              "linli/v1/server/state", "linli/v1/p/p-c1/offers", "nowhere"}) {
        provider->says(topic, "x");
        EXPECT_EQ(provider->last_reason(), not_authorized) << topic;
    }
    auto const seen = h.when("an alert", [](auto const& o) { return !o.alerts.empty(); });
    EXPECT_EQ(to_string(seen.alerts[0].what.about), "area:620100/broker");
    EXPECT_EQ(seen.alerts[0].what.kind, domain::alert_kind::unknown_device);
    EXPECT_EQ(seen.alerts[0].what.desk.value, "city");
    until("all are counted", [this] { return refused("publish") == 5; });
}

TEST_F(denied, who_calls_itself_as_another_client_is_told_by_its_credential) {
    auto const one = h.somebody_with(
        "d-b1", "linli/v1/server/state", [](auto) {}, "d-w1 (d0, q1, r0, m1, 'x', ... (1 bytes))");
    one->says("linli/v1/d/d-w1/signal", "x");
    h.sees_alert("home:h2");
    EXPECT_EQ(h.count("signal where device = 'b1' and door = 'broker'"), 1);
}

TEST_F(denied, a_wrong_password_is_counted_however_often_and_others_come_in_meanwhile) {
    for (int i = 0; i < 20; ++i) {
        auto const again = exchange(h.broker().port(), [] {
            std::string bytes;
            mqtt::packets::will const none;
            mqtt::packets::put_connect(bytes, {.client_id = "x",
                                               .user = "linli-server",
                                               .password = "a guess",
                                               .last_will = none});
            return bytes;
        }());
        ASSERT_FALSE(again.empty());
        EXPECT_EQ(again[0], '\x20'); // CONNACK, and the broker hangs up
    }
    until("all are counted", [this] { return refused("sign_in") == 20; });
    EXPECT_TRUE(is_told("0 publishes and 20 sign-ins refused"));
    auto& box = h.device("b1");
    box.hears_stored(box.presses_sos());
    EXPECT_EQ(h.count("alert"), 1) << "the box's own";
}

TEST_F(denied, nobody_hears_anothers_receipts_commands_or_offers) {
    auto& provider = h.provider("c1"); // is there before the offer
    inbox_of<std::string> device_hears;
    inbox_of<std::string> company_hears;
    inbox_of<std::string> maker_hears;
    auto const into = [](inbox_of<std::string>& box) {
        return [&box](std::string_view payload) { box.put(std::string(payload)); };
    };
    auto const device = h.somebody_with("d-b1", "linli/v1/d/#", into(device_hears), "spy");
    auto const company =
        h.somebody_with("p-c2", "linli/v1/p/p-c1/#", into(company_hears), "spying company");
    auto const maker = h.somebody_with("v-imede", "#", into(maker_hears), "spying maker");
    h.desk_says("command w1 --kind ring -o o1");
    auto& watch = h.device("w1");
    watch.hears_stored(watch.presses_sos()); // its receipt has gone out
    h.fast_forward(61s);
    provider.gets_offer();
    auto const own = h.device("b1").sends(domain::signal_kind::test);
    device_hears.wait_for("b1's own receipt", [&](std::string const& payload) {
        auto const receipt = wire::decode_receipt(payload);
        return receipt && receipt->event == own;
    });
    EXPECT_THAT(device_hears.all(), IsEmpty());
    EXPECT_THAT(company_hears.all(), IsEmpty());
    EXPECT_THAT(maker_hears.all(), SizeIs(Le(1U))) << "the server's state is everybody's";
}

TEST_F(denied, nobody_takes_the_houses_place_at_the_broker_by_its_client_id) {
    auto const& id = h.config().mqtt.client_id;
    auto const one = h.somebody_with(
        "d-b1", "linli/v1/server/state", [](auto) {}, id);
    auto const two = h.somebody_with(
        "d-b1", "linli/v1/server/state", [](auto) {}, id + "-telemetry");
    auto& watch = h.device("w1");
    watch.hears_stored(watch.presses_sos());
    EXPECT_THAT(brokers_log(), HasSubstr(" as " + id + " (")); // he came, and threw nobody out
    EXPECT_THAT(brokers_log(), Not(HasSubstr("already connected")));
}

TEST_F(denied, a_recorded_session_played_again_is_the_same_press_also_when_its_alert_is_closed) {
    std::string recorded;
    mqtt::packets::will const none;
    mqtt::packets::put_connect(recorded, {.client_id = "d-w1",
                                          .user = "d-w1",
                                          .password = h.secret("d-w1"),
                                          .keep_alive_s = 60,
                                          .clean_start = true,
                                          .last_will = none});
    domain::signal press;
    press.device = {"w1"};
    press.event = domain::make_event_id({"w1"}, {7, 1});
    press.kind = domain::signal_kind::sos;
    mqtt::packets::put_publish(recorded, 1, wire::signal_topic({"w1"}), wire::encode_signal(press),
                               false);
    mqtt::packets::put_disconnect(recorded);
    exchange(h.broker().port(), recorded);
    auto const id = h.sees_alert("resident:r1");
    EXPECT_EQ(h.claims(id, "o1"), "");
    EXPECT_EQ(h.closes(id, "o1", domain::disposition::false_alarm, "tested"), "");
    exchange(h.broker().port(), recorded);
    auto& watch = h.device("w1");
    watch.hears_stored(watch.sends(domain::signal_kind::test)); // what it said before is in
    EXPECT_EQ(h.count("signal where device = 'w1' and kind = 'sos'"), 1);
    EXPECT_EQ(h.count("alert where subject = 'resident:r1'"), 1);
}

// When the filter writes so, tests/deploy/install_test sees.
TEST_F(denied, a_broker_that_has_no_room_for_more_rings_the_city_and_is_said) {
    for (int i = 0; i < 3; ++i)
        std::ofstream(h.folder() / "broker/log", std::ios::app)
            << "2026-11-30T10:07:50: No room for a connection\n";
    until("they are counted", [this] { return refused("connection") == 3; });
    auto const seen = h.when("an alert", [](auto const& o) { return !o.alerts.empty(); });
    EXPECT_EQ(to_string(seen.alerts[0].what.about), "area:620100/broker");
    EXPECT_EQ(seen.alerts[0].what.level, domain::priority::p1);
    EXPECT_EQ(seen.alerts[0].what.desk.value, "city");
    EXPECT_THAT(h.count("signal where door = 'broker'"), AllOf(Ge(1), Le(2)))
        << "however many were turned away; two, when ten minutes end between them";
    EXPECT_TRUE(is_told("it had no room for 3 connections"));
    auto& box = h.device("b1");
    box.hears_stored(box.presses_sos());
}

// The pipe to whatever reads the log has a mebibyte of room, and the broker fills it here.
TEST_F(denied, a_log_that_stands_still_is_said_and_no_press_waits_for_it) {
    auto& box = h.device("b1");
    h.broker().freezes_log();
    until("it is said", [this] {
        h.fast_forward(6min); // again, where what came before was read only now
        return is_told("nothing has come for 5 minutes");
    });
    EXPECT_TRUE(h.is_ready());
    auto const long_topic = "linli/v1/d/d-w1/" + std::string(900, 'x');
    for (int i = 0; i < 1000; ++i)
        box.publishes(long_topic, "x");
    box.hears_stored(box.presses_sos());
    h.broker().log_goes_on();
    until("it is read again", [this] { return refused("publish") > 0; });
    box.publishes(long_topic, "x");
    until("nothing is amiss", [this] { return is_told("0 sign-ins refused since the start"); });
}

TEST_F(denied, a_log_that_cant_be_read_is_said_and_no_press_waits_for_it) {
    std::filesystem::remove(h.folder() / "broker/log");
    until("it is said", [this] { return is_told("broker/log can't be read"); });
    EXPECT_TRUE(h.is_ready());
    auto& box = h.device("b1");
    box.hears_stored(box.presses_sos());
}

} // namespace linli::tests
