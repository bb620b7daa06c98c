#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/call.hpp"
#include "domain/ids.hpp"
#include "domain/named.hpp"
#include "domain/priority.hpp"
#include "domain/time.hpp"

// The words of our own hotline: who waits on a line, who sits at a desk, what she wishes for a
// call.
namespace linli::domain {

// The calls of our own hotline, among those that telephone systems tell of (call::source).
inline constexpr std::string_view own_hotline = "hotline";

// Whose call is answered first.
enum class caller_rank : std::uint8_t {
    emergency,    // a P1 is open about him
    frail,        // his number is that of a resident at high risk
    silent_again, // he has called a short while ago, and nobody heard a word
    other,
};

template <>
struct names<caller_rank> {
    static constexpr std::array<std::pair<caller_rank, std::string_view>, 4> table{{
        {caller_rank::emergency, "emergency"},
        {caller_rank::frail, "frail"},
        {caller_rank::silent_again, "silent_again"},
        {caller_rank::other, "other"},
    }};
};

// What a rank is made of, and what is done when he hangs up before anybody has spoken with him.
struct caller_facts {
    bool is_bound = false;      // the number of a resident or of a contact
    bool has_emergency = false; // a P1 is open about one of those whose number it is
    bool is_frail = false;
    bool was_silent = false;   // the last time, within silent_again_within, or gave up
    bool has_given_up = false; // within abandons_again_within
    std::string language = {}; // in which all whose number it is are spoken with; empty: any
    bool operator==(caller_facts const&) const = default;
};
caller_rank rank_of(caller_facts const& who);
inline constexpr minutes silent_again_within{30};
// What the waits of callers are measured by: from the call's coming to our lines until somebody
// talks with him.
inline constexpr seconds answered_within{15};       // 95 % in any 24 hours (GB/T 33358)
inline constexpr seconds answered_soon_within{60};  // 97.5 % in a month (TSA)
inline constexpr seconds answered_late_within{180}; // 99 % (TSA); each later one is looked into
inline constexpr seconds gave_up_at_once_within{5}; // no fault of ours

// Whoever hangs up before anybody spoke with him is rung back: a bound number within a minute, and
// when he does so again within ten, it is an emergency.
struct ring_back {
    priority level = priority::p3;
    seconds within{0};
    bool operator==(ring_back const&) const = default;
};
inline constexpr minutes abandons_again_within{10};
ring_back after_abandoning(bool is_bound, bool is_again);

// How far somebody has come who was asked to a talk of two.
enum class third_state : std::uint8_t {
    rings,
    aside, // speaks with her who asked him; the caller hears music
    joined,
};

template <>
struct names<third_state> {
    static constexpr std::array<std::pair<third_state, std::string_view>, 3> table{{
        {third_state::rings, "rings"},
        {third_state::aside, "aside"},
        {third_state::joined, "joined"},
    }};
};

struct third_party {
    third_state is = third_state::rings;
    operator_id who; // empty: a telephone outside
    bool operator==(third_party const&) const = default;
};

// How a call of ours stands, as pages see it. Nothing of it is left when the call is over.
struct call_standing {
    bool waits = false; // else, if it isn't over: he speaks with somebody
    caller_rank rank = caller_rank::other;
    int place = 0; // in the line, 1 is next; 0: doesn't wait
    operator_id ringing;
    bool is_held = false;
    std::optional<third_party> third{};
    bool operator==(call_standing const&) const = default;
};

// What an operator's seat does.
enum class seat_state : std::uint8_t { away, ready, ringing, talking, wrapping_up };

template <>
struct names<seat_state> {
    static constexpr std::array<std::pair<seat_state, std::string_view>, 5> table{{
        {seat_state::away, "away"},
        {seat_state::ready, "ready"},
        {seat_state::ringing, "ringing"},
        {seat_state::talking, "talking"},
        {seat_state::wrapping_up, "wrapping_up"},
    }};
};

// A lease: her page says again and again that her telephone stands.
struct hotline_seat {
    operator_id who;
    seat_state is = seat_state::away;
    std::optional<call_id> call;     // that rings or is talked
    instant since;                   // she is that
    std::set<std::string> languages; // that she speaks
    instant until;                   // how long her page's word is good for; long ago: she has gone
    instant said_ready;              // last; whoever didn't answer is away until she says it anew
    bool operator==(hotline_seat const&) const = default;
};
inline constexpr seconds seat_lease{30};
// Her word may have run out because nobody could hear it: the house was away, or its record.
inline constexpr minutes longest_deafness{5};
bool is_believed(hotline_seat const& seat, instant now);

// What her page says. The timer says `here`, which only prolongs; she herself says the others.
enum class seat_word : std::uint8_t { here, ready, away };

template <>
struct names<seat_word> {
    static constexpr std::array<std::pair<seat_word, std::string_view>, 3> table{{
        {seat_word::here, "here"},
        {seat_word::ready, "ready"},
        {seat_word::away, "away"},
    }};
};

// The seat after that. Who is gone is away; who rings or talks stays so, whatever is said.
hotline_seat heard(hotline_seat known, seat_word said, std::set<std::string> languages,
                   instant now);
// As others see it.
seat_state state_at(hotline_seat const& seat, instant now);

// What her seat was, from then until the next such line of hers: of these her occupancy is counted.
struct seat_stretch {
    seat_state is = seat_state::away;
    instant since;
    bool operator==(seat_stretch const&) const = default;
};
// What to write down when her seat becomes that. Whose page had fallen silent before was away from
// then on, whoever notices it when.
std::vector<seat_stretch> stretches_of(hotline_seat const& was, hotline_seat const& is);

// What is wished for a call by whoever talks with the caller.
enum class call_wish : std::uint8_t {
    hold,
    resume,
    park,
    transfer,
    hang_up,
    add_third,  // who speaks with her alone first, while the caller hears music
    join_third, // all three speak
    drop_third,
    leave,  // the caller and the third speak on
    listen, // whoever wishes it; to both, and is heard by none
};

template <>
struct names<call_wish> {
    static constexpr std::array<std::pair<call_wish, std::string_view>, 10> table{{
        {call_wish::hold, "hold"},
        {call_wish::resume, "resume"},
        {call_wish::park, "park"},
        {call_wish::transfer, "transfer"},
        {call_wish::hang_up, "hang_up"},
        {call_wish::add_third, "add_third"},
        {call_wish::join_third, "join_third"},
        {call_wish::drop_third, "drop_third"},
        {call_wish::leave, "leave"},
        {call_wish::listen, "listen"},
    }};
};

// Why one of them wasn't done.
enum class wish_refusal : std::uint8_t { not_now, not_ready, unknown_call, too_late };

template <>
struct names<wish_refusal> {
    static constexpr std::array<std::pair<wish_refusal, std::string_view>, 4> table{{
        {wish_refusal::not_now, "not_now"},           // the call is in no state for it
        {wish_refusal::not_ready, "not_ready"},       // whom she wants to hand it to
        {wish_refusal::unknown_call, "unknown_call"}, // it is over
        {wish_refusal::too_late, "too_late"},         // nobody could do it in time
    }};
};
inline constexpr seconds wish_is_good_for{20};

// The last one for a call that wasn't done: whoever wished it must not wait for it.
struct refused_wish {
    call_wish what = call_wish::hold;
    wish_refusal why = wish_refusal::not_now;
    operator_id by;
    instant at; // it was refused
    bool operator==(refused_wish const&) const = default;
};

// What a telephone was rung for.
enum class attempt_role : std::uint8_t { takes_caller, third, listens };

template <>
struct names<attempt_role> {
    static constexpr std::array<std::pair<attempt_role, std::string_view>, 3> table{{
        {attempt_role::takes_caller, "takes_caller"},
        {attempt_role::third, "third"},
        {attempt_role::listens, "listens"},
    }};
};

// How one telephone's ringing, or the talk that came of it, has ended.
enum class attempt_end : std::uint8_t {
    refused,
    not_answered,
    withdrawn,
    elsewhere, // another was quicker
    transferred,
    hung_up,
    lost, // without a word: the caller waits again
    no_media,
    call_ended,
};

template <>
struct names<attempt_end> {
    static constexpr std::array<std::pair<attempt_end, std::string_view>, 9> table{{
        {attempt_end::refused, "refused"},
        {attempt_end::not_answered, "not_answered"},
        {attempt_end::withdrawn, "withdrawn"},
        {attempt_end::elsewhere, "elsewhere"},
        {attempt_end::transferred, "transferred"},
        {attempt_end::hung_up, "hung_up"},
        {attempt_end::lost, "lost"},
        {attempt_end::no_media, "no_media"},
        {attempt_end::call_ended, "call_ended"},
    }};
};

} // namespace linli::domain
