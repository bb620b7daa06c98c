#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "domain/errc.hpp"
#include "domain/ids.hpp"
#include "domain/log_line.hpp"
#include "domain/named.hpp"
#include "domain/time.hpp"
#include "domain/working_calendar.hpp"

namespace linli::domain {

using complaint_id = record_id<struct complaint_tag>;

enum class complaint_kind : std::uint8_t {
    late,
    not_come,
    poor_work,
    rude,
    overcharged,
    not_helped, // by the desk
    other,
};

template <>
struct names<complaint_kind> {
    static constexpr std::array<std::pair<complaint_kind, std::string_view>, 7> table{{
        {complaint_kind::late, "late"},
        {complaint_kind::not_come, "not_come"},
        {complaint_kind::poor_work, "poor_work"},
        {complaint_kind::rude, "rude"},
        {complaint_kind::overcharged, "overcharged"},
        {complaint_kind::not_helped, "not_helped"},
        {complaint_kind::other, "other"},
    }};
};

// Open until a supervisor has answered, answered until whoever complained accepts it. It never
// vanishes.
enum class complaint_state : std::uint8_t { open, answered, accepted };

template <>
struct names<complaint_state> {
    static constexpr std::array<std::pair<complaint_state, std::string_view>, 3> table{{
        {complaint_state::open, "open"},
        {complaint_state::answered, "answered"},
        {complaint_state::accepted, "accepted"},
    }};
};

// field-rules 26: a record of its own, with a clock and somebody in charge, never the one
// complained of.
struct complaint {
    complaint_id id;
    complaint_kind kind = complaint_kind::other;
    complaint_state state = complaint_state::open;
    std::optional<order_id> order; // what it is about: one of the two, or a worker alone
    std::optional<alert_id> alert;
    worker_id worker;     // complained of; or empty
    operator_id against;  // of the desk's people; or empty
    resident_id resident; // whose key seals the words; or empty
    area_id area;
    operator_id written_by;
    instant at;
    std::optional<instant> due_at; // when the answer is late; empty once it is accepted
    std::string complainer;        // who complained: may name a person
    std::string words;
    std::string answer;
    operator_id answered_by;
    std::optional<instant> answered_at;
    std::optional<instant> accepted_at;
    std::uint32_t version = 0;

    bool operator==(complaint const&) const = default;
};

struct complaint_outcome {
    complaint next;
    log_line line;
};

// Whoever answers or writes: as whom he is signed in, and which worker he is, if he is one.
struct complaint_answerer {
    operator_id user;
    worker_id worker;
};

// A field proposal: no city's rules that we know name a time.
inline constexpr int answered_within_working_days = 5;

// Its time is over, and whoever complained has not accepted an answer.
bool is_overdue(complaint const& c, instant now);

complaint_outcome open_complaint(complaint first, working_calendar const& days, instant now);
// Also again, when the first answer was not accepted. Refused: `not_yours` to whoever it is about,
// `needs_reason`, `closed`.
result<complaint_outcome> answer_complaint(complaint const& current, complaint_answerer const& who,
                                           std::string const& words, instant now);
// Whoever complained has accepted the answer; `who` writes it down. Refused: `out_of_turn`,
// `closed`, `not_yours` to whoever it is about.
result<complaint_outcome> accept_answer(complaint const& current, complaint_answerer const& who,
                                        std::string const& words, instant now);

} // namespace linli::domain
