// What a desk reads, as ProtoJSON of console.proto: a line of the queue, and one alert's card. What
// the API says around them stands beside (console_words).
#pragma once

#include <string>

#include "app/desk_reading.hpp"
#include "domain/plan.hpp"

namespace linli::wire {

// A WorkLine, once for each change of it. `version` is the alert's or request's own.
std::string encode_line(app::work_line const& line);

// An AlertCard. Names stand in full; telephones, identity numbers and access notes are masked.
// `plan` is the alert's snapshot; nothing for a request. Words about suspected abuse go only to
// whoever may read them.
std::string encode_card(app::alert_card const& card, domain::plan const* plan,
                        bool with_restricted);

} // namespace linli::wire
