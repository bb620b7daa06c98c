#include "adapters/wire/parts.hpp"

#include <chrono>
#include <cmath>
#include <cstdint>

#include "adapters/wire/kinds.hpp"

namespace linli::wire {

namespace {

// Protobuf's own limits: the years 1 … 9999.
constexpr std::int64_t first_second = -62'135'596'800;
constexpr std::int64_t last_second = 253'402'300'799;

} // namespace

std::optional<domain::instant> read_instant(google::protobuf::Timestamp const& time) {
    if (time.seconds() < first_second || time.seconds() > last_second) return std::nullopt;
    if (time.nanos() < 0 || time.nanos() > 999'999'999) return std::nullopt;
    auto const seconds = std::chrono::seconds(time.seconds());
    auto const fraction = std::chrono::nanoseconds(time.nanos());
    return domain::instant(seconds + std::chrono::floor<domain::duration>(fraction));
}

void write_instant(domain::instant when, google::protobuf::Timestamp& into) {
    auto const seconds = std::chrono::floor<std::chrono::seconds>(when);
    auto const fraction = std::chrono::nanoseconds(when - seconds);
    into.set_seconds(seconds.time_since_epoch().count());
    into.set_nanos(static_cast<std::int32_t>(fraction.count()));
}

std::optional<domain::position> read_position(v1::Position const& place, bool damaged) {
    if (damaged && (place.latitude() == 0 || place.longitude() == 0)) return std::nullopt;
    domain::position fix;
    fix.latitude = place.latitude();
    fix.longitude = place.longitude();
    fix.source = from_wire(place.source());
    auto const radius = place.accuracy_m();
    if (std::isfinite(radius) && radius > 0) fix.accuracy_m = radius;
    return domain::usable(fix);
}

void write_position(domain::position const& place, v1::Position& into) {
    into.set_latitude(place.latitude);
    into.set_longitude(place.longitude);
    into.set_accuracy_m(place.accuracy_m);
    into.set_source(to_wire(place.source));
}

} // namespace linli::wire
