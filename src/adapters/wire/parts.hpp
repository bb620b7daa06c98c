// The parts that several messages share: times, positions.
#pragma once

#include <optional>

#include <google/protobuf/timestamp.pb.h>

#include "domain/place.hpp"
#include "domain/time.hpp"
#include "linli/v1/signal.pb.h"

namespace linli::wire {

// Nothing if it is none that exists: before year 1, after 9999, a billion nanoseconds or more.
std::optional<domain::instant> read_instant(google::protobuf::Timestamp const& time);
void write_instant(domain::instant when, google::protobuf::Timestamp& into);

// Nothing if it can't be used: not on the globe, or 0/0, which devices send for "no fix"; nor if it
// is damaged and a coordinate may be missing, which would send somebody to the equator.
std::optional<domain::position> read_position(v1::Position const& place, bool damaged = false);
void write_position(domain::position const& place, v1::Position& into);

} // namespace linli::wire
