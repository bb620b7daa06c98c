#include "simulation/dark_rules.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace linli::simulation {

namespace {

using domain::audience;
using domain::seconds;

constexpr seconds longest_countdown{60}; // of any edition of the plans
constexpr seconds repeats_within{60};
// Five since it waits and since the record owes an answer, which is the same at the latest by then;
// two in which a house's clock may stand still; and both look only from time to time.
constexpr seconds hook_hears_within{9};
constexpr seconds storm_is_held_for{11};
constexpr std::size_t named_in_a_message = 8;
constexpr seconds gateway_answers_within{10};

// P1 whoever's device it is: of the rest a copy that is behind may think otherwise.
bool is_emergency(domain::signal_kind kind) {
    using enum domain::signal_kind;
    switch (kind) {
    case sos:
    case fall:
    case fall_confirmed:
    case smoke:
    case gas:
    case unreadable:
        return true;
    default:
        return false;
    }
}

bool is_cancelled(domain::signal const& fall, std::vector<domain::signal> const& among) {
    return fall.kind == domain::signal_kind::fall &&
           std::any_of(among.begin(), among.end(), [&](auto const& each) {
               return each.kind == domain::signal_kind::fall_cancelled &&
                      each.device == fall.device;
           });
}

bool is_of_many(app::letter const& what) {
    return what.text.find("又有") != std::string::npos;
}

bool names(app::letter const& what, domain::signal const& s) {
    return is_of_many(what) && what.text.find(s.device.value) != std::string::npos;
}

// Of what comes beyond the first of a storm a telephone is told eight at a time, each ten seconds
// after the eight before.
domain::duration allowed_for(domain::signal const& s, audience to, std::size_t waiting) {
    domain::duration all = hook_hears_within;
    auto const messages = static_cast<int>(waiting / named_in_a_message) + 1;
    if (to == audience::duty_phone) all += storm_is_held_for * messages;
    if (s.kind == domain::signal_kind::fall) all += longest_countdown;
    return all;
}

} // namespace

dark_rules::server_in_the_dark& dark_rules::in_its_life(std::string const& server,
                                                        std::uint64_t life) {
    auto& of = servers_[server];
    if (std::exchange(of.life, life) == life) return of;
    of.since.clear();
    of.waiting.clear();
    of.passed_over.clear();
    std::erase_if(of.was_tried, [](auto const& each) { return !each.second.is_told; });
    return of;
}

void dark_rules::asked(std::string const& server, std::uint64_t life, app::letter const& what,
                       bool took) {
    auto& of = in_its_life(server, life);
    bool const is_hook = what.by == domain::channel::webhook;
    auto const to = is_hook ? audience::alarm_hook : audience::duty_phone;
    auto const note = [&](std::string const& event, hearing one) {
        auto& known = of.was_tried[{event, one.kind, to}];
        one.is_told = known.is_told || took;
        known = std::move(one);
    };
    auto const& first = what.waits.value();
    note(what.about.event.value, {first.device, first.kind, first.received_at, here_.clock.now()});
    for (auto const& [other, s] : of.waiting)
        if (names(what, s)) note(other, {s.device, s.kind, s.received_at, here_.clock.now()});
    if (is_of_many(what)) here_.saw(rare::storm_without_a_database);
}

void dark_rules::booked(std::string const& server, std::vector<app::told_degraded> const& told) {
    booked_.insert(booked_.end(), told.begin(), told.end());
    for (auto const& each : told)
        servers_[server].was_tried[{each.event.value, each.kind, each.to}] = {
            each.device, each.kind, each.received_at, here_.clock.now(), true};
}

void dark_rules::lights_are_on() {
    for (auto& [name, each] : servers_) {
        each.since.clear();
        each.waiting.clear();
    }
}

void dark_rules::look(std::string const& server, std::uint64_t life,
                      std::vector<domain::signal> const& waiting) {
    auto& of = in_its_life(server, life);
    of.waiting.clear();
    for (auto const& s : waiting)
        of.waiting.emplace(s.event.value, s);
    std::erase_if(of.since, [&](auto const& each) { return !of.waiting.contains(each.first); });
    for (auto const& [event, s] : of.waiting) { // of those that came twice the first
        of.since.emplace(event, here_.clock.now());
        if (!is_emergency(s.kind) || is_cancelled(s, waiting)) continue;
        check(of, s, audience::alarm_hook);
        check(of, s, audience::duty_phone);
    }
}

// Of the same device and kind within a minute: once one is told the others say nothing new, and
// while it is tried they wait for what comes of it. Where clocks have differed one that came twice
// has two times, and which of them was near isn't known here.
dark_rules::repeat dark_rules::repeat_of(server_in_the_dark const& of, domain::signal const& s,
                                         whom to) const {
    auto found = repeat::none;
    for (auto const& [key, one] : of.was_tried) {
        auto const apart = std::chrono::abs(one.received_at - s.received_at);
        bool const is_like_it = one.device == s.device && one.kind == s.kind;
        bool const is_near = apart < repeats_within || here_.clocks_have_differed ||
                             here_.clock.now() - one.at < repeats_within;
        if (std::get<whom>(key) != to || !is_like_it || !is_near) continue;
        if (one.is_told) return repeat::of_one_told;
        if (found == repeat::none) found = repeat::of_one_dropped;
        if (of.waiting.contains(std::get<std::string>(key))) found = repeat::of_one_that_waits;
    }
    return found;
}

void dark_rules::check(server_in_the_dark& of, domain::signal const& s, whom to) {
    auto const waits_for = here_.clock.now() - of.since.at(s.event.value);
    std::pair const me{s.event.value, to};
    bool const is_seen_to =
        of.was_tried.contains({s.event.value, s.kind, to}) || of.passed_over.contains(me);
    auto const allowed = allowed_for(s, to, of.waiting.size());
    if (waits_for <= allowed || is_seen_to) return;
    auto const is = repeat_of(of, s, to);
    if (is == repeat::of_one_that_waits) return;
    if (is == repeat::of_one_told) {
        here_.saw(rare::repeat_without_a_database);
        of.passed_over.insert(me);
        return;
    }
    bool const is_on_its_way =
        is == repeat::of_one_dropped && waits_for <= allowed + gateway_answers_within;
    if (is_on_its_way) return;
    here_.broken(fmt::format("rule 5: {} waits without a database, and {} isn't told",
                             s.event.value, to_text(to)));
}

// What the record has without an alert is nobody's.
void dark_rules::check_all_kept() {
    auto const& t = here_.record.holds();
    for (auto const& told : booked_) {
        auto const stored = t.signals.find(told.event.value);
        if (stored == t.signals.end() || !stored->second.what.alert) continue;
        auto const& all = here_.deliveries.holds();
        bool const is_kept = std::any_of(all.begin(), all.end(), [&](auto const& each) {
            auto const& d = each.second;
            return d.about.event == told.event && d.about.to == told.to && d.who == told.who &&
                   d.about.why == domain::notice_reason::degraded;
        });
        if (!is_kept)
            here_.broken("rule 5: " + told.who + " was rung for " + told.event.value +
                         " without a database, and its alert doesn't say so");
    }
}

} // namespace linli::simulation
