// What watches measure in bulk: kept once, lost never, and never before a signal.
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include "adapters/wire/topics.hpp"
#include "support/free_port.hpp"
#include "support/places.hpp"
#include "system/house.hpp"
#include "system/load/server_process.hpp"
#include "system/until.hpp"

namespace linli::tests {

using namespace std::chrono_literals;
using domain::vital_sign;

namespace {

// Somebody works on telemetry's table (a restore, a long look) and lets nobody else.
class long_work_on_telemetry {
public:
    explicit long_work_on_telemetry(house const& in)
        : connection_(in.config().database.url), work_(connection_) {
        work_.exec("lock table telemetry");
    }
    void ends() { work_.abort(); }

private:
    pqxx::connection connection_;
    pqxx::work work_;
};

// Some thirty thousand bytes.
domain::telemetry a_day_of_a_watch() {
    domain::telemetry t;
    domain::instant const midnight = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23);
    for (int n = 0; n < 1000; ++n)
        t.vitals.push_back({midnight + n * 80s, vital_sign::heart_rate, 60.0 + n % 40});
    return t;
}

void stored(house& h, long count) {
    until(std::to_string(count) + " batches stored", [&] { return h.count("telemetry") == count; });
}

} // namespace

TEST(telemetry, is_stored_with_what_was_measured_and_disturbs_nobody_at_once) {
    house h(small_city());
    domain::telemetry t;
    auto const measured = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + 8h;
    t.vitals = {{measured, vital_sign::heart_rate, 31}}; // once, and it may be a bad contact
    t.fixes = {{measured, {36.06, 103.83, 15, domain::position_source::gps}}};
    t.battery = {{measured, 64}};
    h.device("w1").measures(t);
    stored(h, 1);
    EXPECT_EQ(h.count("telemetry_vital where device = 'w1' and code = 8867 and value = 31 and "
                      "measured_at = '2026-11-23T08:00:00Z'"),
              1);
    EXPECT_EQ(h.count("telemetry_fix where latitude = 36.06 and accuracy_m = 15 and source = 1"),
              1);
    EXPECT_EQ(h.count("telemetry_battery where percent = 64"), 1);
    auto& box = h.device("b1");
    box.hears_stored(box.presses_sos());
    EXPECT_EQ(h.count("signal"), 1);
    EXPECT_EQ(h.count("alert"), 1);
    h.counts("linli_telemetry_received_total", 1);
    h.counts("linli_telemetry_stored_total", 1);
}

TEST(telemetry, sent_again_is_stored_once_over_midnight_too) {
    house h(small_city());
    auto& watch = h.device("w1");
    auto const first = watch.measures_pulse(71);
    watch.measures_again(first);
    h.fast_forward(24h);
    watch.measures_again(first);
    watch.measures_pulse(72);
    stored(h, 2);
    EXPECT_EQ(h.count("telemetry where sequence = 1"), 1);
    h.counts("linli_telemetry_repeated_total", 2);
}

TEST(telemetry, of_long_ago_is_dropped_by_the_server_itself) {
    house h(small_city());
    auto& watch = h.device("w1");
    watch.measures_pulse(71);
    stored(h, 1);
    auto const keep_for = 24h * h.config().telemetry.keep_days;
    h.fast_forward(keep_for - 24h);
    watch.measures_pulse(72);
    stored(h, 2);
    h.fast_forward(48h);
    stored(h, 1);
    EXPECT_EQ(h.count("telemetry_vital where value = 72"), 1);
}

TEST(telemetry, that_cannot_be_read_is_kept_sealed_and_counted_and_raises_nothing) {
    house h(small_city());
    auto& watch = h.device("w1");
    watch.publishes("linli/v1/d/d-w1/telemetry", "Wang Xiulan, 3-501: no message at all");
    watch.publishes("linli/v1/d/d-w1/telemetry",
                    R"({"samples":[{"vitals":[{"code":"8867-4","value":70},{"code":"?"}]}]})");
    stored(h, 2);
    EXPECT_EQ(h.count("telemetry where by_content and raw is not null"), 2);
    EXPECT_EQ(h.count("telemetry where position('Xiulan'::bytea in raw) > 0"), 0);
    EXPECT_EQ(h.count("telemetry_vital where value = 70"), 1);
    h.counts("linli_telemetry_unreadable_total", 2);
    EXPECT_EQ(h.count("alert"), 0);
}

TEST(telemetry, of_another_device_is_refused_by_the_broker) {
    house h(small_city());
    auto& box = h.device("b1");
    box.publishes(wire::telemetry_topic({"w1"}), R"({"samples":[{"batteryPercent":1}]})");
    EXPECT_EQ(box.broker_said(), 135); // not authorized
    box.measures_pulse(60);
    stored(h, 1);
    EXPECT_EQ(h.count("telemetry where device = 'w1'"), 0);
}

