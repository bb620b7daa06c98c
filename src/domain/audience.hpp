#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "domain/named.hpp"

namespace linli::domain {

// Who is told. Which persons these are, and by which telephone, is looked up when it is sent: a
// press costs no look-up, and a number that was mended meanwhile is the right one.
enum class audience : std::uint8_t {
    contacts,     // the resident's, all at once
    shift_leader, // 班长 of the site
    duty_phone,   // of the site, and at last of the installation
    alarm_hook,   // the installation's own receiver of alarms, by machine
};

template <>
struct names<audience> {
    static constexpr std::array<std::pair<audience, std::string_view>, 4> table{{
        {audience::contacts, "contacts"},
        {audience::shift_leader, "shift_leader"},
        {audience::duty_phone, "duty_phone"},
        {audience::alarm_hook, "alarm_hook"},
    }};
};

} // namespace linli::domain
