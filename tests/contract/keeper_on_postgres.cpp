#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include <fmt/core.h>
#include <pqxx/pqxx>
#include <unistd.h>

#include "adapters/postgres/account_record.hpp"
#include "adapters/postgres/answer_record.hpp"
#include "adapters/postgres/booking_reading.hpp"
#include "adapters/postgres/call_record.hpp"
#include "adapters/postgres/command_record.hpp"
#include "adapters/postgres/complaint_record.hpp"
#include "adapters/postgres/delivery_record.hpp"
#include "adapters/postgres/desk_reading.hpp"
#include "adapters/postgres/health_record.hpp"
#include "adapters/postgres/hotline_record.hpp"
#include "adapters/postgres/observation_record.hpp"
#include "adapters/postgres/offer_call_record.hpp"
#include "adapters/postgres/own_work_reading.hpp"
#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/phone_lookups.hpp"
#include "adapters/postgres/placed_call_record.hpp"
#include "adapters/postgres/proof_record.hpp"
#include "adapters/postgres/record.hpp"
#include "adapters/postgres/recording_record.hpp"
#include "adapters/postgres/registry_copy.hpp"
#include "adapters/postgres/registry_import.hpp"
#include "adapters/postgres/rows.hpp"
#include "adapters/postgres/schema.hpp"
#include "adapters/postgres/telemetry_record.hpp"
#include "adapters/postgres/trace_record.hpp"
#include "adapters/postgres/wait_check_record.hpp"
#include "contract/booking_keeper.hpp"
#include "contract/keeper.hpp"
#include "contract/recording_keeper.hpp"
#include "contract/registry_by_sql.hpp"
#include "contract/telling_keeper.hpp"
#include "contract/trace_keeper.hpp"
#include "support/evening.hpp"
#include "support/manual_clock.hpp"

namespace linli::tests {

namespace {

char const* server() {
    return std::getenv("LINLI_TEST_DATABASE");
}

std::string url_of(std::string const& database) {
    return std::string(server()) + " dbname=" + database; // the last dbname counts
}

void on_server(std::string const& statement) {
    pqxx::connection connection(server());
    pqxx::nontransaction in(connection);
    in.exec(statement);
}

// One migrated database; each test works on a copy of it.
class template_database {
public:
    template_database() : name_("linli_contract_" + std::to_string(::getpid())) {
        on_server("create database " + name_);
        postgres::migrate(url_of(name_), evening);
    }
    template_database(template_database const&) = delete;
    template_database& operator=(template_database const&) = delete;
    ~template_database() { on_server("drop database if exists " + name_); }

    std::string copy() {
        auto const name = name_ + '_' + std::to_string(++copies_);
        on_server("create database " + name + " template " + name_);
        return name;
    }

private:
    std::string name_;
    int copies_ = 0;
};

std::string fresh_database() {
    static template_database the_template;
    return the_template.copy();
}

postgres::key_ring fresh_keys() {
    auto const file = std::filesystem::temp_directory_path() /
                      ("linli-contract-" + std::to_string(::getpid()) + ".keys");
    auto keys = postgres::key_ring::create_if_missing(file);
    std::filesystem::remove(file);
    return keys;
}

// A migrated database and its keys, for one test.
struct own_database {
    own_database() = default;
    own_database(own_database const&) = delete;
    own_database& operator=(own_database const&) = delete;
    ~own_database() { on_server("drop database " + name + " with (force)"); }

    std::string url() const { return url_of(name); }

    std::string const name = fresh_database();
    postgres::key_ring const keys = fresh_keys();
};

class real_one final : public keeper {
public:
    real_one()
        : record_(postgres::open_record({.url = database_.url(), .connections = 2, .loop_lines = 1},
                                        database_.keys)) {}
    real_one(real_one const&) = delete;
    real_one& operator=(real_one const&) = delete;
    ~real_one() override { record_->stop(); }

    app::record& record() override { return *record_; }
    app::presuming_record& presuming() override { return *record_; }
    own_database const& database() const { return database_; }

    void load(city const& town) override {
        pqxx::connection connection(database_.url());
        write_registry(connection, database_.keys, town);
    }
    std::shared_ptr<app::foreseen_devices const> foreseen() override {
        pqxx::connection connection(database_.url());
        pqxx::read_transaction in(connection);
        return postgres::read_foreseen(in);
    }
    void wears(std::string const& resident, std::string const& device) override {
        pqxx::connection connection(database_.url());
        pqxx::nontransaction(connection)
            .exec_params("update device set resident = $1, home = null where id = $2", resident,
                         device);
    }
    void is_flagged(std::string const& home, std::string const& flag) override {
        pqxx::connection connection(database_.url());
        pqxx::nontransaction(connection)
            .exec_params("update home set flags = flags || array[$2::text] where id = $1", home,
                         flag);
    }

