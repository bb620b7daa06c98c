// All that is stored about one resident: what he is given of it, and that nothing of it can be
// found in any table when he was erased, while the chains of the log hold as before.
#include <array>
#include <map>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/files/person_writing.hpp"
#include "adapters/files/registry_files.hpp"
#include "adapters/postgres/account_record.hpp"
#include "adapters/postgres/array_literal.hpp"
#include "adapters/postgres/erasure_record.hpp"
#include "adapters/postgres/keeping_record.hpp"
#include "adapters/postgres/log_chain.hpp"
#include "adapters/postgres/person_reading.hpp"
#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/record.hpp"
#include "adapters/postgres/registry_import.hpp"
#include "adapters/postgres/rows.hpp"
#include "adapters/postgres/telemetry_record.hpp"
#include "app/erasures.hpp"
#include "app/registry_form.hpp"
#include "contract/fresh_database.hpp"
#include "contract/rows.hpp"
#include "support/manual_clock.hpp"
#include "support/run_on.hpp"

namespace linli::tests {

namespace {

using namespace domain;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// What somebody would look for.
std::vector<std::string> const his_words{
    "王秀英",     "13812345678", "11010519400307002X", "糖尿病",         "471193",
    "2单元501",   "门口有狗",    "长乐新村",           "王小明",         "13987654321",
    "胸口痛",     "想吃饺子",    "护工来晚了",         "我摔倒了",       "raw-of-his",
    "wrong call", "31.2345",     "face of his",        "number in watch"};

class a_whole_person : public testing::Test {
protected:
    void SetUp() override {
        if (!has_test_server()) GTEST_SKIP();
        of_ = std::make_unique<fresh_database>();
        lives_here();
        was_called_about();
        left_traces();
    }

    static app::resident_row he_in(std::string home) {
        app::resident_row he;
        he.id = {"r9"};
        he.home = {std::move(home)};
        he.name = "王秀英";
        he.phone = "13812345678";
        he.id_number = "11010519400307002X";
        he.status = "present";
        he.notes = "糖尿病";
        he.visit_code = "471193";
        return he;
    }
    static app::resident_row another_in(std::string home, std::string id = "r10") {
        app::resident_row other;
        other.id = {std::move(id)};
        other.home = {std::move(home)};
        other.name = "李四";
        other.status = "present";
        return other;
    }
    void are_registered(std::vector<app::resident_row> people, instant at) {
        app::registry_rows rows;
        rows.homes.push_back({{"h8"}, {"310000"}, "", "", {}, ""});
        rows.residents = std::move(people);
        pqxx::connection connection(of_->url());
        postgres::import_registry(connection, keys(), rows, at);
    }
    void whoever_lives_there_says_how_to_come_in(std::string notes, instant at) {
        app::registry_rows rows;
        rows.homes.push_back({{"h9"}, {"310000"}, "长乐新村", "新门禁", {}, std::move(notes)});
        rows.silences.push_back({{"h9"}, {7 * 60, 22 * 60, minutes(1111)}});
        pqxx::connection connection(of_->url());
        postgres::import_registry(connection, keys(), rows, at);
    }
    // The box at his home is pressed by whoever lives there then.
    void calls_from_home(std::uint8_t number, std::string const& words, double latitude,
                         std::string const& looked_at_by, instant at);
    void he_moves_and_another_comes() {
        calls_from_home(4, "他要喝水", 30.1111, "zhao", evening);
        are_registered({he_in("h8"), another_in("h9")}, evening + minutes(10));
        calls_from_home(5, "李四怕黑", 29.2222, "qian", evening + minutes(20));
    }

    void lives_here() {
        app::registry_rows rows;
        rows.areas = {{{"310000"}, {}, "上海", {}}};
        rows.homes.push_back({{"h9"}, {"310000"}, "长乐新村", "3号楼2单元501", place_, "门口有狗"});
        rows.residents.push_back(he_in("h9"));
        app::contact_row son;
        son.resident = {"r9"};
        son.name = "王小明";
        son.relation = "son";
        son.phone = "13987654321";
        rows.contacts.push_back(son);
        rows.devices = {{{"w9"}, "watch", {"r9"}, {}, {}}, {{"b9"}, "button_box", {}, {"h9"}, {}}};
        pqxx::connection connection(of_->url());
        postgres::import_registry(connection, keys(), rows, evening - hours(10));
        of_->sql("insert into plan_snapshot values ('sos-plan', '')");
    }

