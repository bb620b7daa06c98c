#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "domain/ids.hpp"
#include "domain/time.hpp"

namespace linli::app {

// What the duty telephone must hear while the database is away: whose device it is, roughly where,
// and who has duty there. It has no name, telephone or door of a resident: staff hear none over a
// gateway, and what lies on a disk can't be deleted with the resident's key.
struct registry_copy {
    struct area {
        domain::area_id parent;
        domain::site_id served_by; // empty: as its parent
    };
    struct site {
        domain::site_id parent;
        int opens = 0; // minute of the local day
        int closes = 1440;
        std::string duty_phone;

        bool operator==(site const&) const = default;
    };
    struct device {
        domain::resident_id resident;
        domain::home_id home;
        domain::area_id area;
        std::string rough_place;
        bool synthetic = false; // the house's own: nobody is rung for it

        bool operator==(device const&) const = default;
    };

    std::int64_t version = 0; // of the registry
    domain::instant taken_at;
    std::unordered_map<domain::area_id, area> areas;
    std::unordered_map<domain::site_id, site> sites;
    std::unordered_map<domain::device_id, device> devices;
};

struct duty_desk {
    domain::site_id site;
    std::string phone;

    bool operator==(duty_desk const&) const = default;
};

// The duty telephone of the site that serves the area, or of the next one above it that has one; of
// those that are open at this minute of the day first.
std::optional<duty_desk> duty_desk_for(registry_copy const& known, domain::area_id area,
                                       int minute_of_day);
// The site itself, whether it has a telephone or not.
domain::site_id site_serving(registry_copy const& known, domain::area_id area);

// One line a thing, for a file that is sealed as a whole. Reading answers nothing for what is no
// such text.
std::string to_text(registry_copy const& copy);
std::optional<registry_copy> read_registry_copy(std::string_view text);

} // namespace linli::app
