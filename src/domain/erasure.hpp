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

// That somebody's data shall go. It can't be taken back once it is done, and whoever lies without
// a name is found later: so one person asks and another one confirms.
struct erasure {
    resident_id resident;
    erasure_reason why{};
    operator_id asked_by;
    instant asked_at;
    operator_id confirmed_by;          // empty: nobody yet
    std::optional<instant> erased_at;  // his key has gone
    std::optional<instant> cleared_at; // and all that lay in clear beside it

    bool operator==(erasure const&) const = default;
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

    bool operator==(erasure_standing const&) const = default;
};

// Nothing: it may be.
std::optional<erasure_refusal> refusal_to_ask(erasure_standing const& now);
std::optional<erasure_refusal> refusal_to_confirm(erasure_standing const& now,
                                                  operator_id const& by);
std::optional<erasure_refusal> refusal_to_withdraw(erasure_standing const& now);

} // namespace linli::domain
