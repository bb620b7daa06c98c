#include "support/memory_hotline.hpp"

#include <algorithm>

#include "app/hotline_legs.hpp"
#include "support/let_others_run.hpp"

namespace linli::tests {

using app::record_errc;
using app::record_result;
using domain::call_id;
using domain::instant;
using domain::operator_id;

namespace {

template <class T>
void keep_first(std::optional<T>& known, std::optional<T> const& told) {
    if (!known) known = told;
}

} // namespace

std::vector<app::call_attempt> memory_hotline::attempts_of(call_id id) const {
    std::vector<app::call_attempt> all;
    for (auto const& [key, each] : attempts_)
        if (key.first == id) all.push_back(each);
    return all;
}

std::vector<domain::area_id> memory_hotline::areas_of_seats(domain::call const& of) const {
    std::set<std::string> who{of.seat};
    if (auto const found = stands_.find(of.id); found != stands_.end()) {
        who.insert(found->second.ringing.value);
        if (found->second.third) who.insert(found->second.third->who.value);
    }
    for (auto const& [her, each] : seats_)
        if (each.call == of.id) who.insert(her.value);
    std::vector<domain::area_id> all;
    for (auto const& [user, area] : accounts_)
        if (who.contains(user)) all.push_back({area});
    return all;
}

bool memory_hotline::runs(call_id id) const {
    auto const found = calls_.all().find(id);
    return found != calls_.all().end() && found->second.what.source == domain::own_hotline &&
           !found->second.what.ended_at;
}

runtime::task<record_result<domain::hotline_seat>>
memory_hotline::says(operator_id who, domain::seat_word what, std::set<std::string> languages,
                     instant now) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    if (!accounts_.contains(who.value)) co_return record_errc::bad_data;
    auto& hers = seats_[who];
    if (hers.who.empty()) {
        hers.who = who;
        hers.since = now;
        hers.until = now;
    }
    auto const was = hers;
    hers = heard(hers, what, std::move(languages), now);
    for (auto const& each : domain::stretches_of(was, hers))
        stretches_[who].push_back(each);
    co_return hers;
}

runtime::task<record_result<domain::hotline_seat>> memory_hotline::seat(operator_id who) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    domain::hotline_seat nobody;
    nobody.who = who;
    auto const found = seats_.find(who);
    if (found != seats_.end()) nobody = found->second;
    co_return nobody;
}

runtime::task<record_result<bool>> memory_hotline::wish(app::wished const& what) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    auto const is_it = [&](app::wished const& each) { return each.id == what.id; };
    bool const was_done =
        std::ranges::any_of(done_, [&](auto const& each) { return is_it(each.first); });
    if (was_done || std::ranges::any_of(wishes_, is_it)) co_return true;
    if (!runs(what.call)) co_return false;
    wishes_.push_back(what);
    co_return true;
}

runtime::task<record_result<operator_id>> memory_hotline::talks_on(call_id id) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    operator_id her;
    auto const found = stands_.find(id);
    for (auto const& [who, each] : seats_) {
        bool const is_third =
            found != stands_.end() && found->second.third && found->second.third->who == who;
        if (each.is == domain::seat_state::talking && each.call == id && !is_third) her = who;
    }
    co_return her;
}

runtime::task<record_result<std::vector<domain::hotline_seat>>> memory_hotline::seats() {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::vector<domain::hotline_seat> all;
    for (auto const& [who, each] : seats_)
        all.push_back(each);
    co_return all;
}

runtime::task<record_result<std::vector<app::running_call>>> memory_hotline::running() {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::vector<app::running_call> all;
    for (auto const& [id, each] : calls_.all()) {
        if (!runs(id)) continue;
        app::running_call one{id, each.what.name, each.what.number, each.what.seat, {}, 0};
        one.has_answer = each.what.answered_at.has_value();
        for (auto const& attempt : attempts_of(id))
            one.attempts = std::max(one.attempts, app::number_of(attempt.leg));
        all.push_back(std::move(one));
    }
    co_return all;
}

runtime::task<record_result<void>> memory_hotline::stands(standing const& now) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    for (auto const& [id, is] : now.calls) {
        if (!calls_.all().contains(id) || stands_[id] == is) continue;
        stands_[id] = is;
        calls_.is_changed(id);
    }
    for (auto const& each : now.seats) {
        auto const found = seats_.find(each.who);
        if (found == seats_.end()) continue;
        auto& hers = found->second;
        if (hers.is == each.is && hers.call == each.call) continue;
        for (auto const& one : domain::stretches_of(hers, each))
            stretches_[each.who].push_back(one);
        hers.is = each.is;
        hers.call = each.call;
        hers.since = each.since;
    }
    co_return record_result<void>();
}

