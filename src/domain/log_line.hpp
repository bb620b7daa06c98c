#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "domain/named.hpp"
#include "domain/time.hpp"

namespace linli::domain {

// Who did it. `behalf` is whose deed it was when somebody else entered it: the operator who
// writes down what a worker said on the telephone is `who`, the worker is `behalf`.
enum class actor_kind : std::uint8_t { device, operator_, worker, house };

template <>
struct names<actor_kind> {
    static constexpr std::array<std::pair<actor_kind, std::string_view>, 4> table{{
        {actor_kind::device, "device"},
        {actor_kind::operator_, "operator"},
        {actor_kind::worker, "worker"},
        {actor_kind::house, "house"},
    }};
};

struct actor {
    actor_kind kind = actor_kind::house;
    std::string who;
    std::string behalf;

    bool operator==(actor const&) const = default;
};

enum class log_kind : std::uint8_t {
    // alert
    countdown_began,
    raised,
    joined,
    rang_again,
    rung_reached,
    shown,     // on a console, in front of somebody who is on duty
    not_shown, // on none, in its time
    claimed,
    acknowledged,
    taken_over,
    claim_expired,
    released,
    handed_over,       // to somebody who has not accepted it yet
    handover_accepted, // by a claim
    shelved,
    noted,
    cleared_noted,
    cancel_noted,
    worse_kind,
    handled,
    review_due,
    nobody_to_go,
    step_run,
    step_skipped,
    asked,
    asked_done,
    told,          // a person, by a channel
    not_told,      // by this channel, or nobody there is to be told
    called,        // the hotline, by somebody of this home
    call_answered, // by whom
    call_ended,
    closed,
    // request
    requested,
    ring_back_overdue,
    rung_back,
    // order and offer
    order_opened,
    offered,
    declined,
    expired,
    accepted,
    assigned, // by the company
    not_assigned,
    reply_refused,
    en_route,
    arrived,
    no_access,
    started,
    completed,
    failed,
    no_show,
    late,
    withdrawn,
    unfilled,
    check_in_missed,
    access_overdue,
    cancelled,
    stood_down,
    stand_down_confirmed,
    stand_down_overdue,
    follow_up_overdue,
    followed_up,
    booked,
    moved, // to another time
    // complaint
    complained,
    complaint_answered,
    complaint_accepted,
    proof_given, // of the visit, by its worker
    proof_wrong, // a code that isn't the resident's
};

template <>
struct names<log_kind> {
    static constexpr std::array<std::pair<log_kind, std::string_view>, 68> table{{
        {log_kind::countdown_began, "countdown_began"},
        {log_kind::raised, "raised"},
        {log_kind::joined, "joined"},
        {log_kind::rang_again, "rang_again"},
        {log_kind::rung_reached, "rung_reached"},
        {log_kind::shown, "shown"},
        {log_kind::not_shown, "not_shown"},
        {log_kind::claimed, "claimed"},
        {log_kind::acknowledged, "acknowledged"},
        {log_kind::taken_over, "taken_over"},
        {log_kind::claim_expired, "claim_expired"},
        {log_kind::released, "released"},
        {log_kind::handed_over, "handed_over"},
        {log_kind::handover_accepted, "handover_accepted"},
        {log_kind::shelved, "shelved"},
        {log_kind::noted, "noted"},
        {log_kind::cleared_noted, "cleared_noted"},
        {log_kind::cancel_noted, "cancel_noted"},
        {log_kind::worse_kind, "worse_kind"},
        {log_kind::handled, "handled"},
        {log_kind::review_due, "review_due"},
        {log_kind::nobody_to_go, "nobody_to_go"},
        {log_kind::step_run, "step_run"},
        {log_kind::step_skipped, "step_skipped"},
        {log_kind::asked, "asked"},
        {log_kind::asked_done, "asked_done"},
        {log_kind::told, "told"},
        {log_kind::not_told, "not_told"},
        {log_kind::called, "called"},
        {log_kind::call_answered, "call_answered"},
        {log_kind::call_ended, "call_ended"},
        {log_kind::closed, "closed"},
        {log_kind::requested, "requested"},
        {log_kind::ring_back_overdue, "ring_back_overdue"},
        {log_kind::rung_back, "rung_back"},
        {log_kind::order_opened, "order_opened"},
        {log_kind::offered, "offered"},
        {log_kind::declined, "declined"},
        {log_kind::expired, "expired"},
        {log_kind::accepted, "accepted"},
        {log_kind::assigned, "assigned"},
        {log_kind::not_assigned, "not_assigned"},
        {log_kind::reply_refused, "reply_refused"},
        {log_kind::en_route, "en_route"},
        {log_kind::arrived, "arrived"},
        {log_kind::no_access, "no_access"},
        {log_kind::started, "started"},
        {log_kind::completed, "completed"},
        {log_kind::failed, "failed"},
        {log_kind::no_show, "no_show"},
        {log_kind::late, "late"},
        {log_kind::withdrawn, "withdrawn"},
        {log_kind::unfilled, "unfilled"},
        {log_kind::check_in_missed, "check_in_missed"},
        {log_kind::access_overdue, "access_overdue"},
        {log_kind::cancelled, "cancelled"},
        {log_kind::stood_down, "stood_down"},
        {log_kind::stand_down_confirmed, "stand_down_confirmed"},
        {log_kind::stand_down_overdue, "stand_down_overdue"},
        {log_kind::follow_up_overdue, "follow_up_overdue"},
        {log_kind::followed_up, "followed_up"},
        {log_kind::booked, "booked"},
        {log_kind::moved, "moved"},
        {log_kind::complained, "complained"},
        {log_kind::complaint_answered, "complaint_answered"},
        {log_kind::complaint_accepted, "complaint_accepted"},
        {log_kind::proof_given, "proof_given"},
        {log_kind::proof_wrong, "proof_wrong"},
    }};
};

// One line of the record of an alert, request or order. `why` holds ids and codes only; words
// that name a person go to `personal`, which is stored beside, encrypted.
struct log_line {
    instant at;
    log_kind what = log_kind::noted;
    actor by;
    std::string why;
    std::string personal;

    bool operator==(log_line const&) const = default;
};

} // namespace linli::domain
