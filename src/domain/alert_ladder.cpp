// How an alert climbs: who answers, who goes, what the house does by itself meanwhile.
#include <algorithm>

#include "domain/alert_turn.hpp"
#include "domain/hours_of_day.hpp"

namespace linli::domain::alert_rules {

namespace {

site_id desk_of(turn const& t, site_level level) {
    return t.on_duty[static_cast<std::size_t>(level)].value_or(site_id{});
}

// 班长: of the desks below the city's, because the city's desk is the rung after hers.
site_id leaders_desk(turn const& t) {
    auto const centre = desk_of(t, site_level::centre);
    return centre.empty() ? desk_of(t, site_level::station) : centre;
}

site_id first_desk(turn const& t) {
    for (auto const level : {site_level::station, site_level::centre, site_level::city})
        if (auto const desk = desk_of(t, level); !desk.empty()) return desk;
    return {};
}

site_id site_for(turn const& t, audience to) {
    auto const leader = leaders_desk(t);
    switch (to) {
    case audience::shift_leader:
        return leader.empty() ? desk_of(t, site_level::city) : leader;
    case audience::duty_phone:
        return first_desk(t);
    case audience::contacts:
    case audience::alarm_hook:
        break;
    }
    return {};
}

// Nobody outside the house hears of what isn't real; the record says who would have.
void tell(turn& t, audience to, notice_reason why) {
    auto& a = t.next();
    if (!is_real(a.what_for))
        return t.write(log_kind::not_told, by_house(),
                       std::string(to_text(to)) + ' ' + std::string(to_text(why)) + ": " +
                           std::string(to_text(a.what_for)));
    t.out.notices.push_back({a.id, a.last_event, why, to, a.kind, a.level, a.resident, a.home,
                             a.area, site_for(t, to), t.now});
    a.progress.told.insert(to);
    a.progress.notices += 1;
}

// A telephone that somebody carries is never off duty; a shift leader is on duty with her seats.
bool is_manned(turn const& t, std::size_t rung) {
    auto const& r = t.with.answer[rung];
    if (!r.tell) return !desk_of(t, r.desk).empty();
    return *r.tell != audience::shift_leader || !leaders_desk(t).empty();
}

// The first rung from `from` on at which somebody is on duty, else the highest manned one below:
// an empty desk hears nothing. The last one if nobody is on duty at all. A rung with nobody on duty
// costs no time.
std::size_t manned_rung(turn const& t, std::size_t from) {
    auto const rungs = t.with.answer.size();
    for (auto rung = from; rung < rungs; ++rung)
        if (is_manned(t, rung)) return rung;
    for (auto rung = std::min(from, rungs); rung > 0; --rung)
        if (is_manned(t, rung - 1)) return rung - 1;
    return rungs - 1;
}

// ", nobody at station": the rungs passed by on the way from `from`.
std::string passed_by(turn const& t, std::size_t from, std::size_t rung) {
    auto const& rungs = t.with.answer;
    std::string names;
    for (auto each = from; each < (rung < from ? rungs.size() : rung); ++each) {
        auto const& r = rungs[each];
        names +=
            (names.empty() ? "" : " ") + std::string(r.tell ? to_text(*r.tell) : to_text(r.desk));
    }
    return names.empty() ? names : ", nobody at " + names;
}

std::string words_of(plan_step const& s) {
    if (s.tell) return "tell " + std::string(to_text(*s.tell));
    return s.asks ? "ask " + std::string(to_text(*s.asks)) : std::string{};
}

bool is_hour(plan_step const& s, int minute) {
    return is_in_hours(minute, s.from_minute, s.until_minute);
}

// Why a step that is due is not needed. Once she lets go, an operator has it no longer.
struct reason {
    std::string text;
    bool operator_has_it = false;
};
std::optional<reason> why_not_needed(turn& t, plan_step const& s) {
    auto const& a = t.next();
    bool const handled = a.state == alert_state::handled;
    bool const claimed = handled || a.state == alert_state::claimed;
    if (!is_real(a.what_for)) return reason{std::string(to_text(a.what_for))};
    if (s.unless == step_unless::claimed && claimed) return reason{"claimed", true};
    if (s.unless == step_unless::handled && handled) return reason{"handled", true};
    if (s.unless == step_unless::free && claimed) return reason{"claimed", true};
    if (s.unless == step_unless::free && !t.on_duty.nobody_free.value_or(false))
        return reason{"an operator is free", true};
    if (!is_hour(s, t.on_duty.minute_of_day)) return reason{"hours"};
    if (s.tell == audience::contacts && a.resident.empty() && a.home.empty())
        return reason{"nobody_identified"};
    return std::nullopt;
}

void ask_for(turn& t, ask what, std::string why) {
    t.next().progress.asks.insert(what);
    t.write(log_kind::asked, by_house(), std::string(to_text(what)) + ' ' + std::move(why));
}

// Whatever else happens just when it is due doesn't know whether an operator is free: the clock
// comes at once, and does.
bool waits_for_the_clock(turn const& t, plan_step const& s) {
    return s.unless == step_unless::free && !t.on_duty.nobody_free &&
           t.out.next.state == alert_state::raised && is_real(t.out.next.what_for);
}

void run_step(turn& t, std::size_t number) {
    auto const& s = t.with.steps[number];
    auto& how_far = t.next().progress;
    how_far.done |= 1U << number;
    auto const name = "step " + std::to_string(number + 1);
    if (auto const why = why_not_needed(t, s)) {
        if (why->operator_has_it) how_far.skipped |= 1U << number;
        return t.write(log_kind::step_skipped, by_house(),
                       name + ' ' + words_of(s) + ": " + why->text);
    }
    bool const alone = s.unless == step_unless::free;
    if (alone) t.out.offers_now = true; // nobody will cancel the order
    if (s.asks) return ask_for(t, *s.asks, name);
    if (s.tell) tell(t, *s.tell, alone ? notice_reason::second_alert : notice_reason::raised);
    t.write(log_kind::step_run, by_house(),
            name + ' ' + words_of(s) + (alone ? ": no operator is free" : ""));
}

bool runs_its_plan(alert const& a) {
    return a.state != alert_state::pending && a.state != alert_state::closed;
}

bool is_done(alert const& a, std::size_t step) {
    return (a.progress.done >> step & 1U) != 0;
}

} // namespace

bool waits_to_be_shown(turn const& t) {
    auto const& a = t.out.next;
    auto const rung = static_cast<std::size_t>(a.rung);
    if (t.with.shown_within == seconds{0} || a.level != priority::p1) return false;
    if (a.is_shown || rung >= t.with.answer.size()) return false;
    // A telephone paints nothing; and above the last desk nobody is left who could see more.
    return !t.with.answer[rung].tell && manned_rung(t, rung + 1) != rung;
}

void give_whole_wait(turn& t) {
    if (!waits_to_be_shown(t)) return;
    t.next().ladder_at = t.next().rang_at + t.with.answer[t.next().rung].wait;
}

void ring_from(turn& t, std::size_t from) {
    auto const rung = manned_rung(t, from);
    auto const& r = t.with.answer[rung];
    auto& a = t.next();
    a.rung = static_cast<std::uint32_t>(rung);
    a.rang_at = t.now;
    a.is_shown = false;
    a.ladder_at = t.now + (waits_to_be_shown(t) ? std::min(r.wait, t.with.shown_within) : r.wait);
    auto const others = passed_by(t, from, rung);
    if (r.tell) {
        // The seats that rang before it go on ringing.
        if (a.desk.empty()) a.desk = first_desk(t);
        t.write(log_kind::rung_reached, by_house(),
                std::string(to_text(*r.tell)) + ':' + site_for(t, *r.tell).value + others);
        return tell(t, *r.tell, notice_reason::unanswered);
    }
    a.desk = desk_of(t, r.desk);
    t.write(log_kind::rung_reached, by_house(),
            std::string(to_text(r.desk)) + ':' + a.desk.value + others);
}

void climb(turn& t, go_trouble trouble) {
    std::vector<go_rung> rungs;
    std::copy_if(t.with.go.begin(), t.with.go.end(), std::back_inserter(rungs),
                 [&](go_rung const& r) { return r.when == trouble; });
    if (rungs.empty()) return;
    auto& climbed =
        trouble == go_trouble::no_access ? t.next().progress.access : t.next().progress.go;
    auto const& r = rungs[std::min<std::size_t>(climbed, rungs.size() - 1)];
    if (climbed < rungs.size()) ++climbed;
    if (!is_real(t.next().what_for))
        return t.write(log_kind::step_skipped, by_house(),
                       "ask " + std::string(to_text(r.call)) + ": " +
                           std::string(to_text(t.next().what_for)));
    ask_for(t, r.call, std::string(to_text(trouble)));
    if (r.tell) tell(t, *r.tell, notice_reason::nobody_to_go);
}

void begin_steps(turn& t) {
    auto& a = t.next();
    a.steps_from = t.now;
    a.progress.done = 0;
    a.progress.skipped = 0;
    a.progress.go = 0;
    a.progress.access = 0;
}

void need_skipped_steps_again(turn& t) {
    auto& how_far = t.next().progress;
    how_far.done &= ~how_far.skipped;
    how_far.skipped = 0;
}

void run_steps(turn& t) {
    if (!runs_its_plan(t.next())) return;
    for (std::size_t i = 0; i < t.with.steps.size(); ++i)
        if (!is_done(t.next(), i) && t.next().steps_from + t.with.steps[i].after <= t.now &&
            !waits_for_the_clock(t, t.with.steps[i]))
            run_step(t, i);
}

// Who is lost and then presses is still lost: a plan that doesn't ask ends nothing.
void begin_locating(turn& t, plan const& by) {
    auto& a = t.next();
    if (by.locate_every == seconds{0} || a.resident.empty() || !is_real(a.what_for)) return;
    if (a.locate_every != seconds{0} && a.locate_every <= by.locate_every) return;
    a.locate_every = by.locate_every;
    t.write(log_kind::step_run, by_house(),
            "locate every " + std::to_string(by.locate_every.count()) + " s");
}

void tell_all(turn& t, notice_reason why) {
    auto const told = t.next().progress.told;
    if (told.empty()) return;
    for (auto const& [who, name] : names<audience>::table)
        if (told.contains(who)) tell(t, who, why);
    t.write(log_kind::told, by_house(), to_string(told) + ' ' + std::string(to_text(why)));
}

std::optional<instant> next_due(turn const& t) {
    auto const& a = t.out.next;
    auto due = a.ladder_at;
    if (!due || !runs_its_plan(a)) return due;
    for (std::size_t i = 0; i < t.with.steps.size(); ++i)
        if (!is_done(a, i))
            due = std::min(*due, std::max(t.now, a.steps_from + t.with.steps[i].after));
    return due;
}

} // namespace linli::domain::alert_rules
