#include "app/responder_map.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

namespace linli::app {

namespace {

constexpr double metres_a_degree = 111'000; // of latitude; a little less than the least there is

minutes_of_day hours_of(domain::worker const& w) {
    minutes_of_day hours;
    for (std::size_t minute = 0; minute < hours.size(); ++minute)
        hours[minute] = domain::is_on_duty(w, static_cast<int>(minute));
    return hours;
}

bool may_go(domain::worker const& w, std::string const& certificate) {
    return certificate.empty() ||
           std::ranges::find(w.certificates, certificate) != w.certificates.end();
}

std::optional<domain::position> place_of(domain::worker const& w, registry const& from) {
    if (w.place) return w.place;
    for (auto const& s : from.sites)
        if (s.id.value == w.site) return s.place;
    return std::nullopt;
}

// The same width in degrees everywhere, made for the place furthest from the equator.
double narrowest_degree(registry const& from) {
    double furthest = 0;
    for (auto const& w : from.workers)
        if (w.place) furthest = std::max(furthest, std::abs(w.place->latitude));
    return metres_a_degree * std::cos(std::min(furthest + 1, 85.0) * std::numbers::pi / 180);
}

} // namespace

responder_map::responder_map(registry const& from, std::string const& certificate, double reach_m)
    : reach_m_(reach_m), degrees_north_(reach_m / metres_a_degree),
      degrees_east_(reach_m / narrowest_degree(from)) {
    std::map<std::pair<int, int>, std::size_t> known;
    for (auto const& w : from.workers) {
        if (!w.on_duty || !may_go(w, certificate)) continue;
        auto const [at, is_new] = known.try_emplace({w.from_minute, w.until_minute}, known.size());
        if (is_new) shifts_.push_back({hours_of(w), {}});
        auto& of = shifts_[at->second];
        if (auto const place = place_of(w, from))
            of.places[square_of(*place)].push_back(*place);
        else
            placeless_[w.site] |= of.hours;
    }
}

responder_map::square responder_map::square_of(domain::position const& place) const {
    return {static_cast<std::int32_t>(std::floor(place.latitude / degrees_north_)),
            static_cast<std::int32_t>(std::floor(place.longitude / degrees_east_))};
}

bool responder_map::reaches(shift const& who, domain::position const& place) const {
    auto const middle = square_of(place);
    for (std::int32_t north = -1; north <= 1; ++north)
        for (std::int32_t east = -1; east <= 1; ++east) {
            auto const at = who.places.find({middle.first + north, middle.second + east});
            if (at == who.places.end()) continue;
            for (auto const& from : at->second)
                if (domain::distance_m(from, place) <= reach_m_) return true;
        }
    return false;
}

minutes_of_day responder_map::around(domain::position const& place) const {
    minutes_of_day covered;
    for (auto const& each : shifts_)
        if ((each.hours & ~covered).any() && reaches(each, place)) covered |= each.hours;
    return covered;
}

minutes_of_day responder_map::of_site(std::string const& site) const {
    auto const found = placeless_.find(site);
    return found == placeless_.end() ? minutes_of_day{} : found->second;
}

} // namespace linli::app