    std::vector<numbered_line> log_of(domain::uuid const& chain) override {
        pqxx::connection connection(database_.url());
        pqxx::work in(connection);
        auto const rows = in.exec_params(
            "select l.seq, microseconds_of(l.at) as at, l.what, l.by_kind, l.by_who, l.by_behalf, "
            "l.why, l.personal from log l where l.chain = $1 order by l.seq",
            to_string(chain));
        std::vector<numbered_line> all;
        for (auto const& r : rows)
            all.push_back({r["seq"].as<std::uint32_t>(),
                           {postgres::time(r["at"]),
                            postgres::word<domain::log_kind>(r["what"]),
                            {postgres::word<domain::actor_kind>(r["by_kind"]),
                             postgres::text(r["by_who"]), postgres::text(r["by_behalf"])},
                            postgres::text(r["why"]),
                            words_of(in, postgres::bytes(r["personal"]))}});
        return all;
    }

    std::size_t count_signals() override {
        pqxx::connection connection(database_.url());
        pqxx::work in(connection);
        return in.exec1("select count(*) from signal")[0].as<std::size_t>();
    }

    int times_noted(domain::device_id const& device, domain::signal_kind kind) override {
        pqxx::connection connection(database_.url());
        pqxx::work in(connection);
        return in
            .exec_params1("select coalesce(sum(times), 0) from maintenance where device = $1 and "
                          "kind = $2",
                          device.value, std::string(to_text(kind)))[0]
            .as<int>();
    }

private:
    // Sealed by the key file, by a resident's own key, by a home's, or by the house's.
    std::string words_of(pqxx::work& in, std::string const& sealed) {
        if (sealed.empty()) return {};
        postgres::purpose const log{"log"};
        if (auto const plain = database_.keys.open(log, sealed)) return *plain;
        for (auto const& r : in.exec("select data_key from resident where data_key is not null "
                                     "union all select data_key from home "
                                     "where data_key is not null "
                                     "union all select data_key from house_key"))
            if (auto const plain = database_.keys.open_for(postgres::bytes(r[0]), log, sealed))
                return *plain;
        return "(nobody can read it)";
    }

    own_database database_;
    std::unique_ptr<postgres::database_record> record_;
};

class real_telemetry final : public telemetry_keeper {
public:
    real_telemetry() : record_(postgres::open_telemetry(database_.url(), database_.keys)) {}
    real_telemetry(real_telemetry const&) = delete;
    real_telemetry& operator=(real_telemetry const&) = delete;
    ~real_telemetry() override { record_->stop(); }

    app::telemetry_record& record() override { return *record_; }

    // By the views that people use.
    std::map<std::string, domain::telemetry> kept() override {
        pqxx::connection connection(database_.url());
        pqxx::work in(connection);
        std::map<std::string, domain::telemetry> all;
        for (auto const& r : in.exec("select *, microseconds_of(received_at) as received from "
                                     "telemetry")) {
            domain::telemetry t;
            t.device = {postgres::text(r["device"])};
            t.event = event_of(r);
            t.received_at = postgres::time(r["received"]);
            auto const raw = postgres::bytes(r["raw"]);
            if (!raw.empty())
                t.raw = database_.keys.open({"telemetry"}, raw).value_or("(nobody can read it)");
            add_values(in, t);
            all[t.event.value] = t;
        }
        return all;
    }

    std::set<std::string> days() override {
        pqxx::connection connection(database_.url());
        pqxx::work in(connection);
        std::set<std::string> all;
        for (auto const& r : in.exec("select distinct day from telemetry"))
            all.insert(postgres::text(r[0]));
        return all;
    }

    void loses(std::string const& day) override {
        auto name = "telemetry_" + day;
        std::erase(name, '-');
        pqxx::connection connection(database_.url());
        pqxx::nontransaction in(connection);
        in.exec("drop table " + name);
    }

private:
    static domain::event_id event_of(pqxx::row const& r) {
        auto const device = postgres::text(r["device"]) + ':';
        auto const boot = static_cast<std::uint64_t>(r["boot"].as<std::int64_t>());
        auto const sequence = static_cast<std::uint64_t>(r["sequence"].as<std::int64_t>());
        if (!r["by_content"].as<bool>())
            return {device + std::to_string(boot) + ':' + std::to_string(sequence)};
        if (r["boot"].as<std::int64_t>() == -1)
            return {fmt::format("{}n:{:016x}", device, sequence)};
        return {fmt::format("{}x:{:016x}:{}", device, sequence, boot)};
    }