runtime::task<record_result<void>> memory_hotline::keep(app::call_attempt const& what) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    if (!calls_.all().contains(what.call)) co_return record_result<void>();
    auto& known = attempts_.try_emplace({what.call, what.leg}, what).first->second;
    keep_first(known.rang_at, what.rang_at);
    keep_first(known.answered_at, what.answered_at);
    keep_first(known.ended_at, what.ended_at);
    keep_first(known.how, what.how);
    co_return record_result<void>();
}

runtime::task<record_result<std::vector<app::wished>>> memory_hotline::wishes() {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    auto all = wishes_;
    std::ranges::sort(all, {}, [](app::wished const& w) { return std::pair(w.at, w.id); });
    co_return all;
}

runtime::task<record_result<void>>
memory_hotline::done(domain::uuid wish, std::optional<domain::wish_refusal> refused, instant at) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    auto const found = std::ranges::find(wishes_, wish, &app::wished::id);
    if (found == wishes_.end()) co_return record_result<void>();
    found->number.clear();
    done_.emplace_back(*found, refused);
    if (refused) {
        refused_[found->call] = {found->what, *refused, found->by, at};
        if (calls_.all().contains(found->call)) calls_.is_changed(found->call);
    }
    wishes_.erase(found);
    co_return record_result<void>();
}

bool memory_hotline::has_emergency(std::vector<domain::caller> const& his) const {
    for (auto const& [id, a] : beside_.holds().alerts) {
        if (!is_open(a) || !is_real(a.what_for) || a.level != domain::priority::p1) continue;
        for (auto const& each : his)
            if (a.resident.value == each.id || a.home == each.home) return true;
    }
    return false;
}

runtime::task<record_result<domain::caller_facts>>
memory_hotline::facts_of(std::string number, call_id except, instant now) {
    ++asked_who_calls_;
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    domain::caller_facts facts;
    if (number.empty()) co_return facts;
    auto his = calls_.who_has(number);
    std::erase_if(his, [](auto const& c) { return c.kind == domain::caller_kind::worker; });
    facts.is_bound = !his.empty();
    facts.has_emergency = has_emergency(his);
    std::set<std::string> spoken;
    for (auto const& each : his)
        for (auto const& r : beside_.town().residents) {
            if (each.kind != domain::caller_kind::resident || r.id.value != each.id) continue;
            facts.is_frail |= r.high_risk;
            spoken.insert(r.language);
        }
    if (spoken.size() == 1) facts.language = *spoken.begin();
    instant last = now - domain::silent_again_within;
    for (auto const& [id, each] : calls_.all()) {
        auto const& c = each.what;
        if (id == except || c.number != number || c.first_heard > now) continue;
        bool const is_missed = c.ended_at && !c.answered_at;
        facts.has_given_up |=
            is_missed && *c.ended_at >= now - domain::abandons_again_within && *c.ended_at <= now;
        if (c.first_heard < last) continue;
        last = c.first_heard;
        facts.was_silent =
            is_missed || (c.outcome == domain::call_outcome::no_case &&
                          c.reason.starts_with(to_text(domain::no_case_reason::silent)));
    }
    co_return facts;
}

runtime::task<record_result<std::optional<std::vector<std::string>>>>
memory_hotline::bound_numbers(std::size_t most) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::optional all(calls_.bound_numbers());
    if (all->size() > most) all.reset();
    co_return all;
}

void memory_hotline::counts(app::hotline_now& into, domain::call const& c,
                            domain::call_standing const& is, instant day_began, instant now) const {
    if (c.source != domain::own_hotline || !c.rang_at) return;
    bool const runs = !c.ended_at && *c.rang_at > now - domain::longest_call;
    if (runs && (is.waits || !c.answered_at)) ++into.waiting;
    if (runs && !c.answered_at)
        into.longest_since = std::min(into.longest_since.value_or(*c.rang_at), *c.rang_at);
    bool const is_known = c.answered_at || c.ended_at;
    if (!is_known || *c.rang_at < day_began || *c.rang_at >= now) return;
    ++into.calls;
    if (c.answered_at) {
        ++into.answered;
        if (*c.answered_at <= *c.rang_at + domain::answered_within) ++into.answered_in_time;
    } else {
        bool const at_once = *c.ended_at < *c.rang_at + domain::gave_up_at_once_within;
        ++(at_once ? into.abandoned_at_once : into.abandoned);
    }
}

runtime::task<record_result<app::hotline_now>> memory_hotline::stands_now(instant day_began,
                                                                          instant now) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    app::hotline_now is;
    for (auto const& [who, each] : seats_)
        ++is.seats[state_at(each, now)];
    for (auto const& [id, each] : calls_.all()) {
        auto const found = stands_.find(id);
        auto const stands = found == stands_.end() ? domain::call_standing() : found->second;
        counts(is, each.what, stands, day_began, now);
    }
    co_return is;
}

} // namespace linli::tests
