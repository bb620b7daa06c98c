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

instant working_days_after(instant at, int days, minutes utc_offset) {
    auto day = std::chrono::floor<std::chrono::days>(at + utc_offset);
    while (days > 0) {
        day += std::chrono::days(1);
        std::chrono::weekday const which(day);
        if (which != std::chrono::Saturday && which != std::chrono::Sunday) --days;
    }
    return instant(day + std::chrono::days(1)) - utc_offset;
}

complaint_outcome open_complaint(complaint first, minutes utc_offset, instant now) {
    first.state = complaint_state::open;
    first.at = now;
    first.due_at = working_days_after(now, answered_within_working_days, utc_offset);
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
