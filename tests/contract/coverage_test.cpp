// The coverage read, and what is kept of an evening, on PostgreSQL.
#include "adapters/postgres/coverage.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pqxx/pqxx>
#include <unistd.h>

#include "adapters/postgres/key_ring.hpp"
#include "adapters/postgres/schema.hpp"
#include "contract/keeper.hpp"
#include "contract/registry_by_sql.hpp"
#include "support/evening.hpp"

namespace linli::tests {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class coverage_read : public testing::Test {
protected:
    void SetUp() override {
        if (!std::getenv("LINLI_TEST_DATABASE")) GTEST_SKIP();
        name_ = "linli_coverage_" + std::to_string(::getpid());
        pqxx::connection connection(std::getenv("LINLI_TEST_DATABASE"));
        pqxx::nontransaction(connection).exec("create database " + name_);
        postgres::migrate(url(), evening);
        pqxx::connection own(url());
        write_registry(own, keys(), the_town());
    }
    void TearDown() override {
        if (name_.empty()) return;
        pqxx::connection connection(std::getenv("LINLI_TEST_DATABASE"));
        pqxx::nontransaction(connection).exec("drop database " + name_ + " with (force)");
    }

    static postgres::key_ring keys() {
        auto const file = std::filesystem::temp_directory_path() /
                          ("linli-coverage-" + std::to_string(::getpid()) + ".keys");
        auto made = postgres::key_ring::create_if_missing(file);
        std::filesystem::remove(file);
        return made;
    }
    std::string url() const {
        return std::string(std::getenv("LINLI_TEST_DATABASE")) + " dbname=" + name_;
    }
    void sql(std::string const& statement) const {
        pqxx::connection connection(url());
        pqxx::nontransaction(connection).exec(statement);
    }
    static std::string at(domain::instant when) {
        return "instant_of(" + std::to_string(when.time_since_epoch().count()) + ")";
    }
    void heard(std::string const& device, domain::instant when) const {
        keep_signal(device + ":1:1', '" + device + "', 'sos', 'mqtt", when);
    }
    void observed(std::string const& device, domain::instant when) const {
        keep_signal(device + ":o:silence:1', '" + device + "', 'inactivity', 'observation", when);
    }
    void keep_signal(std::string const& words, domain::instant when) const {
        sql("insert into signal (event, device, kind, door, subject, received_at, committed_at) "
            "values ('" +
            words + "', 'device:x', " + at(when) + ", " + at(when) + ")");
    }
    void measured(std::string const& device, std::string const& day) const {
        auto partition = "telemetry_" + day;
        std::erase(partition, '-');
        sql("create table if not exists " + partition +
            " partition of telemetry for values from ('" + day + "') to (date '" + day + "' + 1)");
        sql("insert into telemetry (device, by_content, boot, sequence, day, received_at) values "
            "('" +
            device + "', false, 1, 1, '" + day + "', '" + day + " 12:00+00')");
    }
    std::map<std::string, std::optional<domain::instant>> devices() const {
        std::map<std::string, std::optional<domain::instant>> all;
        for (auto const& each : postgres::read_coverage(url(), evening).devices)
            all[each.id.value] = each.heard;
        return all;
    }

private:
    std::string name_;
};

TEST_F(coverage_read, sees_homes_with_what_was_verified) {
    sql("update home set address_verified = '2026-01-02', key_holder = 'neighbour', "
        "key_tested = '2026-03-04' where id = 'h1'");
    auto const seen = postgres::read_coverage(url(), evening);
    std::map<std::string, app::coverage_home> homes;
    for (auto const& each : seen.homes)
        homes[each.id.value] = each;
    ASSERT_EQ(homes.size(), 3U);
    auto const& h1 = homes["h1"];
    auto const& h2 = homes["h2"];
    EXPECT_TRUE(h1.address_verified && h1.key_held && h1.place);
    EXPECT_EQ(h1.key_tested, std::chrono::sys_days(std::chrono::year(2026) / 3 / 4));
    EXPECT_FALSE(h2.address_verified || h2.key_held || h2.key_tested);
    EXPECT_EQ(seen.known.workers.size(), 4U);
}

TEST_F(coverage_read, sees_who_moves_in_a_home_that_is_empty_by_the_registry) {
    auto const silence = [&](std::string const& home) {
        sql("insert into dwell (subject, rule, device, told, last_at, value, version) values "
            "('home:" +
            home + "', 'silence', 'box1', false, " + at(evening - 1h) + ", 0, 1)");
    };
    silence("h1");
    silence("h2");
    for (auto const* day : {"2025-12-29", "2025-12-30", "2025-12-31", "2026-01-01"})
        measured("box1", day);
    sql("update telemetry set activity_kind = '{0}' where day <> '2025-12-31'");
    sql("update resident set status = 'hospital' where id = 'r1'");
    EXPECT_THAT(postgres::read_coverage(url(), evening).pauses, IsEmpty()) << "r2 is at home";
    sql("update resident set status = 'away' where id = 'r2'");
    auto const pauses = postgres::read_coverage(url(), evening).pauses;
    ASSERT_EQ(pauses.size(), 1U);
    EXPECT_EQ(pauses[0].home.value, "h1");
    EXPECT_EQ(pauses[0].moved, evening - 1h);
    EXPECT_EQ(pauses[0].days_moved, 2) << "of three: one was a battery's, one is too long ago";
}

TEST_F(coverage_read, counts_contacts_and_leaves_out_who_has_gone_for_good) {
    sql("insert into contact (resident, place, relation) values ('r1', 1, 'x'), ('r1', 2, 'x')");
    sql("update resident set status = 'hospital' where id = 'r2'");
    sql("update resident set status = 'deceased_confirmed' where id = 'r3'");
    auto const seen = postgres::read_coverage(url(), evening);
    std::map<std::string, int> contacts;
    for (auto const& each : seen.residents)
        contacts[each.id.value] = each.contacts;
    EXPECT_EQ(contacts, (std::map<std::string, int>{{"r1", 2}, {"r2", 0}, {"r4", 0}}));
    for (auto const& each : seen.homes)
        EXPECT_NE(each.id.value, "h2"); // nobody lives there any longer
    EXPECT_EQ(seen.homes.size(), 2U);
    EXPECT_FALSE(devices().contains("w3"));
}

TEST_F(coverage_read, whom_no_channel_reached_when_tried_is_no_contact_nor_who_must_not_be_told) {
    sql("insert into contact (resident, place, relation, phone_hmac, do_not_tell) values "
        "('r1', 1, 'by sms alone', '\\x01', false), ('r1', 2, 'by none', '\\x02', false), "
        "('r1', 3, 'a new number since', '\\x03', false), ('r1', 4, 'never', '\\x04', true), "
        "('r1', 5, 'not tried', '\\x05', false)");
    sql("insert into contact_trial (resident, place, channel, tried_at, state, phone_hmac) values "
        "('r1', 1, 'voice', " +
        at(evening) + ", 'failed', '\\x01'), ('r1', 1, 'sms', " + at(evening) +
        ", 'sent', '\\x01'), ('r1', 2, 'voice', " + at(evening) +
        ", 'failed', '\\x02'), ('r1', 2, 'sms', " + at(evening) +
        ", 'failed', '\\x02'), ('r1', 3, 'voice', " + at(evening) + ", 'failed', '\\x30')");
    auto const seen = postgres::read_coverage(url(), evening).residents;
    auto const r1 = std::ranges::find(seen, domain::resident_id{"r1"}, &app::coverage_resident::id);
    ASSERT_NE(r1, seen.end());
    EXPECT_EQ(r1->contacts, 3) << "1, 3 and 5";
}

TEST_F(coverage_read, a_device_was_heard_by_its_last_signal_or_day_of_telemetry) {
    heard("w1", evening - 2h);
    heard("w2", evening - std::chrono::days(9));
    measured("w2", "2025-12-29");
    measured("w2", "2025-12-27");
    measured("box1", "2025-12-28");
    auto const december = [](std::string const& day) {
        return domain::instant(
            std::chrono::sys_days(std::chrono::year(2025) / 12 / std::stoi(day)));
    };
    auto const all = devices();
    EXPECT_EQ(all.at("w1"), evening - 2h);
    EXPECT_EQ(all.at("w2"), december("29"));
    EXPECT_EQ(all.at("box1"), december("28"));
    EXPECT_EQ(all.at("w3"), std::nullopt);
    EXPECT_FALSE(all.contains("spare")); // in stock
}

TEST_F(coverage_read, a_device_is_heard_that_only_beats) {
    heard("w1", evening - std::chrono::days(9));
    sql("insert into device_health values ('w1', " + at(evening - std::chrono::days(30)) + ", " +
        at(evening - 1h) + ", null, 'none', " + at({}) + ", null, " + at({}) + ", 'watch_tcp')");
    EXPECT_EQ(devices().at("w1"), evening - 1h);
}

TEST_F(coverage_read, a_device_is_not_heard_by_what_the_house_says_of_its_silence) {
    heard("w1", evening - std::chrono::days(9));
    observed("w1", evening - 1h);
    observed("w2", evening - 1h);
    EXPECT_EQ(devices().at("w1"), evening - std::chrono::days(9));
    EXPECT_EQ(devices().at("w2"), std::nullopt);
}

TEST_F(coverage_read, a_provider_has_replied_when_an_offer_was_accepted_or_declined) {
    auto const provider = [&] { return postgres::read_coverage(url(), evening).providers.at(0); };
    EXPECT_EQ(provider().offers, 0);
    sql("insert into plan_snapshot values ('p', '')");
    sql("insert into request values ('00000000-0000-7000-8000-000000000001', 'resident:r1', "
        "'310000', null, 'e', 'e', 2, 'closed', 1, " +
        at(evening) + ", null, " + at(evening) + ", 1, 1, '')");
    sql("insert into service_order (id, number, service, level, request, subject, area, place, "
        "event, state, opened_at, round, plan, version, log_seq, log_hash) values "
        "('00000000-0000-7000-8000-000000000002', 'n', 'meal', 3, "
        "'00000000-0000-7000-8000-000000000001', 'resident:r1', '310000', 'home', 'e', "
        "'cancelled', " +
        at(evening) + ", 1, 'p', 1, 1, '')");
    auto const offer = [&](std::string const& id, std::string const& state, domain::instant when) {
        sql("insert into offer (id, order_id, provider, worker, state, opened_at, expires_at, "
            "round, distance_m, version) values ('00000000-0000-7000-8000-00000000000" +
            id + "', '00000000-0000-7000-8000-000000000002', '" + provider().id.value +
            "', 'k1', '" + state + "', " + at(when) + ", " + at(when) + ", 1, 1, 1)");
    };
    offer("3", "expired", evening);
    EXPECT_EQ(provider().offers, 1);
    EXPECT_EQ(provider().replied, std::nullopt);
    offer("4", "declined", evening - 5h);
    EXPECT_EQ(provider().offers, 2);
    EXPECT_EQ(provider().replied, evening - 5h);
}

TEST_F(coverage_read, sees_complaints_that_are_not_done) {
    auto const complained = [&](std::string const& id, std::string const& state,
                                std::string const& due_at) {
        sql("insert into complaint (id, kind, state, worker, area, written_by, at, due_at, "
            "personal, answered_by, version, log_seq, log_hash) values "
            "('00000000-0000-7000-8000-00000000000" +
            id + "', 'late', '" + state + "', 'k1', '310000', 'li', " + at(evening) + ", " +
            due_at + ", '', " + (state == "open" ? "null" : "'zhao'") + ", 1, 1, '')");
    };
    complained("1", "open", at(evening - 1h));
    complained("2", "answered", at(evening + 24h));
    complained("3", "accepted", "null");
    auto const seen = postgres::read_coverage(url(), evening).complaints;
    std::vector<domain::instant> due;
    for (auto const& each : seen)
        due.push_back(each.due_at);
    EXPECT_THAT(due, UnorderedElementsAre(evening - 1h, evening + 24h));
    EXPECT_EQ(seen.at(0).area.value, "310000");
}

app::coverage_report a_report() {
    app::coverage_report made;
    made.day = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23);
    made.made_at = evening;
    made.residents = 3;
    made.workers = 2;
    made.gaps = {{app::gap_reason::few_contacts,
                  "resident:r1",
                  {"310000"},
                  {app::mender_kind::site, "s1"},
                  2,
                  {},
                  {}},
                 {app::gap_reason::nobody_to_go,
                  "area:310000",
                  {"310000"},
                  {app::mender_kind::area_officer, "310000"},
                  0,
                  {},
                  {{evening, evening + 1h}, {evening + 24h, evening + 25h}}},
                 {app::gap_reason::device_silent,
                  "device:w1",
                  {"310000"},
                  {app::mender_kind::site, "s1"},
                  0,
                  evening - 96h,
                  {}}};
    return made;
}