    static void add_values(pqxx::work& in, domain::telemetry& into) {
        auto const times_of = [&](std::string const& what) {
            return in.exec_params("select *, microseconds_of(measured_at) as at from telemetry_" +
                                      what + " where received_at = instant_of($1::bigint)",
                                  postgres::microseconds(into.received_at));
        };
        for (auto const& r : times_of("vital")) {
            auto const code = r["code"].as<int>();
            for (auto const& [what, name] : domain::names<domain::vital_sign>::table)
                if (std::stoi(std::string(domain::loinc_of(what))) == code)
                    into.vitals.push_back(
                        {postgres::maybe_time(r["at"]), what, r["value"].as<double>()});
        }
        for (auto const& r : times_of("fix"))
            into.fixes.push_back({postgres::maybe_time(r["at"]),
                                  {r["latitude"].as<double>(), r["longitude"].as<double>(),
                                   r["accuracy_m"].as<double>(),
                                   static_cast<domain::position_source>(r["source"].as<int>())}});
        for (auto const& r : times_of("battery"))
            into.battery.push_back({postgres::maybe_time(r["at"]), r["percent"].as<int>()});
        for (auto const& r : times_of("activity"))
            into.activities.push_back({postgres::maybe_time(r["at"]),
                                       static_cast<domain::activity_kind>(r["kind"].as<int>()),
                                       r["litres"].as<double>()});
    }

    own_database database_;
    std::unique_ptr<postgres::telemetry_database> record_;
};

class real_commands final : public command_keeper {
public:
    real_commands() : record_(postgres::open_commands(database_.url(), database_.keys)) {
        pqxx::connection connection(database_.url());
        write_registry(connection, database_.keys, the_town());
    }
    real_commands(real_commands const&) = delete;
    real_commands& operator=(real_commands const&) = delete;
    ~real_commands() override { record_->stop(); }

    app::command_record& record() override { return *record_; }
    void seeks_r1(domain::seconds every) override {
        sql("insert into plan_snapshot values ('p', '')");
        add_alert("1", "r1", every);
        add_alert("3", "r3", {});
    }
    void r1_is_handled() override {
        sql("update alert set state = 'handled', holder = 'o1' where resident = 'r1'");
    }

private:
    void sql(std::string const& statement) {
        pqxx::connection connection(database_.url());
        pqxx::nontransaction(connection).exec(statement);
    }
    void add_alert(std::string const& number, std::string const& resident, domain::seconds every) {
        auto const at =
            "instant_of(" + std::to_string(evening.time_since_epoch().count()) + "::bigint)";
        sql("insert into alert (id, subject, kind, level, state, area, resident, first_event, "
            "last_event, opened_at, raised_at, rang_at, signals, plan, rung, due_at, version, "
            "log_seq, log_hash, locate_every_s) values ('00000000-0000-7000-8000-00000000000" +
            number + "', 'resident:" + resident + "', 'fence', 2, 'raised', '310000', '" +
            resident + "', 'e', 'e', " + at + ", " + at + ", " + at + ", 1, 'p', 0, " + at +
            ", 1, 1, '', " + std::to_string(every.count()) + ")");
    }

    own_database database_;
    std::unique_ptr<postgres::command_database> record_;
};

class real_answers final : public answer_keeper {
public:
    real_answers() : record_(postgres::open_answers(database_.url(), database_.keys)) {}
    real_answers(real_answers const&) = delete;
    real_answers& operator=(real_answers const&) = delete;
    ~real_answers() override { record_->stop(); }

    app::answer_record& record() override { return *record_; }
    bool hides(std::string const& words) override {
        pqxx::connection connection(database_.url());
        pqxx::nontransaction in(connection);
        auto const rows = in.exec("select encode(request, 'escape') || ' ' || "
                                  "encode(coalesce(body, ''), 'escape') from command_answer");
        auto const shows = [&](pqxx::row const& r) {
            return postgres::text(r[0]).find(words) != std::string::npos;
        };
        return !rows.empty() && std::none_of(rows.begin(), rows.end(), shows);
    }

private:
    own_database database_;
    std::unique_ptr<postgres::answer_database> record_;
};

class real_accounts final : public account_keeper {
public:
    real_accounts() : record_(postgres::open_accounts(database_.url(), database_.keys)) {}
    real_accounts(real_accounts const&) = delete;
    real_accounts& operator=(real_accounts const&) = delete;
    ~real_accounts() override { record_->stop(); }

