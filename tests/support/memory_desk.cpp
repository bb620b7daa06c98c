#include "support/memory_desk.hpp"

#include <algorithm>

#include "domain/masked.hpp"
#include "domain/observation.hpp"
#include "support/let_others_run.hpp"

namespace linli::tests {

using app::record_errc;

namespace {

constexpr std::size_t most_past = 20;

domain::home_id const& home_of(app::work_line const& line) {
    return line.alert ? line.alert->home : line.request->home;
}
domain::subject const& about(app::work_line const& line) {
    return line.alert ? line.alert->about : line.request->about;
}
std::string resident_of(app::work_line const& line) {
    if (line.alert && !line.alert->resident.empty()) return line.alert->resident.value;
    return about(line).kind == domain::subject_kind::resident ? about(line).id : std::string();
}

} // namespace

std::string memory_desk::name_of(std::string const& user) const {
    auto const known = account_names.find(user);
    return known == account_names.end() ? user : known->second;
}

bool memory_desk::lived_at(resident_row const& who, domain::home_id const& home,
                           domain::instant at) const {
    auto const was_former = [&](stay const& s) {
        return s.resident == who.id.value && s.home == home.value && at < s.until;
    };
    if (std::ranges::any_of(former, was_former)) return true;
    auto const since = came.find(who.id.value);
    auto const until = left.find(who.id.value);
    return who.home == home && (since == came.end() || since->second <= at) &&
           (until == left.end() || at < until->second);
}

bool memory_desk::lives_at(resident_row const& who, domain::home_id const& home,
                           app::work_line const& line) const {
    if (!line.is_open()) return lived_at(who, home, line.opened_at());
    return who.home == home && !left.contains(who.id.value);
}

// Of those who live there when that line is looked at.
bool memory_desk::is_history(domain::alert const& past, app::work_line const& line) const {
    auto const who = resident_of(line);
    if (!who.empty() && past.resident.value == who) return true;
    if (!who.empty() && !past.resident.empty()) return false;
    auto const at = line.is_open() ? time_.now() : line.opened_at();
    return std::ranges::any_of(beside_.town().residents, [&](resident_row const& r) {
        return lived_at(r, past.home, at) &&
               (past.resident.empty() ? lived_at(r, past.home, past.opened_at)
                                      : r.id == past.resident);
    });
}

bool memory_desk::is_away(std::string const& user) const {
    auto const now = time_.now();
    auto const at = on_duty.find(user);
    bool const is_here = at != on_duty.end() && at->second.until > now &&
                         at->second.used > now - std::chrono::minutes(3);
    return account_names.contains(user) && !is_here;
}

void memory_desk::add_area(app::work_line& line, domain::area_id const& area) const {
    auto const& town = beside_.town();
    for (auto at = area; !at.empty();) {
        line.areas.push_back(at);
        auto const found = std::ranges::find(town.areas, at, &app::area::code);
        at = found == town.areas.end() ? domain::area_id() : found->parent;
        if (found != town.areas.end() && line.area_name.empty()) line.area_name = area.value;
    }
}

app::caller_seen memory_desk::seen(domain::caller const& who) const {
    app::caller_seen seen;
    seen.who = who;
    auto const& town = beside_.town();
    if (auto const* home = town.find(who.home)) seen.rough_place = home->rough_place;
    if (who.kind == domain::caller_kind::resident)
        for (auto const& r : town.residents)
            if (r.id.value == who.id) seen.name = domain::masked_name(r.name);
    if (who.kind == domain::caller_kind::worker)
        if (auto const w = worker_names.find(who.id); w != worker_names.end())
            seen.name = domain::masked_name(w->second);
    if (auto const c = contacts.find(who.id);
        who.kind == domain::caller_kind::contact && c != contacts.end())
        for (auto const& each : c->second)
            if (each.what.place == who.place) {
                seen.name = domain::masked_name(each.what.name);
                seen.relation = each.what.relation;
            }
    return seen;
}

std::optional<app::work_line> memory_desk::line_of_call(domain::uuid const& id) const {
    if (!calls) return std::nullopt;
    auto const found = calls->all().find({id});
    if (found == calls->all().end()) return std::nullopt;
    app::work_line line;
    auto& call = line.call.emplace();
    call.what = found->second.what;
    for (auto const& who : found->second.who)
        call.who.push_back(seen(who));
    bool waits = false;
    if (call.what.request) {
        auto const& request = beside_.holds().requests.at(*call.what.request);
        waits = request.state == domain::request_state::open;
        if (call.what.outcome == domain::call_outcome::missed)
            call.request_version = request.version;
    }
    call.is_on_desks = domain::is_on_desks(call.what, waits, time_.now());
    if (call.what.source == domain::own_hotline && !call.what.ended_at) {
        call.on_our_line.emplace();
        if (hotline && hotline->standings().contains({id}))
            call.on_our_line = hotline->standings().at({id});
        if (hotline) call.refused = hotline->refused_of({id});
    }
    add_area(line, call.what.area);
    if (hotline)
        for (auto& each : hotline->areas_of_seats(call.what))
            line.areas.push_back(std::move(each));
    return line;
}

void memory_desk::add_around(app::work_line& line, domain::subject const& about,
                             domain::home_id const& home, domain::area_id const& area) const {
    auto const& town = beside_.town();
    if (auto const* known = town.find(home)) line.rough_place = known->rough_place;
    add_area(line, area);
    if (about.kind == domain::subject_kind::worker)
        if (auto const w = worker_names.find(about.id); w != worker_names.end())
            line.name = domain::masked_name(w->second);
    for (auto const& r : town.residents) {
        bool const is_worn = about.kind == domain::subject_kind::resident && about.id == r.id.value;
        bool const is_fixed =
            about.kind == domain::subject_kind::home && lives_at(r, {about.id}, line);
        if (!is_worn && !is_fixed) continue;
        line.high_risk |= r.high_risk;
        auto const name = domain::masked_name(lost_keys.contains(r.id.value) ? "" : r.name);
        if (!name.empty()) line.name += (line.name.empty() ? "" : "、") + name;
    }
}

std::optional<app::work_line> memory_desk::line_of(domain::uuid const& id) const {
    auto const& all = beside_.holds();
    auto const a = all.alerts.find({id});
    auto const q = all.requests.find({id});
    app::work_line line;
    if (a != all.alerts.end()) {
        line.alert = a->second;
        line.holder_name = name_of(a->second.holder.value);
        line.holder_is_away = is_away(a->second.holder.value);
        line.handed_to_name = name_of(a->second.handed_to.value);
        add_around(line, a->second.about, a->second.home, a->second.area);
    } else if (q != all.requests.end()) {
        line.request = q->second;
        add_around(line, q->second.about, q->second.home, q->second.area);
    } else {
        return line_of_call(id);
    }
    for (auto const& [key, o] : all.orders)
        if ((o.alert && o.alert->value == id) || (o.request && o.request->value == id))
            line.orders.push_back(o);
    std::ranges::sort(line.orders, {}, [](auto const& o) { return std::pair(o.opened_at, o.id); });
    return line;
}

void memory_desk::add_people(app::alert_card& card) const {
    auto const who = resident_of(card.line);
    bool const is_workers = about(card.line).kind == domain::subject_kind::worker;
    for (auto const& w : beside_.town().workers)
        if (is_workers && w.id.value == about(card.line).id) {
            auto const name = worker_names.find(w.id.value);
            card.worker = app::worker_seen{w.id,
                                           name == worker_names.end() ? "" : name->second,
                                           {},
                                           w.provider,
                                           w.provider.value};
        }
    for (auto const& r : beside_.town().residents) {
        bool const is_at_home =
            who.empty() && !is_workers && lives_at(r, home_of(card.line), card.line);
        if (r.id.value != who && !is_at_home) continue;
        bool const is_lost = lost_keys.contains(r.id.value);
        app::resident_seen seen;
        seen.what.id = r.id;
        seen.what.home = r.home;
        seen.what.status = "present";
        seen.what.high_risk = r.high_risk;
        seen.what.synthetic = r.synthetic;
        if (!is_lost) seen.what.name = r.name;
        if (!is_lost) seen.what.phone = r.phone;
        if (auto const c = contacts.find(r.id.value); c != contacts.end())
            seen.contacts = c->second;
        if (auto const m = readings.find(r.id.value); m != readings.end())
            std::ranges::copy_if(m->second, std::back_inserter(seen.readings), [&](auto const& x) {
                return x.at >= time_.now() - domain::hours(24);
            });
        card.residents.push_back(std::move(seen));
    }
}

void memory_desk::add_home(app::alert_card& card) const {
    auto const* known = beside_.town().find(home_of(card.line));
    if (!known) return;
    app::home_row row;
    row.id = known->id;
    row.area = known->area;
    row.rough_place = known->rough_place;
    row.door = known->door;
    row.place = known->place;
    row.access_notes = known->access_notes;
    row.flags = known->flags;
    card.home = std::move(row);
    auto const& areas = beside_.town().areas;
    for (auto const& code : card.line.areas) {
        auto const found = std::ranges::find(areas, code, &app::area::code);
        if (!card.site.empty() || found == areas.end()) continue;
        card.site = found->served_by.value;
        card.site_name = found->served_by.value; // the town's sites are called by their ids
    }
}

void memory_desk::add_orders(app::alert_card& card) const {
    auto const& all = beside_.holds();
    for (auto const& o : card.line.orders) {
        app::order_seen seen;
        seen.what = o;
        for (auto const& [id, f] : all.offers)
            if (f.order == o.id) seen.offers.push_back({f, f.provider.value, {}});
        for (auto& f : seen.offers)
            if (auto const w = worker_names.find(f.what.worker.value); w != worker_names.end())
                f.worker_name = w->second;
        std::ranges::sort(seen.offers, std::greater{},
                          [](auto const& f) { return std::pair(f.what.opened_at, f.what.id); });
        for (auto const& s : all.searches)
            if (s.order == o.id) {
                seen.candidates.clear();
                for (auto const& c : s.ranked)
                    seen.candidates.push_back({c, {}, c.provider.value, {}, {}});
            }
        for (auto& c : seen.candidates) {
            if (auto const w = worker_names.find(c.what.id.value); w != worker_names.end())
                c.worker_name = w->second;
            for (auto const& w : beside_.town().workers)
                if (w.id == c.what.id) c.place = w.place;
        }
        card.orders.push_back(std::move(seen));
    }
}

void memory_desk::add_log(app::alert_card& card) const {
    auto const add = [&](domain::uuid const& chain, std::string const& name) {
        auto const found = beside_.holds().log.find(chain);
        if (found == beside_.holds().log.end()) return;
        for (auto const& [seq, l] : found->second) {
            app::log_entry e{l.of, name, l.line, {}, seq, {}};
            if (l.line.by.kind == domain::actor_kind::operator_) e.by_name = name_of(l.line.by.who);
            auto const worker = worker_names.find(l.line.by.who);
            if (l.line.by.kind == domain::actor_kind::worker && worker != worker_names.end())
                e.by_name = worker->second;
            if (lost_keys.contains(l.about.value)) e.line.personal.clear();
            card.log.push_back(std::move(e));
        }
    };
    add(card.line.id(), to_string(about(card.line)));
    for (auto const& o : card.line.orders)
        add(o.id.value, o.number);
    std::ranges::stable_sort(card.log, {}, [](auto const& e) { return e.line.at; });
}

void memory_desk::add_neighbours(app::alert_card& card) const {
    auto const& home = home_of(card.line);
    if (home.empty()) return;
    for (auto const& [id, a] : beside_.holds().alerts) {
        if (a.home != home || id.value == card.line.id()) continue;
        if (is_open(a) && a.what_for != domain::purpose::synthetic)
            card.linked.push_back(*line_of(id.value));
        bool const is_its = a.what_for == domain::purpose::real && is_history(a, card.line);
        if (is_open(a) || !is_its) continue;
        std::string by;
        if (auto const l = beside_.holds().log.find(id.value); l != beside_.holds().log.end())
            for (auto const& each : l->second)
                if (each.what.line.what == domain::log_kind::closed)
                    by = name_of(each.what.line.by.who);
        card.history.push_back({a, by});
    }
    std::ranges::sort(card.history, std::greater{}, [](auto const& p) { return p.what.closed_at; });
    if (card.history.size() > most_past) card.history.resize(most_past);
}

std::optional<app::alert_card> memory_desk::card_of(domain::uuid const& id) const {
    auto line = line_of(id);
    if (!line || line->call) return std::nullopt;
    app::alert_card card;
    card.line = std::move(*line);
    add_people(card);
    add_home(card);
    auto const& event =
        card.line.alert ? card.line.alert->last_event : card.line.request->last_event;
    auto const device = domain::device_of(event);
    if (auto const known = health.find(device.value); known != health.end())
        card.device = known->second;
    else if (!device.empty())
        card.device = app::device_seen{{device, {}, {}, {}, {}}, {}, {}, {}, {}};
    for (auto const& [said, kept] : beside_.holds().signals)
        if (card.device && kept.what.what.device == device &&
            kept.what.what.door != domain::observed_door)
            card.device->heard_at =
                std::max(card.device->heard_at, std::optional(kept.what.what.received_at));
    add_orders(card);
    add_log(card);
    add_neighbours(card);
    return card;
}

runtime::task<app::record_result<std::unordered_map<std::string, app::line_mark>>>
memory_desk::open_marks() {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::unordered_map<std::string, app::line_mark> all;
    for (auto const& [id, a] : beside_.holds().alerts)
        if (is_open(a) && a.what_for != domain::purpose::synthetic)
            all[to_string(id)] = line_of(id.value)->mark();
    for (auto const& [id, q] : beside_.holds().requests)
        if (q.state == domain::request_state::open) all[to_string(id)] = line_of(id.value)->mark();
    if (!calls) co_return all;
    for (auto const& [id, c] : calls->all())
        if (auto const line = line_of_call(id.value); line->is_open())
            all[to_string(id)] = line->mark();
    co_return all;
}

runtime::task<app::record_result<std::vector<app::work_line>>>
memory_desk::lines(std::vector<domain::uuid> const& ids) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::vector<app::work_line> all;
    for (auto const& id : std::set<domain::uuid>(ids.begin(), ids.end()))
        if (auto line = line_of(id)) all.push_back(std::move(*line));
    co_return all;
}

