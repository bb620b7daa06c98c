#include "system/faults/trial.hpp"

#include <algorithm>
#include <fstream>

#include <fmt/core.h>
#include <poll.h>
#include <pqxx/pqxx>

#include "support/free_port.hpp"
#include "support/private_folder.hpp"
#include "system/load/record_picture.hpp"
#include "system/load/settling.hpp"

namespace linli::tests::faults {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using load::steady;

std::atomic<bool> asked_to_leave = false;

namespace {

constexpr auto well_limit = 120s;
constexpr auto settle_limit = 180s;
constexpr auto look_every = 20ms;
constexpr double most_overdue_s = 2; // when all is well
constexpr std::size_t most_findings = 10;
constexpr auto receives = R"("name":"ingest","ready":true,"state":"receives)";

double seconds(steady::duration d) {
    return std::chrono::duration<double>(d).count();
}

void leave_if_asked() {
    if (asked_to_leave) throw broken_off("broken off");
}

void pause(std::chrono::milliseconds time) {
    leave_if_asked();
    ::poll(nullptr, 0, static_cast<int>(time.count()));
}

bool receives_now(load::server_process const& one) {
    auto const says = one.says();
    return says.starts_with("HTTP/1.1 200") && says.find(receives) != std::string::npos;
}

// Takes them out of what is left: whoever wants to leave can do so in between.
load::death_counts some_of(load::death_counts& left) {
    constexpr int at_once = 10;
    load::death_counts now{std::min(left.server, at_once), std::min(left.database, at_once),
                           std::min(left.broker, at_once)};
    left.server -= now.server;
    left.database -= now.database;
    left.broker -= now.broker;
    return now;
}

void tell(std::vector<std::string>& to, char const* kind, std::vector<load::finding> const& all) {
    for (std::size_t i = 0; i < all.size() && i < most_findings; ++i)
        to.push_back(fmt::format("{}: {} {}", kind, all[i].event, all[i].what));
    if (all.size() > most_findings)
        to.push_back(fmt::format("{}: and {} more", kind, all.size() - most_findings));
}

} // namespace

trial::trial(std::string name, setting const& how, circumstances const& among)
    : name_(std::move(name)), how_(how), among_(among), dice_(among.seed), began_(steady::now()),
      people_(load::city_for(among.rate)) {
    make_database();
    where_.emplace(people_, *database_);
    if (standby_) where_->database_is_also_at(*standby_);
    place_ = where_->new_place("server");
    make_ways();
    make_servers();
    field_.emplace(people_, *where_, outside_, load::field::load{among.rate, among.seed});
    field_->opens();
    desk_.emplace(*where_, [this](domain::event_id const& e) { field_->alert_closed(e); });
    witness_.emplace(where_->database_url());
    field_->presses(true);
    is_over();
    well_after_ = {};
}

// Whoever looks into a frozen database would wait for it for ever.
trial::~trial() {
    try {
        if (database_) database_->does("thaw");
    } catch (std::runtime_error const&) { // it is dead
    }
}

void trial::make_database() {
    load::postgres_server::settings with;
    if (how_.two_networks) {
        network_.emplace();
        with.push_back(std::string("listen_addresses=") + second_network::here);
    }
    if (how_.database_disk_mib > 0) {
        database_disk_.emplace(private_folder("pg"), how_.database_disk_mib);
        with.insert(with.end(), {"max_wal_size=48MB", "min_wal_size=32MB"});
        database_.emplace(database_disk_->folder(), with);
    } else {
        database_.emplace(with);
    }
    if (how_.two_networks) {
        std::ofstream(database_->folder() / "data/pg_hba.conf", std::ios::app)
            << "host all all " << second_network::there << "/32 trust\n";
        pqxx::connection c(database_->url());
        pqxx::nontransaction(c).exec("select pg_reload_conf()");
    }
    if (how_.standby) {
        standby_.emplace(load::postgres_server::standby_of(*database_));
        database_->waits_for_its_standby();
    }
}

