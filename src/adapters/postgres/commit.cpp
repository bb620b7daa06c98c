#include "adapters/postgres/commit.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "adapters/postgres/commit_statement.hpp"
#include "adapters/postgres/house_key.hpp"
#include "adapters/postgres/log_chain.hpp"
#include "adapters/postgres/outbox_rows.hpp"
#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/rows.hpp"
#include "app/chain_names.hpp"
#include "runtime/log.hpp"

namespace linli::postgres {

namespace {

constexpr purpose log_words{"log"};

// What a statement gets, as far as its shape asks for it.
struct parameters {
    commit_shape const& shape;
    statement_values all = {};

    template <std::size_t N>
    std::array<column, N> columns(stored table) const {
        std::array<column, N> made;
        if (shape.of(table) == rows::one)
            for (auto& each : made)
                each.alone();
        return made;
    }
    template <std::size_t N>
    void append(stored table, std::array<column, N> const& columns) {
        if (shape.of(table) == rows::none) return;
        for (auto const& each : columns)
            all.push_back(each.parameter());
    }
};

void add_signals(parameters& to, app::changes const& what) {
    auto c = to.columns<16>(stored::signal);
    for (auto const& [s, about, alert, request] : what.signals) {
        c[0].text(s.event.value);
        c[1].text(s.device.value);
        c[2].text(to_text(s.kind));
        c[3].text(s.door);
        c[4].text(to_string(about));
        c[5].time(s.happened_at);
        c[6].time(s.received_at);
        c[7].time(what.at);
        s.fix ? c[8].real(s.fix->latitude) : c[8].null();
        s.fix ? c[9].real(s.fix->longitude) : c[9].null();
        s.fix ? c[10].real(s.fix->accuracy_m) : c[10].null();
        s.battery_percent ? c[11].number(*s.battery_percent) : c[11].null();
        c[12].text_or_null(s.text);
        c[13].bytes_or_null(s.raw);
        c[14].id(alert);
        c[15].id(request);
    }
    to.append(stored::signal, c);
}

void add_alerts(parameters& to, app::changes const& what, log_chain& chain) {
    auto c = to.columns<34>(stored::alert);
    for (auto const& a : what.alerts) {
        auto const& head = chain.head(a.id.value);
        c[0].id(a.id);
        c[1].text(to_string(a.about));
        c[2].text(to_text(a.kind));
        c[3].number(static_cast<int>(a.level));
        c[4].text(to_text(a.state));
        c[5].text(a.area.value);
        c[6].text_or_null(a.home.value);
        c[7].text_or_null(a.resident.value);
        c[8].text(a.first_event.value);
        c[9].text(a.last_event.value);
        c[10].time(a.opened_at);
        c[11].time(a.raised_at);
        c[12].time(a.rang_at);
        c[13].number(a.signals);
        c[14].text(a.plan);
        c[15].number(a.rung);
        c[16].text_or_null(a.desk.value);
        c[17].text_or_null(a.holder.value);
        c[18].time(a.claimed_until);
        c[19].time(a.acknowledge_by);
        c[20].time(a.due_at);
        c[21].time(a.ladder_at);
        c[22].time(a.steps_from);
        c[23].text(to_string(a.progress));
        a.outcome ? c[24].text(to_text(*a.outcome)) : c[24].null();
        c[25].time(a.closed_at);
        c[26].number(a.version + 1);
        c[27].number(head.seq);
        c[28].bytes(head.hash);
        c[29].text(to_text(a.what_for));
        c[30].flag(a.is_shown);
        c[31].number(a.locate_every.count());
        c[32].text_or_null(a.handed_to.value);
        c[33].time(a.shelved_until);
    }
    to.append(stored::alert, c);
}

void add_requests(parameters& to, app::changes const& what, log_chain& chain) {
    auto c = to.columns<15>(stored::request);
    for (auto const& q : what.requests) {
        auto const& head = chain.head(q.id.value);
        c[0].id(q.id);
        c[1].text(to_string(q.about));
        c[2].text(q.area.value);
        c[3].text_or_null(q.home.value);
        c[4].text(q.first_event.value);
        c[5].text(q.last_event.value);
        c[6].number(static_cast<int>(q.level));
        c[7].text(to_text(q.state));
        c[8].number(q.signals);
        c[9].time(q.opened_at);
        c[10].time(q.due_at);
        c[11].time(q.closed_at);
        c[12].number(q.version + 1);
        c[13].number(head.seq);
        c[14].bytes(head.hash);
    }
    to.append(stored::request, c);
}

void add_orders(parameters& to, app::changes const& what, log_chain& chain) {
    auto c = to.columns<28>(stored::order);
    for (auto const& o : what.orders) {
        auto const& head = chain.head(o.id.value);
        c[0].id(o.id);
        c[1].text(o.number);
        c[2].text(o.service.value);
        c[3].number(static_cast<int>(o.level));
        c[4].id(o.alert);
        c[5].id(o.request);
        c[6].text(to_string(o.about));
        c[7].text(o.area.value);
        c[8].text_or_null(o.home.value);
        c[9].text(to_text(o.place));
        c[10].text(o.event.value);
        c[11].text(to_text(o.state));
        c[12].time(o.opened_at);
        c[13].id(o.held_by);
        c[14].text_or_null(o.worker.value);
        c[15].text_or_null(o.provider.value);
        c[16].number(o.round);
        c[17].text_or_null(o.reason);
        c[18].text(o.plan);
        c[19].time(o.due_at);
        o.rating ? c[20].number(*o.rating) : c[20].null();
        c[21].number(o.version + 1);
        c[22].number(head.seq);
        c[23].bytes(head.hash);
        c[24].text(to_text(o.what_for));
        o.booked ? c[25].time(o.booked->from) : c[25].null();
        o.booked ? c[26].time(o.booked->until) : c[26].null();
        c[27].text_or_null(o.booked ? o.booked->certificate : std::string());
    }
    to.append(stored::order, c);
}

void add_offers(parameters& to, app::changes const& what) {
    auto c = to.columns<12>(stored::offer);
    for (auto const& f : what.offers) {
        c[0].id(f.id);
        c[1].id(f.order);
        c[2].text(f.provider.value);
        c[3].text(f.worker.value);
        c[4].text(to_text(f.state));
        c[5].time(f.opened_at);
        c[6].time(f.expires_at);
        c[7].time(f.due_at);
        c[8].number(f.round);
        c[9].number(f.distance_m);
        c[10].text_or_null(f.reason);
        c[11].number(f.version + 1);
    }
    to.append(stored::offer, c);
}

std::string candidates_json(app::search_record const& s) {
    boost::json::array all;
    for (auto const& c : s.ranked)
        all.push_back({{"worker", c.id.value},
                       {"why", to_text(c.why)},
                       {"distance_m", c.distance_m},
                       {"travel_s", c.travel_s},
                       {"cost_s", static_cast<std::int64_t>(c.cost_s)},
                       {"in_circle", c.in_circle}});
    return boost::json::serialize(all);
}

void add_searches(parameters& to, app::changes const& what) {
    auto c = to.columns<4>(stored::search);
    for (auto const& s : what.searches) {
        c[0].id(s.order);
        c[1].time(s.at);
        c[2].number(s.round);
        c[3].text(candidates_json(s));
    }
    to.append(stored::search, c);
}

void add_log(parameters& to, std::vector<linked_line> const& lines) {
    auto c = to.columns<11>(stored::log);
    for (auto const& l : lines) {
        c[0].id(l.what.chain);
        c[1].number(l.seq);
        c[2].text(domain::to_text(l.what.of));
        c[3].time(l.what.line.at);
        c[4].text(to_text(l.what.line.what));
        c[5].text(to_text(l.what.line.by.kind));
        c[6].text(l.what.line.by.who);
        c[7].text(l.what.line.by.behalf);
        c[8].text(l.what.line.why);
        c[9].bytes_or_null(l.personal);
        c[10].bytes(l.hash);
    }
    to.append(stored::log, c);
}

void add_maintenance(parameters& to, app::changes const& what) {
    std::map<std::pair<std::string, domain::signal_kind>, std::pair<app::maintenance_note, int>>
        once; // a statement may touch a row once
    for (auto const& m : what.maintenance) {
        auto& [note, times] = once[{m.device.value, m.kind}];
        note = m;
        ++times;
    }
    auto c = to.columns<6>(stored::maintenance);
    for (auto const& [key, counted] : once) {
        c[0].text(counted.first.device.value);
        c[1].text(to_text(counted.first.kind));
        c[2].text(counted.first.event.value);
        c[3].time(counted.first.at);
        c[4].time(counted.first.at);
        c[5].number(counted.second);
    }
    to.append(stored::maintenance, c);
}

void add_outbox(parameters& to, key_ring const& keys, app::changes const& what) {
    auto c = to.columns<6>(stored::outbox);
    for (auto const& row : what.outbox) {
        c[0].id(row.id);
        c[1].text(row.destination);
        c[2].text(row.key);
        c[3].number(row.version);
        c[4].bytes(keys.seal(outbox_payload, row.payload));
        c[5].time(row.due_at);
    }
    to.append(stored::outbox, c);
}

bool has_words(app::chained_line const& each) {
    return !each.line.personal.empty();
}

// At which home it happened, if the row that the line belongs to is written with it.
template <class Row>
std::string home_in(std::vector<Row> const& rows, domain::uuid const& chain) {
    auto const at = std::ranges::find_if(rows, [&](auto const& r) { return r.id.value == chain; });
    return at == rows.end() ? std::string() : at->home.value;
}

std::string home_of(app::changes const& what, app::chained_line const& line) {
    switch (line.of) {
    case app::chain_of::alert:
        return home_in(what.alerts, line.chain);
    case app::chain_of::request:
        return home_in(what.requests, line.chain);
    case app::chain_of::order:
        return home_in(what.orders, line.chain);
    case app::chain_of::complaint:
        break;
    }
    return {};
}

// Homes and residents have ids of their own each.
std::string key_of_home(std::string const& id) {
    return "home:" + id;
}
constexpr auto key_of_house = "house:";

data_keys read_data_keys(pqxx::connection& from, app::changes const& what) {
    data_keys keys;
    if (!needs_data_keys(what)) return keys;
    column residents;
    column homes;
    for (auto const& each : what.bookings)
        residents.text(each.resident.value);
    for (auto const& each : what.log) {
        if (!has_words(each)) continue;
        residents.text(each.about.value);
        homes.text(home_of(what, each));
    }
    pqxx::nontransaction in(from);
    for (auto const& r : in.exec_prepared("commit_data_keys", residents.literal(), homes.literal()))
        keys[text(r["id"])] = bytes(r["data_key"]);
    return keys;
}

// By that resident's own key if he is known, by his home's if only that is: so the words go with
// them. Else by the house's, and never by the key file itself, because the chain takes the bytes
// and no rotation could seal them anew. A key that this server's file doesn't open is passed over,
// and if none opens the words go: the worker's "I can't go" must not wait for them.
std::string seal_personal(key_ring const& keys, data_keys const& own, app::changes const& what,
                          app::chained_line const& line) {
    if (!has_words(line)) return {};
    bool is_closed = false;
    for (auto const& id :
         {line.about.value, key_of_home(home_of(what, line)), std::string(key_of_house)}) {
        auto const key = own.find(id);
        if (key == own.end()) continue;
        if (keys.opens(key->second))
            return keys.seal_for(key->second, log_words, line.line.personal);
        is_closed = true;
    }
    if (!is_closed) // "linli migrate" hasn't made the house's yet
        return keys.seal(log_words, line.line.personal);
    runtime::log::error("words_dropped", {{"chain", to_string(line.chain)},
                                          {"line", to_text(line.line.what)},
                                          {"remedy", keys_remedy}});
    return {};
}

std::string seal_wishes(key_ring const& keys, data_keys const& own,
                        domain::booking_terms const& b) {
    if (b.words.empty()) return {};
    auto const key = own.find(b.resident.value);
    if (key == own.end() || !keys.opens(key->second)) return keys.seal(booking_words, b.words);
    return keys.seal_for(key->second, booking_words, b.words);
}

void add_bookings(parameters& to, key_ring const& keys, data_keys const& own,
                  app::changes const& what) {
    auto c = to.columns<6>(stored::booking);
    for (auto const& b : what.bookings) {
        c[0].id(b.order);
        c[1].text(b.resident.value);
        c[2].text(to_text(b.unit));
        c[3].number(b.minutes);
        b.price_fen ? c[4].number(*b.price_fen) : c[4].null();
        c[5].bytes_or_null(seal_wishes(keys, own, b));
    }
    to.append(stored::booking, c);
}

void add_presumed(parameters& to, std::vector<app::presumed_device> const& presumed) {
    if (to.shape.of(stored::signal) == rows::none) return;
    column devices;
    column stamps;
    for (auto const& each : presumed) {
        devices.text(each.device.value);
        stamps.number(each.stamp);
    }
    to.all.push_back(devices.parameter());
    to.all.push_back(stamps.parameter());
}

} // namespace

void prepare_commit(pqxx::connection& on) {
    for (auto const& each : commit_statements())
        on.prepare(each.name, each.sql);
    on.prepare("commit_data_keys",
               "select id, data_key from resident where id = any ($1::text[]) and data_key is not "
               "null union all select 'home:' || id, data_key from home "
               "where id = any ($2::text[]) and data_key is not null "
               "union all select 'house:', data_key from house_key");
}

void commit_changes(pqxx::connection& to, key_ring const& keys, app::changes const& what,
                    std::vector<app::presumed_device> const& presumed) {
    auto const call = commit_of(keys, read_data_keys(to, what), what, presumed);
    pqxx::nontransaction in(to); // one statement is a transaction of its own
    std::vector<char const*> values;
    values.reserve(call.values.size());
    for (auto const& each : call.values)
        values.push_back(each ? each->c_str() : nullptr);
    in.exec_prepared(call.name, pqxx::prepare::make_dynamic_params(values));
}

std::vector<statement> commit_statements() {
    std::vector<statement> all;
    for (auto const& shape : commit_shapes())
        all.push_back({shape.name, commit_sql(shape)});
    return all;
}

// Only the desk writes words, so the batches of signals need none.
bool needs_data_keys(app::changes const& what) {
    return !what.bookings.empty() || std::ranges::any_of(what.log, has_words);
}

commit_call commit_of(key_ring const& keys, data_keys const& own, app::changes const& what,
                      std::vector<app::presumed_device> const& presumed) {
    log_chain chain(what.heads);
    std::vector<linked_line> lines;
    lines.reserve(what.log.size());
    for (auto const& each : what.log)
        lines.push_back(chain.link(each, seal_personal(keys, own, what, each)));

    parameters all{shape_of(what)};
    add_signals(all, what);
    add_alerts(all, what, chain);
    add_requests(all, what, chain);
    add_orders(all, what, chain);
    add_offers(all, what);
    add_searches(all, what);
    add_log(all, lines);
    add_maintenance(all, what);
    add_outbox(all, keys, what);
    add_bookings(all, keys, own, what);
    add_presumed(all, presumed);
    return {all.shape.name, std::move(all.all)};
}

} // namespace linli::postgres
