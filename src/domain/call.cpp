#include "domain/call.hpp"

#include <algorithm>

namespace linli::domain {

namespace {

void keep_first(std::string& known, std::string const& told) {
    if (known.empty()) known = told;
}

} // namespace

call heard(call known, call_report const& what) {
    auto& at = what.what == call_event::ringing    ? known.rang_at
               : what.what == call_event::answered ? known.answered_at
                                                   : known.ended_at;
    if (!at) at = what.at;
    keep_first(known.number, what.number);
    keep_first(known.called, what.called);
    keep_first(known.recording, what.recording);
    if (what.what == call_event::answered) keep_first(known.seat, what.seat);
    return known;
}

bool is_missed(call const& c) {
    return c.ended_at && !c.answered_at && !c.outcome;
}

bool is_on_desks(call const& c, bool waits_for_ring_back, instant now) {
    if (!c.outcome) return true;
    if (c.outcome == call_outcome::missed) return waits_for_ring_back;
    if (c.outcome == call_outcome::no_case) return false;
    return !c.ended_at && now < c.first_heard + longest_call;
}

subject subject_of(call const& c, std::vector<caller> const& who) {
    subject const itself{subject_kind::area, c.area.value + "/call:" + to_string(c.id)};
    if (who.empty() || who.front().home.empty()) return itself;
    auto const& home = who.front().home;
    bool const is_one_home =
        std::ranges::all_of(who, [&](caller const& each) { return each.home == home; });
    if (!is_one_home) return itself;
    if (who.size() == 1 && who.front().kind == caller_kind::resident)
        return {subject_kind::resident, who.front().id};
    return {subject_kind::home, home.value};
}

bool needs_words(no_case_reason why, std::vector<caller> const& who) {
    return why == no_case_reason::silent && std::ranges::any_of(who, [](caller const& each) {
               return each.kind == caller_kind::resident;
           });
}

event_id make_call_event(call_id const& id, std::string_view what) {
    return {std::string(telephone) + ':' + to_string(id) + ':' + std::string(what)};
}

bool is_of_call(event_id const& id) {
    return id.value.starts_with(telephone);
}

} // namespace linli::domain
