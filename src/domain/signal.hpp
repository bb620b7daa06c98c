#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "domain/ids.hpp"
#include "domain/named.hpp"
#include "domain/place.hpp"
#include "domain/time.hpp"

namespace linli::domain {

enum class signal_kind : std::uint8_t {
    unreadable, // bytes on a signal path that are no message, or a kind that we don't know
    sos,
    help_request,
    fall,           // detected: its wearer has the plan's countdown to cancel it
    fall_confirmed, // by the wearer, or by a device that has counted itself
    fall_cancelled, // by the wearer
    vitals,
    position,
    fence,
    inactivity,
    smoke,
    gas,
    water,
    bed,
    battery,
    removed,
    cleared,
    test,
    online,
    offline,
    clock_jump, // the house itself: its clock and the database's no longer agree
    outage,     // the house itself: the broker, or many devices of one area, went silent together
};

template <>
struct names<signal_kind> {
    static constexpr std::array<std::pair<signal_kind, std::string_view>, 22> table{{
        {signal_kind::unreadable, "unreadable"},
        {signal_kind::sos, "sos"},
        {signal_kind::help_request, "help_request"},
        {signal_kind::fall, "fall"},
        {signal_kind::fall_confirmed, "fall_confirmed"},
        {signal_kind::fall_cancelled, "fall_cancelled"},
        {signal_kind::vitals, "vitals"},
        {signal_kind::position, "position"},
        {signal_kind::fence, "fence"},
        {signal_kind::inactivity, "inactivity"},
        {signal_kind::smoke, "smoke"},
        {signal_kind::gas, "gas"},
        {signal_kind::water, "water"},
        {signal_kind::bed, "bed"},
        {signal_kind::battery, "battery"},
        {signal_kind::removed, "removed"},
        {signal_kind::cleared, "cleared"},
        {signal_kind::test, "test"},
        {signal_kind::online, "online"},
        {signal_kind::offline, "offline"},
        {signal_kind::clock_jump, "clock_jump"},
        {signal_kind::outage, "outage"},
    }};
};

// One id from the button to the door: "w1:7:42" (device, boot, sequence). A device that gives no
// event id gets "w1:x:<digest of the bytes>:<10 s window of receipt>", so a replay of the journal
// finds the same id again.
struct event_id {
    std::string value;

    auto operator<=>(event_id const&) const = default;
};

struct device_event {
    std::uint64_t boot = 0;
    std::uint64_t sequence = 0;

    // In the order of one device's events; says nothing about two devices.
    auto operator<=>(device_event const&) const = default;
};

event_id make_event_id(device_id const& device, device_event const& event);

// Of a drill with that device, or of its installation; no signal of its has it.
event_id make_drill_event(device_id const& device, uuid const& drill);
event_id make_installation_event(device_id const& device, uuid const& installation);

// Of a worker's call for help by his page, which names it; no device has it.
event_id make_own_sos_event(worker_id const& who, uuid const& sos);
bool is_own_sos(event_id const& id);

// Of what a visit brings up by itself: no word from it, or nobody opens.
event_id make_visit_event(order_id const& visit);
bool is_of_visit(event_id const& id);

// The device's own numbers, when the id was made from them.
std::optional<device_event> device_event_of(event_id const& id);
// The device that made it (device ids have no colon).
device_id device_of(event_id const& id);

// What came in, read as far as it could be. Reading never refuses: what is missing stays empty.
struct signal {
    event_id event;
    device_id device;
    signal_kind kind = signal_kind::unreadable;
    std::string door;                   // "mqtt", "tcp", "http"
    std::optional<instant> happened_at; // the device's clock, unchanged
    instant received_at;                // the house clock
    std::optional<position> fix;        // usable ones only
    std::optional<int> battery_percent;
    std::string text; // ≤ 500 characters
    std::string raw;  // the bytes, kept when they could not be read whole
    // Its device repeats it until it hears that it is stored. Not a birth or a last will, which the
    // broker keeps.
    bool is_awaited = true;
};

// How far the device's clock is from ours; nothing when it told no time.
std::optional<duration> clock_skew(signal const& s);

} // namespace linli::domain
