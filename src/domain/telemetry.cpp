#include "domain/telemetry.hpp"

#include <algorithm>

namespace linli::domain {

namespace {

struct measure {
    vital_sign what;
    std::string_view loinc;
    double least;
    double most;
};

// In the order of the enumeration. The bounds are those of the instrument and of the body, so wide
// that only what a fault has made lies outside (0xFFFF, minus one, another unit).
constexpr std::array measures{
    measure{vital_sign::heart_rate, "8867-4", 0, 400},         // /min
    measure{vital_sign::respiratory_rate, "9279-1", 0, 200},   // /min
    measure{vital_sign::oxygen_saturation, "2708-6", 0, 100},  // %
    measure{vital_sign::body_temperature, "8310-5", 10, 50},   // Cel
    measure{vital_sign::systolic_pressure, "8480-6", 0, 400},  // mm[Hg]
    measure{vital_sign::diastolic_pressure, "8462-4", 0, 400}, // mm[Hg]
    measure{vital_sign::weight, "29463-7", 0, 700},            // kg
    measure{vital_sign::steps, "41950-7", 0, 1'000'000},       // of the last 24 hours
    measure{vital_sign::glucose, "2339-0", 0, 5000},           // mg/dL
};

constexpr std::string_view pulse_oximetry = "59408-5"; // the saturation, by how it was measured

measure const& measure_of(vital_sign what) {
    return measures.at(static_cast<std::size_t>(what));
}

} // namespace

std::string_view loinc_of(vital_sign what) {
    return measure_of(what).loinc;
}

std::optional<vital_sign> vital_sign_of(std::string_view loinc) {
    if (loinc == pulse_oximetry) return vital_sign::oxygen_saturation;
    auto const found = std::ranges::find(measures, loinc, &measure::loinc);
    if (found == measures.end()) return std::nullopt;
    return found->what;
}

bool is_possible(vital_sign what, double value) {
    auto const& bounds = measure_of(what);
    return value >= bounds.least && value <= bounds.most; // not a number is neither
}

} // namespace linli::domain
