#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "domain/named.hpp"

namespace linli::domain {

// Whose work somebody does. What each may do is a table (right.cpp); where he may do it is his
// area and all below it; a provider's people see their own offers and orders only, and its manager
// its own rows of the registry.
enum class role : std::uint8_t {
    operator_,
    shift_leader,
    station,
    quality,
    city_supervisor,
    area_officer, // of a street or community
    provider_manager,
    worker,
    installer,
    administrator,
    audit_officer,
};

template <>
struct names<role> {
    static constexpr std::array<std::pair<role, std::string_view>, 11> table{{
        {role::operator_, "operator"},
        {role::shift_leader, "shift_leader"},
        {role::station, "station"},
        {role::quality, "quality"},
        {role::city_supervisor, "city_supervisor"},
        {role::area_officer, "area_officer"},
        {role::provider_manager, "provider_manager"},
        {role::worker, "worker"},
        {role::installer, "installer"},
        {role::administrator, "administrator"},
        {role::audit_officer, "audit_officer"},
    }};
};

enum class right : std::uint8_t {
    see_queue,      // what is open, without names
    see_card,       // one alert whole, with the resident's name and door; logged
    reveal,         // a telephone, a door code, an identity number; logged
    see_restricted, // notes about suspected abuse
    claim,          // and all that its holder does: note, handle, close, what the plan asks
    take_over,      // an alert that somebody else holds, with a reason
    dispatch,       // offer to a chosen worker, cancel, write down a reply
    follow_up,
    drill,
    install,        // send somebody to put in a device
    see_own_offers, // of the own provider, or of oneself
    reply_own,
    name_worker,     // who goes for one's company, and to see whom it could send
    see_evidence,    // an alert's whole record with its proof
    see_registry,    // of it what the role's sheets are (domain/sheet)
    change_registry, // and see what is masked there
    see_plans,       // and what would happen by them
    see_reports,
    see_access_log, // who saw whom
    change_users,
    book,             // a life service; see, move and cancel what is booked
    complain,         // write down what somebody complains of, see it, and that he accepts
    answer_complaint, // unless it is about oneself
    go,               // on visits oneself: to leave proof of them, and to call for help
    see_proofs,       // that a worker has left of his visit; a picture is logged
    hand_out,         // a copy of all that is stored about a resident; logged
    ask_erasure,      // that his data go, and take that back
    confirm_erasure,  // what somebody else has asked
};

template <>
struct names<right> {
    static constexpr std::array<std::pair<right, std::string_view>, 28> table{{
        {right::see_queue, "see_queue"},
        {right::see_card, "see_card"},
        {right::reveal, "reveal"},
        {right::see_restricted, "see_restricted"},
        {right::claim, "claim"},
        {right::take_over, "take_over"},
        {right::dispatch, "dispatch"},
        {right::follow_up, "follow_up"},
        {right::drill, "drill"},
        {right::install, "install"},
        {right::see_own_offers, "see_own_offers"},
        {right::reply_own, "reply_own"},
        {right::name_worker, "name_worker"},
        {right::see_evidence, "see_evidence"},
        {right::see_registry, "see_registry"},
        {right::change_registry, "change_registry"},
        {right::see_plans, "see_plans"},
        {right::see_reports, "see_reports"},
        {right::see_access_log, "see_access_log"},
        {right::change_users, "change_users"},
        {right::book, "book"},
        {right::complain, "complain"},
        {right::answer_complaint, "answer_complaint"},
        {right::go, "go"},
        {right::see_proofs, "see_proofs"},
        {right::hand_out, "hand_out"},
        {right::ask_erasure, "ask_erasure"},
        {right::confirm_erasure, "confirm_erasure"},
    }};
};

bool may(role who, right what);

} // namespace linli::domain
