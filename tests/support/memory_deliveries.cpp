#include "support/memory_deliveries.hpp"

#include <algorithm>

#include "domain/staff_reference.hpp"
#include "support/let_others_run.hpp"

namespace linli::tests {

using app::record_errc;
using domain::audience;
using domain::delivery_state;

namespace {

std::string reference(known_contact const& c) {
    return "contact:" + c.resident.value + '/' + std::to_string(c.place);
}

std::string const& phone_of(known_site const& s, audience to) {
    return to == audience::shift_leader ? s.shift_leader : s.duty_phone;
}

} // namespace

std::set<memory_deliveries::was_told>
memory_deliveries::told_of(domain::alert_id const& alert) const {
    std::set<was_told> all;
    auto const of = of_alert_.find(alert);
    if (of == of_alert_.end()) return all;
    for (auto const& id : of->second) {
        auto const at = held_.find(id);
        if (at == held_.end()) continue; // forgotten
        auto const& d = at->second;
        bool const will_be = d.state == delivery_state::queued &&
                             (d.about.level == domain::priority::p1 || d.attempts > 0);
        if (d.state == delivery_state::sent || d.state == delivery_state::delivered || will_be)
            all.insert({d.who, d.about.to, d.number});
    }
    return all;
}

known_contact const* memory_deliveries::contact_of(std::string const& who,
                                                   std::string const& number) const {
    for (auto const& c : contacts)
        if (!number.empty() && c.phone == number &&
            who.starts_with("contact:" + c.resident.value + '/'))
            return &c;
    for (auto const& c : contacts)
        if (reference(c) == who) return &c;
    return nullptr;
}

bool memory_deliveries::is_its_end(domain::delivery const& told, domain::delivery const& of) const {
    bool const by_number = !told.number.empty() && !of.number.empty();
    bool const is_his = by_number ? told.number == of.number : told.who == of.who;
    return is_his && told.about.alert == of.about.alert &&
           told.about.why == domain::notice_reason::ended &&
           (told.state == delivery_state::sent || told.state == delivery_state::delivered);
}

known_site const* memory_deliveries::site_with(audience to, domain::site_id from) const {
    auto const named = [&](domain::site_id const& id) {
        return std::find_if(sites.begin(), sites.end(), [&](auto const& s) { return s.id == id; });
    };
    for (auto at = named(from); at != sites.end(); at = named(at->parent))
        if (!phone_of(*at, to).empty()) return &*at;
    return nullptr;
}

domain::resident_id memory_deliveries::resident_of(domain::notice const& about) const {
    if (!about.resident.empty() || about.home.empty()) return about.resident;
    std::vector<domain::resident_id> there;
    for (auto const& each : beside_.town().residents)
        if (each.home == about.home && !each.synthetic) there.push_back(each.id);
    return there.size() == 1 ? there.front() : domain::resident_id();
}

runtime::task<app::record_result<std::vector<app::person>>>
memory_deliveries::people(domain::notice const& about) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::vector<app::person> all;
    auto const told = told_of(about.alert);
    bool const is_end = about.why == domain::notice_reason::ended;
    if (about.to == audience::contacts) {
        auto const whose = resident_of(about);
        for (auto const& c : contacts) {
            bool const has_heard = std::ranges::any_of(told, [&](was_told const& t) {
                return t.to == about.to && contact_of(t.who, t.number) == &c;
            });
            bool const is_meant = is_end ? has_heard : c.resident == whose;
            if (is_meant && !c.do_not_tell)
                all.push_back({reference(c), c.ways, c.quiet, has_heard, c.phone});
        }
        co_return all;
    }
    if (is_end) {
        for (auto const& [who, to, number] : told)
            if (to == about.to && to != audience::alarm_hook)
                all.push_back({who, {domain::channel::voice, domain::channel::sms}, {}, true});
    } else if (about.to != audience::alarm_hook) {
        if (auto const* at = site_with(about.to, about.site))
            all.push_back({domain::staff_reference(about.to, at->id),
                           {domain::channel::voice, domain::channel::sms},
                           {},
                           false});
    }
    for (auto& each : all)
        each.told_before = told.contains({each.who, about.to, {}});
    co_return all;
}

runtime::task<app::record_result<app::address_card>>
memory_deliveries::card(domain::delivery const& of) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    app::address_card card;
    card.language = "zh";
    auto const alert = beside_.holds().alerts.find(of.about.alert);
    bool const is_known = alert != beside_.holds().alerts.end();
    card.alert_is_closed = is_known && !domain::is_open(alert->second);
    card.somebody_has_it = is_known && (alert->second.state == domain::alert_state::claimed ||
                                        alert->second.state == domain::alert_state::handled);
    card.end_was_told = is_known && std::ranges::any_of(held_, [&](auto const& each) {
                            return is_its_end(each.second, of);
                        });
    if (auto const* c = contact_of(of.who, of.number); c && !c->do_not_tell) {
        auto const name = resident_names.find(c->resident.value);
        card = {true,
                card.alert_is_closed,
                card.end_was_told,
                card.somebody_has_it,
                c->phone,
                c->email,
                name == resident_names.end() ? std::string() : name->second,
                c->language};
    }
    auto const site = domain::site_of_staff(of.who);
    if (of.about.to == audience::contacts || site.empty()) co_return card;
    if (auto const* at = site_with(of.about.to, site)) {
        card.may_be_told = true;
        card.phone = phone_of(*at, of.about.to);
    }
    co_return card;
}

