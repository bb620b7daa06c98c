// A city comes back at once: thousands of devices connect again within seconds, each says that it
// is there, repeats what it has not heard an answer to and delivers what it has measured; and among
// them somebody needs help.
#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include "system/crowd.hpp"
#include "system/house.hpp"
#include "system/until.hpp"

namespace linli::tests {

using namespace std::chrono_literals;

namespace {

constexpr int devices = 2000;
constexpr int callers = 20;

app::registry_rows a_district() {
    auto city = small_city();
    add_boxes(city, {"620102"}, devices);
    return city;
}

// Each with its own credential.
std::vector<crowd::member> all_boxes(house const& in) {
    std::vector<crowd::member> all;
    for (int n = 0; n < devices; ++n) {
        auto const id = "sb" + std::to_string(n);
        auto const user = "d-" + id;
        all.push_back({id,
                       {.url = in.config().mqtt.url,
                        .user = user,
                        .password = in.secret(user),
                        .ca_file = {},
                        .client_id = user}});
    }
    return all;
}

} // namespace

TEST(storm, every_call_is_decided_before_the_telemetry_and_the_outage_is_one_incident) {
    house h(a_district());
    until("all are supervised",
          [&] { return h.metric("linli_devices_supervised") == devices + 2; });
    crowd city(all_boxes(h));
    until("all have their receipts", [&] { return city.receipts() == devices; });
    until("all is kept", [&] { return h.count("telemetry") == devices; });

    h.broker().stop();
    until("it is missed", [&] { return !h.is_ready(); });
    h.fast_forward(61s);
    h.sees_alert("area:620100/outage");

    // Whoever waited behind telemetry would wait for ever.
    pqxx::connection somebody(h.config().database.url);
    pqxx::work long_look(somebody);
    long_look.exec("lock table telemetry");
    city.one_calls_of(devices / callers);
    h.broker().start();
    until("every call has its receipt", [&] { return city.calls_stored() == callers; });
    EXPECT_EQ(city.connections(), 2 * devices);
    EXPECT_EQ(h.count("alert where kind = 'sos' and state = 'raised'"), callers);
    EXPECT_EQ(h.count("service_order"), callers);
    until("all have been answered again", [&] { return city.receipts() >= 2 * devices; });
    long_look.abort();

    until("the telemetry is kept", [&] { return h.count("telemetry") == 2 * devices; });
    EXPECT_EQ(h.count("signal where kind = 'sos'"), callers);
    EXPECT_EQ(h.count("signal where kind = 'test'"), devices) << "what is resent is one press";
    EXPECT_EQ(h.count("alert"), callers + 1) << "the broker's absence is one incident";
    EXPECT_EQ(h.count("outage where kind = 'broker'"), 1);
    EXPECT_EQ(h.count("maintenance"), 0) << "nobody was silent: nobody could be heard";
    EXPECT_EQ(h.count("request"), 0);
}

} // namespace linli::tests
