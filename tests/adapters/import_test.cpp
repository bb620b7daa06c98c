// A folder of tables becomes the registry, whole or not at all; what is stored says nothing about
// anybody to who has the database but not the key file.
#include "adapters/postgres/registry_import.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <thread>

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pqxx/pqxx>
#include <unistd.h>

#include "adapters/an_installation.hpp"
#include "adapters/files/identity_number.hpp"
#include "adapters/files/registry_files.hpp"
#include "adapters/postgres/array_literal.hpp"
#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/schema.hpp"
#include "simulate/demo_city.hpp"
#include "support/places.hpp"
#include "support/settable_clock.hpp"

namespace linli::postgres {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// ---------------------------------------------------------------- the schema

class a_schema : public an_installation {};

constexpr migration first{1, "001-first", "create table first (n integer)"};
constexpr migration second{2, "002-second", "create table second (n integer)"};
constexpr migration widened{2, "002-widened", "alter table first add column m integer"};
constexpr std::string_view with_index = "drop index concurrently if exists first_n;\n"
                                        "create index concurrently first_n on first (n);\n"
                                        "-- in one transaction\n"
                                        "create table second (n integer)";
constexpr std::string_view broken_off = "drop index concurrently if exists first_n;\n"
                                        "create index concurrently first_n on first (n);\n"
                                        "-- in one transaction\n"
                                        "create table second (n integer); select nonsense";
constexpr migration broken{2, "002-broken", "create table half (n integer); select nonsense"};

std::string refusal(auto&& deed) {
    try {
        deed();
        return "none";
    } catch (schema_error const& error) {
        return error.what();
    }
}

// What linli check warns of.
TEST_F(a_schema, says_by_what_its_database_sorts) {
    EXPECT_EQ(collation_of(url()), "C");
    auto const other = name_ + "_by_locale";
    pqxx::connection at(maintenance_database());
    pqxx::nontransaction in(at);
    in.exec("create database " + other + " template template0 lc_collate 'C.UTF-8'");
    EXPECT_EQ(collation_of(maintenance_database() + " dbname=" + other), "C.UTF-8");
    in.exec("drop database " + other + " with (force)");
}

TEST_F(a_schema, is_brought_to_the_newest_step_once) {
    EXPECT_EQ(version_of(database()), 0);
    EXPECT_THAT(refusal([&] { check_version(database()); }), HasSubstr("run linli migrate"));
    std::vector<std::string> told;
    auto const tell = [&](migration const& step) { told.emplace_back(step.name); };
    EXPECT_EQ(migrate(url(), noon, {tell}), required_version());
    EXPECT_THAT(told, Contains("001-record"));
    EXPECT_EQ(migrate(url(), noon, {tell}), 0);
    EXPECT_EQ(version_of(database()), required_version());
    EXPECT_EQ(refusal([&] { check_version(database()); }), "none");
    EXPECT_EQ(one("select to_char(applied_at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS.US')"
                  " from schema_migration where number = 1"),
              "2026-11-18 11:06:40.123456"); // by the house clock, to the microsecond
}

TEST_F(a_schema, that_was_changed_after_it_was_applied_is_refused) {
    migrate(url(), noon, {}, std::array{first});
    migration const edited{1, "001-first", "create table first (n bigint)"};
    EXPECT_THAT(refusal([&] {
                    migrate(url(), noon, {}, std::array{edited, second});
                }),
                HasSubstr("write the change as a new migration"));
    EXPECT_EQ(version_of(database()), 1);
}

TEST_F(a_schema, that_is_newer_than_the_program_is_refused) {
    migrate(url(), noon);
    database();
    pqxx::nontransaction(*connection_)
        .exec("insert into schema_migration select 9999, 'later', 'x', applied_at from "
              "schema_migration limit 1");
    EXPECT_THAT(refusal([&] { check_version(database()); }), HasSubstr("newer version of linli"));
    EXPECT_THAT(refusal([&] { migrate(url(), noon); }), HasSubstr("newer version of linli"));
}

TEST_F(a_schema, stays_at_the_step_before_the_one_that_fails) {
    EXPECT_THROW(migrate(url(), noon, {}, std::array{first, broken}), pqxx::sql_error);
    EXPECT_EQ(version_of(database()), 1);
    EXPECT_EQ(one("select to_regclass('half')"), "null");
    EXPECT_EQ(migrate(url(), noon, {}, std::array{first, second}), 1);
}

TEST_F(a_schema, lets_others_go_first_when_they_use_a_table_that_it_changes) {
    migrate(url(), noon, {}, std::array{first});
    pqxx::connection another(url());
    std::optional<pqxx::work> reading;
    reading.emplace(another);
    reading->exec("select from first");
    std::vector<std::string> waited;
    auto const then_ends = [&](migration const& step) {
        waited.emplace_back(step.name);
        EXPECT_NO_THROW(reading->exec("select from first")) << "nobody waits behind it now";
        reading.reset();
    };
    EXPECT_EQ(migrate(url(), noon, {{}, then_ends}, std::array{first, widened}), 1);
    EXPECT_THAT(waited, ElementsAre("002-widened"));
    EXPECT_EQ(version_of(database()), 2);
}

TEST_F(a_schema, builds_large_indexes_before_a_step_and_anew_when_it_was_broken_off) {
    migrate(url(), noon, {}, std::array{first});
    migration const half{2, "002-second", broken_off};
    EXPECT_THROW(migrate(url(), noon, {}, std::array{first, half}), pqxx::sql_error);
    EXPECT_EQ(version_of(database()), 1);
    EXPECT_EQ(one("select to_regclass('second')"), "null");
    migration const whole{2, "002-second", with_index};
    EXPECT_EQ(migrate(url(), noon, {}, std::array{first, whole}), 1);
    EXPECT_EQ(one("select to_regclass('second')"), "second");
    EXPECT_EQ(one("select indisvalid from pg_index where indexrelid = 'first_n'::regclass"), "t");
}

TEST_F(a_schema, is_made_once_when_two_programs_make_it) {
    std::atomic<int> applied{0};
    auto const make = [&] { applied += migrate(url(), noon); };
    std::thread one_more(make);
    make();
    one_more.join();
    EXPECT_EQ(applied, required_version());
}

// ---------------------------------------------------------------- the import

class an_import : public an_installation {
protected:
    an_import() {
        migrate(url(), noon);
        a_small_street();
    }

