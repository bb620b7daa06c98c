#include "domain/matching.hpp"

#include <algorithm>
#include <tuple>

#include "domain/hours_of_day.hpp"

namespace linli::domain {

namespace {

// An electric bicycle in a Chinese town: 15 km/h over a way 1.3 times the straight line. A field
// proposal, to be replaced by measured travel times.
constexpr double metres_per_second = 15.0 / 3.6;
constexpr double detour = 1.3;

// What one more open order, a place outside the site's circle and a missing star cost, in seconds
// of travel: field proposals.
constexpr double load_cost_s = 240;
constexpr double unseen_cost_s = 900; // nobody knows where he is: the edge of the 15-minute circle
constexpr double outside_circle_cost_s = 300;
constexpr double star_cost_s = 20;
constexpr double best_rating = 5;
constexpr double assumed_rating = 4; // nobody has rated him yet

// A field proposal: an electric bicycle is anywhere in its circle after half an hour.
constexpr minutes fresh{30};

template <class All, class One>
bool contains(All const& all, One const& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

std::optional<std::size_t> group_of(errand const& what, responder_kind kind) {
    for (std::size_t i = 0; i < what.groups.size(); ++i)
        if (contains(what.groups[i], kind)) return i;
    return std::nullopt;
}

bool is_his(errand const& what, worker const& w) {
    if (!what.home.empty() && contains(w.homes, what.home)) return true;
    return std::any_of(w.areas.begin(), w.areas.end(),
                       [&](auto const& area) { return contains(what.areas, area); });
}

bool goes_there(errand const& what, worker const& w, goes_to where) {
    switch (where) {
    case goes_to::anywhere:
        return true;
    case goes_to::own_site:
        return !what.site.empty() && w.site == what.site;
    case goes_to::own:
        return is_his(what, w);
    }
    return false;
}

bool is_missing_the_certificate(errand const& what, worker const& w) {
    return !what.certificate.empty() && rules_of(w.kind).needs_certificate &&
           !contains(w.certificates, what.certificate);
}

candidate assess(errand const& what, worker const& w) {
    candidate c{w.id, w.provider, may_go(what, w), 0, 0, 0, false, w.by_company};
    auto const place = place_of(w, what.at);
    if (what.place && place) {
        auto const metres = distance_m(*what.place, *place);
        c.distance_m = static_cast<std::uint32_t>(metres);
        c.travel_s = static_cast<std::uint32_t>(metres * detour / metres_per_second);
    }
    c.in_circle = !what.site.empty() && w.site == what.site;
    auto const rating = w.rating > 0 ? w.rating : assumed_rating;
    auto const travel_s = place ? c.travel_s : unseen_cost_s;
    c.cost_s = travel_s + load_cost_s * w.load + (c.in_circle ? 0 : outside_circle_cost_s) +
               star_cost_s * (best_rating - rating);
    return c;
}

struct weighed {
    candidate who;
    std::size_t group = 0;
};

bool may_be_asked(weighed const& w) {
    return w.who.why == match_reason::next;
}

// Only the first group of which somebody may go is asked now; whoever rests only if nobody else of
// it may, for somebody waits, and the next group has not learnt what he has.
void leave_later_groups(std::vector<weighed>& all) {
    std::optional<std::size_t> first;
    bool is_awake = false;
    for (auto const& each : all) {
        if (!may_be_asked(each) && each.who.why != match_reason::resting) continue;
        if (!first || each.group < *first) is_awake = false;
        first = std::min(first.value_or(each.group), each.group);
        if (each.group == *first) is_awake = is_awake || may_be_asked(each);
    }
    for (auto& each : all) {
        if (may_be_asked(each) && each.group != *first) each.who.why = match_reason::not_called;
        if (each.who.why == match_reason::resting && each.group == *first && !is_awake)
            each.who.why = match_reason::next;
    }
}

// The best, and of a company only once: it names one of its people itself.
void choose(std::vector<candidate>& ranked, std::size_t how_many) {
    std::vector<provider_id> companies;
    for (auto& c : ranked) {
        if (how_many == 0 || c.why != match_reason::next) return;
        if (c.by_company && contains(companies, c.provider)) continue;
        if (c.by_company) companies.push_back(c.provider);
        c.why = match_reason::chosen;
        --how_many;
    }
}

} // namespace

responder_groups usual_responders() {
    return {{responder_kind::worker, responder_kind::station_staff}};
}

bool is_called(errand const& what, responder_kind kind, std::size_t group) {
    return contains(what.groups[group], kind);
}

std::optional<position> place_of(worker const& w, instant at) {
    if (w.seen && at - w.seen->at <= fresh) return w.seen->where;
    return w.place;
}

match_reason may_go(errand const& what, worker const& w) {
    if (!may_go(what.what_for, w.synthetic)) return match_reason::synthetic;
    auto const rules = rules_of(w.kind);
    if (!group_of(what, w.kind)) return match_reason::not_called;
    if (is_missing_the_certificate(what, w)) return match_reason::no_certificate;
    if (!goes_there(what, w, rules.where)) return match_reason::not_his_home;
    if (w.people < std::max(rules.at_least, what.needs_two ? 2 : 1)) return match_reason::needs_two;
    bool const is_elsewhere = !w.visiting.empty() && w.visiting != what.home;
    if (is_elsewhere && !what.is_later) return match_reason::at_other_home;
    if (contains(what.asked, w.id) || (w.by_company && contains(what.asked_companies, w.provider)))
        return match_reason::asked_before;
    if (!is_on_duty(w, what.minute)) return match_reason::off_duty;
    if (w.rests_until && what.at < *w.rests_until && w.visiting.empty() && !what.is_later)
        return match_reason::resting;
    return match_reason::next;
}

bool may_be_named(match_reason why) {
    switch (why) {
    case match_reason::chosen:
    case match_reason::next:
    case match_reason::off_duty:
    case match_reason::resting:
    case match_reason::by_operator:
        return true;
    case match_reason::no_certificate:
    case match_reason::at_other_home:
    case match_reason::asked_before:
    case match_reason::not_called:
    case match_reason::not_his_home:
    case match_reason::needs_two:
    case match_reason::synthetic:
        return false;
    }
    return false;
}

bool is_on_duty(worker const& w, int minute_of_day) {
    return w.on_duty && is_in_hours(minute_of_day, w.from_minute, w.until_minute);
}

std::vector<candidate> rank(errand const& what, std::vector<worker const*> const& near) {
    std::vector<weighed> all;
    all.reserve(near.size());
    for (auto const* w : near)
        all.push_back({assess(what, *w), group_of(what, w->kind).value_or(0)});
    leave_later_groups(all);
    std::sort(all.begin(), all.end(), [](weighed const& a, weighed const& b) {
        return std::tuple(!may_be_asked(a), a.who.cost_s, a.who.id) <
               std::tuple(!may_be_asked(b), b.who.cost_s, b.who.id);
    });
    std::vector<candidate> ranked;
    ranked.reserve(all.size());
    for (auto& each : all)
        ranked.push_back(std::move(each.who));
    choose(ranked, what.offers_at_once);
    return ranked;
}

std::vector<candidate> rank_with_choice(errand const& what, std::vector<worker const*> const& near,
                                        worker const& him) {
    auto ranked = rank(what, near);
    std::erase_if(ranked, [&](candidate const& c) { return c.id == him.id; });
    for (auto& c : ranked)
        if (c.why == match_reason::chosen) c.why = match_reason::next;
    auto first = assess(what, him);
    first.why = match_reason::by_operator;
    ranked.insert(ranked.begin(), std::move(first));
    return ranked;
}

} // namespace linli::domain