runtime::task<app::record_result<std::optional<app::alert_card>>>
memory_desk::card(domain::alert_id const& id) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    co_return card_of(id.value);
}

runtime::task<app::record_result<std::optional<app::alert_card>>>
memory_desk::card(domain::request_id const& id) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    co_return card_of(id.value);
}

runtime::task<app::record_result<std::vector<domain::uuid>>>
memory_desk::held_by(domain::operator_id const& who) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::vector<std::pair<domain::instant, domain::uuid>> found;
    for (auto const& [id, a] : beside_.holds().alerts)
        if (is_open(a) && a.holder == who) found.emplace_back(a.opened_at, id.value);
    std::ranges::sort(found);
    std::vector<domain::uuid> all;
    for (auto const& [opened_at, id] : found)
        all.push_back(id);
    co_return all;
}

runtime::task<app::record_result<app::follow_ups>>
memory_desk::to_follow_up(domain::area_id const& within, int limit) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::map<domain::uuid, std::optional<domain::instant>> first; // by alert or request
    for (auto const& [id, o] : beside_.holds().orders) {
        auto const owner = o.alert ? o.alert->value : o.request->value;
        bool const waits = o.state == domain::order_state::completed &&
                           o.what_for == domain::purpose::real &&
                           std::ranges::count(line_of(owner)->areas, within) > 0;
        if (!waits) continue;
        auto const [at, is_new] = first.emplace(owner, o.due_at);
        if (!is_new) at->second = std::min(at->second, o.due_at);
    }
    std::vector<std::pair<std::optional<domain::instant>, domain::uuid>> sorted;
    for (auto const& [owner, due] : first)
        sorted.emplace_back(due, owner);
    std::ranges::sort(sorted);
    app::follow_ups found{{}, sorted.size()};
    for (auto const& [due, owner] : sorted)
        if (found.next.size() < static_cast<std::size_t>(limit)) found.next.push_back(owner);
    co_return found;
}

