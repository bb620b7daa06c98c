#pragma once

#include <string>
#include <string_view>

#include "domain/audience.hpp"
#include "domain/ids.hpp"
#include "domain/named.hpp"

namespace linli::domain {

// How a delivery says which of the house's telephones it is for: "duty_phone:s1",
// "shift_leader:c1". Without a site it is the installation's own: "duty_phone".
inline std::string staff_reference(audience to, site_id const& site) {
    std::string who(to_text(to));
    if (!site.empty()) who += ':' + site.value;
    return who;
}

// Of such a reference; empty for the installation's own.
inline site_id site_of_staff(std::string_view who) {
    auto const colon = who.find(':');
    return {colon == std::string_view::npos ? std::string() : std::string(who.substr(colon + 1))};
}

} // namespace linli::domain
