#include "domain/signal.hpp"

#include <charconv>

namespace linli::domain {

namespace {

constexpr std::string_view own_page = "+page."; // before a worker's id
constexpr std::string_view visit = "+visit:";   // before an order's id

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty())
        return std::nullopt;
    return value;
}

} // namespace

event_id make_event_id(device_id const& device, device_event const& event) {
    return {device.value + ':' + std::to_string(event.boot) + ':' + std::to_string(event.sequence)};
}

event_id make_drill_event(device_id const& device, uuid const& drill) {
    return {device.value + ":drill:" + to_string(drill)};
}

event_id make_own_sos_event(worker_id const& who, uuid const& sos) {
    return {std::string(own_page) + who.value + ':' + to_string(sos)};
}

bool is_own_sos(event_id const& id) {
    return id.value.starts_with(own_page);
}

event_id make_visit_event(order_id const& of) {
    return {std::string(visit) + to_string(of)};
}

bool is_of_visit(event_id const& id) {
    return id.value.starts_with(visit);
}

event_id make_installation_event(device_id const& device, uuid const& installation) {
    return {device.value + ":installation:" + to_string(installation)};
}

std::optional<device_event> device_event_of(event_id const& id) {
    std::string_view const text = id.value;
    auto const second = text.find(':');
    if (second == std::string_view::npos) return std::nullopt;
    auto const third = text.find(':', second + 1);
    if (third == std::string_view::npos) return std::nullopt;
    auto const boot = number(text.substr(second + 1, third - second - 1));
    auto const sequence = number(text.substr(third + 1));
    if (!boot || !sequence) return std::nullopt;
    return device_event{*boot, *sequence};
}

device_id device_of(event_id const& id) {
    return {id.value.substr(0, id.value.find(':'))};
}

std::optional<duration> clock_skew(signal const& s) {
    if (!s.happened_at) return std::nullopt;
    return *s.happened_at - s.received_at;
}

} // namespace linli::domain
