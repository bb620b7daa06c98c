#pragma once

#include "domain/ids.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"

namespace linli::simulate {

// The event of each is its device's to give.

// A batch as a watch delivers it when it gets a connection: the last hour's pulse and oxygen every
// ten minutes, where it is, how full its battery is. At the same moment the same values.
domain::telemetry an_hour_of_a_watch(domain::device_id const& watch, domain::instant now);

// Four minutes of a wristband far from every home, by GPS.
domain::telemetry outside_for_minutes(domain::instant now);

// A sensor in a home: it has seen somebody then, and nobody since.
domain::telemetry silent_since(domain::instant last_seen);

} // namespace linli::simulate
