#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/ids.hpp"
#include "domain/named.hpp"
#include "domain/place.hpp"
#include "domain/signal.hpp"
#include "domain/time.hpp"

namespace linli::domain {

// What a device of the house can measure of a person.
enum class vital_sign : std::uint8_t {
    heart_rate,
    respiratory_rate,
    oxygen_saturation,
    body_temperature,
    systolic_pressure,
    diastolic_pressure,
    weight,
    steps,
    glucose,
};

template <>
struct names<vital_sign> {
    static constexpr std::array<std::pair<vital_sign, std::string_view>, 9> table{{
        {vital_sign::heart_rate, "heart_rate"},
        {vital_sign::respiratory_rate, "respiratory_rate"},
        {vital_sign::oxygen_saturation, "oxygen_saturation"},
        {vital_sign::body_temperature, "body_temperature"},
        {vital_sign::systolic_pressure, "systolic_pressure"},
        {vital_sign::diastolic_pressure, "diastolic_pressure"},
        {vital_sign::weight, "weight"},
        {vital_sign::steps, "steps"},
        {vital_sign::glucose, "glucose"},
    }};
};

// Its code in LOINC, the one by which FHIR knows it ("8867-4"), and back. Two codes are in use for
// the oxygen saturation, and both are understood.
std::string_view loinc_of(vital_sign what);
std::optional<vital_sign> vital_sign_of(std::string_view loinc);

// Can be a measurement at all. No judgement of anybody's health: a value that could be a dying
// person's is possible.
bool is_possible(vital_sign what, double value);

// `at` is the device's clock, unchanged; nothing when it told no time.
struct vital {
    std::optional<instant> at;
    vital_sign what = vital_sign::heart_rate;
    double value = 0; // in the unit that goes with the code

    bool operator==(vital const&) const = default;
};
struct place_fix {
    std::optional<instant> at;
    position where;

    bool operator==(place_fix const&) const = default;
};
struct battery_level {
    std::optional<instant> at;
    int percent = 0;

    bool operator==(battery_level const&) const = default;
};

// What a sensor in a home, or a thumb on its button, tells of somebody's being about.
enum class activity_kind : std::uint8_t { motion, door, water, in_bed, out_of_bed, fine };

template <>
struct names<activity_kind> {
    static constexpr std::array<std::pair<activity_kind, std::string_view>, 6> table{{
        {activity_kind::motion, "motion"},
        {activity_kind::door, "door"},
        {activity_kind::water, "water"},
        {activity_kind::in_bed, "in_bed"},
        {activity_kind::out_of_bed, "out_of_bed"},
        {activity_kind::fine, "fine"}, // "I'm OK", pressed
    }};
};

struct activity {
    std::optional<instant> at;
    activity_kind what = activity_kind::motion;
    double litres = 0; // of water, since the last time it was told

    bool operator==(activity const&) const = default;
};

// One message of a device's bulk, read as far as it could be.
struct telemetry {
    event_id event;
    device_id device;
    instant received_at; // the house clock
    std::vector<vital> vitals;
    std::vector<place_fix> fixes; // usable ones only
    std::vector<battery_level> battery;
    std::vector<activity> activities;
    std::string raw;  // the bytes, kept when they could not be read whole
    std::string door; // by which it came, as a signal's

    bool operator==(telemetry const&) const = default;
};

} // namespace linli::domain
