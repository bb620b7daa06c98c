#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/ids.hpp"
#include "domain/named.hpp"
#include "domain/signal.hpp"
#include "domain/subject.hpp"
#include "domain/time.hpp"

namespace linli::domain {

using call_id = record_id<struct call_tag>;

// What a telephone system tells of a call to the hotline.
enum class call_event : std::uint8_t { ringing, answered, ended };

template <>
struct names<call_event> {
    static constexpr std::array<std::pair<call_event, std::string_view>, 3> table{{
        {call_event::ringing, "ringing"},
        {call_event::answered, "answered"},
        {call_event::ended, "ended"},
    }};
};

// What became of a call for the person who made it.
enum class call_outcome : std::uint8_t {
    joined,  // it belongs to an alert that was open
    alert,   // an operator has opened an emergency by it
    request, // an operator has opened a request by it
    missed,  // nobody answered: it is a request to be rung back
    no_case, // an operator has said that it is none, and why
};

template <>
struct names<call_outcome> {
    static constexpr std::array<std::pair<call_outcome, std::string_view>, 5> table{{
        {call_outcome::joined, "joined"},
        {call_outcome::alert, "alert"},
        {call_outcome::request, "request"},
        {call_outcome::missed, "missed"},
        {call_outcome::no_case, "no_case"},
    }};
};

enum class no_case_reason : std::uint8_t {
    wrong_number,
    nuisance,
    silent,
    answered_by_words,
    test
};

template <>
struct names<no_case_reason> {
    static constexpr std::array<std::pair<no_case_reason, std::string_view>, 5> table{{
        {no_case_reason::wrong_number, "wrong_number"},
        {no_case_reason::nuisance, "nuisance"},
        {no_case_reason::silent, "silent"},
        {no_case_reason::answered_by_words, "answered_by_words"},
        {no_case_reason::test, "test"},
    }};
};

// One thing that was told. The telephone system may tell it again, and in any order.
struct call_report {
    std::string source; // the telephone system
    std::string name;   // of the call, there
    call_event what = call_event::ringing;
    instant at;
    std::string number;    // the caller's; empty: withheld
    std::string called;    // the line
    std::string seat;      // who answered
    std::string recording; // its name, there
};

struct call {
    call_id id;
    std::string source;
    std::string name;
    std::string number;
    std::string called;
    area_id area; // of the line that was called
    instant first_heard;
    std::optional<instant> rang_at;
    std::optional<instant> answered_at;
    std::optional<instant> ended_at;
    std::string seat;
    std::string recording;
    std::optional<call_outcome> outcome;
    std::string reason;
    std::string decided_by; // empty: the house
    std::optional<alert_id> alert;
    std::optional<request_id> request;
    std::uint32_t version = 1;

    bool operator==(call const&) const = default;
};

// The call with what was told in addition. What stands already stays: the same report twice changes
// nothing, and the end may come before the answer.
call heard(call known, call_report const& what);

// It rang, ended, and nobody answered or decided: whoever called waits for us.
bool is_missed(call const& c);

// It is on the desks' screens: nobody has decided, or they still speak, or it waits to be rung
// back. A call whose end was never told is over some time.
bool is_on_desks(call const& c, bool waits_for_ring_back, instant now);
inline constexpr hours longest_call{4};

// Somebody whose number it is. Several may have it: only a person can say who speaks.
enum class caller_kind : std::uint8_t { resident, contact, worker };

template <>
struct names<caller_kind> {
    static constexpr std::array<std::pair<caller_kind, std::string_view>, 3> table{{
        {caller_kind::resident, "resident"},
        {caller_kind::contact, "contact"},
        {caller_kind::worker, "worker"},
    }};
};

struct caller {
    caller_kind kind = caller_kind::resident;
    std::string id; // the resident's, or the worker's
    int place = 0;  // of a contact among the resident's
    home_id home;   // the resident's
    bool operator==(caller const&) const = default;
};

// Whom a call without words is about: the resident when no other can be meant, the home when all
// live there, else the call itself on its line.
subject subject_of(call const& c, std::vector<caller> const& who);

// Not going because of silence needs words when a resident may have called: if in doubt, go out.
bool needs_words(no_case_reason why, std::vector<caller> const& who);

// A button's alert and a call belong together when they are no further apart.
inline constexpr minutes joins_within{2};

// Derived from the call, so that nothing that a call has opened is opened twice. No device has it.
event_id make_call_event(call_id const& id, std::string_view what);
bool is_of_call(event_id const& id);

// In the place of a device's name.
inline constexpr std::string_view telephone = "+telephone";

} // namespace linli::domain
