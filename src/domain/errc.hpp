#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include <boost/system/result.hpp>

#include "domain/named.hpp"

namespace linli::domain {

// Why a command or a reply is refused. Each is a normal answer, not a fault.
enum class refusal : std::uint8_t {
    unknown,      // no such alert, order, offer or request
    held,         // somebody else holds it
    not_yours,    // you don't hold it, or it was not offered to you
    taken,        // another worker holds the order
    closed,       // it has ended
    out_of_turn,  // the step before it is missing
    busy,         // the worker holds an emergency order at another home
    needs_reason, // a reason, note or outcome must be given
    untested,     // no desk has heard a press of the device that he has installed
    stale,        // it has moved on since you looked: look again
    unfit,        // whom you name lacks what the order asks of whoever goes
};

template <>
struct names<refusal> {
    static constexpr std::array<std::pair<refusal, std::string_view>, 11> table{{
        {refusal::unknown, "unknown"},
        {refusal::held, "held"},
        {refusal::not_yours, "not_yours"},
        {refusal::taken, "taken"},
        {refusal::closed, "closed"},
        {refusal::out_of_turn, "out_of_turn"},
        {refusal::busy, "busy"},
        {refusal::needs_reason, "needs_reason"},
        {refusal::untested, "untested"},
        {refusal::stale, "stale"},
        {refusal::unfit, "unfit"},
    }};
};

// value() on a refusal is a fault of ours, not an outcome: it ends the process.
[[noreturn]] void throw_exception_from_error(refusal const& r, boost::source_location const& at);

template <class T>
using result = boost::system::result<T, refusal>;

} // namespace linli::domain
