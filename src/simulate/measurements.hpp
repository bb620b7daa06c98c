#pragma once

#include <string>

#include "domain/ids.hpp"
#include "domain/signal.hpp"
#include "domain/time.hpp"

namespace linli::simulate {

// A batch as a watch delivers it when it gets a connection: the last hour's pulse and oxygen every
// ten minutes, where it is, how full its battery is. The same event, the same values.
std::string an_hour_of_a_watch(domain::device_id const& watch, domain::device_event const& event,
                               domain::instant now);

} // namespace linli::simulate
