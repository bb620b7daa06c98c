#include "simulate/measurements.hpp"

#include "adapters/wire/device_words.hpp"
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

} // namespace

std::string an_hour_of_a_watch(domain::device_id const& watch, domain::device_event const& event,
                               domain::instant now) {
    domain::telemetry t;
    t.event = domain::make_event_id(watch, event);
    dice chance(event.boot + event.sequence, watch.value);
    for (auto at = now - an_hour; at < now; at += between_samples) {
        t.vitals.push_back({at, domain::vital_sign::heart_rate, 60.0 + double(chance.below(30))});
        t.vitals.push_back(
            {at, domain::vital_sign::oxygen_saturation, 93.0 + double(chance.below(6))});
    }
    t.fixes = {{now, somewhere(chance)}};
    t.battery = {{now, 80}};
    return wire::encode_telemetry(t);
}

} // namespace linli::simulate
