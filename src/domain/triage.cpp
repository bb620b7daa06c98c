#include "domain/triage.hpp"

namespace linli::domain {

namespace {

triaged of_registered(signal_kind kind) {
    switch (kind) {
    case signal_kind::unreadable:
        return {meaning::alert, alert_kind::unreadable};
    case signal_kind::sos:
        return {meaning::alert, alert_kind::sos};
    case signal_kind::fall:
        return {meaning::alert, alert_kind::fall};
    case signal_kind::fall_confirmed:
        return {meaning::alert, alert_kind::fall, true};
    case signal_kind::fall_cancelled:
        return {meaning::cancelled, std::nullopt};
    case signal_kind::smoke:
        return {meaning::alert, alert_kind::smoke};
    case signal_kind::gas:
        return {meaning::alert, alert_kind::gas};
    case signal_kind::water:
        return {meaning::alert, alert_kind::water};
    case signal_kind::inactivity:
        return {meaning::alert, alert_kind::inactivity};
    case signal_kind::fence:
        return {meaning::alert, alert_kind::fence};
    case signal_kind::bed:
        return {meaning::alert, alert_kind::bed};
    case signal_kind::removed:
        return {meaning::alert, alert_kind::removed};
    case signal_kind::clock_jump:
        return {meaning::alert, alert_kind::clock_jump};
    case signal_kind::outage:
        return {meaning::alert, alert_kind::outage};
    case signal_kind::help_request:
        return {meaning::request, std::nullopt};
    case signal_kind::cleared:
        return {meaning::cleared, std::nullopt};
    case signal_kind::battery:
        return {meaning::maintenance, std::nullopt};
    case signal_kind::test:
        return {meaning::record, std::nullopt};
    case signal_kind::offline: // supervision waits whether it comes back (device_health)
        return {meaning::record, std::nullopt};
    case signal_kind::online:
        return {meaning::record, std::nullopt};
    case signal_kind::vitals: // beyond a limit, of the device's own or of the house's
        return {meaning::alert, alert_kind::vitals};
    case signal_kind::position:
        return {meaning::record, std::nullopt};
    }
    return {meaning::alert, alert_kind::unreadable};
}

} // namespace

triaged triage(signal_kind kind, bool registered) {
    auto const known = of_registered(kind);
    bool const disturbs = known.what == meaning::alert || known.what == meaning::request;
    bool const by_house = kind == signal_kind::clock_jump || kind == signal_kind::outage;
    if (by_house) return known; // the house is no device
    if (!registered && disturbs) return {meaning::alert, alert_kind::unknown_device};
    return known;
}

} // namespace linli::domain