    // Files with all of their columns, and something in each that older files don't have; what
    // then stands there.
    std::string has_all_columns() const {
        write("sites.csv",
              "id,name,level,parent,area,latitude,longitude,opens,closes,duty_phone,shift_leader\n"
              "station,酒泉路服务站,station,city,620102001,36.056,103.833,07:00,21:00,"
              "00022223333,00044445555\n");
        write("homes.csv", "id,area,rough_place,door,latitude,longitude,access_notes,flags,"
                           "address_verified,address_verified_by,key_holder,key_tested\n"
                           "H1,620102001,3号楼,501,,,,violence dog,2026-02-28,e1,neighbour,"
                           "2026-10-31\n");
        write("residents.csv", "id,home,name,phone,id_number,status,high_risk,notes,synthetic,"
                               "visit_code,language\nR1,H1,王秀英,,,present,no,,yes,4711,wuu\n");
        write("contacts.csv",
              "resident,place,name,relation,phone,channels,email,quiet_from,quiet_until,"
              "do_not_tell,language\n"
              "R1,2,王雅婷,女儿,00087654321,sms email,ya@example.org,22:00,07:00,yes,en\n");
        write("providers.csv", "id,name,phone,dispatch\nc1,甘棠养老服务,00099998888,company\n");
        write("workers.csv",
              "id,provider,name,phone,site,latitude,longitude,certificates,from,until,rating,kind,"
              "people,homes,areas,synthetic,on_duty\n"
              "e1,c1,张伟,00033334444,station,,,,,,,neighbour,2,H1,620102001,yes,no\n");
        write("devices.csv", "id,kind,resident,home,worker,stock_area\n"
                             "b2,button_box,,,e1,620100\n");
        return "{violence,dog} 2026-02-28 e1 neighbour 2026-10-31|t wuu 4711|"
               "{sms,email} 1320 420 t en ya@example.org|company|"
               "neighbour 2 {H1} {620102001} t f|e1 620100|00022223333/00044445555";
    }
    std::string all_that_old_files_lack() {
        return one("select concat_ws(' ', flags, address_verified, address_verified_by,"
                   " key_holder, key_tested) from home where id = 'H1'") +
               '|' +
               one("select concat_ws(' ', synthetic, language) from resident"
                   " where id = 'R1'") +
               ' ' + visit_code_of_r1() + '|' +
               one("select concat_ws(' ', channels, quiet_from, quiet_until, do_not_tell,"
                   " language) from contact where relation = '女儿'") +
               ' ' + email_of_the_daughter() + '|' + one("select dispatch from provider") + '|' +
               one("select concat_ws(' ', kind, people, homes, areas, synthetic, on_duty)"
                   " from worker") +
               '|' +
               one("select concat_ws(' ', worker, stock_area) from device"
                   " where id = 'b2'") +
               '|' + telephones_of_station();
    }
    std::string telephones_of_station() {
        pqxx::work in(database());
        auto const row = in.exec1("select personal from site where id = 'station'");
        if (row[0].is_null()) return "none";
        auto const plain =
            keys_->open(site_personal::sealed_for, pqxx::binarystring(row[0]).str()).value();
        auto const known = from_json<site_personal>(plain);
        return known.duty_phone + '/' + known.shift_leader;
    }
    std::string visit_code_of_r1() {
        pqxx::work in(database());
        auto const row = in.exec1("select data_key, personal from resident where id = 'R1'");
        return from_json<resident_personal>(opened(row, resident_personal::sealed_for)).visit_code;
    }
    std::string email_of_the_daughter() {
        pqxx::work in(database());
        auto const row = in.exec1("select r.data_key, c.personal from contact c join resident r"
                                  " on r.id = c.resident where relation = '女儿'");
        return from_json<contact_personal>(opened(row, contact_personal::sealed_for)).email;
    }
    std::string opened(pqxx::row const& key_and_text, purpose what) const {
        return keys_
            ->open_for(pqxx::binarystring(key_and_text[0]).str(), what,
                       pqxx::binarystring(key_and_text[1]).str())
            .value();
    }
};

TEST_F(an_import, brings_everybody_in) {
    EXPECT_EQ(load(), 2);
    EXPECT_EQ(one("select path from area where code = '620102001'"), "620100.620102.620102001");
    EXPECT_EQ(one("select string_agg(area || '=' || site, ' ' order by area) from site_area"),
              "620100=city 620102001=station");
    EXPECT_EQ(one("select opens || ' ' || closes from site where id = 'station'"), "420 1260");
    EXPECT_EQ(one("select latitude from home where id = 'H1'"), "36.0561");
    EXPECT_EQ(one("select home || high_risk from resident where id = 'R1'"), "H1true");
    EXPECT_EQ(one("select count(*) from contact"), "2");
    EXPECT_EQ(one("select certificates[2] || from_minute || ' ' || rating from worker"),
              "elder_care1140 4.5");
    EXPECT_EQ(one("select count(*) from device_binding where unbound_at is null"), "2");
    EXPECT_EQ(one("select version from registry_version"), "2");
}

TEST_F(an_import, can_be_read_again_with_the_key_and_looked_up_by_number) {
    load();
    pqxx::work transaction(database());
    auto const row = transaction.exec1("select data_key, personal from resident where id = 'R1'");
    auto const plain =
        keys_->open_for(pqxx::binarystring(row[0]).str(), resident_personal::sealed_for,
                        pqxx::binarystring(row[1]).str());
    ASSERT_TRUE(plain);
    EXPECT_EQ(from_json<resident_personal>(*plain).name, "王秀英");
    auto const digest = phone_lookup(*keys_, "+8600012345678");
    auto const found = transaction.exec_params1("select id from resident where phone_hmac = $1",
                                                pqxx::binarystring(digest.data(), digest.size()));
    EXPECT_EQ(found[0].as<std::string>(), "R1");
}

TEST_F(an_import, leaves_no_personal_word_in_any_table) {
    load();
    pqxx::work transaction(database());
    std::string stored; // every column of every row; bytea shows as hex
    for (auto const& table : transaction.exec("select relname from pg_class"
                                              " where relkind in ('r', 'p') and relnamespace ="
                                              " 'public'::regnamespace"))
        for (auto const& row : transaction.exec(
                 fmt::format("select t::text from {} t", transaction.quote_name(table[0].c_str()))))
            stored += row[0].as<std::string>() + "\n";
    ASSERT_THAT(stored, HasSubstr("酒泉路街道")); // it does find what is in clear
    ASSERT_THAT(stored, HasSubstr("\\x"));
    for (std::string const word : {"王秀英", "12345678", "11010519491231002X", "心脏", "501室",
                                   "敲门", "雅婷", "87654321", "张伟", "33334444", "99998888"}) {
        EXPECT_THAT(stored, Not(HasSubstr(word)));
        EXPECT_THAT(stored, Not(HasSubstr(bytea_text(word).substr(2)))) << word;
    }
}

TEST_F(an_import, loads_nothing_when_one_row_is_bad_and_names_it) {
    write("workers.csv",
          "id,provider,name,phone,site,latitude,longitude,certificates,from,until,rating\n"
          "e1,c1,张伟,,station,,,first_aid,19:00,07:00,4.5\n"
          "e2,c9,李敏,,station,,,first_aid,19:00,27:00,\n");
    EXPECT_THAT(problems(),
                ElementsAre(AllOf(HasSubstr("workers.csv:3: until \"27:00\""), HasSubstr("HH:MM")),
                            AllOf(HasSubstr("workers.csv:3: provider \"c9\": unknown"),
                                  HasSubstr("add a row to providers.csv"))));
}

TEST_F(an_import, that_the_database_refuses_leaves_everything_as_it_was) {
    auto rows = read().rows;
    rows.workers.front().provider.value = "gone meanwhile";
    EXPECT_THROW(import_registry(database(), *keys_, rows, noon), pqxx::sql_error);
    EXPECT_EQ(one("select count(*) from area"), "0");
    EXPECT_EQ(one("select count(*) from resident"), "0");
    EXPECT_EQ(one("select version from registry_version"), "1");
    EXPECT_EQ(load(), 2); // the connection is good for another try
}

TEST_F(an_import, with_another_key_file_is_refused) {
    load();
    auto const other = key_ring::create_if_missing(folder_ / "other.keys");
    EXPECT_THROW(import_registry(database(), other, read().rows, noon), std::invalid_argument);
    EXPECT_EQ(one("select version from registry_version"), "2");
}

TEST_F(an_import, done_twice_changes_no_row) {
    load();
    auto const rows =
        "select string_agg(x, ' ') from (select ctid::text || xmin from home union all"
        " select ctid::text || xmin from resident union all"
        " select ctid::text || xmin from contact union all"
        " select ctid::text || xmin from device union all"
        " select ctid::text || xmin from worker union all"
        " select ctid::text || xmin from provider) as all_of (x)";
    auto const before = one(rows);
    EXPECT_EQ(load(noon + domain::hours(24)), 3);
    EXPECT_EQ(one(rows), before);
    EXPECT_EQ(one("select count(*) from device_binding"), "2");
}

TEST_F(an_import, takes_how_people_are_told_and_no_list_without_the_column_takes_back_do_not_tell) {
    load();
    write("contacts.csv",
          "resident,place,name,relation,phone,channels,email,quiet_from,quiet_until,"
          "do_not_tell\nR1,1,王雅婷,女儿,00087654321,sms voice,,22:00,07:00,\n"
          "R1,2,赵邻居,邻居,00011112222,,,,,yes\n");
    load();
    auto const told = "select string_agg(place || ' ' || array_to_string(channels, '+') || ' ' || "
                      "coalesce(quiet_from, -1) || ' ' || do_not_tell, ', ' order by place) "
                      "from contact";
    EXPECT_EQ(one(told), "1 sms+voice 1320 false, 2  -1 true");
    // Numbered anew, by a list that knows nothing of it.
    write("contacts.csv", "resident,place,name,relation,phone\nR1,1,赵邻居,邻居,000-1111-2222\n"
                          "R1,2,王雅婷,女儿,00087654321\n");
    load();
    EXPECT_EQ(one(told), "1  -1 true, 2 sms+voice 1320 false");
    write("contacts.csv", "resident,place,name,relation,phone,do_not_tell\n"
                          "R1,1,赵邻居,邻居,00011112222,no\n");
    load();
    EXPECT_EQ(one(told), "1  -1 false");
}

TEST_F(an_import, does_not_tell_a_suspect_whom_a_list_has_left_out_for_a_night) {
    auto const do_not_tell = "select string_agg(place || ' ' || do_not_tell, ', ' order by place)"
                             " from contact";
    auto const left_out = "select count(*) from do_not_tell";
    std::string const with_word = "resident,place,name,relation,phone,do_not_tell\n";
    std::string const without = "resident,place,name,relation,phone\n";
    std::string const daughter = "R1,1,王雅婷,女儿,00087654321";
    std::string const suspect = "R1,2,赵邻居,邻居,00011112222";
    load();
    write("contacts.csv", with_word + daughter + ",\n" + suspect + ",yes\n");
    load();
    for (int night = 0; night < 2; ++night) {
        write("contacts.csv", without + daughter + "\n");
        load();
        EXPECT_EQ(one(do_not_tell), "1 false");
        EXPECT_EQ(one(left_out), "1");
    }
    write("contacts.csv", without + daughter + "\n" + suspect + "\n");
    load();
    EXPECT_EQ(one(do_not_tell), "1 false, 2 true");
    EXPECT_EQ(one(left_out), "0") << "he stands for himself again";
    write("contacts.csv", without + daughter + "\n");
    load();
    write("contacts.csv", with_word + daughter + ",\n" + suspect + ",no\n");
    load();
    EXPECT_EQ(one(do_not_tell), "1 false, 2 false") << "a plain no takes it back";
    write("contacts.csv", without + daughter + "\n");
    load();
    EXPECT_EQ(one(left_out), "0");
}

TEST_F(an_import, does_not_tell_a_suspect_at_his_new_number) {
    auto const do_not_tell = "select string_agg(place || ' ' || do_not_tell, ', ' order by place)"
                             " from contact";
    load();
    write("contacts.csv", "resident,place,name,relation,phone,do_not_tell\n"
                          "R1,1,王雅婷,女儿,00087654321,\nR1,2,赵邻居,邻居,00011112222,yes\n");
    load();
    // Two numbers of one name: a "do not tell" of one of them is none of the other.
    write("contacts.csv", "resident,place,name,relation,phone\nR1,1,王雅婷,女儿,00087654321\n"
                          "R1,2,赵邻居,邻居,00011112222\nR1,3,赵邻居,邻居,00011113333\n");
    load();
    EXPECT_EQ(one(do_not_tell), "1 false, 2 true, 3 false");
    write("contacts.csv", "resident,place,name,relation,phone\nR1,1,赵邻居,邻居,00011114444\n"
                          "R1,2,王雅婷,女儿,00087654321\nR1,3,赵邻居,邻居,00011113333\n"
                          "R2,1,赵邻居,邻居,00011114444\n");
    load();
    EXPECT_EQ(one("select string_agg(resident || place || ' ' || do_not_tell, ', '"
                  " order by resident, place) from contact"),
              "R11 true, R12 false, R13 false, R21 false");
}

// Set by a page or a file that had the columns; then a city's old file comes at night.
TEST_F(an_import, of_an_old_file_takes_away_no_flag_no_duty_telephone_and_no_kind) {
    load();
    auto const everything = has_all_columns();
    EXPECT_EQ(load(), 3);
    EXPECT_EQ(all_that_old_files_lack(), everything);
    a_small_street();
    load();
    EXPECT_EQ(all_that_old_files_lack(), everything);
    EXPECT_EQ(one("select count(*) from device_binding where worker = 'e1' and unbound_at is null"),
              "1");
    // Who is new has what a new row has.
    write("homes.csv", "id,area,rough_place,door,latitude,longitude,access_notes\n"
                       "H7,620102001,7号楼,701,,,\n");
    load();
    EXPECT_EQ(one("select flags::text || coalesce(key_holder, '-') from home where id = 'H7'"),
              "{}-");
    EXPECT_EQ(all_that_old_files_lack(), everything);
}

TEST_F(an_import, empties_by_an_empty_cell_what_an_absent_column_leaves) {
    load();
    has_all_columns();
    load();
    write("homes.csv", "id,area,rough_place,door,latitude,longitude,access_notes,flags\n"
                       "H1,620102001,3号楼,501,,,,\n");
    write("sites.csv", "id,name,level,parent,area,latitude,longitude,opens,closes,duty_phone\n"
                       "station,酒泉路服务站,station,city,620102001,,,07:00,21:00,\n");
    write("residents.csv", "id,home,name,phone,id_number,status,high_risk,notes,visit_code\n"
                           "R1,H1,王秀英,,,present,no,,\n");
    write("workers.csv", "id,provider,name,phone,site,latitude,longitude,certificates,from,until,"
                         "rating,areas,people\ne1,c1,张伟,,,,,,,,,,\n");
    write("devices.csv", "id,kind,resident,home,worker\nb2,button_box,,,\n");
    load();
    EXPECT_EQ(one("select flags::text || key_holder from home where id = 'H1'"), "{}neighbour");
    EXPECT_EQ(telephones_of_station(), "/00044445555");
    EXPECT_EQ(visit_code_of_r1(), "");
    EXPECT_EQ(one("select kind || people || areas::text || homes::text from worker"),
              "neighbour1{}{H1}");
    EXPECT_EQ(one("select coalesce(worker, '-') || stock_area from device where id = 'b2'"),
              "-620100");
    EXPECT_EQ(one("select count(*) from device_binding where worker = 'e1' and unbound_at is null"),
              "0");
}

TEST_F(an_import, takes_a_workers_button_for_a_resident_to_whom_an_old_file_gives_it) {
    load();
    has_all_columns();
    load();
    write("devices.csv", "id,kind,resident,home\nb2,button_box,,H2\n");
    load(noon + domain::hours(24));
    EXPECT_EQ(one("select home || coalesce(worker, '-') from device where id = 'b2'"), "H2-");
    EXPECT_EQ(one("select string_agg(coalesce(worker, home) || (unbound_at is null), ' '"
                  " order by bound_at) from device_binding where device = 'b2'"),
              "e1false H2true");
}

TEST_F(an_import, says_of_each_old_file_which_columns_it_does_not_have) {
    EXPECT_EQ(read().warnings.count, 0U) << "nothing stands there yet";
    load();
    auto const warnings = read().warnings.first;
    std::vector<std::string> said;
    for (auto const& each : warnings)
        said.push_back(files::to_text(each));
    EXPECT_THAT(
        said,
        ElementsAre("sites.csv: duty_phone, shift_leader: not in this file: what stands there "
                    "stays; an empty cell empties",
                    AllOf(HasSubstr("homes.csv: flags, "), HasSubstr(", key_tested: not in")),
                    HasSubstr("residents.csv: synthetic, visit_code, language: not in"),
                    HasSubstr("contacts.csv: channels, "), HasSubstr("providers.csv: dispatch: "),
                    HasSubstr("workers.csv: kind, people, homes, areas, synthetic, on_duty: "),
                    HasSubstr("devices.csv: worker, stock_area: ")));
    has_all_columns();
    EXPECT_EQ(read().warnings.count, 0U);
}

// What nobody can read must not be lost by a file that says nothing of it.
TEST_F(an_import, of_an_old_file_is_refused_where_the_key_opens_no_duty_telephone) {
    load();
    has_all_columns();
    load();
    a_small_street();
    for (auto const* gone : {"homes.csv", "residents.csv", "contacts.csv", "providers.csv",
                             "workers.csv", "devices.csv"})
        std::filesystem::remove(tables() / gone);
    auto const other = key_ring::create_if_missing(folder_ / "other.keys");
    EXPECT_THROW(import_registry(database(), other, read(), noon), std::invalid_argument);
    EXPECT_EQ(telephones_of_station(), "00022223333/00044445555");
}

TEST_F(an_import, finds_what_is_wrong_with_how_people_are_told) {
    write("contacts.csv",
          "resident,place,name,relation,phone,channels,email,quiet_from,quiet_until,do_not_tell\n"
          "R1,1,王雅婷,女儿,00087654321,fax email,a@b@c,22:00,,perhaps\n");
    std::string all;
    for (auto const& each : problems())
        all += each + '\n';
    for (auto const* what : {"not an e-mail address", "write voice, sms, email",
                             "without an address", "quiet hours is missing", "neither yes nor no"})
        EXPECT_NE(all.find(what), std::string::npos) << what << " in\n" << all;
}

TEST_F(an_import, takes_each_channel_of_a_contact_once) {
    write("contacts.csv", "resident,place,name,relation,phone,channels\n"
                          "R1,1,王雅婷,女儿,00087654321,sms sms voice\n");
    std::string all;
    for (auto const& each : problems())
        all += each + '\n';
    EXPECT_NE(all.find("a channel twice"), std::string::npos) << all;
}

TEST_F(an_import, updates_and_keeps_the_history_of_a_device_that_moves) {
    load();
    auto const key_before = one("select data_key from resident where id = 'R1'");
    std::filesystem::remove(tables() / "areas.csv");
    std::filesystem::remove(tables() / "sites.csv");
    write("residents.csv", "id,home,name,phone,id_number,status,high_risk,notes\n"
                           "R1,H2,王秀英,,,hospital,no,\n");
    write("contacts.csv", "resident,place,name,relation,phone\nR1,1,王小龙,儿子,00055556666\n");
    write("devices.csv", "id,kind,resident,home\nw1,watch,R2,\nb2,button_box,,H2\n"
                         "b1,button_box,,\n");
    write("workers.csv",
          "id,provider,name,phone,site,latitude,longitude,certificates,from,until,rating\n"
          "e1,c1,张伟,,,,,,00:00,24:00,\n");
    load(noon + domain::hours(24));
    EXPECT_EQ(one("select home || status || coalesce(phone_hmac::text, '-') from resident"
                  " where id = 'R1'"),
              "H2hospital-");
    EXPECT_EQ(one("select data_key from resident where id = 'R1'"), key_before);
    EXPECT_EQ(one("select string_agg(relation, ' ') from contact"), "儿子");
    EXPECT_EQ(one("select rating || ' ' || cardinality(certificates) from worker"), "4.5 0");
    EXPECT_EQ(one("select string_agg(device || ':' || coalesce(resident, home) || ':'"
                  " || (unbound_at is not null), ' ' order by device, bound_at)"
                  " from device_binding"),
              "b1:H1:true b2:H2:false w1:R1:true w1:R2:false");
    EXPECT_EQ(one("select extract(epoch from unbound_at - bound_at)::int from device_binding"
                  " where device = 'b1'"),
              "86400");
}

// Else a device would be another one's for the days that the machine of the command is wrong.
TEST_F(an_import, by_the_command_bears_the_houses_time_and_not_the_machines) {
    tests::give_settable_clock(url(), "-2 days");
    std::ofstream(folder_ / "linli.toml")
        << "[installation]\narea = \"620100\"\n[database]\nurl = \"" << url()
        << "\"\nkey_file = \"record.keys\"\n";
    auto const command = tests::linli_program() + " --config " + (folder_ / "linli.toml").string() +
                         " import " + tables().string() + " >" + (folder_ / "said").string() +
                         " 2>&1";
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
    EXPECT_EQ(
        one("select count(*) from device_binding where pg_catalog.clock_timestamp() - bound_at"
            " between interval '2 days' and interval '2 days 1 min'"),
        "2");
    EXPECT_EQ(one("select count(*) from access_log where pg_catalog.clock_timestamp() - at"
                  " not between interval '2 days' and interval '2 days 1 min'"),
              "0");
}

TEST_F(an_import, moves_the_paths_below_an_area_that_gets_another_parent) {
    load();
    write("areas.csv", "code,parent,name,served_by\n620103,620100,七里河区,\n"
                       "620102001,620103,酒泉路街道,station\n620102001001,620102001,和平社区,\n");
    load();
    EXPECT_EQ(one("select path from area where code = '620102001001'"),
              "620100.620103.620102001.620102001001");
}

TEST_F(an_import, on_its_own_connection_asks_for_the_schema_first) {
    auto const rows = files::read_registry(tables(), read_known(url())).rows;
    EXPECT_EQ(import_registry(url(), *keys_, rows, noon), 2);
    auto const senders = read_senders(url());
    EXPECT_THAT(senders.devices, ElementsAre(domain::device_id{"b1"}, domain::device_id{"b2"},
                                             domain::device_id{"w1"}));
    EXPECT_THAT(senders.providers, ElementsAre(domain::provider_id{"c1"}));
    pqxx::nontransaction(database()).exec("delete from schema_migration");
    EXPECT_THAT(refusal([&] { read_known(url()); }), HasSubstr("run linli migrate"));
}

TEST_F(an_import, tells_how_far_it_is) {
    simulate::write_demo_city(tables(), {.seed = 7, .residents = 2000});
    auto const rows = read().rows;
    std::vector<std::size_t> done;
    import_registry(database(), *keys_, rows, noon, [&](app::import_step const& step) {
        EXPECT_EQ(step.total, rows.size());
        done.push_back(step.done);
    });
    EXPECT_GT(done.size(), 3U);
    EXPECT_TRUE(std::ranges::is_sorted(done));
    EXPECT_EQ(done.back(), rows.size());
}

// ---------------------------------------------------------------- the tables' mistakes

TEST_F(an_import, finds_every_mistake_that_a_clerk_makes) {
    write("areas.csv", "code,parent,name,served_by\n620100,,兰州市,\n620102,620199,城关区,city\n"
                       "6201-3,620100,,\n620104,620105,西固区,\n620105,620104,安宁区,\n"
                       "620102001,620102,酒泉路街道,\n");
    write("sites.csv", "id,name,level,parent,area,latitude,longitude,opens,closes\n"
                       "city,指挥中心,city,station,620100,103.8343,36.0611,00:00,24:30\n"
                       "station,服务站,stattion,,620102001,36.056,,7:00,21:00\n");
    write("homes.csv", "id,area,rough_place,door,latitude,longitude,access_notes\n"
                       "110105194912310021,620102001,三号楼,501室,60.1,103.8,\n"
                       "H1,620102001,三号楼,,36.05,3.8,\nH1,620102009,四号楼,502室,x,103.8,\n"
                       "H 2,620102001,四号楼,503室,,,\n");
    std::filesystem::remove(tables() / "residents.csv");
    std::filesystem::remove(tables() / "contacts.csv");
    std::filesystem::remove(tables() / "workers.csv");
    write("devices.csv", "id,kind,resident,home\nb1,buton_box,,H1\nw1,watch,R7,H1\n");
    auto const found = problems();
    for (std::string const expected :
         {"areas.csv:2: served_by: no site serves this area",
          "areas.csv:3: parent \"620199\": unknown",
          "areas.csv:4: code \"6201-3\": not an area code",
          "areas.csv:4: name: missing",
          "areas.csv:5: parent \"620105\": the areas above it run in a circle, or are more than 20",
          "sites.csv:2: latitude \"103.8343\": latitude and longitude are swapped: write latitude "
          "36.0611 and longitude 103.8343",
          "sites.csv:2: closes \"24:30\"",
          "sites.csv:2: parent \"station\": not a higher level",
          "sites.csv:3: level \"stattion\": unknown word: did you mean station?",
          "sites.csv:3: longitude: missing",
          "homes.csv:2: id \"110105194912310021\": looks like an identity number: use a number of "
          "your own",
          "homes.csv:2: latitude \"60.1\": not in China",
          "homes.csv:3: door: missing",
          "homes.csv:3: longitude \"3.8\": not in China",
          "homes.csv:4: id \"H1\": twice",
          "homes.csv:4: area \"620102009\": unknown",
          "homes.csv:4: latitude \"x\": not a number",
          "homes.csv:5: id \"H 2\": not an id",
          "devices.csv:2: kind \"buton_box\": unknown word: did you mean button_box?",
          "devices.csv:3: home \"H1\": worn and fixed at once",
          "devices.csv:3: resident \"R7\": unknown: add a row to residents.csv"})
        EXPECT_THAT(found, Contains(HasSubstr(expected)));
    EXPECT_EQ(read().problems.count, 23U) << testing::PrintToString(found);
}

// Each walks up to the root: a chain as long as the file would take a day.
TEST_F(an_import, takes_twenty_areas_one_above_the_other_and_no_more) {
    auto const chain = [&](int below) {
        std::string text = "code,parent,name,served_by\n620100,,兰州市,city\n";
        for (int n = 1; n <= below; ++n)
            text += std::to_string(620100 + n) + ',' + std::to_string(620099 + n) + ",一级,\n";
        write("areas.csv", text);
        auto const found = problems();
        return std::ranges::count_if(found, [](std::string const& each) {
            return each.find("or are more than 20") != each.npos;
        });
    };
    EXPECT_EQ(chain(20), 0);
    EXPECT_EQ(chain(22), 2);
}

TEST_F(an_import, takes_the_area_of_a_device_in_stock) {
    write("devices.csv", "id,kind,resident,home,worker,stock_area\nw7,watch,,,,620100\n");
    load();
    EXPECT_EQ(one("select stock_area from device where id = 'w7'"), "620100");
    write("devices.csv", "id,kind,resident,home,worker,stock_area\nw7,watch,,,,999999\n");
    auto const wrong = read().problems.first;
    ASSERT_EQ(wrong.size(), 1U);
    EXPECT_THAT(files::to_text(wrong[0]),
                HasSubstr("devices.csv:2: stock_area \"999999\": unknown"));
}

TEST_F(an_import, never_shows_a_persons_data_in_a_message) {
    write("residents.csv", "id,home,name,phone,id_number,status,high_risk,notes\n"
                           "R1,H1,王秀英,1380000000O,11010519491231002,present,no,\n"
                           "R2,H1,李建国,,110105194912310021,prezent,maybe,\n");
    auto const reading = read();
    std::string all;
    for (auto const* list : {&reading.problems, &reading.warnings})
        for (auto const& each : list->first)
            all += files::to_text(each) + "\n";
    EXPECT_THAT(all, HasSubstr("residents.csv:2: phone \"138***\": not a telephone number"));
    EXPECT_THAT(all, HasSubstr("residents.csv:2: id_number \"110***\""));
    EXPECT_THAT(all,
                HasSubstr("residents.csv:3: id_number \"110***\": the last digit does not fit"));
    EXPECT_THAT(all, HasSubstr("did you mean present?"));
    EXPECT_THAT(all, HasSubstr("high_risk \"maybe\": neither yes nor no"));
    EXPECT_THAT(all, Not(HasSubstr("1949")));
    EXPECT_THAT(all, Not(HasSubstr("秀英")));
    EXPECT_EQ(reading.warnings.count, 2U); // an identity number alone keeps nobody out
}

TEST_F(an_import, takes_what_was_verified_of_a_home) {
    write("homes.csv", "id,area,rough_place,door,latitude,longitude,access_notes,key_tested,"
                       "key_holder,address_verified,address_verified_by\n"
                       "H1,620102001,3号楼,501,,,,2026-10-31,neighbour,2026-02-28,e1\n"
                       "H2,620102001,4号楼,102,,,,,,,\n");
    load();
    EXPECT_EQ(one("select concat_ws(' ', address_verified, address_verified_by, key_holder, "
                  "key_tested) from home where id = 'H1'"),
              "2026-02-28 e1 neighbour 2026-10-31");
    EXPECT_EQ(one("select count(*) from home where id = 'H2' and address_verified is null and "
                  "key_holder is null and key_tested is null"),
              "1");
}

TEST_F(an_import, refuses_a_day_that_is_none) {
    write("homes.csv", "id,area,rough_place,door,latitude,longitude,access_notes,key_tested\n"
                       "H1,620102001,3号楼,501,,,,2026-02-30\n"
                       "H2,620102001,4号楼,102,,,,23.11.2026\n");
    EXPECT_THAT(problems(),
                ElementsAre(HasSubstr("homes.csv:2: key_tested \"2026-02-30\": not a date: write "
                                      "it as 2026-11-23"),
                            HasSubstr("homes.csv:3: key_tested \"23.11.2026\": not a date")));
}

TEST_F(an_import, keeps_the_first_hundred_mistakes_and_counts_the_rest) {
    std::string devices = "id,kind,resident,home\n";
    for (int n = 0; n < 250; ++n)
        devices += fmt::format("w{},watch,R{},\n", n, 1000 + n);
    write("devices.csv", devices);
    auto const reading = read();
    EXPECT_EQ(reading.problems.first.size(), 100U);
    EXPECT_EQ(reading.problems.count, 250U);
}

TEST_F(an_import, takes_any_of_the_files_but_not_none) {
    load();
    for (auto const* gone : {"areas.csv", "sites.csv", "homes.csv", "residents.csv", "contacts.csv",
                             "providers.csv", "workers.csv"})
        std::filesystem::remove(tables() / gone);
    write("devices.csv", "id,kind,resident,home\nw9,watch,R2,\n");
    EXPECT_EQ(load(), 3);
    EXPECT_EQ(one("select count(*) from device"), "4");
    std::filesystem::remove(tables() / "devices.csv");
    EXPECT_THAT(problems(), ElementsAre(HasSubstr("no registry files here")));
}

// ---------------------------------------------------------------- what is agreed for somebody

TEST_F(an_import, takes_what_is_agreed_and_forgets_what_no_longer_is) {
    load();
    write("limits.csv", "resident,what,low,high,lasting_s\n"
                        "R1,heart_rate,,150,60\nR1,oxygen_saturation,88,,\n"
                        "R2,heart_rate,45,130,\n");
    write("silences.csv", "home,from,until,longest_min\nH1,07:00,21:00,240\n");
    load();
    EXPECT_EQ(one("select count(*) from vital_limit"), "3");
    EXPECT_EQ(one("select concat_ws('/', code, low is null, high, lasting_s) from vital_limit"
                  " where resident = 'R1' and code = 8867"),
              "8867/t/150/60");
    EXPECT_EQ(one("select concat_ws('/', from_minute, until_minute, longest_min)"
                  " from silence_limit where home = 'H1'"),
              "420/1260/240");
    write("limits.csv", "resident,what,low,high,lasting_s\nR1,heart_rate,,140,\n");
    load();
    EXPECT_EQ(one("select count(*) from vital_limit where resident = 'R1'"), "1");
    EXPECT_EQ(one("select count(*) from vital_limit where resident = 'R2'"), "1");
}

TEST_F(an_import, tells_what_is_wrong_with_what_is_agreed) {
    load();
    write("limits.csv", "resident,what,low,high,lasting_s\n"
                        "R1,hart_rate,,150,60\nR9,heart_rate,130,120,\nR1,weight,x,,\n");
    write("silences.csv", "home,from,until,longest_min\nH9,07:00,25:00,0\n");
    write("zones.geojson", R"({"type":"FeatureCollection","features":[{"properties":
        {"resident":"R9","name":"yard","kind":"home"},"geometry":{"type":"Polygon",
        "coordinates":[[[103.82,36.05],[103.84,36.05],[103.84,36.07],[103.82,36.05]]]}}]})");
    auto const found = problems();
    for (std::string const expected :
         {"limits.csv:2: what \"hart_rate\": unknown word: did you mean heart_rate?",
          "limits.csv:3: resident \"R9\": unknown", "limits.csv:3: low \"130\": not below high",
          "limits.csv:4: low \"x\": not in range", "silences.csv:2: home \"H9\": unknown",
          "silences.csv:2: until \"25:00\"", "silences.csv:2: longest_min \"0\": not in range",
          "zones.geojson: resident \"R9\": unknown"})
        EXPECT_THAT(found, Contains(HasSubstr(expected)));
}

