#include "domain/plan.hpp"

#include <algorithm>

namespace linli::domain {

namespace {

// When the rung that reaches this desk or person begins to ring, if it ever does.
std::optional<seconds> reached_after(plan const& p, answer_rung const& rung) {
    auto after = p.countdown;
    for (auto const& each : p.answer) {
        bool const same = rung.tell ? each.tell == rung.tell : !each.tell && each.desk == rung.desk;
        if (same) return after;
        after += each.wait;
    }
    return std::nullopt;
}

bool answers_as_soon(plan const& own, plan const& ordinary) {
    return std::all_of(ordinary.answer.begin(), ordinary.answer.end(), [&](auto const& rung) {
        auto const then = reached_after(own, rung);
        return then && *then <= *reached_after(ordinary, rung);
    });
}

seconds offered_after(order_plan const& o) {
    return o.when == offer_when::now ? seconds{0} : o.cleared_window;
}

bool covers_hours(plan_step const& own, plan_step const& ordinary) {
    if (own.from_minute == 0 && own.until_minute == 1440) return true;
    return own.from_minute == ordinary.from_minute && own.until_minute == ordinary.until_minute;
}

bool has_step_as_soon(plan const& own, plan_step const& ordinary) {
    return std::any_of(own.steps.begin(), own.steps.end(), [&](plan_step const& s) {
        return s.tell == ordinary.tell && s.asks == ordinary.asks && s.after <= ordinary.after &&
               (s.unless == ordinary.unless || s.unless == step_unless::never) &&
               covers_hours(s, ordinary);
    });
}

std::vector<ask> calls(plan const& p, go_trouble when) {
    std::vector<ask> all;
    for (auto const& each : p.go)
        if (each.when == when) all.push_back(each.call);
    return all;
}

bool goes_as_far(plan const& own, plan const& ordinary) {
    for (auto const& [when, name] : names<go_trouble>::table)
        if (calls(own, when).size() < calls(ordinary, when).size()) return false;
    return true;
}

void compare_orders(plan const& own, plan const& ordinary, std::vector<std::string>& softer) {
    if (!ordinary.order) return;
    if (!own.order) {
        softer.emplace_back("order");
        return;
    }
    auto const& mine = *own.order;
    auto const& theirs = *ordinary.order;
    if (offered_after(mine) > offered_after(theirs)) softer.emplace_back("order.offer");
    if (mine.offers_at_once < theirs.offers_at_once) softer.emplace_back("order.offers_at_once");
    if (mine.set_out_within > theirs.set_out_within) softer.emplace_back("order.set_out_within_s");
    if (mine.arrive_within > theirs.arrive_within) softer.emplace_back("order.arrive_within_s");
}

} // namespace

std::vector<std::string> softened(plan const& own, plan const& ordinary) {
    std::vector<std::string> softer;
    if (own.level > ordinary.level) softer.emplace_back("level");
    if (own.countdown > ordinary.countdown) softer.emplace_back("countdown_s");
    if (!answers_as_soon(own, ordinary)) softer.emplace_back("answer");
    if (own.claim_lease > ordinary.claim_lease) softer.emplace_back("claim_lease_s");
    if (own.acknowledge_within > ordinary.acknowledge_within)
        softer.emplace_back("acknowledge_within_s");
    bool const is_watched = ordinary.shown_within > seconds{0};
    if (is_watched && (own.shown_within == seconds{0} || own.shown_within > ordinary.shown_within))
        softer.emplace_back("shown_within_s");
    bool const is_sought = ordinary.locate_every > seconds{0};
    if (is_sought && (own.locate_every == seconds{0} || own.locate_every > ordinary.locate_every))
        softer.emplace_back("locate_every_s");
    if (own.burst_window > ordinary.burst_window) softer.emplace_back("burst_window_s");
    if (own.handled_review > ordinary.handled_review) softer.emplace_back("handled_review_s");
    compare_orders(own, ordinary, softer);
    for (auto const& step : ordinary.steps)
        if (!has_step_as_soon(own, step))
            softer.push_back("step after_s = " + std::to_string(step.after.count()));
    if (!goes_as_far(own, ordinary)) softer.emplace_back("go");
    return softer;
}

} // namespace linli::domain
