#include "adapters/watch_tcp/signal_reading.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <utility>

#include "adapters/wire/clean_text.hpp"
#include "adapters/wire/content_digest.hpp"

namespace linli::watch_tcp {

namespace {

using domain::signal_kind;

constexpr std::size_t most_raw = 64 * 1024;
constexpr std::size_t longest_text = 500;
constexpr int full_battery = 100;

enum place : std::size_t { date, time_of_day, validity, latitude, north, longitude, east };
constexpr std::size_t place_of_battery = 12;

// The worst first. An alarm bit of a fence or a battery is told by the watch once, when it happens;
// the states in the lower half would be told with every position.
struct meaning {
    status_bit bit;
    signal_kind kind;
};
constexpr std::array<meaning, 7> by_severity{{
    {status_bit::sos, signal_kind::sos},
    {status_bit::fall, signal_kind::fall},
    {status_bit::fall_too, signal_kind::fall},
    {status_bit::removed, signal_kind::removed},
    {status_bit::left_fence, signal_kind::fence},
    {status_bit::entered_fence, signal_kind::fence},
    {status_bit::low_battery_alarm, signal_kind::battery},
}};

std::optional<signal_kind> worst_of(status const& s) {
    for (auto const& each : by_severity)
        if (s.has(each.bit)) return each.kind;
    return std::nullopt;
}

// Bits that we don't know beside it may be a call for help.
bool is_of_battery_alone(status const& s) {
    constexpr std::uint32_t alarms = 0xffff'0000;
    return (s.bits & alarms) == 1U << static_cast<unsigned>(status_bit::low_battery_alarm);
}

signal_kind kind_of_alarm(std::optional<status> const& s) {
    auto const told = s ? worst_of(*s) : std::nullopt;
    // Somebody is alarmed, and the watch doesn't say of what, or not of all.
    if (!told) return signal_kind::sos;
    if (*told == signal_kind::battery && !is_of_battery_alone(*s)) return signal_kind::sos;
    return *told;
}

// Nothing: this frame disturbs nobody.
std::optional<signal_kind> kind_of(frame const& f) {
    auto const status = status_of(f);
    if (is_alarm(f)) return kind_of_alarm(status);
    bool const says_nothing = f.fields.empty() && f.is_counted;
    if (is_report(f) && !says_nothing)
        return status ? worst_of(*status) : std::optional(signal_kind::unreadable);
    if (is_known(f) || (!f.type.empty() && f.is_counted)) return std::nullopt;
    return signal_kind::unreadable;
}

std::optional<double> number(std::string_view text) {
    auto const begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) return std::nullopt;
    text.remove_prefix(begin);
    double value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<int> two_digits(std::string_view text, std::size_t at) {
    int value = 0;
    auto const* from = text.data() + at;
    auto const [end, error] = std::from_chars(from, from + 2, value);
    if (error != std::errc{} || end != from + 2 || value < 0) return std::nullopt;
    return value;
}

// ddmmyy and hhmmss, which they send in UTC.
std::optional<domain::instant> read_time(std::vector<std::string> const& fields) {
    if (fields.size() <= time_of_day) return std::nullopt;
    auto const& day = fields[date];
    auto const& clock = fields[time_of_day];
    if (day.size() != 6 || clock.size() != 6) return std::nullopt;
    std::array<int, 6> part{};
    for (std::size_t i = 0; i < part.size(); ++i) {
        auto const two = two_digits(i < 3 ? day : clock, 2 * (i % 3));
        if (!two) return std::nullopt;
        part[i] = *two;
    }
    auto const [d, m, y, hour, minute, second] = part;
    std::chrono::year_month_day const calendar{std::chrono::year(2000 + y),
                                               std::chrono::month(static_cast<unsigned>(m)),
                                               std::chrono::day(static_cast<unsigned>(d))};
    if (!calendar.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
    return std::chrono::sys_days(calendar) + std::chrono::hours(hour) +
           std::chrono::minutes(minute) + std::chrono::seconds(second);
}

// An empty hemisphere leaves the sign to the number; a sign and a hemisphere say the same.
std::optional<double> degrees(std::string_view value, std::string_view hemisphere,
                              std::string_view negative) {
    auto const told = number(value);
    if (!told || hemisphere != negative) return told;
    return -std::abs(*told);
}

// Only what the watch itself calls a fix: with V it sends zeros, or where it was yesterday.
std::optional<domain::position> read_fix(std::vector<std::string> const& fields) {
    if (fields.size() <= east || fields[validity] != "A") return std::nullopt;
    auto const lat = degrees(fields[latitude], fields[north], "S");
    auto const lon = degrees(fields[longitude], fields[east], "W");
    if (!lat || !lon) return std::nullopt;
    return domain::usable(domain::position{*lat, *lon, 0, domain::position_source::gps});
}

std::optional<int> read_battery(std::vector<std::string> const& fields) {
    if (fields.size() <= place_of_battery) return std::nullopt;
    auto const percent = number(fields[place_of_battery]);
    if (!percent || *percent < 1 || *percent > full_battery) return std::nullopt;
    return static_cast<int>(*percent);
}

// "AL_LTE 00110010: sos, removed, moving"
std::string told_by(frame const& f) {
    constexpr std::array<std::pair<status_bit, std::string_view>, 13> names{{
        {status_bit::sos, "sos"},
        {status_bit::fall, "fall"},
        {status_bit::fall_too, "fall"},
        {status_bit::removed, "removed"},
        {status_bit::left_fence, "left the fence"},
        {status_bit::entered_fence, "entered the fence"},
        {status_bit::low_battery_alarm, "battery alarm"},
        {status_bit::low_battery, "low battery"},
        {status_bit::charger_removed, "charger removed"},
        {status_bit::off_wrist, "off the wrist"},
        {status_bit::outside_fence, "outside the fence"},
        {status_bit::inside_fence, "inside the fence"},
        {status_bit::moving, "moving"},
    }};
    auto text = f.type;
    auto const status = status_of(f);
    if (!status) return text;
    text += ' ' + f.fields[place_of_status];
    auto separator = ": ";
    for (auto const& [bit, name] : names) {
        if (!status->has(bit)) continue;
        text += separator;
        text += name;
        separator = ", ";
    }
    return text;
}

// A repeated press may come with another index: the same words are the same press.
std::string words_of(frame const& f) {
    auto text = f.type;
    for (auto const& each : f.fields)
        text += ',' + each;
    return text;
}

// Which field of which frame is what. A type that stands here is a measurement.
struct measured {
    std::string_view type;
    std::size_t field;
    domain::vital_sign what;
};
constexpr std::array measurements{
    measured{"heart", 0, domain::vital_sign::heart_rate},
    measured{"PULSE", 0, domain::vital_sign::heart_rate},
    measured{"bphrt", 0, domain::vital_sign::systolic_pressure},
    measured{"bphrt", 1, domain::vital_sign::diastolic_pressure},
    measured{"bphrt", 2, domain::vital_sign::heart_rate},
    measured{"BLOOD", 0, domain::vital_sign::systolic_pressure},
    measured{"BLOOD", 1, domain::vital_sign::diastolic_pressure},
    measured{"btemp2", 1, domain::vital_sign::body_temperature}, // after how it was measured
    measured{"oxygen", 1, domain::vital_sign::oxygen_saturation},
};

bool is_vitals(frame const& f) {
    return std::ranges::any_of(measurements, [&](measured const& m) { return is_type(f, m.type); });
}

// False: one of them is missing, or can't be.
bool take_vitals(frame const& f, domain::telemetry& into) {
    bool whole = true;
    for (auto const& each : measurements) {
        if (!is_type(f, each.type)) continue;
        auto const value =
            f.fields.size() > each.field ? number(f.fields[each.field]) : std::nullopt;
        if (value && domain::is_possible(each.what, *value))
            into.vitals.push_back({std::nullopt, each.what, *value});
        else
            whole = false;
    }
    return whole;
}

} // namespace

bool is_telemetry(frame const& f) {
    return is_vitals(f) || (is_report(f) && !f.fields.empty());
}

domain::telemetry read_telemetry(domain::device_id const& device, std::string_view bytes,
                                 domain::instant received_at) {
    auto const f = read_frame(bytes);
    domain::telemetry t;
    t.device = device;
    t.received_at = received_at;
    t.event = wire::event_id_by_content(device, f.type.empty() ? std::string(bytes) : words_of(f),
                                        received_at);
    bool whole = f.is_counted;
    if (is_vitals(f)) {
        whole = take_vitals(f, t) && whole;
    } else {
        auto const at = read_time(f.fields);
        if (auto const fix = read_fix(f.fields)) t.fixes.push_back({at, *fix});
        if (auto const percent = read_battery(f.fields)) t.battery.push_back({at, *percent});
        whole = whole && at;
    }
    if (!whole) t.raw = bytes.substr(0, most_raw);
    return t;
}

bool is_signal(frame const& f) {
    return kind_of(f).has_value();
}

domain::signal read_signal(domain::device_id const& device, std::string_view bytes,
                           domain::instant received_at) {
    auto const f = read_frame(bytes);
    domain::signal s;
    s.device = device;
    s.door = door;
    s.received_at = received_at;
    s.kind = kind_of(f).value_or(signal_kind::unreadable);
    auto const words = f.type.empty() ? std::string(bytes) : words_of(f);
    s.event = wire::event_id_by_content(device, words, received_at);
    s.happened_at = read_time(f.fields);
    s.fix = read_fix(f.fields);
    s.battery_percent = read_battery(f.fields);
    s.is_awaited = false; // the answer to its frame is its receipt
    s.text = wire::clean_text(told_by(f), longest_text);
    bool const understood =
        s.kind != signal_kind::unreadable && f.is_counted && status_of(f) && s.happened_at;
    if (!understood) s.raw = bytes.substr(0, most_raw);
    return s;
}

} // namespace linli::watch_tcp