TEST(an_identity_number, has_a_check_digit) {
    EXPECT_TRUE(files::has_valid_check_digit("11010519491231002X")); // GB 11643's own example
    EXPECT_TRUE(files::has_valid_check_digit("440524188001010014"));
    EXPECT_FALSE(files::has_valid_check_digit("110105194912310021"));
    EXPECT_FALSE(files::looks_like_identity_number("1101051949123100"));
}

// ---------------------------------------------------------------- the demo city

TEST_F(an_import, takes_the_demo_city_whole) {
    auto const made = simulate::write_demo_city(tables(), {});
    EXPECT_EQ(made.residents, 3000U);
    EXPECT_EQ(made.devices, 3150U);
    EXPECT_EQ(made.providers, 12U);
    EXPECT_EQ(made.workers, 150U + (made.homes + 19) / 20);
    auto const reading = read();
    EXPECT_EQ(reading.problems.count, 0U) << files::to_text(reading.problems.first.front());
    EXPECT_EQ(reading.warnings.count, 0U);
    load();
    EXPECT_EQ(one("select count(*) from device_binding"), "3150");
    EXPECT_EQ(made.zones, 24U);
    EXPECT_EQ(one("select count(*) from zone z join device d using (resident)"
                  " where d.kind = 'band'"),
              "24");
    EXPECT_EQ(one("select count(*) from silence_limit"), std::to_string(made.silences));
    EXPECT_GT(made.silences, 10U);
    EXPECT_EQ(one("select string_agg(n::text, '+' order by n) from"
                  " (select count(*) from site group by level) as levels (n)"),
              "1+3+23");
}

TEST_F(an_import, gets_the_same_city_from_the_same_seed) {
    auto const text = [](std::filesystem::path const& file) {
        std::ifstream in(file, std::ios::binary);
        return std::string{std::istreambuf_iterator<char>(in), {}};
    };
    auto const other = folder_ / "again";
    simulate::write_demo_city(tables(), {.seed = 5, .residents = 200});
    simulate::write_demo_city(other, {.seed = 5, .residents = 200});
    for (auto const* file :
         {"areas.csv", "sites.csv", "homes.csv", "residents.csv", "contacts.csv", "devices.csv",
          "providers.csv", "workers.csv", "silences.csv", "zones.geojson"})
        EXPECT_EQ(text(tables() / file), text(other / file)) << file;
    simulate::write_demo_city(other, {.seed = 6, .residents = 200});
    EXPECT_NE(text(tables() / "residents.csv"), text(other / "residents.csv"));
}

} // namespace
} // namespace linli::postgres