TEST_F(coverage_read, a_report_is_kept_as_it_was_made) {
    auto const made = a_report();
    EXPECT_EQ(postgres::last_report(url()), std::nullopt);
    postgres::keep_report(url(), made, std::chrono::days(90));
    EXPECT_EQ(postgres::last_report(url()), made.made_at);
    auto const kept = postgres::report_of(url(), made.day);
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->gaps, made.gaps);
    EXPECT_EQ(kept->made_at, made.made_at);
    EXPECT_EQ(kept->residents, 3);
    EXPECT_EQ(kept->workers, 2);
    EXPECT_FALSE(postgres::report_of(url(), made.day - std::chrono::days(1)));
}

TEST_F(coverage_read, a_day_has_one_report_and_old_ones_go) {
    auto made = a_report();
    postgres::keep_report(url(), made, std::chrono::days(90));
    made.gaps.resize(1);
    postgres::keep_report(url(), made, std::chrono::days(90));
    EXPECT_EQ(postgres::report_of(url(), made.day)->gaps.size(), 1U);
    auto later = made;
    later.day += std::chrono::days(90);
    postgres::keep_report(url(), later, std::chrono::days(90));
    EXPECT_TRUE(postgres::report_of(url(), made.day));
    later.day += std::chrono::days(1);
    postgres::keep_report(url(), later, std::chrono::days(90));
    EXPECT_FALSE(postgres::report_of(url(), made.day));
}

} // namespace
} // namespace linli::tests