void memory_deliveries::is_now(domain::delivery const& d) {
    if (d.state == delivery_state::queued) {
        queued_.insert(d.id);
        return;
    }
    queued_.erase(d.id);
    if (!logged_.contains(d.id)) unlogged_.insert(d.id);
}

void memory_deliveries::insert(std::vector<domain::delivery> const& fresh) {
    for (auto const& d : fresh) {
        if (!known_.emplace(d.notice, d.who, d.by).second) continue;
        held_[d.id] = d;
        of_alert_[d.about.alert].push_back(d.id);
        is_now(d);
    }
}

runtime::task<app::record_result<void>>
memory_deliveries::expand(domain::uuid const& notice, std::vector<domain::delivery> const& fresh) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    insert(fresh);
    std::vector<domain::uuid> const row{notice};
    auto gone = co_await beside_.outbox_sent(row);
    co_return gone;
}

runtime::task<app::record_result<std::vector<domain::delivery>>>
memory_deliveries::take(lane which, domain::instant now, domain::duration lease, int limit) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::vector<domain::delivery*> due;
    for (auto const& id : queued_) {
        auto& d = held_.at(id);
        bool const urgent = d.about.level == domain::priority::p1;
        if (d.due_at && *d.due_at <= now && urgent == (which == lane::emergency)) due.push_back(&d);
    }
    std::sort(due.begin(), due.end(), [](auto const* a, auto const* b) {
        return std::tuple(a->about.level, *a->due_at, a->id) <
               std::tuple(b->about.level, *b->due_at, b->id);
    });
    if (due.size() > static_cast<std::size_t>(limit)) due.resize(static_cast<std::size_t>(limit));
    std::vector<domain::delivery> taken;
    for (auto* d : due) {
        d->due_at = now + lease;
        d->attempts += 1;
        taken.push_back(*d);
    }
    std::sort(taken.begin(), taken.end(), [](auto const& a, auto const& b) {
        return std::pair(a.about.level, a.id) < std::pair(b.about.level, b.id);
    });
    co_return taken;
}

runtime::task<app::record_result<void>>
memory_deliveries::settle(std::vector<domain::delivery> const& changed,
                          std::vector<domain::delivery> const& fresh) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    for (auto const& d : changed) {
        auto const at = held_.find(d.id);
        if (at == held_.end() || at->second.state != delivery_state::queued) continue;
        at->second.state = d.state;
        at->second.reason = d.reason;
        at->second.due_at = d.due_at;
        is_now(at->second);
    }
    insert(fresh);
    co_return app::record_result<void>();
}

runtime::task<app::record_result<std::vector<domain::delivery>>>
memory_deliveries::unlogged(int limit) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::vector<domain::delivery> found;
    for (auto const& id : unlogged_)
        if (found.size() < static_cast<std::size_t>(limit)) found.push_back(held_.at(id));
    co_return found;
}

runtime::task<app::record_result<void>>
memory_deliveries::logged(std::vector<domain::delivery_id> const& ids) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    logged_.insert(ids.begin(), ids.end());
    for (auto const& id : ids)
        unlogged_.erase(id);
    co_return app::record_result<void>();
}

runtime::task<app::record_result<std::vector<domain::event_id>>>
memory_deliveries::keep_degraded(std::vector<domain::delivery> const& told) {
    co_await let_others_run();
    if (slow_by_) co_await slow_by_->wait_until(slow_until_);
    if (away_) co_return record_errc::away;
    std::set<domain::event_id> known;
    for (auto d : told) {
        auto const at = beside_.holds().signals.find(d.about.event.value);
        if (at == beside_.holds().signals.end()) continue;
        known.insert(d.about.event);
        auto const& of = at->second.what.alert;
        if (!of) continue;
        auto const& a = beside_.holds().alerts.at(*of);
        d.about.alert = a.id;
        d.about.kind = a.kind;
        d.about.level = a.level;
        d.about.resident = a.resident;
        d.about.home = a.home;
        d.about.area = a.area;
        insert({d});
    }
    co_return std::vector<domain::event_id>(known.begin(), known.end());
}

runtime::task<app::record_result<std::size_t>> memory_deliveries::forget(domain::instant before,
                                                                         int limit) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::size_t gone = 0;
    for (auto at = held_.begin(); at != held_.end() && gone < static_cast<std::size_t>(limit);) {
        auto const alert = beside_.holds().alerts.find(at->second.about.alert);
        bool const is_over = alert == beside_.holds().alerts.end() || !is_open(alert->second);
        bool const goes = at->second.since < before && logged_.contains(at->first) && is_over;
        if (goes) ++gone;
        at = goes ? held_.erase(at) : std::next(at);
    }
    co_return gone;
}

runtime::task<app::record_result<app::unsent>> memory_deliveries::waiting(domain::instant now) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    app::unsent all;
    for (auto const& id : queued_) {
        auto const& d = held_.at(id);
        if (!d.due_at || d.since > now) continue;
        ++all.count;
        all.oldest = std::min(all.oldest.value_or(d.since), d.since);
    }
    co_return all;
}

} // namespace linli::tests
