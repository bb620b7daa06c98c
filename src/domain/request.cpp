#include "domain/request.hpp"

namespace linli::domain {

namespace {

constexpr std::string_view installation_mark = "/installation"; // no device's id has a slash

} // namespace

subject installation_subject(device_id const& device) {
    return {subject_kind::device, device.value + std::string(installation_mark)};
}

bool is_installation(subject const& about) {
    return about.kind == subject_kind::device && about.id.ends_with(installation_mark);
}

device_id installed_device(subject const& installation) {
    return {installation.id.substr(0, installation.id.size() - installation_mark.size())};
}

request_outcome open_request(request first, device_id const& device, seconds ring_back_within,
                             instant now) {
    first.state = request_state::open;
    first.signals = 1;
    first.last_event = first.first_event;
    first.opened_at = now;
    first.due_at = now + ring_back_within;
    auto const why = first.first_event.value;
    return {std::move(first),
            {now, log_kind::requested, {actor_kind::device, device.value, {}}, why, {}}};
}

request_outcome join_request(request const& current, event_id const& event, device_id const& device,
                             instant now) {
    auto next = current;
    next.signals += 1;
    next.last_event = event;
    return {std::move(next),
            {now, log_kind::joined, {actor_kind::device, device.value, {}}, event.value, {}}};
}

request_outcome ring_back_late(request const& current, seconds again_in, instant now) {
    auto next = current;
    if (is_worse(priority::p2, next.level)) next.level = priority::p2;
    next.due_at = now + again_in;
    return {std::move(next), {now, log_kind::ring_back_overdue, {}, {}, {}}};
}

request_outcome installation_late(request const& current, seconds again_in, instant now) {
    auto next = current;
    next.due_at = now + again_in;
    return {std::move(next), {now, log_kind::review_due, {actor_kind::house, {}, {}}, {}, {}}};
}

request_outcome end_installation(request const& current, std::string_view how, instant now) {
    auto next = current;
    next.state = request_state::closed;
    next.due_at.reset();
    next.closed_at = now;
    return {std::move(next),
            {now, log_kind::closed, {actor_kind::house, {}, {}}, std::string(how), {}}};
}

request_outcome booked_at_once(request first, operator_id const& who, std::string const& number,
                               instant now) {
    first.last_event = first.first_event;
    first.opened_at = now;
    return *end_by_booking(first, who, number, now);
}

result<request_outcome> end_by_booking(request const& current, operator_id const& who,
                                       std::string const& number, instant now) {
    if (current.state == request_state::closed) return refusal::closed;
    auto next = current;
    next.state = request_state::closed;
    next.due_at.reset();
    next.closed_at = now;
    return request_outcome{
        std::move(next),
        {now, log_kind::closed, {actor_kind::operator_, who.value, {}}, "booked " + number, {}}};
}

result<request_outcome> end_request(request const& current, operator_id const& who,
                                    std::string const& text, instant now) {
    if (current.state == request_state::closed) return refusal::closed;
    auto next = current;
    next.state = request_state::closed;
    next.due_at.reset();
    next.closed_at = now;
    return request_outcome{
        std::move(next), {now, log_kind::closed, {actor_kind::operator_, who.value, {}}, {}, text}};
}

} // namespace linli::domain
