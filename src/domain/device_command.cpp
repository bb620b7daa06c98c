#include "domain/device_command.hpp"

#include <algorithm>
#include <charconv>

namespace linli::domain {

namespace {

constexpr int least_interval_s = 10;
constexpr int most_interval_s = 24 * 60 * 60;
constexpr std::size_t most_sos_numbers = 3; // as many as watches of the 3G family keep

bool is_number(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    return text.size() >= 3 && text.size() <= 20 &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_interval(std::string const& text) {
    int seconds = 0;
    auto const* const end = text.data() + text.size();
    auto const read = std::from_chars(text.data(), end, seconds);
    return read.ec == std::errc() && read.ptr == end && seconds >= least_interval_s &&
           seconds <= most_interval_s;
}

std::string fault_of_numbers(std::vector<std::string> const& values, std::size_t most) {
    if (values.empty() || values.size() > most)
        return most == 1 ? "give one telephone number" : "give one to three telephone numbers";
    for (auto const& each : values)
        if (!is_number(each))
            return "\"" + each + "\" is no telephone number: 3 to 20 digits, + may stand before";
    return {};
}

} // namespace

bool is_open(command_state s) {
    return s == command_state::waiting || s == command_state::sent;
}

seconds useful_for(command_kind kind) {
    switch (kind) {
    case command_kind::ring:
    case command_kind::call_back:
        return minutes(2);
    case command_kind::locate:
        return minutes(10);
    case command_kind::report_every:
    case command_kind::sos_numbers:
        break;
    }
    return std::chrono::hours(7 * 24);
}

std::string fault_of(command_kind kind, std::vector<std::string> const& values) {
    switch (kind) {
    case command_kind::sos_numbers:
        return fault_of_numbers(values, most_sos_numbers);
    case command_kind::call_back:
        return fault_of_numbers(values, 1);
    case command_kind::report_every:
        if (values.size() == 1 && is_interval(values[0])) return {};
        return "give the seconds between two positions, 10 to 86400";
    case command_kind::locate:
    case command_kind::ring:
        break;
    }
    return values.empty() ? "" : "this command takes no value";
}

} // namespace linli::domain
