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
#include "domain/time.hpp"

namespace linli::domain {

// Who could go, as the registry and the day know him.
struct worker {
    worker_id id;
    provider_id provider;
    std::string site;              // whose circle he serves; empty = none
    std::optional<position> place; // where he usually starts from, or was seen last
    std::vector<std::string> certificates;
    int from_minute = 0;     // hours on duty, minutes of the local day;
    int until_minute = 1440; // from > until runs over midnight
    double rating = 0;       // 0 … 5, from follow-ups; 0 = none yet
    std::string visiting;    // home of the emergency visit that he is on; or empty
    int load = 0;            // open orders and offers
};

// Why a candidate was chosen or not; stored for every one that was looked at.
enum class match_reason : std::uint8_t {
    chosen,
    next,           // would be asked next
    no_certificate, // never without it
    off_duty,
    at_other_home, // is on an emergency visit elsewhere
    asked_before,  // declined, silent or withdrawn in this search
};

template <>
struct names<match_reason> {
    static constexpr std::array<std::pair<match_reason, std::string_view>, 6> table{{
        {match_reason::chosen, "chosen"},
        {match_reason::next, "next"},
        {match_reason::no_certificate, "no_certificate"},
        {match_reason::off_duty, "off_duty"},
        {match_reason::at_other_home, "at_other_home"},
        {match_reason::asked_before, "asked_before"},
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
};

// What the order needs.
struct errand {
    std::optional<position> place; // of the home
    std::string site;              // the station that serves the home
    std::string home;
    std::string certificate;      // empty = none needed
    std::vector<worker_id> asked; // in this search already
    std::size_t offers_at_once = 1;
};

bool is_on_duty(worker const& w, int minute_of_day);

// `next` if he may be asked, else what stands in the way.
match_reason may_go(errand const& what, worker const& w, int minute_of_day);

// Looks at `near` (nearest first, as the roster gives them) and ranks: whoever may go by cost, then
// the others with their reason. The first `offers_at_once` who may go are `chosen`. Empty `near`
// gives an empty list. Same input, same order: ties break by id.
std::vector<candidate> rank(errand const& what, std::vector<worker const*> const& near,
                            int minute_of_day);

} // namespace linli::domain
