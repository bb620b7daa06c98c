#pragma once

#include <string>
#include <string_view>

namespace linli::postgres {

// What nobody has taken in its time is over by that. $1: the time; `which`: of which calls.
inline std::string not_begun_sql(std::string_view which) {
    return "update placed_call set ended_at = instant_of($1::bigint), how = 'hotline_away', "
           "personal = null where taken_at is null and ended_at is null "
           "and begin_by < instant_of($1::bigint) and " +
           std::string(which);
}

} // namespace linli::postgres
