#include "adapters/wire/console_plan.hpp"

#include <algorithm>
#include <string>

#include "adapters/wire/console_parts.hpp"

namespace linli::wire {

namespace {

using domain::alert_state;

struct planned {
    domain::instant at;
    std::string what;
    std::string whom;
    std::string say;
    std::string state;
};

// A rung that has rung is done. While nobody has claimed it those above wait; afterwards nobody
// needs them.
std::string rung_state(domain::alert const& a, std::size_t rung) {
    if (a.state == alert_state::pending) return "waiting";
    if (rung <= a.rung) return "done";
    return a.state == alert_state::raised ? "waiting" : "skipped";
}

// Those before the one that rings now rang when they should have, as far as the row tells.
void add_rungs(domain::alert const& a, domain::plan const& with, std::vector<planned>& to) {
    auto at = a.raised_at;
    if (a.state == alert_state::pending) at = a.ladder_at.value_or(a.raised_at);
    for (std::size_t i = 0; i < with.answer.size(); ++i) {
        auto const& r = with.answer[i];
        bool const has_rung = a.state != alert_state::pending;
        if (has_rung && i == a.rung) at = a.rang_at;
        if (a.state == alert_state::raised && i == a.rung + 1) at = a.ladder_at.value_or(at);
        to.push_back({at,
                      "rung",
                      std::string(r.tell ? to_text(*r.tell) : to_text(r.desk)),
                      {},
                      rung_state(a, i)});
        at += r.wait;
    }
}

bool was_passed_over(domain::alert const& a, std::size_t step,
                     std::vector<app::log_entry> const& log) {
    auto const name = "step " + std::to_string(step + 1) + ' ';
    return std::ranges::any_of(log, [&](app::log_entry const& e) {
        return e.of == app::chain_of::alert && e.line.what == domain::log_kind::step_skipped &&
               e.line.at >= a.steps_from && e.line.why.starts_with(name);
    });
}

std::string step_state(domain::alert const& a, domain::plan_step const& s, std::size_t step,
                       std::vector<app::log_entry> const& log) {
    auto const is_set = [step](std::uint32_t bits) {
        return step < domain::most_steps && (bits >> step & 1U) != 0;
    };
    if (!is_set(a.progress.done)) return is_open(a) ? "waiting" : "skipped";
    if (is_set(a.progress.skipped)) return "skipped";
    if (s.asks && a.progress.asks.contains(*s.asks)) return "asked";
    // A step that is needed again after a release has been run since.
    return was_passed_over(a, step, log) ? "skipped" : "done";
}

void add_steps(domain::alert const& a, domain::plan const& with,
               std::vector<app::log_entry> const& log, std::vector<planned>& to) {
    for (std::size_t i = 0; i < with.steps.size(); ++i) {
        auto const& s = with.steps[i];
        to.push_back({a.steps_from + s.after, s.asks ? "ask" : "tell",
                      std::string(s.asks   ? to_text(*s.asks)
                                  : s.tell ? to_text(*s.tell)
                                           : std::string_view()),
                      s.say, step_state(a, s, i, log)});
    }
}

} // namespace

void write_plan(domain::alert const& a, domain::plan const& with,
                std::vector<app::log_entry> const& log, v1::PlanCard& into) {
    std::vector<planned> all;
    if (with.countdown > domain::seconds{0}) {
        bool const is_pending = a.state == alert_state::pending;
        auto const at = is_pending ? a.ladder_at.value_or(a.raised_at) : a.raised_at;
        all.push_back({at, "raise", {}, {}, is_pending ? "waiting" : "done"});
    }
    add_rungs(a, with, all);
    add_steps(a, with, log, all);
    std::ranges::stable_sort(all, {}, &planned::at);
    for (auto const& each : all) {
        auto& step = *into.add_steps();
        step.set_what(each.what);
        step.set_whom(each.whom);
        step.set_say(shown_text(each.say));
        step.set_state(each.state);
        write_time<v1::PlanStep>(each.at, &v1::PlanStep::mutable_at, step);
    }
}

} // namespace linli::wire