runtime::task<app::record_result<app::unfinished>>
memory_desk::unfinished_in(domain::area_id const& within, int limit) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    app::unfinished found;
    auto const& t = beside_.holds();
    for (auto const& [id, o] : t.orders) {
        if (!o.alert || !o.due_at || is_open(t.alerts.at(*o.alert))) continue;
        if (o.state == domain::order_state::completed || !is_real(o.what_for)) continue;
        if (std::ranges::count(line_of(o.alert->value)->areas, within) == 0) continue;
        auto since = o.opened_at;
        if (auto const l = t.log.find(id.value); l != t.log.end())
            for (auto const& each : l->second)
                if (app::is_step(each.what.line.what)) since = each.what.line.at;
        found.next.push_back({o.alert->value, id, since});
    }
    std::ranges::sort(found.next, {}, [](auto const& v) { return std::pair(v.since, v.order); });
    found.count = found.next.size();
    if (found.count > static_cast<std::size_t>(limit))
        found.next.resize(static_cast<std::size_t>(limit));
    co_return found;
}

runtime::task<app::record_result<std::vector<app::signal_seen>>>
memory_desk::signals_of(domain::uuid const& id) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::vector<app::signal_seen> all;
    for (auto const& [event, kept] : beside_.holds().signals) {
        auto const& s = kept.what;
        bool const is_its =
            (s.alert && s.alert->value == id) || (s.request && s.request->value == id);
        if (is_its) all.push_back({s.what, kept.committed_at});
    }
    std::ranges::sort(
        all, {}, [](auto const& s) { return std::pair(s.what.received_at, s.what.event.value); });
    co_return all;
}

runtime::task<app::record_result<std::optional<domain::uuid>>>
memory_desk::owner_of(domain::order_id const& id) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    auto const found = beside_.holds().orders.find(id);
    if (found == beside_.holds().orders.end()) co_return std::optional<domain::uuid>();
    auto const& o = found->second;
    co_return std::optional(o.alert ? o.alert->value : o.request->value);
}

} // namespace linli::tests