    // Once by his watch, once by the box in his home: both are over.
    void was_called_about() {
        auto his = closed(open_alert(1, "r9"));
        his.home = {"h9"};
        auto of_home = closed(open_alert(2, "r9"));
        of_home.about = {subject_kind::home, "h9"};
        of_home.home = {"h9"};
        of_home.resident = {};
        auto said = line(app::chain_of::alert, his.id.value, "");
        said.line.personal = "她说胸口痛";
        said.about = {"r9"};
        auto said_at_home = line(app::chain_of::alert, of_home.id.value, "");
        said_at_home.line.personal = "王秀英想吃饺子";
        auto call = signal_of("w9:1:1", "w9");
        call.about = {subject_kind::resident, "r9"};
        call.what.fix = place_;
        call.what.text = "我摔倒了";
        call.what.raw = "raw-of-his";
        call.alert = his.id;
        auto const record = postgres::open_record({of_->url(), 1}, keys());
        EXPECT_TRUE(run_on(
            loop_, record->commit(changes_of(his, of_home, call,
                                             line(app::chain_of::alert, his.id.value, "w9:1:1 sos"),
                                             said, said_at_home))));
        record->stop();
    }

    void left_traces() {
        pqxx::connection connection(of_->url());
        pqxx::work in(connection);
        auto const key =
            postgres::bytes(in.exec("select data_key from resident where id = 'r9'")[0][0]);
        auto const alert = to_string(numbered<alert_id>(1));
        std::string const at = "timestamptz '2025-01-01 00:00+00'";
        auto const sealed = [](std::string const& bytes) { return pqxx::binarystring(bytes); };
        auto const digest = postgres::phone_lookup(keys(), "13812345678");
        in.exec_params(
            "insert into call (id, source, name, personal, phone_hmac, area, first_heard, outcome,"
            " version) values (gen_random_uuid(), 'pbx', '1', $1, $2, '310000', " +
                at + ", 'no_case', 1)",
            sealed(keys().seal(postgres::call_personal::sealed_for,
                               to_json(postgres::call_personal{"13812345678", "wrong call"}))),
            sealed({reinterpret_cast<char const*>(digest.data()), digest.size()}));
        in.exec_params("insert into complaint (id, kind, state, alert, resident, area, written_by,"
                       " at, personal, answered_by, version, log_seq, log_hash) values "
                       "(gen_random_uuid(), 'late', 'accepted', $1, 'r9', '310000', 'li', " +
                           at + ", $2, 'wang', 1, 0, '')",
                       alert,
                       sealed(keys().seal_for(
                           key, postgres::complaint_personal::sealed_for,
                           to_json(postgres::complaint_personal{"王小明", "护工来晚了", ""}))));
        in.exec_params(
            "insert into device_command (id, device, kind, personal, asked_by, asked_at,"
            " expires_at, state, ended_at) values (gen_random_uuid(), 'w9', 'sos_numbers', $1,"
            " 'li', instant_of($2::bigint), instant_of($2::bigint), 'expired',"
            " instant_of($2::bigint))",
            sealed(keys().seal({"device_command"}, "number in watch")),
            postgres::microseconds(evening - hours(1)));
        in.exec(
            "insert into service_order (id, number, service, level, alert, subject, area, place,"
            " event, state, opened_at, round, plan, version, log_seq, log_hash) values "
            "('03000000-0000-0000-0000-000000000001', 'o1', 's', 1, '" +
            alert + "', 'resident:r9', '310000', 'home', 'e', 'followed_up', " + at +
            ", 1, 'sos-plan', 1, 0, '')");
        in.exec_params(
            "insert into visit_proof (id, order_id, offer, worker, what, came_at, latitude,"
            " longitude, note, holds, type, digest, whose, picture, logged) values "
            "(gen_random_uuid(), '03000000-0000-0000-0000-000000000001', gen_random_uuid(), 'k1',"
            " 'photo', " +
                at +
                ", 31.2345, 121.5, '', true, 'image/png', 'd', 'resident:r9', $1,"
                " true)",
            sealed(keys().seal_for(key, {"visit_proof"}, "face of his")));
        in.commit();
        telemetry measured;
        measured.event = {"w9:1:2"};
        measured.device = {"w9"};
        measured.received_at = evening;
        measured.fixes.push_back({evening, place_});
        auto const bulk = postgres::open_telemetry(of_->url(), keys());
        EXPECT_TRUE(run_on(loop_, bulk->keep({measured})));
        bulk->stop();
        looked("wang");
    }

