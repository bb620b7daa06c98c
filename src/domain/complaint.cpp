#include "domain/complaint.hpp"

namespace linli::domain {

namespace {

// Not even his own word that the other is content counts.
bool is_about(complaint const& c, complaint_answerer const& who) {
    return (!c.worker.empty() && c.worker == who.worker) ||
           (!c.against.empty() && c.against == who.user);
}

actor by(complaint_answerer const& who) {
    return {actor_kind::operator_, who.user.value, {}};
}

} // namespace

bool is_overdue(complaint const& c, instant now) {
    return c.due_at && *c.due_at <= now;
}

complaint_outcome open_complaint(complaint first, working_calendar const& days, instant now) {
    first.state = complaint_state::open;
    first.at = now;
    first.due_at = days.days_after(now, answered_within_working_days);
    log_line line{now,
                  log_kind::complained,
                  {actor_kind::operator_, first.written_by.value, {}},
                  std::string(to_text(first.kind)),
                  first.words};
    return {std::move(first), std::move(line)};
}

result<complaint_outcome> answer_complaint(complaint const& current, complaint_answerer const& who,
                                           std::string const& words, instant now) {
    if (current.state == complaint_state::accepted) return refusal::closed;
    if (is_about(current, who)) return refusal::not_yours;
    if (words.empty()) return refusal::needs_reason;
    auto next = current;
    next.state = complaint_state::answered;
    next.answer = words;
    next.answered_by = who.user;
    next.answered_at = now;
    return complaint_outcome{std::move(next),
                             {now, log_kind::complaint_answered, by(who), {}, words}};
}

result<complaint_outcome> accept_answer(complaint const& current, complaint_answerer const& who,
                                        std::string const& words, instant now) {
    if (current.state == complaint_state::accepted) return refusal::closed;
    if (current.state == complaint_state::open) return refusal::out_of_turn;
    if (is_about(current, who)) return refusal::not_yours;
    auto next = current;
    next.state = complaint_state::accepted;
    next.accepted_at = now;
    next.due_at.reset();
    return complaint_outcome{std::move(next),
                             {now, log_kind::complaint_accepted, by(who), {}, words}};
}

} // namespace linli::domain
