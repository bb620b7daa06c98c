#include "bench/stage.hpp"

#include <fstream>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

#include "bench/city.hpp"
#include "support/free_port.hpp"
#include "support/places.hpp"

namespace linli::bench {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

constexpr auto starting_limit = 180s; // a city of millions takes its time
constexpr auto look_every = 20ms;
// PostgreSQL's processes tell their figures at most once a second.
constexpr auto figures_are_late = 1500ms;

std::string text_of(fs::path const& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

void wait_for(child& from, std::vector<std::string_view> const& words) {
    auto const limit = steady::now() + starting_limit;
    for (;;) {
        auto const said = text_of(from.log());
        bool all = true;
        for (auto const word : words)
            all = all && said.find(word) != said.npos;
        if (all) return;
        if (from.has_ended() || steady::now() > limit)
            throw std::runtime_error("it did not start: see " + from.log().string());
        std::this_thread::sleep_for(look_every);
    }
}

constexpr auto floor_tables = R"(
    create table worker (id text primary key, provider text not null, place point not null);
    create index worker_place on worker using gist (place);
    create table event (
        id text primary key, device text not null, pressed_at bigint not null,
        place point not null, raw bytea not null);
    create table service_order (
        id uuid primary key, number bigint generated always as identity,
        event text not null unique, worker text not null, provider text not null,
        distance float8 not null, opened_at bigint not null);)";

constexpr auto empty_floor = "truncate event, service_order";
constexpr auto empty_linli =                         // and whatever hangs on an order
    "set local session_replication_role = replica; " // or the log would stay
    "truncate alert, request, service_order, offer, search, log, outbox, "
    "signal, maintenance, telemetry, telemetry_seen cascade";

} // namespace

std::string_view name_of(subject which) {
    switch (which) {
    case subject::floor:
        return "floor A";
    case subject::floor_with_journal:
        return "floor B";
    case subject::linli:
        return "linli";
    }
    return "?";
}

std::string_view root_of(subject which) {
    return which == subject::linli ? "linli" : "floor";
}

usage usage::operator-(usage const& before) const {
    return {subject_s - before.subject_s, postgres_s - before.postgres_s,
            broker_s - before.broker_s,   wal_bytes - before.wal_bytes,
            wal_syncs - before.wal_syncs, transactions - before.transactions};
}

stage::town stage::usual_town() {
    return {.write = write_registry};
}

stage::stage(fs::path folder, programs with, std::string postgres, town of)
    : folder_(std::move(folder)), with_(std::move(with)), town_(std::move(of)),
      postgres_(std::move(postgres)), port_(tests::free_port()), console_port_(tests::free_port()),
      look_(postgres_) {
    write_broker_files();
    start_broker();
    pqxx::nontransaction in(look_);
    postmaster_ =
        in.exec1("select split_part(pg_read_file('postmaster.pid'), E'\\n', 1)")[0].as<pid_t>();
    in.exec("create database " + town_.database);
    bool const has_floor = !with_.floor.empty();
    if (has_floor) in.exec("create database floor_bench");
    in.commit();
    if (has_floor) make_floor_tables();
    make_city();
}

stage::~stage() {
    on_stage_.reset();
    broker_.reset();
}

std::string stage::at_database(std::string const& name) const {
    return postgres_ + " dbname=" + name; // the later word wins
}

// As an installation's, but for TLS; and one user may press for everybody.
void stage::write_broker_files() const {
    std::ofstream(folder_ / "acl") << "user linli-server\n"
                                      "topic readwrite linli/v1/#\n"
                                      "user b-load\n"
                                      "topic write linli/v1/d/+/signal\n"
                                      "topic write floor/v1/d/+/signal\n"
                                      "user b-ear\n"
                                      "topic read linli/v1/p/+/offers\n"
                                      "topic read linli/v1/d/+/receipt\n"
                                      "topic read floor/v1/p/+/offers\n"
                                      "user b-crowd\n"
                                      "topic readwrite linli/v1/d/+/+\n"
                                      "user b-floor\n"
                                      "topic readwrite floor/v1/#\n";
    std::ofstream(folder_ / "passwords").close();
    for (auto const* user : {"linli-server", "b-load", "b-ear", "b-crowd", "b-floor"})
        run({"mosquitto_passwd", "-b", folder_ / "passwords", user, secret}, folder_ / "log");
    std::ofstream(folder_ / "mqtt.password") << secret << '\n';
    std::ofstream(folder_ / "mosquitto.conf")
        << "listener " << port_ << " 127.0.0.1\n"
        << "allow_anonymous false\n"
        << "password_file " << (folder_ / "passwords").string() << '\n'
        << "acl_file " << (folder_ / "acl").string() << '\n'
        << "set_tcp_nodelay true\n"
        << "max_inflight_messages 1000\n"
        << "max_queued_messages 10000000\n"
        << "persistence true\n"
        << "persistence_location " << folder_.string() << "/\n"
        << "autosave_interval 2\n"
        << "log_type error\nlog_type warning\n"
        << (::geteuid() == 0 ? "user root\n" : "");
}

void stage::start_broker() {
    broker_ = std::make_unique<child>(
        std::vector<std::string>{"mosquitto", "-c", folder_ / "mosquitto.conf"},
        folder_ / "mosquitto.log");
    auto const limit = steady::now() + starting_limit;
    for (;;) {
        try {
            speaker const trial(user("b-load"));
            return;
        } catch (std::runtime_error const&) {
            if (broker_->has_ended() || steady::now() > limit) throw;
        }
        std::this_thread::sleep_for(look_every);
    }
}

