#include "system/load/record_picture.hpp"

#include <pqxx/pqxx>

#include "adapters/postgres/rows.hpp"

namespace linli::tests::load {

namespace {

using postgres::bytes;
using postgres::text;

void read_signals(record_picture& all, pqxx::nontransaction& in) {
    for (auto const& r : in.exec("select event, kind, alert from signal"))
        all.signals[text(r["event"])] = {text(r["kind"]), text(r["alert"])};
}

void read_alerts(record_picture& all, pqxx::nontransaction& in) {
    for (auto const& r : in.exec("select id, first_event, state, home, signals, log_seq, log_hash "
                                 "from alert"))
        all.alerts[text(r["id"])] = {text(r["first_event"]),
                                     text(r["state"]),
                                     text(r["home"]),
                                     r["signals"].as<int>(),
                                     r["log_seq"].as<std::uint32_t>(),
                                     bytes(r["log_hash"])};
}

void read_orders(record_picture& all, pqxx::nontransaction& in) {
    for (auto const& r : in.exec("select id, alert, event, state, log_seq, log_hash "
                                 "from service_order")) {
        all.orders[text(r["id"])] = {text(r["alert"]), text(r["event"]), text(r["state"]),
                                     r["log_seq"].as<std::uint32_t>(), bytes(r["log_hash"])};
        all.orders_of[text(r["alert"])].push_back(text(r["id"]));
    }
    for (auto const& r : in.exec("select id, order_id, provider, state, version from offer"))
        all.offers[text(r["id"])] = {text(r["order_id"]), text(r["provider"]), text(r["state"]),
                                     r["version"].as<std::uint32_t>()};
}

// Written by the desk's process: its own deeds, and the house's when an alert is closed.
bool is_of_desk(record_picture::line const& l) {
    return l.what.line.by.kind == domain::actor_kind::operator_ ||
           l.what.line.why.find("closed:") != std::string::npos;
}

void read_chains(record_picture& all, pqxx::nontransaction& in) {
    for (auto const& r :
         in.exec("select chain, seq, microseconds_of(at) as at, what, by_kind, by_who, by_behalf, "
                 "why, personal, hash from log order by chain, seq")) {
        auto const chain = text(r["chain"]);
        record_picture::line line;
        line.what.chain = domain::parse_uuid(chain).value();
        line.what.line.at = postgres::time(r["at"]);
        line.what.line.what = postgres::word<domain::log_kind>(r["what"]);
        line.what.line.by = {postgres::word<domain::actor_kind>(r["by_kind"]), text(r["by_who"]),
                             text(r["by_behalf"])};
        line.what.line.why = text(r["why"]);
        line.seq = r["seq"].as<std::uint32_t>();
        line.personal = bytes(r["personal"]);
        line.hash = bytes(r["hash"]);
        auto& before = all.chains[chain];
        if (!before.empty() && line.what.line.at < before.back().what.line.at)
            ++(is_of_desk(line) || is_of_desk(before.back()) ? all.desk_lines_back_in_time
                                                             : all.lines_back_in_time);
        before.push_back(std::move(line));
    }
}

void read_rest(record_picture& all, pqxx::nontransaction& in) {
    all.open_without_due =
        in.exec1("select (select count(*) from alert where state <> 'closed' and due_at is null) + "
                 "(select count(*) from request where state <> 'closed' and due_at is null) + "
                 "(select count(*) from service_order where due_at is null and state not in "
                 "('followed_up', 'cancelled', 'failed', 'stood_down')) + "
                 "(select count(*) from offer where state = 'open' and due_at is null)")[0]
            .as<long>();
    all.outbox = in.exec1("select count(*) from outbox")[0].as<long>();
    all.clock_ahead_s =
        in.exec1("select extract(epoch from latest - clock_timestamp()) from house_clock")[0]
            .as<double>();
}

} // namespace

record_picture read_record(std::string const& database_url) {
    pqxx::connection c(database_url);
    pqxx::nontransaction in(c);
    record_picture all;
    read_signals(all, in);
    read_alerts(all, in);
    read_orders(all, in);
    read_chains(all, in);
    read_rest(all, in);
    return all;
}

} // namespace linli::tests::load
