#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/named.hpp"
#include "domain/signal.hpp"
#include "domain/time.hpp"

namespace linli::domain {

// What somebody should mend by day: P4, a line of the maintenance list, never of the queue.
enum class trouble : std::uint8_t {
    offline,        // gone, and not back within its grace
    battery,        // low
    dormant,        // not a word for days: takes the place of offline and test_overdue
    test_overdue,   // nobody has pressed it for a month: nobody knows that it works
    fall_cancelled, // takes armchairs for falls, or its wearer cancels what was one
    clock,          // hours behind, for good: in a way that looks like late history
};

template <>
struct names<trouble> {
    static constexpr std::array<std::pair<trouble, std::string_view>, 6> table{{
        {trouble::offline, "offline"},
        {trouble::battery, "battery"},
        {trouble::dormant, "dormant"},
        {trouble::test_overdue, "test_overdue"},
        {trouble::fall_cancelled, "fall_cancelled"},
        {trouble::clock, "clock"},
    }};
};
inline constexpr std::size_t troubles = names<trouble>::table.size();

// What the broker last said of a device: its retained birth, or its last will.
enum class broker_word : std::uint8_t { none, online, offline };

template <>
struct names<broker_word> {
    static constexpr std::array<std::pair<broker_word, std::string_view>, 3> table{{
        {broker_word::none, "none"},
        {broker_word::online, "online"},
        {broker_word::offline, "offline"},
    }};
};

// What a kind of device is held to. 0 = not at all.
struct supervision_limits {
    seconds silent{
        0}; // of a device that the broker doesn't vouch for: so long without a word is gone
    seconds grace{300}; // gone for so long is offline
    std::chrono::days dormant{0};
    std::chrono::days test_every{0};
    int battery_low = 20;
    int battery_well = 35; // ends it: one that wavers at the limit is one entry

    bool operator==(supervision_limits const&) const = default;
};

// One thing that a device let us hear.
enum class heard_as : std::uint8_t {
    telemetry,   // may have waited at the broker behind its sender's last will
    beat,        // on a connection of its own, so it is there now
    signal,      // any but those below
    press,       // somebody has pressed it, for a test or in need: it works
    online,      // birth
    offline,     // last will
    battery_low, // it says so itself
};
heard_as heard_from(signal_kind kind);

struct device_word {
    instant at; // of receipt: the device's clock may be anything
    heard_as what = heard_as::beat;
    std::optional<int> battery_percent;
};

struct device_health {
    instant known_since;
    std::optional<instant> heard_at;
    std::optional<instant> pressed_at;
    broker_word at_broker = broker_word::none;
    instant broker_said_at;
    std::optional<int> battery_percent;
    instant battery_at;
    std::array<std::optional<instant>, troubles> open; // since when
    std::array<instant, troubles> done; // when a person said that it is mended: counted anew

    bool operator==(device_health const&) const = default;
};

bool is_open(device_health const& h, trouble what);
device_health hear(device_health h, device_word const& word);

// Since when we could have heard it: a start, a takeover or the broker's absence must not make
// everybody silent at once. Nothing: we can't hear it now, so its silence says nothing.
using listening_since = std::optional<instant>;

// Since when it is gone, grace or not.
std::optional<instant> gone_since(device_health const& h, supervision_limits const& held_to,
                                  listening_since const& since, instant now);

struct health_change {
    trouble what = trouble::offline;
    instant since;
    std::optional<instant> ended; // nothing: it begins

    bool operator==(health_change const&) const = default;
};

struct health_verdict {
    device_health next;
    std::vector<health_change> changes;
    std::optional<instant> look_again; // without a word from it nothing changes before
};

health_verdict judge(device_health const& h, supervision_limits const& held_to,
                     listening_since const& since, instant now);

} // namespace linli::domain
