// The topic tree. The level after d/ and p/ is the broker user, prefix and all ("d-w1"), because
// mosquitto's %u in an ACL pattern stands for a whole level and can't cut a prefix off.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "domain/ids.hpp"

namespace linli::wire {

inline constexpr std::string_view all_signals = "linli/v1/d/+/signal";
inline constexpr std::string_view all_telemetry = "linli/v1/d/+/telemetry";
inline constexpr std::string_view all_states = "linli/v1/d/+/state";
inline constexpr std::string_view all_replies = "linli/v1/p/+/replies";
inline constexpr std::string_view server_state = "linli/v1/server/state";

std::string signal_topic(domain::device_id const& device);
std::string telemetry_topic(domain::device_id const& device);
std::string state_topic(domain::device_id const& device);
std::string receipt_topic(domain::device_id const& device);
std::string command_topic(domain::device_id const& device);
std::string offers_topic(domain::provider_id const& provider);
std::string replies_topic(domain::provider_id const& provider);

// Where something came in.
struct device_signal {
    domain::device_id device;
};
struct device_telemetry {
    domain::device_id device;
};
struct device_state {
    domain::device_id device;
};
struct provider_replies {
    domain::provider_id provider;
};
struct unknown_topic {};

using origin =
    std::variant<device_signal, device_telemetry, device_state, provider_replies, unknown_topic>;

// Unknown: another tree, a user of another kind, or an id that isn't [A-Za-z0-9._-]{1,64}.
origin parse_topic(std::string_view topic);

bool is_valid_id(std::string_view id);

} // namespace linli::wire