    app::account_record& record() override { return *record_; }
    void has_the_town() override {
        pqxx::connection connection(database_.url());
        pqxx::nontransaction(connection)
            .exec(
                "insert into area (code, parent, name, path) values "
                "('310000', null, '城', '310000'), ('310104', '310000', '西区', '310000.310104'), "
                "('310110', '310000', '东区', '310000.310110'), "
                "('310110001', '310110', '一街', '310000.310110.310110001');"
                "insert into site (id, name, level, area) values ('s1', '站', 'station', '310110');"
                "insert into home (id, area) values ('h1', '310110001');"
                "insert into resident (id, home) values ('r1', 'h1');"
                "insert into provider (id, name) values ('p1', '公司');"
                "insert into worker (id, provider, site) values ('k1', 'p1', 's1')");
    }
    void has_a_worker_without_a_site(std::string const& id) override {
        pqxx::connection connection(database_.url());
        pqxx::nontransaction in(connection);
        in.exec("insert into worker (id, provider) values (" + in.quote(id) + ", 'p1')");
    }
    bool hides(std::string const& words) override {
        pqxx::connection connection(database_.url());
        pqxx::nontransaction in(connection);
        auto const rows =
            in.exec("select a::text || ' ' || encode(personal, 'escape') from account a");
        auto const shows = [&](pqxx::row const& r) {
            return postgres::text(r[0]).find(words) != std::string::npos ||
                   postgres::text(r[0]).find(escaped(words)) != std::string::npos;
        };
        return !rows.empty() && std::none_of(rows.begin(), rows.end(), shows);
    }

private:
    // As PostgreSQL shows bytes that are no ASCII: \345\274\240.
    static std::string escaped(std::string const& words) {
        std::string all;
        for (char const c : words)
            all += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
        return all;
    }

    own_database database_;
    std::unique_ptr<postgres::account_database> record_;
};

class real_health final : public health_keeper {
public:
    real_health() : record_(postgres::open_health(database_.url(), database_.keys)) {}
    real_health(real_health const&) = delete;
    real_health& operator=(real_health const&) = delete;
    ~real_health() override { record_->stop(); }

    app::health_record& record() override { return *record_; }
    void load(city const& town) override {
        pqxx::connection connection(database_.url());
        write_registry(connection, database_.keys, town);
    }
    void is_edited(domain::sheet what, std::string const& key) override {
        pqxx::connection connection(database_.url());
        pqxx::nontransaction(connection)
            .exec_params("insert into registry_edit (at, by_who, how, sheet, key) select "
                         "instant_of(0), 'u1',"
                         " case when $2 = '' then 'import' else 'page' end, $1, nullif($2, '')",
                         std::string(to_text(what)), key);
    }
    void has_gone(std::string const& resident) override {
        pqxx::connection connection(database_.url());
        pqxx::nontransaction(connection)
            .exec_params("update resident set status = 'moved', home_until = now() where id = $1",
                         resident);
    }

private:
    own_database database_;
    std::unique_ptr<postgres::health_database> record_;
};

class real_telling final : public telling_keeper {
public:
    real_telling()
        : deliveries_(postgres::open_deliveries(of_.database().url(), of_.database().keys)) {
        of_.load(the_town());
    }
    real_telling(real_telling const&) = delete;
    real_telling& operator=(real_telling const&) = delete;
    ~real_telling() override { deliveries_->stop(); }

    app::record& record() override { return of_.record(); }
    app::delivery_record& deliveries() override { return *deliveries_; }

    void knows(std::vector<known_contact> const& contacts,
               std::vector<known_site> const& sites) override {
        auto const& keys = of_.database().keys;
        pqxx::connection connection(of_.database().url());
        write_people(connection, keys, contacts, sites);
        pqxx::nontransaction in(connection);
        for (auto const& each : contacts) {
            auto const digest = postgres::phone_lookup(keys, each.phone);
            in.exec_params("update contact set phone_hmac = $3 where resident = $1 and place = $2",
                           each.resident.value, each.place,
                           pqxx::binarystring(digest.data(), digest.size()));
        }
    }

private:
    real_one of_;
    std::unique_ptr<postgres::delivery_database> deliveries_;
};

class real_traces final : public trace_keeper {
public:
    real_traces()
        : deliveries_(postgres::open_deliveries(of_.database().url(), of_.database().keys)),
          traces_(postgres::open_traces(of_.database().url())) {
        of_.load(the_town());
    }
    real_traces(real_traces const&) = delete;
    real_traces& operator=(real_traces const&) = delete;
    ~real_traces() override {
        deliveries_->stop();
        traces_->stop();
    }

    app::record& record() override { return of_.record(); }
    app::trace_record& traces() override { return *traces_; }
    void tells(domain::alert const& about, std::string const& who,
               domain::instant due_at) override {
        boost::asio::io_context loop;
        auto const told = delivery_of(about, who, due_at);
        static_cast<void>(run_on(loop, deliveries_->expand(told.notice, {told})));
    }

private:
    real_one of_;
    std::unique_ptr<postgres::delivery_database> deliveries_;
    std::unique_ptr<postgres::trace_database> traces_;
};

class real_desk final : public desk_keeper {
public:
    real_desk()
        : reading_(postgres::open_desk_reading(of_.database().url(), of_.database().keys, clock_)) {
        of_.load(the_town());
    }
    real_desk(real_desk const&) = delete;
    real_desk& operator=(real_desk const&) = delete;
    ~real_desk() override { reading_->stop(); }