// Before anybody has connected.
void trial::make_ways() {
    if (how_.two_networks) {
        listen_with_tls(second_network::here);
        health_line_.emplace(std::to_string(place_.http_port), among_.seed,
                             [this] { network_->moves_in(); });
        place_.database_url =
            std::string("host=") + second_network::here + " user=linli dbname=city";
    } else if (how_.tls) {
        listen_with_tls("127.0.0.1");
    }
    if (how_.lines) {
        auto const port = std::to_string(broker().port());
        field_line_.emplace(port, among_.seed);
        broker_line_.emplace(port, among_.seed + 1);
        database_line_.emplace((database_->folder() / ".s.PGSQL.5432").string(), among_.seed + 2);
        where_->field_reaches_broker_by(field_line_->port());
        place_.broker_url = fmt::format("tcp://127.0.0.1:{}", broker_line_->port());
        place_.database_url =
            fmt::format("host=127.0.0.1 port={} user=linli dbname=city", database_line_->port());
    }
    if (how_.journal_disk_mib > 0) {
        journal_disk_.emplace(place_.folder / "disk", how_.journal_disk_mib);
        place_.journal = journal_disk_->folder() / "journal";
    }
    if (how_.server_clock) clock_.emplace(place_.folder / "time-offset");
}

void trial::listen_with_tls(std::string const& host) {
    certificate_.emplace(where_->folder() / "certificate");
    tls_port_ = free_port();
    broker().also_listens(fmt::format("listener {} {}\ncertfile {}\nkeyfile {}\n", tls_port_, host,
                                      certificate_->file().string(), certificate_->key().string()));
    broker().stop();
    where_->broker_starts();
    place_.broker_url = fmt::format("ssl://{}:{}", host, tls_port_);
    place_.broker_ca = certificate_->authority();
}

void trial::make_servers() {
    where_->write_config(place_);
    auto const seen_at = health_line_ ? health_line_->port() : place_.http_port;
    server_.emplace(among_.program, place_.config_file(), place_.folder / "log", seen_at);
    server_->begins_by([this] {
        if (network_) network_->moves_in();
        if (clock_) clock_->is_worn();
    });
    server_->start();
    if (!how_.second_server) return;
    auto const second = where_->new_place("second");
    where_->write_config(second);
    second_server_.emplace(among_.program, second.config_file(), second.folder / "log",
                           second.http_port);
    second_server_->start();
}

void trial::lasts(std::chrono::milliseconds time) const {
    for (auto const end = steady::now() + time; steady::now() < end;)
        pause(std::min<std::chrono::milliseconds>(
            100ms, std::chrono::ceil<std::chrono::milliseconds>(end - steady::now())));
}

void trial::lasts_long() const {
    lasts(among_.is_short ? 3s : 30s);
}

void trial::goes_on_for_a_while() {
    auto const most = among_.is_short ? 500 : 3000;
    lasts(std::chrono::milliseconds(std::uniform_int_distribution(100, most)(dice_)));
}

void trial::kills(load::death_counts const& whom) {
    auto const before = outside_.returns().size();
    load::fate decides(*where_, *server_, *field_, outside_, dice_());
    for (auto left = whom; left.server + left.database + left.broker > 0;) {
        leave_if_asked();
        decides.runs(some_of(left));
    }
    auto const all = outside_.returns();
    for (auto i = before + 1; i < all.size(); ++i) // the first is the start of this
        well_after_ = std::max(well_after_, all[i]);
}

std::vector<load::server_process const*> trial::servers() const {
    std::vector<load::server_process const*> all{&*server_};
    if (second_server_) all.push_back(&*second_server_);
    return all;
}

bool trial::somebody_receives() const {
    auto const all = servers();
    return std::any_of(all.begin(), all.end(),
                       [](auto const* each) { return receives_now(*each); });
}

