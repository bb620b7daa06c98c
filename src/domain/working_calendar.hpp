#pragma once

#include <chrono>
#include <set>

#include "domain/time.hpp"

namespace linli::domain {

// Which days of an installation are worked: Monday to Friday, but for public holidays, and with the
// weekends that are worked in their place (调休). A notice says both anew for each year, so they
// are configured, not calculated.
struct working_calendar {
    minutes utc_offset{480}; // a day begins at local midnight
    std::set<std::chrono::sys_days> holidays = {};
    std::set<std::chrono::sys_days> worked_weekends = {};

    bool is_worked(std::chrono::sys_days day) const;
    // The end of the day so many worked days after that of `at`.
    instant days_after(instant at, int days) const;

    bool operator==(working_calendar const&) const = default;
};

} // namespace linli::domain