    void looked(std::string const& who) {
        auto const accounts = postgres::open_accounts(of_->url(), keys());
        EXPECT_TRUE(run_on(loop_, accounts->saw({{evening, {who}, "card", "resident:r9", "a1"}})));
        accounts->stop();
    }

    void is_suspected_to_be_beaten();

    // All that stands in somebody's copy, a cell a line.
    std::string copy_of(std::string const& who) {
        auto const persons =
            postgres::open_persons(of_->url(), keys(), minutes(480), std::chrono::days(365));
        resident_id const id{who};
        auto const file = run_on(loop_, persons->read(id, evening + hours(1), 1000));
        persons->stop();
        std::string all;
        if (!file || !*file) return "no copy";
        for (auto const& section : (*file)->sections)
            for (auto const& row : section.rows)
                for (auto const& cell : row)
                    all += cell + '\n';
        return all;
    }

    void is_erased(std::string const& id = "r9") {
        of_->sql("update device set resident = null, home = null where id in ('w9', 'b9')");
        of_->sql("update device_binding set unbound_at = bound_at + interval '1 day'");
        auto const record = postgres::open_erasures(of_->url());
        manual_clock clock(evening + hours(1));
        app::erasures erasures(*record, clock);
        resident_id const who{id};
        auto const asked = run_on(loop_, erasures.ask({who, erasure_reason::request, {"wang"}}));
        EXPECT_THAT(asked->now.obstacles, IsEmpty());
        auto const done = run_on(loop_, erasures.confirm(who, {"li"}));
        EXPECT_EQ(done->refused, std::nullopt);
        while (*run_on(loop_, record->clear(who, evening + hours(1), 2)) > 0) {
        }
        record->stop();
    }

    // The whole database as somebody sees it who has it and the key file, too.
    std::string all_that_can_be_read();
    void read_table(pqxx::work& in, std::string const& table, std::string& into);
    // "" or which line doesn't follow from the one before it.
    std::string what_is_wrong_with_the_log();

    postgres::key_ring const& keys() const { return of_->keys(); }