load::server_process& trial::receiving_server() {
    return receives_now(*server_) ? *server_ : *second_server_;
}

void trial::is_taken_over() {
    auto const since = steady::now();
    while (!somebody_receives()) {
        if (steady::now() - since > well_limit)
            throw std::runtime_error("nobody took over in two minutes");
        pause(look_every);
    }
    well_after_ = std::max(well_after_, steady::now() - since);
}

std::string trial::what_is_not_well(load::moment since) const {
    if (!outside_.has_receipts_until(since)) return "somebody has no receipt";
    if (!somebody_receives()) return "no server is ready and receives";
    auto const seen = witness_->seen();
    if (seen.at < since) return "the database does not answer";
    if (seen.overdue_s > most_overdue_s) return "something is overdue";
    return {};
}

void trial::is_over() {
    auto const since = steady::now();
    for (;;) {
        auto const why = what_is_not_well(since);
        if (why.empty()) break;
        if (steady::now() - since > well_limit)
            throw std::runtime_error("not well after two minutes: " + why);
        pause(look_every);
    }
    well_after_ = std::max(well_after_, steady::now() - since);
}

outcome trial::ends(int faults) {
    field_->presses(false);
    auto const unsettled = load::settle(
        [this] {
            leave_if_asked();
            return load::what_waits(*where_, outside_, servers());
        },
        settle_limit);
    desk_->stop();
    auto ended = server_->stop();
    if (second_server_) ended = std::max(ended, second_server_->stop());
    field_->closes();
    load::heard_offers heard;
    for (auto const& each : field_->crews())
        heard.insert(each->offers().begin(), each->offers().end());
    auto all = count(heard, unsettled);
    all.faults = faults;
    if (ended != 0) all.findings.push_back(fmt::format("the last stop ended with {}", ended));
    journal_disk_.reset(); // its mount would keep the folder
    if (all.is_clean())
        where_->discard();
    else
        all.findings.push_back("kept: " + where_->folder().string());
    return all;
}

outcome trial::count(load::heard_offers const& heard, std::string const& unsettled) const {
    auto const record = load::read_record(where_->database_url());
    auto found = load::audit_of(outside_, heard, record);
    auto const seen = witness_->seen();
    outcome o;
    o.name = name_;
    o.seed = std::to_string(among_.seed);
    for (auto const& p : outside_.presses()) {
        ++o.signals;
        if (!load::resends(p.sender)) ++o.once;
        if (!p.stored_at) continue;
        ++o.receipts;
        o.nobodys_s = std::max(o.nobodys_s, seconds(*p.stored_at - p.pressed_at));
    }
    o.alerts = static_cast<long>(record.alerts.size());
    o.orders = static_cast<long>(record.orders.size());
    o.offers = static_cast<long>(record.offers.size());
    // What stood in a damaged place of the journal was raised as such.
    auto const missing = static_cast<long>(found.passed_on_and_missing.size());
    o.once_lost = missing + found.lost_by_broker + found.nobody_listened;
    if (missing > found.damage_raised)
        tell(o.findings, "lost by the server", found.passed_on_and_missing);
    o.lost = static_cast<long>(found.lost.size());
    o.doubled = static_cast<long>(found.doubled.size());
    o.wrong = static_cast<long>(found.wrong.size());
    tell(o.findings, "lost", found.lost);
    tell(o.findings, "doubled", found.doubled);
    tell(o.findings, "wrong", found.wrong);
    if (seen.without_owner_or_clock > 0)
        o.findings.push_back(
            fmt::format("{} were open without an owner or a clock", seen.without_owner_or_clock));
    if (!unsettled.empty()) o.findings.push_back("after three minutes " + unsettled);
    o.overdue_s = seen.longest_s;
    o.well_s = seconds(well_after_);
    o.lasted_s = seconds(steady::now() - began_);
    return o;
}

} // namespace linli::tests::faults
