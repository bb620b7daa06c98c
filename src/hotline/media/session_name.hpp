#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "hotline/core/words.hpp"

namespace linli::hotline {

// With which the names of all runs begin, and so those of all our calls and sessions.
constexpr std::string_view of_any_run = "h";

// How rtpengine knows a session. A call's id begins with the engine's run, so that what earlier
// runs have left there can be told from ours.
inline std::string session_name(call_id const& call, session_number session) {
    return call.value + "." + std::to_string(session);
}

inline std::optional<std::pair<call_id, session_number>>
parse_session_name(std::string_view session, std::string_view run) {
    auto const dot = session.rfind('.');
    if (dot == session.npos || !session.starts_with(run)) return std::nullopt;
    session_number number = 0;
    auto const last = session.substr(dot + 1);
    auto const [end, error] = std::from_chars(last.data(), last.data() + last.size(), number);
    if (error != std::errc() || end != last.data() + last.size()) return std::nullopt;
    return std::pair{call_id{std::string(session.substr(0, dot))}, number};
}

} // namespace linli::hotline
