#include "domain/vitals.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace linli::domain {

bool is_measurement(vital const& v) {
    if (!is_possible(v.what, v.value)) return false;
    return v.value > 0 || v.what == vital_sign::steps;
}

std::string rule_of(vital_sign what, limit_side side) {
    return std::string(to_text(what)) + (side == limit_side::high ? ".high" : ".low");
}

finding is_beyond(vital_limit const& limit, limit_side side, double value, dwell const& d) {
    bool const was_beyond = d.told || d.since;
    // How far beyond the border; negative inside.
    auto const by = side == limit_side::high ? value - limit.high.value_or(value)
                                             : limit.low.value_or(value) - value;
    if (by > 0) return finding::yes;
    return was_beyond && by > -limit.hysteresis ? finding::undecided : finding::no;
}

namespace {

// Up to and with `most`, in the order of the values.
struct band {
    double most;
    int points;
};
constexpr double no_end = std::numeric_limits<double>::infinity();

constexpr std::array respiratory_rates{band{8, 3}, band{11, 1}, band{20, 0}, band{24, 2},
                                       band{no_end, 3}};
constexpr std::array saturations{band{91, 3}, band{93, 2}, band{95, 1}, band{no_end, 0}};
constexpr std::array systolic_pressures{band{90, 3}, band{100, 2}, band{110, 1}, band{219, 0},
                                        band{no_end, 3}};
constexpr std::array heart_rates{band{40, 3},  band{50, 1},  band{90, 0},
                                 band{110, 1}, band{130, 2}, band{no_end, 3}};
constexpr std::array temperatures{band{35.0, 3}, band{36.0, 1}, band{38.0, 0}, band{39.0, 1},
                                  band{no_end, 2}};

// The table is in whole numbers, temperatures in tenths: what an instrument says more exactly is
// rounded to that before.
int points_of(std::span<band const> bands, double value, double step) {
    auto const rounded = std::round(value / step) * step;
    constexpr double less_than_a_step = 1e-6;
    auto const at = std::ranges::find_if(
        bands, [&](band const& b) { return rounded <= b.most + less_than_a_step; });
    return at->points;
}

class scoring {
public:
    void take(news2_part part, std::optional<double> const& value, std::span<band const> bands,
              double step = 1) {
        add(part, value ? std::optional(points_of(bands, *value, step)) : std::nullopt);
    }
    void take(news2_part part, std::optional<bool> const& is_so, int points) {
        add(part, is_so ? std::optional(*is_so ? points : 0) : std::nullopt);
    }
    news2_score score;

private:
    void add(news2_part part, std::optional<int> points) {
        if (!points) return score.missing.push_back(part);
        score.points += *points;
        score.worst = std::max(score.worst, *points);
    }
};

} // namespace

news2_score news2(news2_input const& known) {
    scoring s;
    s.take(news2_part::respiratory_rate, known.respiratory_rate, respiratory_rates);
    s.take(news2_part::oxygen_saturation, known.oxygen_saturation, saturations);
    s.take(news2_part::added_oxygen, known.added_oxygen, 2);
    s.take(news2_part::systolic_pressure, known.systolic_pressure, systolic_pressures);
    s.take(news2_part::heart_rate, known.heart_rate, heart_rates);
    auto const dulled = known.is_alert ? std::optional(!*known.is_alert) : std::nullopt;
    s.take(news2_part::consciousness, dulled, 3);
    s.take(news2_part::body_temperature, known.body_temperature, temperatures, 0.1);
    return s.score;
}

news2_input news2_input_of(std::span<vital const> of) {
    auto const newest = [&](vital_sign what) -> std::optional<double> {
        vital const* found = nullptr;
        for (auto const& each : of)
            if (each.what == what && is_measurement(each) && (!found || each.at >= found->at))
                found = &each;
        return found ? std::optional(found->value) : std::nullopt;
    };
    news2_input known;
    known.respiratory_rate = newest(vital_sign::respiratory_rate);
    known.oxygen_saturation = newest(vital_sign::oxygen_saturation);
    known.systolic_pressure = newest(vital_sign::systolic_pressure);
    known.heart_rate = newest(vital_sign::heart_rate);
    known.body_temperature = newest(vital_sign::body_temperature);
    return known;
}

} // namespace linli::domain
