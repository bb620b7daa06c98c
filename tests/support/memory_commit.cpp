#include "support/memory_commit.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string_view>

#include "support/schema_checks.hpp"

namespace linli::tests {

namespace {

using app::record_errc;

template <class Rows, class Stored>
bool are_current(Rows const& rows, Stored const& stored) {
    return std::all_of(rows.begin(), rows.end(), [&](auto const& row) {
        auto const at = stored.find(row.id);
        return row.version == (at == stored.end() ? 0 : at->second.version);
    });
}

template <class Rows>
bool all_pass_checks(Rows const& rows) {
    return std::all_of(rows.begin(), rows.end(),
                       [](auto const& row) { return passes_checks(row); });
}

// What a unique index will see of these rows; `key_of` answers nothing for a row outside of it.
template <class Index, class Rows, class Stored, class KeyOf>
std::vector<typename Index::change> index_changes(Index const&, Rows const& rows,
                                                  Stored const& stored, KeyOf key_of) {
    std::vector<typename Index::change> all;
    for (auto const& row : rows) {
        typename Index::change c{row.id, {}, key_of(row)};
        if (auto const at = stored.find(row.id); at != stored.end()) c.before = key_of(at->second);
        all.push_back(std::move(c));
    }
    return all;
}

std::optional<memory_tables::open_alert_key> open_alert_key(domain::alert const& a) {
    if (!is_open(a)) return std::nullopt;
    return memory_tables::open_alert_key{a.about, a.what_for};
}

std::optional<domain::subject> open_request_key(domain::request const& r) {
    if (r.state == domain::request_state::closed) return std::nullopt;
    return r.about;
}

std::optional<memory_tables::coming_key> coming_key(domain::order const& o) {
    if (!is_coming(o.state)) return std::nullopt;
    auto const cause = o.alert ? o.alert->value : o.request.value_or(domain::request_id{}).value;
    return memory_tables::coming_key{o.about, o.service, cause};
}

std::optional<std::string> number_key(domain::order const& o) {
    return o.number;
}

std::optional<std::string> booked_by_key(domain::order const& o) {
    if (!o.booked) return std::nullopt;
    return o.event.value;
}

// Calls `each` with every unique index and what the changes would do to it.
template <class Each>
bool for_each_index(memory_tables& t, app::changes const& what, Each each) {
    auto const& o = what.orders;
    return each(t.open_alert, index_changes(t.open_alert, what.alerts, t.alerts, open_alert_key)) &&
           each(t.open_request,
                index_changes(t.open_request, what.requests, t.requests, open_request_key)) &&
           each(t.coming, index_changes(t.coming, o, t.orders, coming_key)) &&
           each(t.number, index_changes(t.number, o, t.orders, number_key)) &&
           each(t.booked_by, index_changes(t.booked_by, o, t.orders, booked_by_key));
}

// The workers' visits as they were, without the changed orders' and with what becomes of them.
std::map<domain::worker_id, std::map<domain::order_id, domain::home_id>>
visits_after(memory_tables const& t, app::changes const& what) {
    std::map<domain::worker_id, std::map<domain::order_id, domain::home_id>> touched;
    auto const copy = [&](domain::worker_id const& w) {
        if (auto const at = t.visits.find(w); at != t.visits.end()) touched.emplace(w, at->second);
    };
    for (auto const& o : what.orders) {
        copy(o.worker);
        if (auto const was = t.orders.find(o.id); was != t.orders.end()) copy(was->second.worker);
    }
    for (auto const& o : what.orders) {
        if (auto const was = t.orders.find(o.id); was != t.orders.end())
            touched[was->second.worker].erase(o.id);
        if (is_on_visit(o) && is_real(o.what_for) && !o.worker.empty())
            touched[o.worker].emplace(o.id, o.home);
    }
    return touched;
}

bool is_at_two_homes(std::map<domain::order_id, domain::home_id> const& visits) {
    return std::any_of(visits.begin(), visits.end(),
                       [&](auto const& v) { return v.second != visits.begin()->second; });
}

bool sends_a_worker_to_two_homes(memory_tables const& t, app::changes const& what) {
    auto const after = visits_after(t, what);
    return std::any_of(after.begin(), after.end(),
                       [](auto const& each) { return is_at_two_homes(each.second); });
}

bool knows_an_event(memory_tables const& t, app::changes const& what) {
    std::set<std::string> events;
    return std::any_of(what.signals.begin(), what.signals.end(), [&](auto const& s) {
        return t.signals.contains(s.what.event.value) || !events.insert(s.what.event.value).second;
    });
}

bool knows_an_outbox_row(memory_tables const& t, app::changes const& what) {
    return std::any_of(what.outbox.begin(), what.outbox.end(),
                       [&](auto const& row) { return t.outbox.contains(row.id); });
}

app::chain_head head_of(std::map<domain::uuid, app::chain_head> const& heads,
                        domain::uuid const& chain) {
    auto const at = heads.find(chain);
    return at == heads.end() ? app::chain_head{} : at->second;
}

// Every line must come next in its chain.
bool continues_its_chains(memory_tables const& t, app::changes const& what) {
    return std::all_of(what.log.begin(), what.log.end(), [&](auto const& line) {
        auto const read = head_of(what.heads, line.chain);
        auto const kept = head_of(t.heads, line.chain);
        return read.seq == kept.seq && read.hash == kept.hash;
    });
}

bool refers_to_nothing(memory_tables const& t, app::changes const& what) {
    std::set<domain::alert_id> fresh_alerts;
    for (auto const& a : what.alerts)
        fresh_alerts.insert(a.id);
    std::set<domain::request_id> fresh_requests;
    for (auto const& r : what.requests)
        fresh_requests.insert(r.id);
    std::set<domain::order_id> fresh_orders;
    for (auto const& o : what.orders)
        fresh_orders.insert(o.id);
    auto const lost_alert = [&](auto const& a) { return !t.plans.contains(a.plan); };
    auto const lost_order = [&](auto const& o) {
        return !t.plans.contains(o.plan) ||
               (o.alert && !t.alerts.contains(*o.alert) && !fresh_alerts.contains(*o.alert)) ||
               (o.request && !t.requests.contains(*o.request) &&
                !fresh_requests.contains(*o.request));
    };
    auto const lost_offer = [&](auto const& o) {
        return !t.orders.contains(o.order) && !fresh_orders.contains(o.order);
    };
    return std::any_of(what.alerts.begin(), what.alerts.end(), lost_alert) ||
           std::any_of(what.orders.begin(), what.orders.end(), lost_order) ||
           std::any_of(what.offers.begin(), what.offers.end(), lost_offer);
}

std::optional<record_errc> reason_to_refuse(memory_tables& t, app::changes const& what) {
    if (!all_pass_checks(what.alerts) || !all_pass_checks(what.requests) ||
        !all_pass_checks(what.orders) || !all_pass_checks(what.offers))
        return record_errc::bad_data;
    bool const current = are_current(what.alerts, t.alerts) &&
                         are_current(what.requests, t.requests) &&
                         are_current(what.orders, t.orders) && are_current(what.offers, t.offers);
    auto const allowed = [](auto const& index, auto const& changes) {
        return index.allows(changes);
    };
    if (!current || knows_an_event(t, what) || knows_an_outbox_row(t, what) ||
        sends_a_worker_to_two_homes(t, what) || !continues_its_chains(t, what) ||
        !for_each_index(t, what, allowed))
        return record_errc::conflict;
    if (refers_to_nothing(t, what)) return record_errc::away;
    return std::nullopt;
}

template <class Rows, class Stored, class Id>
void put_all(Rows const& rows, Stored& stored, due_index<Id>& due) {
    for (auto row : rows) {
        row.version += 1;
        auto& kept = stored[row.id];
        if (kept.due_at) due.erase({*kept.due_at, row.id});
        if (row.due_at) due.emplace(*row.due_at, row.id);
        kept = std::move(row);
    }
}

void note_whose_they_are(memory_tables& t, app::changes const& what) {
    for (auto const& a : what.alerts)
        t.alerts_about[a.about].insert(a.id);
    for (auto const& o : what.orders)
        t.orders_for[o.alert ? o.alert->value : o.request->value].insert(o.id);
    for (auto const& o : what.offers)
        t.offers_of[o.order].insert(o.id);
}

// Who sees to it is no person.
bool is_synthetic(memory_tables const& t, domain::uuid const& chain) {
    auto const is = [&](auto const& rows, auto const& id) {
        auto const at = rows.find(id);
        return at != rows.end() && at->second.what_for == domain::purpose::synthetic;
    };
    return is(t.alerts, domain::alert_id{chain}) || is(t.orders, domain::order_id{chain});
}

void note_operator(memory_tables& t, app::chained_line const& what) {
    auto const& line = what.line;
    if (line.by.kind != domain::actor_kind::operator_ || is_synthetic(t, what.chain)) return;
    auto& heard = t.operators_heard[line.by.who];
    heard = std::max(heard, line.at);
}

void append_log(memory_tables& t, app::changes const& what) {
    for (auto const& line : what.log) {
        auto& chain = t.log[line.chain];
        auto& links = t.links[line.chain];
        chain.push_back({static_cast<std::uint32_t>(chain.size() + 1), line});
        links.push_back(hash_of(links.empty() ? std::string() : links.back(), chain.back()));
        t.heads[line.chain] = {chain.back().seq, links.back()};
        t.last_line_at = std::max(t.last_line_at, line.line.at);
        note_operator(t, line);
    }
}

void note_maintenance(memory_tables& t, app::changes const& what) {
    for (auto const& m : what.maintenance) {
        auto const [at, fresh] = t.maintenance.try_emplace({m.device.value, m.kind});
        if (fresh) at->second.since = m.at;
        at->second.event = m.event;
        at->second.last_at = m.at;
        at->second.times += 1;
    }
}

} // namespace

// FNV-1a is enough: nobody forges a line in a test, and it must cost nothing.
std::string hash_of(std::string const& before, kept_line const& line) {
    std::uint64_t sum = 14'695'981'039'346'656'037U;
    auto const take = [&](std::string_view text) {
        for (char const each : text) {
            sum ^= static_cast<unsigned char>(each);
            sum *= 1'099'511'628'211U;
        }
        sum ^= text.size();
        sum *= 1'099'511'628'211U;
    };
    auto const& said = line.what.line;
    take(before);
    take(std::to_string(line.seq));
    take(std::to_string(said.at.time_since_epoch().count()));
    take(to_text(said.what));
    take(to_text(said.by.kind));
    take(said.by.who);
    take(said.by.behalf);
    take(said.why);
    take(said.personal);
    return std::to_string(sum);
}

app::record_result<void> write_changes(memory_tables& to, app::changes const& what) {
    if (auto const why = reason_to_refuse(to, what)) return *why;
    for_each_index(to, what, [](auto& index, auto const& changes) {
        index.make(changes);
        return true;
    });
    for (auto& [worker, visits] : visits_after(to, what)) {
        if (visits.empty())
            to.visits.erase(worker);
        else
            to.visits[worker] = std::move(visits);
    }
    for (auto const& s : what.signals)
        to.signals.emplace(s.what.event.value, kept_signal{s, what.at});
    put_all(what.alerts, to.alerts, to.due_alerts);
    put_all(what.requests, to.requests, to.due_requests);
    put_all(what.orders, to.orders, to.due_orders);
    put_all(what.offers, to.offers, to.due_offers);
    note_whose_they_are(to, what);
    to.searches.insert(to.searches.end(), what.searches.begin(), what.searches.end());
    for (auto const& b : what.bookings)
        to.bookings.emplace(b.order, b);
    append_log(to, what);
    note_maintenance(to, what);
    for (auto const& row : what.outbox)
        to.outbox.emplace(row.id, row);
    return {};
}

} // namespace linli::tests