    app::record& record() override { return of_.record(); }
    app::desk_reading& reading() override { return *reading_; }

    void has_account(std::string const& user, std::string const& name) override {
        postgres::account_personal const words{name};
        sql("insert into account (id, role, area, personal, password, version) "
            "values ($1, 'operator', '310000', $2, '', 1)",
            user, sealed(words));
    }
    void is_on_duty(std::string const& user, domain::instant used, domain::instant until) override {
        sql("insert into session (token_digest, account, since, expires_at, last_used_at, on_duty) "
            "values ($1::text::bytea, $1, instant_of($2::bigint), instant_of($3::bigint), "
            "instant_of($2::bigint), true)",
            user, postgres::microseconds(used), postgres::microseconds(until));
    }
    void has_worker(std::string const& worker, std::string const& name) override {
        postgres::worker_personal const words{name, {}};
        sql("update worker set personal = $2 where id = $1", worker, sealed(words));
    }
    void has_contact(std::string const& resident, std::string const& phone,
                     bool was_reached) override {
        pqxx::connection connection(of_.database().url());
        write_people(connection, of_.database().keys,
                     {{{resident}, 1, {}, phone, {}, {}, false, "zh"}}, {});
        sql("insert into contact_trial (resident, place, channel, tried_at, state) "
            "values ($1, 1, 'voice', instant_of(1), $2)",
            resident, was_reached ? "delivered" : "failed");
    }
    void measured(domain::vital const& what) override {
        domain::telemetry t;
        t.device = {"w1"};
        t.event = {"w1:7:" + std::to_string(++told_)};
        t.received_at = *what.at;
        t.vitals = {what};
        boost::asio::io_context loop;
        auto const keeper = postgres::open_telemetry(of_.database().url(), of_.database().keys);
        run_on(loop, keeper->turn_page(t.received_at, std::chrono::days(7))).value();
        run_on(loop, keeper->keep({t})).value();
        keeper->stop();
    }
    void is_low(int battery_percent, domain::instant heard_at) override {
        sql("insert into device_health (device, known_since, heard_at, at_broker, broker_said_at, "
            "battery, battery_at, door) values ('w1', instant_of($1::bigint), "
            "instant_of($1::bigint), 'none', instant_of(0), $2, instant_of(0), 'mqtt')",
            postgres::microseconds(heard_at), battery_percent);
        sql("insert into maintenance (device, kind, event, since, last_at, times) "
            "values ('w1', 'battery', '', instant_of($1::bigint), instant_of($1::bigint), 1)",
            postgres::microseconds(heard_at));
    }
    void loses_key_of(std::string const& resident) override {
        sql("update resident set data_key = null where id = $1", resident);
    }
    void moves(std::string const& resident, std::string const& home, domain::instant at) override {
        auto const when = postgres::microseconds(at);
        sql("insert into former_home (resident, home, since, until) "
            "select id, home, home_since, instant_of($2::bigint) from resident where id = $1",
            resident, when);
        sql("update resident set home = $2, home_since = instant_of($3::bigint) where id = $1",
            resident, home, when);
    }
    void has_gone(std::string const& resident, domain::instant at) override {
        sql("update resident set status = 'moved', home_until = instant_of($2::bigint) "
            "where id = $1",
            resident, postgres::microseconds(at));
    }

private:
    template <class Words>
    pqxx::binarystring sealed(Words const& words) const {
        return pqxx::binarystring(of_.database().keys.seal(words.sealed_for, to_json(words)));
    }
    template <class... Args>
    void sql(char const* statement, Args const&... args) {
        pqxx::connection connection(of_.database().url());
        pqxx::nontransaction in(connection);
        in.exec_params(statement, args...);
    }

    manual_clock clock_{evening};
    real_one of_;
    std::unique_ptr<postgres::desk_database> reading_;
    int told_ = 0;
};

class real_calls final : public recording_keeper {
public:
    real_calls()
        : calls_(postgres::open_calls(of_.database().url(), of_.database().keys)),
          hotline_(postgres::open_hotline(of_.database().url(), of_.database().keys)),
          placed_(postgres::open_placed_calls(of_.database().url(), of_.database().keys)),
          offer_calls_(postgres::open_offer_calls(of_.database().url(), of_.database().keys)),
          wait_checks_(postgres::open_wait_checks(of_.database().url(), of_.database().keys)),
          recordings_(postgres::open_recordings(of_.database().url(), of_.database().keys)),
          reading_(postgres::open_desk_reading(of_.database().url(), of_.database().keys, clock_)) {
        of_.load(the_town());
    }
    real_calls(real_calls const&) = delete;
    real_calls& operator=(real_calls const&) = delete;
    ~real_calls() override {
        calls_->stop();
        hotline_->stop();
        placed_->stop();
        offer_calls_->stop();
        wait_checks_->stop();
        recordings_->stop();
        reading_->stop();
    }

