#include "domain/working_calendar.hpp"

namespace linli::domain {

bool working_calendar::is_worked(std::chrono::sys_days day) const {
    if (worked_weekends.contains(day)) return true;
    if (holidays.contains(day)) return false;
    std::chrono::weekday const which(day);
    return which != std::chrono::Saturday && which != std::chrono::Sunday;
}

instant working_calendar::days_after(instant at, int days) const {
    auto day = std::chrono::floor<std::chrono::days>(at + utc_offset);
    while (days > 0) {
        day += std::chrono::days(1);
        if (is_worked(day)) --days;
    }
    return instant(day + std::chrono::days(1)) - utc_offset;
}

} // namespace linli::domain
