#pragma once

namespace linli::domain {

// Whether a minute of the local day lies in hours, also in those that reach over midnight. The last
// minute is outside; hours that end where they begin are none.
constexpr bool is_in_hours(int minute, int from, int until) {
    if (from <= until) return minute >= from && minute < until;
    return minute >= from || minute < until;
}

} // namespace linli::domain
