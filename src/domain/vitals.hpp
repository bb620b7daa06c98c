#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/dwell.hpp"
#include "domain/named.hpp"
#include "domain/telemetry.hpp"

namespace linli::domain {

// What is too high or too low for somebody, and for how long before anybody is disturbed. Back
// inside means: by `hysteresis` inside.
struct vital_limit {
    vital_sign what = vital_sign::heart_rate;
    std::optional<double> low;
    std::optional<double> high;
    double hysteresis = 0;
    seconds lasting{0};

    bool operator==(vital_limit const&) const = default;
};

enum class limit_side : std::uint8_t { low, high };

// A pulse of 0 is a watch on the table, not a dead wearer: no instrument of ours measures death.
// Steps may be 0.
bool is_measurement(vital const& v);

// "heart_rate.high"
std::string rule_of(vital_sign what, limit_side side);

// `d`: within the hysteresis the answer is undecided, if it was beyond before.
finding is_beyond(vital_limit const& limit, limit_side side, double value, dwell const& d);

// What the National Early Warning Score 2 (Royal College of Physicians, 2017) asks for, as far as
// it is known. A watch knows nothing of added oxygen or consciousness.
struct news2_input {
    std::optional<double> respiratory_rate;
    std::optional<double> oxygen_saturation; // scale 1
    std::optional<bool> added_oxygen;
    std::optional<double> systolic_pressure;
    std::optional<double> heart_rate;
    std::optional<bool> is_alert;
    std::optional<double> body_temperature;
};

enum class news2_part : std::uint8_t {
    respiratory_rate,
    oxygen_saturation,
    added_oxygen,
    systolic_pressure,
    heart_rate,
    consciousness,
    body_temperature,
};

// A partial score is a lower bound and no NEWS2: `missing` has to be told with it.
struct news2_score {
    int points = 0;
    int worst = 0; // of a single part
    std::vector<news2_part> missing;
};

news2_score news2(news2_input const& known);

// The newest of each in `of`.
news2_input news2_input_of(std::span<vital const> of);

} // namespace linli::domain