    app::record& record() override { return of_.record(); }
    app::call_record& calls() override { return *calls_; }
    app::hotline_record& hotline() override { return *hotline_; }
    app::placed_call_record& placed() override { return *placed_; }
    app::offer_call_record& offer_calls() override { return *offer_calls_; }
    app::wait_check_record& wait_checks() override { return *wait_checks_; }
    std::vector<domain::seat_stretch> stretches(std::string const& user) override {
        pqxx::connection connection(of_.database().url());
        pqxx::nontransaction in(connection);
        std::vector<domain::seat_stretch> all;
        for (auto const& r : in.exec_params("select state, microseconds_of(since) as since "
                                            "from seat_stretch where account = $1 order by since",
                                            user))
            all.push_back(
                {postgres::word<domain::seat_state>(r["state"]), postgres::time(r["since"])});
        return all;
    }
    app::recording_record& recordings() override { return *recordings_; }
    void loses_key(std::string const& resident) override {
        pqxx::connection connection(of_.database().url());
        pqxx::nontransaction(connection)
            .exec_params("update resident set data_key = null where id = $1", resident);
    }
    void lets_go(domain::call_id of) override {
        pqxx::connection connection(of_.database().url());
        pqxx::nontransaction(connection)
            .exec_params("update recording set state = 'gone', sealed_key = null where id = $1",
                         to_string(of));
    }
    void has_account(std::string const& user, std::string const& area) override {
        pqxx::connection connection(of_.database().url());
        pqxx::nontransaction(connection)
            .exec_params("insert into account (id, role, area, password, version) "
                         "values ($1, 'operator', $2, 'x', 1)",
                         user, area);
    }
    app::desk_reading& reading() override { return *reading_; }

    void has_telephones() override {
        auto const& keys = of_.database().keys;
        pqxx::connection connection(of_.database().url());
        write_people(connection, keys,
                     {{{"r1"}, 1, {}, "13800000009", {}, {}, false, "zh"},
                      {{"r3"}, 1, {}, "13800000009", {}, {}, false, "zh"}},
                     {});
        pqxx::nontransaction in(connection);
        auto const digest = [&](char const* number) {
            auto const bytes = postgres::phone_lookup(keys, number);
            return pqxx::binarystring(bytes.data(), bytes.size());
        };
        in.exec_params("update resident set phone_hmac = $1 where id = 'r1'",
                       digest("13800000001"));
        in.exec_params("update resident set phone_hmac = $1 where id = 'r2'",
                       digest("13800000002"));
        in.exec_params("update contact set phone_hmac = $1", digest("13800000009"));
        // A worker of before the column: as "linli migrate" finds him.
        postgres::worker_personal const words{"Ma Ke", "138 0000 0009"};
        in.exec_params("update worker set personal = $1 where id = 'k1'",
                       pqxx::binarystring(keys.seal(words.sealed_for, to_json(words))));
        postgres::fill_phone_lookups(of_.database().url(), keys);
    }
    void can_be_rung() override {
        auto const& keys = of_.database().keys;
        pqxx::connection connection(of_.database().url());
        pqxx::nontransaction in(connection);
        postgres::worker_personal const his{"Ma Ke", "13800000071"};
        in.exec_params("update worker set personal = case id when 'k1' then $1::bytea end",
                       pqxx::binarystring(keys.seal(his.sealed_for, to_json(his))));
        postgres::provider_personal const its{"02155550001"};
        in.exec_params("update provider set personal = case id when 'p1' then $1::bytea end",
                       pqxx::binarystring(keys.seal(its.sealed_for, to_json(its))));
    }
    bool hides(std::string const& words) override {
        pqxx::connection connection(of_.database().url());
        pqxx::nontransaction in(connection);
        return in.exec_params1("select (select count(*) from call c where c::text like $1 or "
                               "encode(c.personal, 'escape') like $1) + "
                               "(select count(*) from placed_call p where p::text like $1 or "
                               "position(convert_to($2, 'UTF8') in p.personal) > 0) + "
                               "(select count(*) from wait_check k where "
                               "position(convert_to($2, 'UTF8') in k.personal) > 0) + "
                               "(select count(*) from recording r where "
                               "position(convert_to($2, 'UTF8') in r.sealed_key) > 0)",
                               '%' + words + '%', words)[0]
                   .as<int>() == 0;
    }

private:
    manual_clock clock_{evening};
    real_one of_;
    std::unique_ptr<postgres::call_database> calls_;
    std::unique_ptr<postgres::hotline_database> hotline_;
    std::unique_ptr<postgres::placed_call_database> placed_;
    std::unique_ptr<postgres::offer_call_database> offer_calls_;
    std::unique_ptr<postgres::wait_check_database> wait_checks_;
    std::unique_ptr<postgres::recording_database> recordings_;
    std::unique_ptr<postgres::desk_database> reading_;
};

class real_own_work final : public own_work_keeper {
public:
    real_own_work()
        : own_work_(postgres::open_own_work(of_.database().url(), of_.database().keys)),
          proofs_(postgres::open_proofs(of_.database().url(), of_.database().keys)) {
        of_.load(the_town());
        pqxx::connection connection(of_.database().url());
        pqxx::nontransaction(connection).exec("insert into plan_snapshot values ('sos-plan', '')");
    }
    real_own_work(real_own_work const&) = delete;
    real_own_work& operator=(real_own_work const&) = delete;
    ~real_own_work() override {
        own_work_->stop();
        proofs_->stop();
    }

