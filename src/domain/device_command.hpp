#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/ids.hpp"
#include "domain/named.hpp"
#include "domain/time.hpp"

namespace linli::domain {

using command_id = record_id<struct command_tag>;

enum class command_kind : std::uint8_t {
    locate,       // tell where you are, now
    report_every, // tell it every so many seconds
    sos_numbers,  // whom the device itself dials when its key is pressed
    ring,         // ring, so that it is found, or its wearer looks at it
    call_back,    // dial this number, now
};

template <>
struct names<command_kind> {
    static constexpr std::array<std::pair<command_kind, std::string_view>, 5> table{{
        {command_kind::locate, "locate"},
        {command_kind::report_every, "report_every"},
        {command_kind::sos_numbers, "sos_numbers"},
        {command_kind::ring, "ring"},
        {command_kind::call_back, "call_back"},
    }};
};

enum class command_state : std::uint8_t {
    waiting,    // for the device to be there
    sent,       // on its connection; it has not answered yet
    answered,   // by the device
    unanswered, // in time
    published,  // the broker has it for the device; nobody answers there
    expired,    // the device did not come in time
    replaced,   // by a newer one of its kind
};

template <>
struct names<command_state> {
    static constexpr std::array<std::pair<command_state, std::string_view>, 7> table{{
        {command_state::waiting, "waiting"},
        {command_state::sent, "sent"},
        {command_state::answered, "answered"},
        {command_state::unanswered, "unanswered"},
        {command_state::published, "published"},
        {command_state::expired, "expired"},
        {command_state::replaced, "replaced"},
    }};
};

// Who has asked when nobody has: an alert's plan did.
inline constexpr std::string_view asked_by_the_house = "house";

// What an operator wants of a device, or the house.
struct device_command {
    command_id id;
    device_id device;
    command_kind kind = command_kind::locate;
    std::vector<std::string> values; // seconds, or telephone numbers
    operator_id asked_by;
    instant asked_at;
    instant expires_at;
    command_state state = command_state::waiting;

    bool operator==(device_command const&) const = default;
};

bool is_open(command_state s);

// A call that comes an hour late frightens; a setting may wait until the device is there again.
seconds useful_for(command_kind kind);

// What is wrong with these values, in words for whoever gave them; empty if nothing is. A number
// has 3 to 20 digits, and may begin with +: nothing that could end a frame or begin another.
std::string fault_of(command_kind kind, std::vector<std::string> const& values);

} // namespace linli::domain
