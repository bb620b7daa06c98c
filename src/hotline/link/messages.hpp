#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hotline/core/backlog.hpp"
#include "hotline/core/call.hpp"

// The protocol with the dispatch server (proto/linli/hotline/v1) as our own words and back. Nobody
// else here knows protobuf. A message comes out with its four bytes of length.
namespace linli::hotline::messages {

inline constexpr std::size_t largest = 4U << 20;
inline constexpr std::size_t length_bytes = 4;

std::string hello(std::string_view run, std::uint64_t events_dropped, instant now);
std::string alive(instant now);
std::string told(event const& what);
std::string snapshot(std::vector<call const*> const& calls, std::uint64_t as_of);
std::string answered(std::string_view command, answer const& given);

// Without the length, as it lies on the disk; `framed` adds it.
std::string ended_call(call const& c);
std::string framed_ended_call(std::string_view on_disk);
// What the disk has of it: its id, and whether it had ended. Nothing when it can't be read.
struct call_on_disk {
    call_id id;
    bool ended = false;
};
std::optional<call_on_disk> read_ended_call(std::string_view on_disk);
// The same call, of which nobody knows how it ended, since the engine died.
std::string engine_lost(std::string_view on_disk, instant at);

struct wanted { // by the server
    std::string id;
    call_id call;
    std::optional<command> what; // nothing: not understood
};
struct wanted_call { // to be begun
    std::string id;
    std::optional<originate> what; // nothing: not understood
};
struct acknowledged {
    std::uint64_t through = 0;
    std::vector<call_id> ended_calls;
};
struct bound_numbers {
    bool begins = false;
    std::vector<std::string> numbers;
};
struct is_alive {};
using from_server = std::variant<wanted, wanted_call, acknowledged, bound_numbers, is_alive>;

// Behind the length. Nothing: these are no bytes of this protocol.
std::optional<from_server> read(std::string_view body);

// Of the four bytes.
std::uint32_t length_of(std::string_view bytes);

} // namespace linli::hotline::messages