    app::record& record() override { return of_.record(); }
    app::own_work_reading& own_work() override { return *own_work_; }
    app::proof_record& proofs() override { return *proofs_; }
    void has_contact(std::string const& resident, int place, std::string const& phone,
                     bool do_not_tell) override {
        contacts_.push_back({{resident}, place, {}, phone, {}, {}, do_not_tell, "zh"});
        pqxx::connection connection(of_.database().url());
        write_people(connection, of_.database().keys, contacts_, {});
    }
    void has_words(app::own_person const& worker) override {
        postgres::worker_personal const words{worker.name, worker.phone};
        auto const& keys = of_.database().keys;
        pqxx::binarystring const sealed(keys.seal(words.sealed_for, to_json(words)));
        pqxx::connection connection(of_.database().url());
        pqxx::nontransaction(connection)
            .exec_params("update worker set personal = $2 where id = $1", worker.id.value, sealed);
    }
    void loses_key_of_home(std::string const& home) override {
        pqxx::connection connection(of_.database().url());
        pqxx::nontransaction(connection)
            .exec_params("update home set data_key = null where id = $1", home);
    }
    bool hides(std::string const& words) override {
        pqxx::connection connection(of_.database().url());
        pqxx::nontransaction in(connection);
        auto const found = in.exec_params1(
            "select count(*) from visit_proof p where position($1::bytea in p.picture) > 0",
            pqxx::binarystring(words));
        return found[0].as<int>() == 0;
    }
    void loses_key_of(std::string const& resident) override {
        pqxx::connection connection(of_.database().url());
        pqxx::nontransaction(connection)
            .exec_params("update resident set data_key = null where id = $1", resident);
    }
    void has_gone(std::string const& resident) override {
        pqxx::connection connection(of_.database().url());
        pqxx::nontransaction(connection)
            .exec_params("update resident set status = 'moved', home_until = now() where id = $1",
                         resident);
    }

private:
    real_one of_;
    std::vector<known_contact> contacts_;
    std::unique_ptr<postgres::own_work_database> own_work_;
    std::unique_ptr<postgres::proof_database> proofs_;
};

class real_bookings final : public booking_keeper {
public:
    real_bookings()
        : bookings_(postgres::open_bookings(of_.database().url(), of_.database().keys)),
          complaints_(postgres::open_complaints(of_.database().url(), of_.database().keys)) {
        of_.load(the_town());
        pqxx::connection connection(of_.database().url());
        pqxx::nontransaction(connection).exec("insert into plan_snapshot values ('sos-plan', '')");
    }
    real_bookings(real_bookings const&) = delete;
    real_bookings& operator=(real_bookings const&) = delete;
    ~real_bookings() override {
        bookings_->stop();
        complaints_->stop();
    }

