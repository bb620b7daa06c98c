#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>

// The words of the hotline engine. Whoever calls is the caller, and so is whom we call ourselves:
// a call has one, whichever way it began. Whoever is rung for him is a leg.
namespace linli::hotline {

using instant = std::chrono::sys_time<std::chrono::microseconds>;
using milliseconds = std::chrono::milliseconds;
using seconds = std::chrono::seconds;

template <class Tag>
struct name {
    std::string value;
    auto operator<=>(name const&) const = default;
};

using call_id = name<struct call_tag>; // ours; never used twice, also not over a restart
using leg_id = name<struct leg_tag>;   // the dispatch server's, unique within the call
using sound = name<struct sound_tag>;  // a file of the sounds' folder, without its ending

// A call of rtpengine's for one of our calls: the caller with nobody, or with one leg. Never the
// same with two legs one after the other, which rtpengine 10.5 doesn't survive: the caller then
// hears nothing.
using session_number = std::uint32_t;

// What a leg is for.
enum class leg_role : std::uint8_t {
    takes_caller, // who answers first speaks with him
    third,        // comes to a talk of two
    listens,      // to a talk, and is heard by none
};

// Who speaks with whom when three do: whoever took the caller is the leg.
enum class party : std::uint8_t { caller, leg, third };

enum class leg_end : std::uint8_t {
    refused,
    not_answered,
    withdrawn,
    answered_elsewhere,
    transferred,
    hung_up,
    lost,
    no_media,
    call_ended,
};

enum class ended_by : std::uint8_t { caller, leg, server, engine };

enum class call_end : std::uint8_t {
    hung_up,
    no_line,
    no_codec,
    no_media,
    media_lost,
    too_long,
    engine_lost,
    // of calls that we begin
    busy,
    refused,      // by any other SIP code
    not_answered, // within its time
    spoken,       // all was said and no key came: he has none, or it was a mailbox
    pressed,      // a key that was asked for
};

// Of a session.
enum class side : std::uint8_t { caller, leg };

enum class refusal : std::uint8_t {
    none,
    unknown_call,
    unknown_leg,
    unknown_sound,
    not_now,
    too_many_legs,
    no_line,
    not_understood,
};

} // namespace linli::hotline
