#include "support/memory_health.hpp"

#include <algorithm>

#include "domain/masked.hpp"
#include "support/let_others_run.hpp"

namespace linli::tests {

using app::record_errc;
using domain::trouble;

void memory_health::becomes(city town) {
    town_ = std::move(town);
    edits_.emplace_back();
}

void memory_health::becomes(city town, domain::sheet edited, std::string key) {
    town_ = std::move(town);
    edits_.push_back({edited, std::move(key)});
}

std::vector<memory_health::entry> memory_health::open() const {
    std::vector<entry> all;
    std::ranges::copy_if(entries_, std::back_inserter(all),
                         [](entry const& e) { return !e.ended; });
    return all;
}

memory_health::entry* memory_health::open_entry(domain::device_id const& device, trouble what) {
    auto const found = std::ranges::find_if(
        entries_, [&](entry const& e) { return e.device == device && e.what == what && !e.ended; });
    return found == entries_.end() ? nullptr : &*found;
}

void memory_health::add(std::vector<app::supervised_device>& to, domain::device_id const& device,
                        std::string kind, domain::home_id const& home) const {
    app::supervised_device d;
    if (auto const known = devices_.find(device); known != devices_.end()) d = known->second;
    d.id = device;
    d.kind = std::move(kind);
    d.area = town_.find(home)->area;
    d.health.open = {};
    d.health.done = {};
    for (auto const& e : entries_) {
        if (e.device != device) continue;
        auto const what = static_cast<std::size_t>(e.what);
        if (!e.ended) d.health.open[what] = e.since;
        if (!e.ended && e.what == trouble::offline) d.outage = e.outage;
        if (!e.ended_by.empty()) d.health.done[what] = std::max(d.health.done[what], *e.ended);
    }
    to.push_back(std::move(d));
}

std::vector<app::supervised_device> memory_health::devices() const {
    std::vector<app::supervised_device> all;
    for (auto const& r : town_.residents)
        for (auto const& d : r.devices)
            if (!r.synthetic) add(all, d, "watch", r.home);
    for (auto const& h : town_.homes)
        for (auto const& d : h.devices)
            add(all, d, "box", h.id);
    std::ranges::sort(all, {}, &app::supervised_device::id);
    return all;
}

std::vector<domain::device_id> memory_health::devices_of(registry_change const& what) const {
    std::vector<domain::device_id> all;
    if (what.sheet == domain::sheet::devices) all.push_back({what.key});
    for (auto const& r : town_.residents)
        if ((what.sheet == domain::sheet::residents && r.id.value == what.key) ||
            (what.sheet == domain::sheet::homes && r.home.value == what.key))
            all.insert(all.end(), r.devices.begin(), r.devices.end());
    for (auto const& h : town_.homes)
        if (what.sheet == domain::sheet::homes && h.id.value == what.key)
            all.insert(all.end(), h.devices.begin(), h.devices.end());
    return all;
}

void memory_health::begin(app::trouble_change const& change) {
    if (auto* known = open_entry(change.device, change.what.what)) {
        if (change.outage) known->outage = change.outage;
        return;
    }
    auto const written = std::ranges::any_of(entries_, [&](entry const& e) {
        return e.device == change.device && e.what == change.what.what &&
               e.since == change.what.since;
    });
    if (!written)
        entries_.push_back(
            {change.device, change.what.what, change.what.since, {}, {}, change.outage});
}

void memory_health::apply(app::health_changes const& what) {
    ++writes_;
    for (auto const& o : what.outages)
        outages_[o.id] = o;
    for (auto const& d : what.devices) {
        auto& known = devices_[d.id];
        auto const since = known.health.known_since;
        known = {d.id, {}, {}, d.door, d.health, {}};
        if (since != domain::instant()) known.health.known_since = since;
        ++rows_;
    }
    for (auto const& change : what.troubles)
        if (change.what.ended)
            if (auto* e = open_entry(change.device, change.what.what)) e->ended = change.what.ended;
    for (auto const& change : what.troubles)
        if (!change.what.ended) begin(change);
    for (auto const& [device, outage] : what.moved)
        if (auto* e = open_entry(device, trouble::offline)) e->outage = outage;
}

std::vector<resident_row const*>
memory_health::residents_with(domain::device_id const& device) const {
    std::vector<resident_row const*> all;
    for (auto const& r : town_.residents) {
        auto const* home = town_.find(r.home);
        bool const worn = std::ranges::find(r.devices, device) != r.devices.end();
        bool const fixed = std::ranges::find(home->devices, device) != home->devices.end();
        if (worn || fixed) all.push_back(&r);
    }
    std::ranges::sort(all, {}, [](auto const* r) { return std::pair(!r->high_risk, r->id); });
    return all;
}

app::outage_line memory_health::line_of(domain::outage const& o, std::size_t limit) const {
    app::outage_line line;
    line.what = o;
    std::map<domain::resident_id, std::pair<domain::care_call, resident_row const*>> calls;
    auto const gone = [&](domain::device_id const& device, domain::instant since) {
        for (auto const* r : residents_with(device)) {
            auto const shares = [&](auto const& other) { return other.home == r->home; };
            bool const alone = std::ranges::count_if(town_.residents, shares) == 1;
            domain::care_call const c{r->id, r->home, device, r->high_risk, alone, since};
            auto const [at, fresh] = calls.try_emplace(r->id, c, r);
            auto const& known = at->second.first;
            if (!fresh && std::tie(c.since, c.device) < std::tie(known.since, known.device))
                at->second.first = c;
        }
    };
    for (auto const& e : entries_) {
        if (e.ended || e.outage != o.id) continue;
        ++line.still_gone;
        gone(e.device, e.since);
    }
    if (o.kind == domain::outage_kind::broker)
        for (auto const& d : devices())
            if (d.door.empty() || d.door == "mqtt") gone(d.id, o.since);
    std::vector<domain::care_call> list;
    for (auto const& [id, each] : calls)
        list.push_back(each.first);
    domain::by_risk(list);
    line.calls_in_all = static_cast<int>(list.size());
    for (auto const& each : list) {
        if (line.calls.size() == limit) break;
        auto const* r = calls.at(each.resident).second;
        line.calls.push_back({each, town_.find(r->home)->rough_place, domain::masked_name(r->name),
                              domain::masked_phone(r->phone)});
    }
    return line;
}

app::maintenance_list memory_health::read_list(std::size_t limit) const {
    app::maintenance_list all;
    auto const kinds = devices();
    for (auto const& e : open()) {
        ++all.counts[e.what];
        if (e.outage) continue;
        app::maintenance_line line{e.device, {}, e.what, e.since, 1, {}, {}, {}, {}, {}};
        for (auto const& d : kinds)
            if (d.id == e.device) line.device_kind = d.kind;
        if (auto const who = residents_with(e.device); !who.empty()) {
            auto const* home = town_.find(who.front()->home);
            line.area = home->area;
            line.rough_place = home->rough_place;
            line.resident = who.front()->id;
            line.name = domain::masked_name(who.front()->name);
            line.phone = domain::masked_phone(who.front()->phone);
        }
        all.entries.push_back(std::move(line));
    }
    std::ranges::sort(all.entries, {},
                      [](auto const& e) { return std::tuple(e.since, e.device, to_text(e.what)); });
    if (all.entries.size() > limit) all.entries.resize(limit);
    for (auto const& [id, o] : outages_)
        if (!o.ended) all.outages.push_back(line_of(o, limit));
    return all;
}

runtime::task<app::record_result<app::health_frame>> memory_health::frame() {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    app::health_frame all;
    all.edit = static_cast<std::int64_t>(edits_.size());
    for (auto const& [id, o] : outages_)
        if (!o.ended) all.outages.push_back(o);
    for (auto const& a : town_.areas)
        if (!a.parent.empty()) all.parents[a.code] = a.parent;
    co_return all;
}

runtime::task<app::record_result<std::vector<app::supervised_device>>>
memory_health::devices_after(domain::device_id const& last, std::size_t most) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    auto all = devices();
    std::erase_if(all, [&](auto const& each) { return each.id <= last; });
    if (all.size() > most) all.resize(most);
    read_ += all.size();
    co_return all;
}

