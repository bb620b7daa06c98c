#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "app/record.hpp"
#include "domain/place.hpp"

namespace linli::app {

using minutes_of_day = std::bitset<1440>;

// Those who may go, by their hours and then by squares as wide as the reach: a city has few
// different shifts, and one person of a shift within reach is as good as a hundred.
class responder_map {
public:
    responder_map(registry const& from, std::string const& certificate, double reach_m);

    // Minutes of the day with somebody on duty within reach of the place.
    minutes_of_day around(domain::position const& place) const;
    // Of those whose place nobody knows, but whose site is this one.
    minutes_of_day of_site(std::string const& site) const;

private:
    using square = std::pair<std::int32_t, std::int32_t>;
    struct square_hash {
        std::size_t operator()(square const& s) const noexcept {
            return std::hash<std::int64_t>{}((std::int64_t{s.first} << 32) ^ s.second);
        }
    };
    struct shift {
        minutes_of_day hours;
        std::unordered_map<square, std::vector<domain::position>, square_hash> places;
    };

    square square_of(domain::position const& place) const;
    bool reaches(shift const& who, domain::position const& place) const;

    double reach_m_;
    double degrees_north_;
    double degrees_east_;
    std::vector<shift> shifts_;
    std::unordered_map<std::string, minutes_of_day> placeless_;
};

} // namespace linli::app
