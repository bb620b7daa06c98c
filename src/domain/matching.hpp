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
#include "domain/place.hpp"
#include "domain/purpose.hpp"
#include "domain/responder.hpp"
#include "domain/time.hpp"

namespace linli::domain {

// Where a reply came from: better than the place where he usually starts, for as long as it is
// fresh.
struct seen_place {
    position where;
    instant at;
};

// Who could go, as the registry and the day know him.
struct worker {
    worker_id id;
    provider_id provider;
    std::string site;              // whose circle he serves; empty = none
    std::optional<position> place; // where he usually starts from
    std::optional<seen_place> seen;
    std::vector<std::string> certificates;
    int from_minute = 0;     // hours on duty, minutes of the local day;
    int until_minute = 1440; // from > until runs over midnight
    double rating = 0;       // 0 … 5, from follow-ups; 0 = none yet
    std::string visiting;    // home of the emergency visit that he is on; or empty
    int load = 0;            // open orders and offers
    responder_kind kind = responder_kind::worker;
    int people = 1;                 // who go together under this name
    std::vector<std::string> homes; // whose key he holds, or that are his to look after
    std::vector<std::string> areas; // the same, by their codes
    std::optional<instant> rests_until;
    bool by_company = false; // his provider is asked, and names who goes
    bool synthetic = false;  // the house's own, for its own presses
    bool on_duty = true;     // no: ill or away until further notice, whatever his hours are
};

// Kinds in the order in which they are asked: the next group only when nobody of those before may
// go. "worker station_staff", then "neighbour", then "guard".
using responder_groups = std::vector<std::vector<responder_kind>>;

// Who is asked when a plan says nothing: whoever has learnt it.
responder_groups usual_responders();

// Why a candidate was chosen or not; stored for every one that was looked at.
enum class match_reason : std::uint8_t {
    chosen,
    next,           // would be asked next
    no_certificate, // never without it
    off_duty,
    at_other_home, // is on an emergency visit elsewhere
    asked_before,  // declined, silent or withdrawn in this search
    not_called,    // the plan doesn't call his kind, or not yet
    not_his_home,  // he goes to his own homes, or to those of his site
    needs_two,     // a pair by rule, or a home where nobody goes alone
    resting,       // after a visit; asked when nobody else may go
    synthetic,     // the one is and the other isn't
    by_operator,   // asked because a person at the desk has chosen him
};

template <>
struct names<match_reason> {
    static constexpr std::array<std::pair<match_reason, std::string_view>, 12> table{{
        {match_reason::chosen, "chosen"},
        {match_reason::next, "next"},
        {match_reason::no_certificate, "no_certificate"},
        {match_reason::off_duty, "off_duty"},
        {match_reason::at_other_home, "at_other_home"},
        {match_reason::asked_before, "asked_before"},
        {match_reason::not_called, "not_called"},
        {match_reason::not_his_home, "not_his_home"},
        {match_reason::needs_two, "needs_two"},
        {match_reason::resting, "resting"},
        {match_reason::synthetic, "synthetic"},
        {match_reason::by_operator, "by_operator"},
    }};
};

struct candidate {
    worker_id id;
    provider_id provider;
    match_reason why = match_reason::next;
    std::uint32_t distance_m = 0;
    std::uint32_t travel_s = 0;
    double cost_s = 0; // what the ranking sorts by: travel time with load, circle and rating
    bool in_circle = false;
    bool by_company = false;
};

// What the order needs.
struct errand {
    std::optional<position> place; // of the home
    std::string site;              // the station that serves the home
    std::string home;
    std::vector<std::string> areas; // the home's, and those around it
    std::string certificate;        // empty = none needed
    responder_groups groups = usual_responders();
    bool needs_two = false;       // violence at that address (field-rules 16)
    std::vector<worker_id> asked; // in this search already
    std::vector<provider_id> asked_companies;
    std::size_t offers_at_once = 1;
    instant at;
    int minute = 0; // of the local day, when he would be there
    purpose what_for = purpose::real;
    bool is_later = false; // booked: where he is now, and from what he rests, is over by then
};

bool is_on_duty(worker const& w, int minute_of_day);

// May his company name him all the same? It knows who has come in before his hours or has rested
// enough; it can't make up for a certificate, nor let him be in two places.
bool may_be_named(match_reason why);

// Where he is taken to be: where he was seen in the last half hour (field proposal), else where he
// usually starts from. A stale position is none.
std::optional<position> place_of(worker const& w, instant at);

bool is_called(errand const& what, responder_kind kind, std::size_t group);

// `next` if he may be asked, else what stands in the way. Whoever rests may be asked when nobody
// else may.
match_reason may_go(errand const& what, worker const& w);

// Looks at `near` (nearest first, as the roster gives them) and ranks: whoever may go by cost, then
// the others with their reason. The first `offers_at_once` who may go are `chosen`. Empty `near`
// gives an empty list. Same input, same order: ties break by id.
std::vector<candidate> rank(errand const& what, std::vector<worker const*> const& near);

// The same when an operator has chosen `him`: he comes first, for that reason, whatever else speaks
// against him; nobody else is chosen.
std::vector<candidate> rank_with_choice(errand const& what, std::vector<worker const*> const& near,
                                        worker const& him);

} // namespace linli::domain