runtime::task<app::record_result<std::vector<app::supervised_device>>>
memory_health::devices_among(std::vector<domain::device_id> const& ids) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    auto all = devices();
    std::erase_if(all,
                  [&](auto const& each) { return std::ranges::find(ids, each.id) == ids.end(); });
    read_ += all.size();
    co_return all;
}

runtime::task<app::record_result<app::registry_news>> memory_health::news_since(std::int64_t edit) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    app::registry_news news{static_cast<std::int64_t>(edits_.size()), false, false, {}};
    for (auto at = static_cast<std::size_t>(edit); at < edits_.size(); ++at) {
        news.is_import |= !edits_[at].sheet;
        news.areas |= edits_[at].sheet == domain::sheet::areas;
        auto const those = devices_of(edits_[at]);
        news.devices.insert(news.devices.end(), those.begin(), those.end());
    }
    co_return news;
}

runtime::task<app::record_result<void>> memory_health::keep(app::health_changes const& what) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    apply(what);
    co_return app::record_result<void>();
}

runtime::task<app::record_result<std::vector<app::mended>>>
memory_health::mended_since(domain::instant when) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::vector<app::mended> all;
    for (auto const& e : entries_)
        if (!e.ended_by.empty() && *e.ended >= when) all.push_back({e.device, e.what, *e.ended});
    co_return all;
}

runtime::task<app::record_result<app::maintenance_list>> memory_health::list(int limit) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    co_return read_list(static_cast<std::size_t>(limit));
}

runtime::task<app::record_result<bool>> memory_health::mend(app::mended const& what,
                                                            std::string const& who) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    auto* const found = open_entry(what.device, what.what);
    if (!found) co_return false;
    found->ended = what.at;
    found->ended_by = who;
    co_return true;
}

} // namespace linli::tests
