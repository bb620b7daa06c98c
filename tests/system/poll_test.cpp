// A cloud that pushes, whose pushes are lost for a while, and that is asked what it had to say.
#include <algorithm>
#include <atomic>
#include <mutex>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include "adapters/http/push_secrets.hpp"
#include "support/loopback_gateway.hpp"
#include "system/another_server.hpp"
#include "system/house.hpp"
#include "system/until.hpp"

namespace linli::tests {

namespace {

std::int64_t now_ms() {
    return std::chrono::floor<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

// Keeps what its devices said, and shows it by the time when it came, two on a page.
class maker_cloud {
public:
    maker_cloud() {
        gateway_.answers_by([this](auto const& r) { return page(r); });
    }

    // What it would push.
    std::string hears(std::string const& id, std::string const& device, std::string const& kind) {
        auto const at = now_ms();
        auto message = R"({"id":")" + id + R"(","imei":")" + device + R"(","kind":")" + kind +
                       R"(","at":)" + std::to_string(at) + "}";
        std::lock_guard const lock(mutex_);
        events_.push_back({at, message});
        return message;
    }
    void is_well(bool yes) { is_well_ = yes; }
    std::string url() const { return gateway_.url("/events"); }
    bool was_asked_by(std::string const& secret) {
        auto const all = gateway_.requests();
        return std::ranges::any_of(all, [&](auto const& each) {
            return each.header("Authorization") == "Bearer " + secret;
        });
    }
    std::ptrdiff_t times_asked() { // for a first page
        auto const all = gateway_.requests();
        return std::ranges::count_if(all, [](auto const& each) {
            return each.first_line.find("page=1 ") != std::string::npos;
        });
    }

private:
    struct event {
        std::int64_t at;
        std::string text;
    };

    static long long said(loopback_gateway::request const& r, std::string const& name) {
        return std::stoll(r.first_line.substr(r.first_line.find(name + "=") + name.size() + 1));
    }

    std::string page(loopback_gateway::request const& r) {
        if (!is_well_) return R"({"code":500,"data":[]})";
        constexpr long long size = 2;
        auto const first = (said(r, "page") - 1) * size;
        std::lock_guard const lock(mutex_);
        std::string text;
        long long number = 0;
        for (auto const& each : events_) {
            if (each.at < said(r, "from") || each.at >= said(r, "until")) continue;
            if (number >= first && number < first + size)
                text += (text.empty() ? "" : ",") + each.text;
            ++number;
        }
        return R"({"code":0,"data":[)" + text + "]}";
    }

    std::atomic<bool> is_well_ = true;
    std::mutex mutex_;
    std::vector<event> events_;
    loopback_gateway gateway_; // last: it serves with the others
};

app::registry_rows with_devices_of_acme(app::registry_rows city) {
    for (int n = 3; n <= 5; ++n) {
        auto const number = std::to_string(n);
        city.homes.push_back(
            {{"h" + number}, {"620102"}, "张掖路 " + number + "号", "101", {}, ""});
        city.residents.push_back(
            {{"r" + number}, {"h" + number}, "赵敏", "13900001111", "", "present", false, ""});
        city.devices.push_back({{"acme." + number}, "button_box", {"r" + number}, {}, {}});
    }
    return city;
}

} // namespace

class polled_cloud : public testing::Test {
protected:
    void is_asked() { h.asks_cloud("acme", mapping()); }

    std::string mapping() const {
        return "about = \"a cloud that pushes and can be asked\"\n"
               "[push]\nproof = \"bearer\"\n"
               "[poll]\nurl = \"" +
               cloud.url() +
               "\"\nproof = \"bearer\"\nevery_s = 1\nback_h = 24\n"
               "from = \"from\"\nuntil = \"until\"\ntime = \"epoch_ms\"\n"
               "page = \"page\"\nsize = 2\nlist = \"/data\"\nok = { \"/code\" = \"0\" }\n"
               "[[message]]\nto = \"telemetry\"\nwhen = { \"/kind\" = \"pulse\" }\n"
               "device = \"/imei\"\nevent = { id = \"/id\" }\n"
               "[[message]]\nto = \"signals\"\ndevice = \"/imei\"\nevent = { id = \"/id\" }\n"
               "time = { at = \"/at\", form = \"epoch_ms\" }\n"
               "kind = { at = \"/kind\", values = { \"sos\" = \"sos\", \"none\" = \"nothing\" } "
               "}\n";
    }

