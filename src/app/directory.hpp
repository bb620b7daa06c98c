#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/record.hpp"
#include "domain/alert.hpp"
#include "domain/roster.hpp"
#include "domain/time.hpp"

namespace linli::app {

// The registry as routing needs it: which sites serve an area, who is on duty there, and the roster
// of workers. Rebuilt when the registry's version moves.
class directory {
public:
    // `city`: the area whose desk answers for everything that no other site serves.
    directory(registry from, domain::area_id city, domain::minutes utc_offset);

    std::int64_t version() const { return version_; }
    domain::area_id const& city() const { return city_; }
    int minute_of_day(domain::instant now) const;
    std::chrono::sys_days local_day(domain::instant now) const {
        return std::chrono::floor<std::chrono::days>(now + utc_offset_);
    }
    domain::minutes utc_offset() const { return utc_offset_; }

    // The station, centre and city desk that ring for this area now. The city's is always there,
    // even if nobody has registered one. A synthetic alert rings at no seat of theirs.
    domain::duty duty(domain::area_id const& area, domain::purpose what_for,
                      domain::instant now) const;

    // Is that site registered, and somebody there?
    bool is_open(domain::site_id const& site, domain::instant now) const;

    // The station that serves the area; empty if none does.
    std::string station(domain::area_id const& area) const;
    // Where the station stands: the best guess for a home without a position.
    std::optional<domain::position> station_place(domain::area_id const& area) const;

    // The area and those that it lies in, from the inside out.
    std::vector<std::string> around(domain::area_id area) const;

    domain::roster& roster() { return roster_; }

private:
    site const* serving(domain::area_id area) const;

    std::int64_t version_;
    domain::area_id city_;
    domain::minutes utc_offset_;
    std::unordered_map<domain::area_id, area> areas_;
    std::unordered_map<domain::site_id, site> sites_;
    domain::site_id city_desk_;
    domain::roster roster_;
};

} // namespace linli::app