    app::record& record() override { return of_.record(); }
    app::booking_reading& bookings() override { return *bookings_; }
    app::complaint_record& complaints() override { return *complaints_; }
    void resident_is(std::string const& id, std::string const& status) override {
        pqxx::connection connection(of_.database().url());
        pqxx::nontransaction(connection)
            .exec_params("update resident set status = $1 where id = $2", status, id);
    }
    std::vector<domain::log_line> log_of(domain::complaint_id const& id) override {
        std::vector<domain::log_line> all;
        for (auto& each : of_.log_of(id.value))
            all.push_back(std::move(each.line));
        return all;
    }
    bool hides(std::string const& words) override {
        pqxx::connection connection(of_.database().url());
        pqxx::nontransaction in(connection);
        auto const rows = in.exec("select b::text from booking b union all "
                                  "select c::text from complaint c union all "
                                  "select l::text from log l union all "
                                  "select encode(words, 'escape') from booking union all "
                                  "select encode(personal, 'escape') from complaint union all "
                                  "select encode(personal, 'escape') from log");
        auto const shows = [&](pqxx::row const& r) {
            return postgres::text(r[0]).find(words) != std::string::npos;
        };
        return !rows.empty() && std::none_of(rows.begin(), rows.end(), shows);
    }
    bool loses(domain::complaint_id const& id) override {
        pqxx::connection connection(of_.database().url());
        for (auto const& statement : {"delete from complaint where id = '" + to_string(id) + '\'',
                                      std::string("truncate complaint")}) {
            try {
                pqxx::nontransaction(connection).exec(statement);
                return true;
            } catch (pqxx::sql_error const&) {
            }
        }
        return false;
    }

private:
    real_one of_;
    std::unique_ptr<postgres::booking_database> bookings_;
    std::unique_ptr<postgres::complaint_database> complaints_;
};

class real_observation final : public observation_keeper {
public:
    real_observation() : record_(postgres::open_observation(database_.url())) {
        pqxx::connection connection(database_.url());
        write_registry(connection, database_.keys, the_town());
    }
    real_observation(real_observation const&) = delete;
    real_observation& operator=(real_observation const&) = delete;
    ~real_observation() override { record_->stop(); }

    app::observation_record& record() override { return *record_; }

    void agree(domain::care const& of_w1, std::vector<domain::day_part> const& of_home) override {
        pqxx::connection connection(database_.url());
        app::registry_rows rows;
        for (auto const& each : of_w1.limits)
            rows.limits.push_back({{"r1"}, each});
        for (auto const& each : of_w1.zones)
            rows.zones.push_back({{"r1"}, each});
        for (auto const& each : of_home)
            rows.silences.push_back({{"h1"}, each});
        postgres::import_registry(connection, database_.keys, rows, evening);
    }

    void becomes(domain::resident_id const& who, std::string const& status) override {
        pqxx::connection connection(database_.url());
        pqxx::nontransaction in(connection);
        in.exec_params("update resident set status = $2 where id = $1", who.value, status);
    }

    void broker_is_out(domain::instant since, std::optional<domain::instant> ended) override {
        pqxx::connection connection(database_.url());
        pqxx::nontransaction in(connection);
        in.exec_params("insert into outage (id, kind, area, since, ended, devices) values "
                       "(gen_random_uuid(), 'broker', '310000', instant_of($1::bigint), "
                       "instant_of(nullif($2::bigint, 0)), 1)",
                       postgres::microseconds(since), ended ? postgres::microseconds(*ended) : 0);
    }

private:
    own_database database_;
    std::unique_ptr<postgres::observation_database> record_;
};

} // namespace

std::unique_ptr<account_keeper> accounts_on_postgres() {
    if (!server()) return nullptr;
    return std::make_unique<real_accounts>();
}

std::unique_ptr<answer_keeper> answers_on_postgres() {
    if (!server()) return nullptr;
    return std::make_unique<real_answers>();
}

std::unique_ptr<command_keeper> commands_on_postgres() {
    if (!server()) return nullptr;
    return std::make_unique<real_commands>();
}

std::unique_ptr<booking_keeper> bookings_on_postgres() {
    if (!server()) return nullptr;
    return std::make_unique<real_bookings>();
}

std::unique_ptr<call_keeper> calls_on_postgres() {
    if (!server()) return nullptr;
    return std::make_unique<real_calls>();
}

std::unique_ptr<recording_keeper> recordings_on_postgres() {
    if (!server()) return nullptr;
    return std::make_unique<real_calls>();
}

std::unique_ptr<own_work_keeper> own_work_on_postgres() {
    if (!server()) return nullptr;
    return std::make_unique<real_own_work>();
}

std::unique_ptr<health_keeper> health_on_postgres() {
    if (!server()) return nullptr;
    return std::make_unique<real_health>();
}

std::unique_ptr<telling_keeper> telling_on_postgres() {
    if (!server()) return nullptr;
    return std::make_unique<real_telling>();
}

std::unique_ptr<trace_keeper> traces_on_postgres() {
    if (!server()) return nullptr;
    return std::make_unique<real_traces>();
}

std::unique_ptr<desk_keeper> desk_on_postgres() {
    if (!server()) return nullptr;
    return std::make_unique<real_desk>();
}

std::unique_ptr<observation_keeper> observation_on_postgres() {
    if (!server()) return nullptr;
    return std::make_unique<real_observation>();
}

std::unique_ptr<telemetry_keeper> telemetry_on_postgres() {
    if (!server()) return nullptr;
    return std::make_unique<real_telemetry>();
}

std::unique_ptr<keeper> keeper_on_postgres() {
    if (!server()) return nullptr;
    return std::make_unique<real_one>();
}

} // namespace linli::tests
