#include "simulate/measurements.hpp"

#include "domain/telemetry.hpp"
#include "simulate/dice.hpp"

namespace linli::simulate {

namespace {

constexpr domain::minutes between_samples{10};
constexpr domain::minutes an_hour{60};

// Lanzhou, within some hundred metres.
domain::position somewhere(dice& chance) {
    auto const step = [&] { return static_cast<double>(chance.below(1000)) / 200'000; };
    return {36.06 + step(), 103.83 + step(), 25, domain::position_source::gps};
}

// Beyond every yard of the demo city.
constexpr domain::position far_away{36.30, 104.20, 25, domain::position_source::gps};

} // namespace

domain::telemetry outside_for_minutes(domain::instant now) {
    domain::telemetry t;
    for (auto const ago : {240, 160, 80, 0})
        t.fixes.push_back({now - domain::seconds(ago), far_away});
    return t;
}

domain::telemetry silent_since(domain::instant last_seen) {
    domain::telemetry t;
    t.activities = {{last_seen, domain::activity_kind::motion, 0}};
    return t;
}

domain::telemetry an_hour_of_a_watch(domain::device_id const& watch, domain::instant now) {
    domain::telemetry t;
    dice chance(static_cast<std::uint64_t>(now.time_since_epoch().count()), watch.value);
    for (auto at = now - an_hour; at < now; at += between_samples) {
        t.vitals.push_back({at, domain::vital_sign::heart_rate, 60.0 + double(chance.below(30))});
        t.vitals.push_back(
            {at, domain::vital_sign::oxygen_saturation, 93.0 + double(chance.below(6))});
    }
    t.fixes = {{now, somewhere(chance)}};
    t.battery = {{now, 80}};
    return t;
}

} // namespace linli::simulate