    void pushes(std::string const& body) {
        auto const secret = http::read_push_secret(h.config().push.secrets, "acme");
        auto const answer = exchange(
            h.push_port(), "POST /v1/push/acme HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                           "Authorization: Bearer " +
                               secret + "\r\nContent-Length: " + std::to_string(body.size()) +
                               "\r\n\r\n" + body);
        ASSERT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
    }
    void there_are(long signals) {
        until("there are " + std::to_string(signals) + " signals",
              [&] { return h.count("signal where device like 'acme.%'") == signals; });
    }
    // Whole rounds of it: what would come twice has come by then.
    void is_asked_twice_more() {
        auto const before = cloud.times_asked();
        until("the cloud is asked again", [&] { return cloud.times_asked() >= before + 3; });
        auto const event = h.device("w1").sends(domain::signal_kind::test);
        h.device("w1").hears_stored(event);
    }
    bool is_ready_and_says(std::string const& words) {
        auto const answer = h.tells("/readyz");
        return answer.starts_with("HTTP/1.1 200") && answer.find(words) != std::string::npos;
    }

    maker_cloud cloud;
    house h{with_devices_of_acme(small_city())};
};

TEST_F(polled_cloud, whose_pushes_were_lost_while_we_were_away_calls_for_each_event_once) {
    is_asked();
    h.server_stops();
    cloud.hears("e1", "3", "sos");
    auto const second = cloud.hears("e2", "4", "sos");
    cloud.hears("e3", "5", "sos");
    cloud.hears("e4", "5", "none");
    h.server_starts();
    pushes(second); // its last try
    there_are(3);
    pushes(second);
    is_asked_twice_more();
    for (auto const* each : {"resident:r3", "resident:r4", "resident:r5"})
        h.sees_alert(each);
    EXPECT_EQ(h.record().alerts.size(), 3U);
    there_are(3);
    EXPECT_EQ(h.count("signal where device = 'acme.4'"), 1);
    EXPECT_GE(h.metric("linli_poll_received_total{source=\"acme\"}"), 3);
    EXPECT_TRUE(is_ready_and_says("1 clouds are asked"));
}

TEST_F(polled_cloud, that_lost_a_push_while_we_were_here_is_heard_all_the_same) {
    is_asked();
    auto const first = cloud.hears("e1", "3", "sos");
    there_are(1);
    pushes(first); // late
    auto const second = cloud.hears("e2", "4", "sos");
    pushes(second); // in time, and then it is asked for
    there_are(2);
    is_asked_twice_more();
    there_are(2);
    EXPECT_EQ(h.record().alerts.size(), 2U);
}

TEST_F(polled_cloud, that_refuses_makes_nobody_unready_and_is_heard_when_it_is_well) {
    cloud.is_well(false);
    is_asked();
    until("it is said", [this] { return is_ready_and_says("acme: refused"); });
    cloud.hears("e1", "3", "sos");
    cloud.is_well(true);
    h.sees_alert("resident:r3");
    until("it is well", [this] { return is_ready_and_says("1 clouds are asked"); });
    EXPECT_GE(h.metric("linli_poll_failures_total{source=\"acme\"}"), 1);
}

TEST_F(polled_cloud, whose_measurements_have_no_room_calls_for_each_press) {
    is_asked();
    pqxx::connection connection(h.config().database.url);
    pqxx::work work(connection);
    work.exec("lock table telemetry"); // its journal fills up
    domain::telemetry day;
    for (int n = 0; n < 1000; ++n)
        day.vitals.push_back({{}, domain::vital_sign::heart_rate, 60.0 + n % 40});
    for (int n = 0; n < 60; ++n)
        h.device("w1").measures(day);
    until("no room", [this] { return h.metric("linli_telemetry_held_back") == 1; });
    cloud.hears("e1", "3", "sos");
    cloud.hears(std::string(40'000, 'm'), "3", "pulse"); // longer than a day of a watch
    cloud.hears("e2", "4", "sos");                       // on the next page
    h.sees_alert("resident:r3");
    h.sees_alert("resident:r4");
    is_asked_twice_more();
    there_are(2);
    h.counts("linli_telemetry_lost_total", 1);
    EXPECT_TRUE(is_ready_and_says("1 clouds are asked"));
    work.abort();
}

TEST_F(polled_cloud, is_asked_by_the_server_that_receives_alone) {
    is_asked();
    another_server second(h.config(), h.folder() / "second");
    http::keep_poll_secret(h.folder() / "second/push", "acme", "asked by the second");
    second.starts();
    auto const says = [&](std::string const& words) {
        until("the second says: " + words,
              [&] { return second.says().find(words) != std::string::npos; });
    };
    says("stands by: server ");
    says("\"another server receives\"");
    is_asked_twice_more();
    EXPECT_TRUE(cloud.was_asked_by("asked by acme"));
    EXPECT_FALSE(cloud.was_asked_by("asked by the second"));
    h.server_stops();
    cloud.hears("e1", "3", "sos");
    says(R"("name":"ingest","ready":true,"state":"receives)");
    h.sees_alert("resident:r3");
    EXPECT_TRUE(cloud.was_asked_by("asked by the second"));
    there_are(1);
}

} // namespace linli::tests
