// The wire as a device speaks it: for the simulator and the watches of tests.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/device_command.hpp"
#include "domain/order.hpp"
#include "domain/signal.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"

namespace linli::wire {

enum class form : std::uint8_t { protobuf, json };

std::string_view content_type(form as);

// The event's numbers, kind, time of the device, position, battery and text of the signal.
std::string encode_signal(domain::signal const& what, form as = form::protobuf);

// The event's numbers, and a sample for each moment of the device's clock, in the order of the
// vitals, then of the fixes, then of the battery.
std::string encode_telemetry(domain::telemetry const& what, form as = form::protobuf);

// What goes to …/state: the retained birth, and the last will.
struct presence {
    bool online = false;
    domain::instant since;
    std::uint64_t boot = 0;
    int battery_percent = 0;
};

std::string encode_state(presence const& what, form as = form::protobuf);

struct seen_receipt {
    domain::event_id event;
    domain::receipt_stage stage = domain::receipt_stage::stored;
    std::optional<domain::instant> at;
};

// Nothing if it is no receipt, or of a stage that we don't know.
std::optional<seen_receipt> decode_receipt(std::string_view payload);

// What it is asked to do; its device and who asked are not told. Nothing if it is no command, or of
// a kind that we don't know.
std::optional<domain::device_command> decode_command(std::string_view payload);

} // namespace linli::wire
