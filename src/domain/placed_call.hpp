#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "domain/delivery.hpp"
#include "domain/named.hpp"

// A call that the house begins on our own hotline: to speak to somebody, or to connect a seat with
// a number.
namespace linli::domain {

enum class placed_end : std::uint8_t {
    pressed,        // he has pressed the key: he has heard it, and takes it
    spoken,         // all was said, and no key came: a mailbox sounds the same
    hung_up,        // before he had pressed
    talked,         // the seat and he
    busy,           // he, or the seat
    not_answered,   // within its time
    declined,       // he, or the network, has refused
    withdrawn,      // by us: nobody need hear it any more
    no_such_number, // and never will there be
    failed,         // on our side: no line, no sound
    not_begun,      // nobody holds the hotline, or the engine is away
    lost,           // the engine died, so nobody knows
};

template <>
struct names<placed_end> {
    static constexpr std::array<std::pair<placed_end, std::string_view>, 12> table{{
        {placed_end::pressed, "pressed"},
        {placed_end::spoken, "no_key"},
        {placed_end::hung_up, "hung_up"},
        {placed_end::talked, "talked"},
        {placed_end::busy, "busy"},
        {placed_end::not_answered, "not_answered"},
        {placed_end::declined, "declined"},
        {placed_end::withdrawn, "call_withdrawn"},
        {placed_end::no_such_number, "no_such_number"},
        {placed_end::failed, "call_failed"},
        {placed_end::not_begun, "hotline_away"},
        {placed_end::lost, "call_lost"},
    }};
};

// What a spoken delivery has come to. Only the key says that a person has it; whoever was spoken
// to without one may have heard it, so his next channel is tried at once, as after a gateway's
// silence.
sending sending_of(placed_end how);

} // namespace linli::domain