    std::unique_ptr<fresh_database> of_;
    boost::asio::io_context loop_;
    position place_{31.2345, 121.5, 0, {}};
    std::vector<std::string> data_keys_;
};

void a_whole_person::calls_from_home(std::uint8_t number, std::string const& words, double latitude,
                                     std::string const& looked_at_by, instant at) {
    auto pressed = closed(open_alert(number, ""));
    pressed.about = {subject_kind::home, "h9"};
    pressed.home = {"h9"};
    pressed.resident = {};
    pressed.opened_at = at;
    auto said = line(app::chain_of::alert, pressed.id.value, "");
    said.line.personal = words;
    auto const record = postgres::open_record({of_->url(), 1}, keys());
    EXPECT_TRUE(run_on(loop_, record->commit(changes_of(pressed, said))));
    record->stop();
    telemetry measured;
    measured.event = {"b9:1:" + std::to_string(number)};
    measured.device = {"b9"};
    measured.received_at = at;
    measured.fixes.push_back({at, {latitude, 121.5, 0, {}}});
    auto const bulk = postgres::open_telemetry(of_->url(), keys());
    EXPECT_TRUE(run_on(loop_, bulk->keep({measured})));
    bulk->stop();
    auto const accounts = postgres::open_accounts(of_->url(), keys());
    EXPECT_TRUE(run_on(loop_, accounts->saw({{at, {looked_at_by}, "card", "home:h9", "a"}})));
    accounts->stop();
}

// His daughter is asked after the visit, and a neighbour has called, and complains, and he asked
// for something meanwhile.
void a_whole_person::is_suspected_to_be_beaten() {
    auto beaten = closed(open_alert(3, "r9"));
    beaten.home = {"h9"};
    beaten.outcome = disposition::safeguarding;
    auto visit = order_for(beaten, 2);
    visit.state = order_state::followed_up;
    visit.reason = "closed:safeguarding";
    visit.due_at.reset();
    auto asked = open_request(3, "r9");
    asked.state = request_state::closed;
    asked.closed_at = evening;
    asked.due_at.reset();
    auto press = signal_of("w9:1:3", "w9");
    press.about = {subject_kind::resident, "r9"};
    press.alert = beaten.id;
    press.request = asked.id;
    auto const said = [](app::chain_of of, uuid const& chain, std::string words) {
        auto one = line(of, chain, "safeguarding");
        one.line.personal = std::move(words);
        one.about = {"r9"};
        return one;
    };
    auto const record = postgres::open_record({of_->url(), 1}, keys());
    EXPECT_TRUE(
        run_on(loop_, record->commit(changes_of(
                          beaten, visit, asked, press,
                          said(app::chain_of::alert, beaten.id.value, "胳膊上有淤青"),
                          said(app::chain_of::order, visit.id.value, "女儿说他又打了她"),
                          said(app::chain_of::request, asked.id.value, "她不敢在家里说")))));
    record->stop();
    pqxx::connection connection(of_->url());
    pqxx::work in(connection);
    auto const key = postgres::bytes(in.exec("select data_key from resident "
                                             "where id = 'r9'")[0][0]);
    auto const sealed = [](std::string const& bytes) { return pqxx::binarystring(bytes); };
    in.exec_params(
        "insert into visit_proof (id, order_id, offer, worker, what, came_at, note, holds, type,"
        " digest, whose, picture, logged) values (gen_random_uuid(), $1, gen_random_uuid(), 'k1',"
        " 'photo', instant_of($3::bigint), '', true, 'image/png', 'd', 'resident:r9', $2, true)",
        to_string(visit.id), sealed(keys().seal_for(key, {"visit_proof"}, "picture of bruises")),
        postgres::microseconds(evening));
    in.exec_params("insert into complaint (id, kind, state, order_id, resident, area, written_by,"
                   " at, personal, answered_by, version, log_seq, log_hash) values "
                   "(gen_random_uuid(), 'not_helped', 'accepted', $1, 'r9', '310000', 'li', "
                   "instant_of($3::bigint), $2, 'wang', 1, 0, '')",
                   to_string(visit.id),
                   sealed(keys().seal_for(key, postgres::complaint_personal::sealed_for,
                                          to_json(postgres::complaint_personal{
                                              "邻居", "人被打了没人管", "已报告社区"}))),
                   postgres::microseconds(evening));
    in.exec_params(
        "insert into call (id, source, name, personal, area, first_heard, outcome, alert, version)"
        " values (gen_random_uuid(), 'pbx', '7', $1, '310000', instant_of($3::bigint), 'joined',"
        " $2, 1)",
        sealed(keys().seal(postgres::call_personal::sealed_for,
                           to_json(postgres::call_personal{"13300000000", ""}))),
        to_string(beaten.id), postgres::microseconds(evening));
    in.exec_params("insert into registry_edit (at, by_who, how, sheet, key, columns) values "
                   "(instant_of($1::bigint), 'only-that', 'page', 'contacts', 'r9',"
                   " '{do_not_tell}'), (instant_of($1::bigint), 'that-too', 'page', 'contacts',"
                   " 'r9', '{phone,do_not_tell}')",
                   postgres::microseconds(evening));
    in.commit();
}

std::string a_whole_person::all_that_can_be_read() {
    pqxx::connection connection(of_->url());
    pqxx::work in(connection);
    data_keys_.clear();
    for (auto const& r : in.exec("select data_key from resident where data_key is not null "
                                 "union all select data_key from home where data_key is not null "
                                 "union all select data_key from house_key"))
        data_keys_.push_back(postgres::bytes(r[0]));
    std::string all;
    for (auto const& r : in.exec("select table_name from information_schema.tables "
                                 "where table_schema = 'public' and table_type = 'BASE TABLE'"))
        read_table(in, postgres::text(r[0]), all);
    return all;
}

void a_whole_person::read_table(pqxx::work& in, std::string const& table, std::string& into) {
    constexpr std::array purposes{
        "resident",  "home",        "contact",        "site",          "worker", "provider",
        "account",   "complaint",   "call",           "booking",       "log",    "outbox",
        "telemetry", "visit_proof", "device_command", "command_answer"};
    auto const rows = in.exec("select * from " + in.quote_name(table));
    auto const bytea_oid = in.exec1("select 'bytea'::regtype::oid")[0].as<pqxx::oid>();
    for (auto const& row : rows) {
        for (auto const& field : row) {
            if (field.is_null()) continue;
            if (field.type() != bytea_oid) {
                into += postgres::text(field) + '\n';
                continue;
            }
            auto const bytes = postgres::bytes(field);
            into += bytes + '\n';
            for (auto const* each : purposes) {
                if (auto const plain = keys().open({each}, bytes)) into += *plain + '\n';
                for (auto const& key : data_keys_)
                    if (auto const plain = keys().open_for(key, {each}, bytes))
                        into += *plain + '\n';
            }
        }
    }
}

std::string a_whole_person::what_is_wrong_with_the_log() {
    pqxx::connection connection(of_->url());
    pqxx::work in(connection);
    std::map<std::string, std::string> last;
    for (auto const& r : in.exec("select *, microseconds_of(at) as at_us from log "
                                 "order by chain, seq")) {
        app::chained_line l;
        l.chain = parse_uuid(postgres::text(r["chain"])).value();
        l.line = {postgres::time(r["at_us"]),
                  postgres::word<log_kind>(r["what"]),
                  {postgres::word<actor_kind>(r["by_kind"]), postgres::text(r["by_who"]),
                   postgres::text(r["by_behalf"])},
                  postgres::text(r["why"]),
                  {}};
        auto const seq = r["seq"].as<std::uint32_t>();
        auto& before = last[postgres::text(r["chain"])];
        auto const hash = r["personal"].is_null()
                              ? postgres::line_hash_by_digest(before, l, seq,
                                                              postgres::bytes(r["personal_digest"]))
                              : postgres::line_hash(before, l, seq, postgres::bytes(r["personal"]));
        if (hash != postgres::bytes(r["hash"]))
            return postgres::text(r["chain"]) + ':' + std::to_string(seq);
        before = hash;
    }
    for (auto const& r : in.exec("select id, log_hash from alert"))
        if (last[postgres::text(r[0])] != postgres::bytes(r[1])) return postgres::text(r[0]);
    return "";
}

TEST_F(a_whole_person, who_was_erased_is_in_no_table_any_more_and_the_chains_hold) {
    auto const before = all_that_can_be_read();
    for (auto const& each : his_words)
        EXPECT_THAT(before, HasSubstr(each)) << "else it proves nothing";
    EXPECT_EQ(what_is_wrong_with_the_log(), "");
    of_->sql("insert into do_not_tell values ('r9', '\\x01')");
    of_->sql("insert into delivery (id, notice, alert, event, why, audience, kind, level, at, who, "
             "channel, others, state, since, phone_hmac) select gen_random_uuid(), "
             "gen_random_uuid(), a.id, 'e', 'raised', 'contacts', a.kind, 1, a.opened_at, "
             "'contact:r9/1', 'sms', '{}', 'sent', a.opened_at, '\\x02' from alert a "
             "where a.resident = 'r9'");
    auto const of_his_family = "select count(*) from delivery where phone_hmac is not null";
    EXPECT_NE(of_->value(of_his_family), "0");
    is_erased();
    EXPECT_EQ(of_->value("select count(*) from do_not_tell"), "0");
    EXPECT_EQ(of_->value(of_his_family), "0");
    auto const after = all_that_can_be_read();
    for (auto const& each : his_words)
        EXPECT_THAT(after, Not(HasSubstr(each)));
    EXPECT_EQ(what_is_wrong_with_the_log(), "");
    EXPECT_EQ(of_->value("select count(*) from log"), "3") << "each line is there";
    EXPECT_EQ(of_->value("select count(*) from telemetry"), "0");
    EXPECT_EQ(of_->value("select count(*) from resident where phone_hmac is not null"), "0");
    EXPECT_EQ(of_->value("select string_agg(what, ' ' order by id) from access_log"),
              "card erasure_asked erased");
}

TEST_F(a_whole_person, who_was_erased_does_not_come_back_by_an_old_file) {
    is_erased();
    std::vector<app::registry_file> files;
    files.push_back({"residents.csv", "id,home,name,phone,id_number,status,high_risk,notes\n"
                                      "r9,h9,王秀英,13812345678,,present,no,\n"});
    auto const read = files::read_registry(files, postgres::read_known(of_->url()));
    std::vector<std::string> said;
    for (auto const& each : read.problems.first)
        said.push_back(files::to_text(each));
    EXPECT_THAT(said, Contains(HasSubstr("erased on request")));
    app::registry_rows unlooked;
    app::resident_row he;
    he.id = {"r9"};
    he.home = {"h9"};
    he.name = "王秀英";
    he.status = "present";
    unlooked.residents.push_back(he);
    pqxx::connection connection(of_->url());
    EXPECT_THROW(postgres::import_registry(connection, keys(), unlooked, evening), pqxx::sql_error)
        << "nor by a program that doesn't look";
    EXPECT_THAT(all_that_can_be_read(), Not(HasSubstr("王秀英")));
}

TEST_F(a_whole_person, who_was_erased_takes_his_home_along_until_somebody_else_lives_there) {
    EXPECT_THAT(postgres::read_known(of_->url()).erased_homes, IsEmpty());
    is_erased();
    EXPECT_THAT(postgres::read_known(of_->url()).erased_homes, ElementsAre(home_id{"h9"}));
    of_->sql("insert into resident (id, home, status, high_risk) "
             "values ('r10', 'h9', 'present', false)");
    EXPECT_THAT(postgres::read_known(of_->url()).erased_homes, IsEmpty());
}

TEST_F(a_whole_person, is_given_all_of_it_and_who_looked) {
    auto const persons =
        postgres::open_persons(of_->url(), keys(), minutes(480), std::chrono::days(365));
    auto const accounts = postgres::open_accounts(of_->url(), keys());
    manual_clock clock(evening + hours(1));
    app::person_files files(*persons, *accounts, clock);
    auto const file = run_on(loop_, files.make({{"r9"}, {"li"}, "request"}));
    ASSERT_TRUE(file && *file);
    auto const page = files::person_page(**file, minutes(480));
    for (auto const* each : {"王秀英", "13812345678", "11010519400307002X", "糖尿病", "门口有狗",
                             "王小明", "胸口痛", "想吃饺子", "护工来晚了", "我摔倒了", "31.2345",
                             "number in watch", "wang", "谁查看过", "image/png", "<h2>通话录音"})
        EXPECT_THAT(page, HasSubstr(each));
    EXPECT_THAT(page, Not(HasSubstr("不在本系统"))) << "our own recordings are";
    EXPECT_THAT(files::person_json(**file),
                AllOf(HasSubstr("\"telemetry_fix\""), HasSubstr("\"access_log\"")));
    EXPECT_EQ(of_->value("select who || ' ' || what || ' ' || subject from access_log "
                         "order by id desc limit 1"),
              "li person_file resident:r9");
    for (auto const& section : (*file)->sections) {
        EXPECT_NE(files::section_words(section.name), section.name);
        for (auto const& column : section.columns)
            EXPECT_NE(files::column_words(column), column) << section.name;
    }
    auto const nobody = run_on(loop_, files.make({{"nobody"}, {"li"}, "request"}));
    EXPECT_TRUE(nobody && !*nobody);
    accounts->stop();
    persons->stop();
}

TEST_F(a_whole_person, is_given_nothing_of_who_lived_there_before_or_after) {
    he_moves_and_another_comes();
    std::vector<std::string> const his{"他要喝水", "想吃饺子", "30.1111", "zhao"};
    std::vector<std::string> const the_others{"李四怕黑", "29.2222", "qian"};
    auto const he = copy_of("r9");
    auto const other = copy_of("r10");
    for (auto const& each : his) {
        EXPECT_THAT(he, HasSubstr(each)) << "also what lies under his old home";
        EXPECT_THAT(other, Not(HasSubstr(each)));
    }
    for (auto const& each : the_others) {
        EXPECT_THAT(other, HasSubstr(each));
        EXPECT_THAT(he, Not(HasSubstr(each)));
    }
}

TEST_F(a_whole_person, takes_nothing_along_of_who_lived_there_before) {
    he_moves_and_another_comes();
    is_erased("r10");
    auto const after = all_that_can_be_read();
    EXPECT_THAT(after, AllOf(HasSubstr("他要喝水"), HasSubstr("想吃饺子"), HasSubstr("30.1111")));
    EXPECT_THAT(after, AllOf(Not(HasSubstr("李四")), Not(HasSubstr("29.2222")),
                             Not(HasSubstr("2单元501"))));
    EXPECT_EQ(of_->value("select data_key is not null from home where id = 'h9'"), "t");
    is_erased("r9");
    auto const in_the_end = all_that_can_be_read();
    for (auto const& each : his_words)
        EXPECT_THAT(in_the_end, Not(HasSubstr(each)));
    EXPECT_THAT(in_the_end, AllOf(Not(HasSubstr("他要喝水")), Not(HasSubstr("30.1111"))));
    EXPECT_EQ(of_->value("select count(data_key) from home"), "0") << "nobody waits for it now";
    EXPECT_EQ(what_is_wrong_with_the_log(), "");
}

TEST_F(a_whole_person, who_was_erased_has_gone_from_where_he_lived_before_and_nobody_else_has) {
    he_moves_and_another_comes();
    is_erased("r9");
    auto const after = all_that_can_be_read();
    for (auto const* each : {"他要喝水", "想吃饺子", "30.1111", "王秀英", "胸口痛"})
        EXPECT_THAT(after, Not(HasSubstr(each)));
    for (auto const* each : {"李四怕黑", "29.2222", "2单元501"})
        EXPECT_THAT(after, HasSubstr(each));
    EXPECT_THAT(copy_of("r10"), HasSubstr("李四怕黑"));
}

TEST_F(a_whole_person, what_was_told_where_a_couple_lived_stays_with_the_one_who_is_left) {
    are_registered({another_in("h9", "r11")}, evening - minutes(30));
    he_moves_and_another_comes();
    is_erased("r9");
    EXPECT_THAT(all_that_can_be_read(), AllOf(HasSubstr("他要喝水"), HasSubstr("30.1111")));
    EXPECT_THAT(copy_of("r11"), AllOf(HasSubstr("他要喝水"), HasSubstr("李四怕黑")));
}

TEST_F(a_whole_person, whose_status_says_that_he_has_gone_lives_there_no_longer_until_it_says_so) {
    auto gone = he_in("h9");
    gone.status = "moved";
    are_registered({gone}, evening + minutes(5));
    are_registered({gone, another_in("h9")}, evening + minutes(10));
    whoever_lives_there_says_how_to_come_in("钥匙在花盆下", evening + minutes(15));
    calls_from_home(4, "李四怕黑", 29.2222, "qian", evening + minutes(20));
    EXPECT_THAT(copy_of("r9"), AllOf(HasSubstr("想吃饺子"), Not(HasSubstr("李四怕黑"))));
    EXPECT_THAT(copy_of("r10"), AllOf(HasSubstr("李四怕黑"), Not(HasSubstr("想吃饺子"))));
    for (auto const* each : {"新门禁", "钥匙在花盆下", "\n1111\n"}) {
        EXPECT_THAT(copy_of("r9"), Not(HasSubstr(each))) << "the key to somebody else's home";
        EXPECT_THAT(copy_of("r10"), HasSubstr(each));
    }
    are_registered({he_in("h9")}, evening + minutes(30));
    calls_from_home(5, "两个人都在", 29.3333, "qian", evening + minutes(40));
    EXPECT_THAT(copy_of("r9"),
                AllOf(HasSubstr("想吃饺子"), HasSubstr("两个人都在"), Not(HasSubstr("李四怕黑"))));
}

TEST_F(a_whole_person, who_has_gone_and_is_still_registered_keeps_nobodys_home) {
    auto gone = he_in("h9");
    gone.status = "moved";
    are_registered({gone}, evening + minutes(5));
    are_registered({another_in("h9")}, evening + minutes(10));
    whoever_lives_there_says_how_to_come_in("钥匙在花盆下", evening + minutes(15));
    is_erased("r10");
    EXPECT_THAT(all_that_can_be_read(),
                AllOf(Not(HasSubstr("新门禁")), Not(HasSubstr("钥匙在花盆下"))));
    EXPECT_THAT(postgres::read_known(of_->url()).erased_homes, ElementsAre(home_id{"h9"}));
    EXPECT_THAT(copy_of("r9"), HasSubstr("想吃饺子")) << "his own words can still be read";
}

TEST_F(a_whole_person, nothing_is_written_of_who_stays_where_he_is) {
    are_registered({he_in("h9"), another_in("h8")}, evening + minutes(10));
    EXPECT_EQ(of_->value("select count(*) from former_home"), "0");
    EXPECT_EQ(of_->value("select count(*) from resident where home_since is not null or "
                         "home_until is not null"),
              "0");
}

TEST_F(a_whole_person, is_not_erased_while_somebody_looks_after_what_he_pressed_in_his_old_home) {
    calls_from_home(4, "他要喝水", 30.1111, "zhao", evening);
    are_registered({he_in("h8"), another_in("h9")}, evening + minutes(10));
    of_->sql("update alert set state = 'raised', outcome = null, closed_at = null, "
             "due_at = opened_at, ladder_at = opened_at where subject = 'home:h9' "
             "and id = (select max(id::text)::uuid from alert)");
    auto const record = postgres::open_erasures(of_->url());
    auto const needed = [&](resident_id who) {
        std::vector<std::string> kinds;
        auto const now = run_on(loop_, record->standing_of(who));
        for (auto const& each : now->obstacles)
            kinds.emplace_back(to_text(each.what));
        return kinds;
    };
    EXPECT_THAT(needed({"r9"}), ElementsAre("alert", "device"));
    record->stop();
}

// Whoever fetches it may be the one.
TEST_F(a_whole_person, his_copy_says_nothing_of_a_suspicion_nor_what_was_said_when_asked_after) {
    is_suspected_to_be_beaten();
    std::vector<std::string> const confided{
        "胳膊上有淤青", "女儿说他又打了她",   "她不敢在家里说", "人被打了没人管",
        "已报告社区",   "picture of bruises", "13300000000",    "safeguarding"};
    auto const there = all_that_can_be_read();
    for (auto const& each : confided)
        EXPECT_THAT(there, HasSubstr(each)) << "else it proves nothing";
    auto const told = copy_of("r9");
    for (auto const& each : confided)
        EXPECT_THAT(told, Not(HasSubstr(each)));
    EXPECT_THAT(told, AllOf(HasSubstr("胸口痛"), HasSubstr("13812345678"), HasSubstr("护工来晚了"),
                            HasSubstr("face of his"), HasSubstr("310000-20260101-2")))
        << "all else, and that there was a visit";
    EXPECT_THAT(told, AllOf(HasSubstr("that-too"), Not(HasSubstr("only-that")),
                            Not(HasSubstr("do_not_tell"))))
        << "nor whom not to tell";
}

TEST_F(a_whole_person, his_copy_says_what_was_recorded_and_until_when_but_nothing_of_a_suspicion) {
    is_suspected_to_be_beaten();
    of_->sql(
        "insert into placed_call (id, key, seat, reference, asked_at, begin_by, ended_at, how) "
        "select gen_random_uuid(), 'about-his', 'li', a.id::text, now(), now(), now(), 'talked' "
        "from alert a where a.outcome <> 'safeguarding' and a.resident = 'r9'");
    of_->sql("insert into call (id, source, name, area, first_heard, outcome, version, personal) "
             "values (gen_random_uuid(), 'pbx', 'anothers', '310000', now(), 'no_case', 1, '')");
    auto const recorded = [&](char const* of, char const* from, char const* day) {
        of_->sql(
            "insert into recording (" + std::string(of) +
            ", state, begun_at, length_ms, file, sealed_key) select id, 'sealed', timestamptz '" +
            day + " 00:00:00+00', 90000, '" + day + "', '\\x01' from " + from);
    };
    recorded("call", "call where name = '1'", "2025-01-01");
    recorded("placed", "placed_call", "2025-01-02");
    recorded("call", "call where name = '7'", "2025-01-03");
    recorded("call", "call where name = 'anothers'", "2025-01-04");
    auto const told = copy_of("r9");
    EXPECT_THAT(told, AllOf(HasSubstr("2025-01-01 08:00:00"), HasSubstr("2025-01-01 08:01:30"),
                            HasSubstr("2026-01-01 08:00:00"), HasSubstr("2025-01-02 08:00:00")));
    EXPECT_THAT(told, AllOf(Not(HasSubstr("2025-01-03")), Not(HasSubstr("2025-01-04"))));
    of_->sql("update recording set state = 'gone', sealed_key = null");
    EXPECT_THAT(copy_of("r9"), Not(HasSubstr("2025-01-02"))) << "there is nothing to be heard";
}

TEST_F(a_whole_person, words_that_were_kept_long_enough_go_and_the_chains_hold) {
    auto const record = postgres::open_keeping(of_->url());
    auto const gone = run_on(loop_, record->let_go(kept::words, evening + hours(1), 100));
    EXPECT_EQ(*gone, 2U);
    EXPECT_THAT(all_that_can_be_read(), Not(HasSubstr("胸口痛")));
    EXPECT_EQ(what_is_wrong_with_the_log(), "");
    record->stop();
}

} // namespace

} // namespace linli::tests
