#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/ids.hpp"
#include "domain/named.hpp"
#include "domain/time.hpp"

namespace linli::domain {

// Why somebody's data goes. Codes, since it stays when he has gone.
enum class erasure_reason : std::uint8_t {
    request,  // his own, or of whoever speaks for him
    consent,  // he takes it back
    moved,    // and is served by nobody here any more
    deceased, // and nobody of his wants it kept
    mistake,  // he should never have been in the registry
};

template <>
struct names<erasure_reason> {
    static constexpr std::array<std::pair<erasure_reason, std::string_view>, 5> table{{
        {erasure_reason::request, "request"},
        {erasure_reason::consent, "consent"},
        {erasure_reason::moved, "moved"},
        {erasure_reason::deceased, "deceased"},
        {erasure_reason::mistake, "mistake"},
    }};
};

// What somebody still needs his data for. Each is a thing that a person ends first.
enum class erasure_obstacle : std::uint8_t {
    alert,     // of his, or of a home where nobody else lives
    request,   // open
    order,     // on its way, wished for, or waiting for its follow-up
    complaint, // not yet accepted
    device,    // that he wears, or that is fixed where nobody else lives
    notice,    // that is still being told to somebody
};

template <>
struct names<erasure_obstacle> {
    static constexpr std::array<std::pair<erasure_obstacle, std::string_view>, 6> table{{
        {erasure_obstacle::alert, "alert"},
        {erasure_obstacle::request, "request"},
        {erasure_obstacle::order, "order"},
        {erasure_obstacle::complaint, "complaint"},
        {erasure_obstacle::device, "device"},
        {erasure_obstacle::notice, "notice"},
    }};
};

// One of them: "device w1", "order 310110-20261123-0007".
struct obstacle {
    erasure_obstacle what{};
    std::string which;

    bool operator==(obstacle const&) const = default;
};

// Why what was asked for is not done: he took it back, or it was refused him.
enum class erasure_withdrawal : std::uint8_t {
    taken_back,
    mistake,      // somebody else was meant
    not_entitled, // whoever came isn't he and doesn't speak for him
    kept_by_law,  // a law still asks for it to be kept
};

template <>
struct names<erasure_withdrawal> {
    static constexpr std::array<std::pair<erasure_withdrawal, std::string_view>, 4> table{{
        {erasure_withdrawal::taken_back, "taken_back"},
        {erasure_withdrawal::mistake, "mistake"},
        {erasure_withdrawal::not_entitled, "not_entitled"},
        {erasure_withdrawal::kept_by_law, "kept_by_law"},
    }};
};

struct withdrawn_erasure {
    erasure_withdrawal why{};
    operator_id by;
    instant at;

    bool operator==(withdrawn_erasure const&) const = default;
};

// That somebody's data shall go. It can't be taken back once it is done, and whoever lies without
// a name is found later: so one person asks and another one confirms.
struct erasure {
    resident_id resident;
    erasure_reason why{};
    std::optional<std::chrono::sys_days> wished_on; // when he came, by the local calendar
    operator_id asked_by;
    instant asked_at;
    operator_id confirmed_by;                   // empty: nobody yet
    std::optional<instant> erased_at;           // his key has gone
    std::optional<instant> cleared_at;          // and all that lay in clear beside it
    std::optional<withdrawn_erasure> withdrawn; // and then never done