TEST(telemetry, waits_while_the_database_is_away_as_signals_do) {
    house h(small_city());
    auto& watch = h.device("w1");
    house::database("kill");
    watch.measures_pulse(71);
    auto const press = h.device("b1").presses_sos();
    until("both are on our disk", [&] {
        return h.metric("linli_telemetry_received_total") == 1 &&
               h.metric("linli_signals_received_total") == 1;
    });
    house::database("start");
    h.device("b1").hears_stored(press);
    stored(h, 1);
}

TEST(telemetry, that_can_get_no_further_lets_every_signal_pass) {
    house h(small_city());
    long_work_on_telemetry work(h);
    auto& watch = h.device("w1");
    auto const day = a_day_of_a_watch();
    constexpr int days = 60; // more than its journal holds: the rest stays at the broker
    for (int n = 0; n < days; ++n)
        watch.measures(day);
    until("no room", [&] { return h.metric("linli_telemetry_held_back") == 1; });
    EXPECT_LT(h.metric("linli_telemetry_received_total"), days);
    auto& box = h.device("b1");
    box.hears_stored(box.presses_sos());
    watch.hears_stored(watch.presses_sos()); // the same device, behind its own telemetry
    EXPECT_EQ(h.count("alert"), 2);
    EXPECT_TRUE(h.is_ready()); // nobody takes the house out of service for it
    EXPECT_THAT(h.tells("/readyz"), testing::HasSubstr("no room"));
    work.ends();
    stored(h, days);
    EXPECT_EQ(h.count("telemetry_vital"), 1000 * days);
}

// Motion may lie at the broker behind what has no room.
TEST(telemetry, that_has_no_room_makes_no_home_silent) {
    auto city = small_city();
    city.devices.push_back({{"pir1"}, "infrared", {}, {"h2"}, {}});
    city.silences = {{{"h2"}, {0, 1440, 60min}}};
    house h(city);
    domain::telemetry motion;
    motion.activities = {{std::nullopt, domain::activity_kind::motion, 0}};
    h.device("pir1").measures(motion);
    until("the home is watched",
          [&] { return h.count("dwell where rule = 'silence' and due_at is not null") == 1; });
    long_work_on_telemetry work(h);
    constexpr int days = 60;
    for (int n = 0; n < days; ++n)
        h.device("w1").measures(a_day_of_a_watch());
    until("no room", [&] { return h.metric("linli_telemetry_held_back") == 1; });
    h.fast_forward(75min); // past what the observer is patient for
    auto const* const overdue = "linli_audit_findings{kind=\"overdue\"}";
    // The observer looks each second, and the auditor believes what it sees twice, 5 s apart.
    until("nobody has judged it", [&] { return h.metric(overdue) == 1; });
    EXPECT_EQ(h.count("signal where kind = 'inactivity'"), 0);
    work.ends();
    stored(h, days + 1);
}

TEST(telemetry, waits_at_the_broker_while_the_server_is_away) {
    house h(small_city());
    auto& watch = h.device("w1");
    h.server_stops();
    for (int n = 0; n < 20; ++n)
        watch.measures_pulse(60 + n);
    h.server_starts();
    stored(h, 20);
}

// The program as an installation runs it, since nothing else can be killed like it.
TEST(telemetry, that_was_acknowledged_outlives_kill_9) {
    house h(small_city());
    h.server_stops();
    auto const file = h.folder() / "linli.toml";
    auto const port = free_port();
    std::ofstream(file) << "[installation]\narea = \"620100\"\n"
                        << "[database]\nurl = \"" << h.config().database.url << "\"\n"
                        << "key_file = \"record.keys\"\n"
                        << "[mqtt]\nurl = \"" << h.config().mqtt.url << "\"\n"
                        << "password_file = \"broker/secrets/linli-server\"\n"
                        << "[journal]\nsegment_mib = 1\nreserve_mib = 1\n"
                        << "[http]\nlisten = \"127.0.0.1:" << port << "\"\n"
                        << "[files]\nplans = \"" << shipped_config("plans") << "\"\n"
                        << "services = \"" << shipped_config("services.toml") << "\"\n"
                        << "thresholds = \"" << shipped_config("thresholds.toml") << "\"\n";
    load::server_process server(linli_program(), file, h.folder() / "server.log", port);
    auto& watch = h.device("w1");
    constexpr int kills = 4;
    constexpr int batches_a_life = 50;
    for (int life = 0; life < kills; ++life) {
        server.start();
        until("it is ready", [&] { return server.is_ready(); });
        // In every other life all of it is still in the journal at the end.
        std::optional<long_work_on_telemetry> work;
        if (life % 2 == 1) work.emplace(h);
        for (int n = 0; n < batches_a_life; ++n)
            watch.measures_pulse(60 + n);
        server.strike();
        server.bury();
    }
    server.start();
    stored(h, kills * batches_a_life);
    EXPECT_EQ(h.count("telemetry_vital"), kills * batches_a_life);
    EXPECT_EQ(server.stop(), 0);
    h.server_starts();
}

} // namespace linli::tests