void stage::make_floor_tables() {
    pqxx::connection c(at_database("floor_bench"));
    pqxx::work in(c);
    in.exec(floor_tables);
    for (int n = 0; n < workers; ++n) {
        auto const at = place_of_worker(n);
        in.exec(fmt::format("insert into worker values ('{}', '{}', point({}, {}))", worker_name(n),
                            provider_name(n), at.longitude, at.latitude));
    }
    in.exec("analyze worker");
    in.commit();
}

void stage::make_city() {
    town_.write(folder_ / "city");
    write_plans(folder_ / "plans");
    write_linli_config();
    std::vector<std::string> const linli{with_.linli, "--config", folder_ / "linli.toml"};
    if (town_.has_console)
        run({with_.linli, "certificates", "make", "--folder", folder_, "--name", "127.0.0.1"},
            folder_ / "log");
    auto migrate = linli;
    migrate.emplace_back("migrate");
    run(migrate, folder_ / "log");
    auto import = linli;
    import.insert(import.end(), {"import", folder_ / "city"});
    auto const began = steady::now();
    import_memory_ = run(import, folder_ / "log");
    imported_in_ = steady::now() - began;
    pqxx::connection c(at_database(town_.database));
    pqxx::nontransaction(c).exec("vacuum analyze");
}

void stage::write_linli_config() const {
    for (auto const* each : {"services.toml", "thresholds.toml"})
        fs::copy(tests::shipped_config(each), folder_ / each);
    std::ofstream(folder_ / "linli.toml")
        << "[installation]\narea = \"" << town_.area << "\"\n"
        << "[database]\nurl = \"" << at_database(town_.database) << "\"\n"
        << "key_file = \"record.keys\"\n"
        << "[mqtt]\nurl = \"tcp://127.0.0.1:" << port_ << "\"\n"
        << "password_file = \"mqtt.password\"\n"
        << "[http]\nlisten = \"127.0.0.1:" << tests::free_port()
        << "\"\n"
        // The evening's report of a whole city would be what is measured.
        << "[coverage]\nat = \"\"\n";
    if (!town_.has_console) return;
    std::ofstream(folder_ / "linli.toml", std::ios::app)
        << "[console]\nlisten = \"127.0.0.1:" << console_port_ << "\"\n"
        << "certificate = \"console.crt\"\nkey = \"console.key\"\n";
}

void stage::adds_user(std::string const& user, std::string const& role) const {
    constexpr auto says_password = R"(password=$1; shift; echo "$password" | "$@")";
    run({"sh",       "-c",        says_password, "sh",
         secret,     with_.linli, "--config",    folder_ / "linli.toml",
         "user",     "add",       user,          "--name",
         user,       "--role",    role,          "--area",
         town_.area, "--site",    "city",        "--password-stdin"},
        folder_ / "log");
}

std::vector<std::string> stage::command_of(subject which) const {
    if (which == subject::linli) return {with_.linli, "--config", folder_ / "linli.toml", "serve"};
    std::vector<std::string> command{with_.floor,
                                     "--port",
                                     std::to_string(port_),
                                     "--user",
                                     "b-floor",
                                     "--password",
                                     secret,
                                     "--database",
                                     at_database("floor_bench"),
                                     "--root",
                                     std::string(root_of(which))};
    if (which == subject::floor_with_journal)
        command.insert(command.end(), {"--journal", folder_ / "floor-journal"});
    return command;
}

void stage::enter(subject which) {
    {
        bool const is_linli = which == subject::linli;
        pqxx::connection c(at_database(is_linli ? town_.database : "floor_bench"));
        pqxx::nontransaction in(c);
        in.exec(is_linli ? empty_linli : empty_floor);
        in.exec("checkpoint"); // so that nobody pays for another's pages
    }
    comes_back(which);
}

void stage::comes_back(subject which) {
    auto const log = folder_ / (std::string(name_of(which)) + ".log");
    fs::remove(log);
    fs::remove(folder_ / "floor-journal");
    on_stage_ = std::make_unique<child>(command_of(which), log);
    if (which == subject::linli)
        wait_for(*on_stage_, {"database_reached", "broker_subscribed"});
    else
        wait_for(*on_stage_, {"ready"});
}

void stage::says(std::vector<std::string_view> const& words) {
    wait_for(*on_stage_, words);
}

long stage::rows_of_linli(std::string const& table) const {
    pqxx::connection c(at_database(town_.database));
    return pqxx::nontransaction(c).exec1("select count(*) from " + table)[0].as<long>();
}

void stage::leave() {
    left_s_ += processor_time(on_stage_->pid());
    on_stage_.reset();
}

void stage::dies() {
    left_s_ += processor_time(on_stage_->pid());
    on_stage_->kill();
}

usage stage::used() {
    std::this_thread::sleep_for(figures_are_late);
    usage now;
    now.subject_s = left_s_ + (on_stage_ ? processor_time(on_stage_->pid()) : 0);
    now.postgres_s = processor_time(postmaster_);
    now.broker_s = processor_time(broker_->pid());
    pqxx::nontransaction in(look_);
    auto const wal = in.exec1("select wal_bytes::float8, wal_sync::float8 from pg_stat_wal");
    now.wal_bytes = wal[0].as<double>();
    now.wal_syncs = wal[1].as<double>();
    now.transactions = in.exec1("select sum(xact_commit)::float8 from pg_stat_database "
                                "where datname like '%_bench%'")[0]
                           .as<double>();
    return now;
}

} // namespace linli::bench