    bool operator==(erasure const&) const = default;
};

enum class erasure_state : std::uint8_t {
    asked,
    erased, // nobody can read any more what was sealed; the rest is being cleared
    cleared,
    withdrawn,
};

template <>
struct names<erasure_state> {
    static constexpr std::array<std::pair<erasure_state, std::string_view>, 4> table{{
        {erasure_state::asked, "asked"},
        {erasure_state::erased, "erased"},
        {erasure_state::cleared, "cleared"},
        {erasure_state::withdrawn, "withdrawn"},
    }};
};

erasure_state state_of(erasure const& what);

// He came today or some time in the year before; a day ahead, or a wrong year, is a slip of the
// pen.
bool can_be_wished_on(std::chrono::sys_days day, instant now, minutes utc_offset);

// What goes of somebody, as he would call it.
enum class erasure_part : std::uint8_t {
    registry, // name, numbers, notes, the code at his door; with them all that his key seals
    contacts,
    limits,     // of his vital signs, and his zones
    home,       // its door and how to get in, if nobody else lives there
    numbers,    // from which he called
    recordings, // of what was spoken
    words,      // of the log, of bookings, of complaints
    pictures,   // of visits
    places,     // of signals, and what was said with them
    telemetry,
    commands, // to what he wore
};

template <>
struct names<erasure_part> {
    static constexpr std::array<std::pair<erasure_part, std::string_view>, 11> table{{
        {erasure_part::registry, "registry"},
        {erasure_part::contacts, "contacts"},
        {erasure_part::limits, "limits"},
        {erasure_part::home, "home"},
        {erasure_part::numbers, "numbers"},
        {erasure_part::recordings, "recordings"},
        {erasure_part::words, "words"},
        {erasure_part::pictures, "pictures"},
        {erasure_part::places, "places"},
        {erasure_part::telemetry, "telemetry"},
        {erasure_part::commands, "commands"},
    }};
};

// Of the others something may lie in clear under his id, and that goes in small steps, within an
// hour or so.
bool goes_at_once(erasure_part what);

// What stays, or is not reached from here.
enum class erasure_rest : std::uint8_t {
    trail,      // what happened when: ids, codes and times
    chain,      // its hashes
    erasure,    // that it was asked for and done
    looks,      // who saw him
    edits,      // who changed which of his columns
    notices,    // who was told when, by which channel
    answers,    // to commands of the last hours, sealed
    home,       // somebody else lives there
    backups,    // made before, with his key
    worn,       // what a device keeps itself
    files,      // that the registry was imported from, and plans of his own
    telephones, // recordings of another telephone system
};

template <>
struct names<erasure_rest> {
    static constexpr std::array<std::pair<erasure_rest, std::string_view>, 12> table{{
        {erasure_rest::trail, "trail"},
        {erasure_rest::chain, "chain"},
        {erasure_rest::erasure, "erasure"},
        {erasure_rest::looks, "looks"},
        {erasure_rest::edits, "edits"},
        {erasure_rest::notices, "notices"},
        {erasure_rest::answers, "answers"},
        {erasure_rest::home, "home"},
        {erasure_rest::backups, "backups"},
        {erasure_rest::worn, "worn"},
        {erasure_rest::files, "files"},
        {erasure_rest::telephones, "telephones"},
    }};
};

enum class erasure_refusal : std::uint8_t {
    unknown,   // no such resident
    gone,      // it is done
    not_asked, // for
    twice,     // asked for already
    alone,     // who asked can't confirm
    needed,    // see the obstacles
};

template <>
struct names<erasure_refusal> {
    static constexpr std::array<std::pair<erasure_refusal, std::string_view>, 6> table{{
        {erasure_refusal::unknown, "unknown"},
        {erasure_refusal::gone, "gone"},
        {erasure_refusal::not_asked, "not_asked"},
        {erasure_refusal::twice, "twice"},
        {erasure_refusal::alone, "alone"},
        {erasure_refusal::needed, "needed"},
    }};
};

// How somebody stands: `asked` is what was asked for and not taken back.
struct erasure_standing {
    bool is_known = false;
    std::optional<erasure> asked;
    std::vector<obstacle> obstacles;
    bool home_goes = false; // with him, or went: nobody else lives there

    bool operator==(erasure_standing const&) const = default;
};

// Nothing: it may be.
std::optional<erasure_refusal> refusal_to_ask(erasure_standing const& now);
std::optional<erasure_refusal> refusal_to_confirm(erasure_standing const& now,
                                                  operator_id const& by);
std::optional<erasure_refusal> refusal_to_withdraw(erasure_standing const& now);

// What would go of whoever stands so, and what would stay.
std::vector<erasure_part> goes_of(erasure_standing const& now);
std::vector<erasure_rest> stays_of(erasure_standing const& now);

} // namespace linli::domain
