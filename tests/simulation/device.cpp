#include "simulation/device.hpp"

#include <algorithm>

namespace linli::simulation {

namespace {
constexpr domain::seconds first_pause{2};
constexpr domain::seconds longest_pause{60};
} // namespace

domain::signal device::signal_of(domain::signal_kind kind, domain::event_id event) const {
    domain::signal s;
    s.event = std::move(event);
    s.device = id_;
    s.kind = kind;
    s.door = "mqtt";
    if (ahead_)
        s.happened_at =
            with_.here.clock.now() + *ahead_ - domain::seconds(with_.here.chance.below(5));
    return s;
}

void device::restart() {
    with_.here.saw(rare::device_restarts);
    ++boot_;
    sequence_ = 0;
}

void device::lose_time() {
    constexpr domain::hours a_year{8'760};
    auto& chance = with_.here.chance;
    switch (chance.below(4)) {
    case 0:
        with_.here.saw(rare::device_tells_no_time);
        ahead_.reset();
        break;
    case 1: // a flat battery: 1970, or whatever its maker thinks is the beginning
        with_.here.saw(rare::device_clock_is_years_off);
        ahead_ = -static_cast<std::int64_t>(1 + chance.below(30)) * domain::duration(a_year);
        break;
    case 2:
        with_.here.saw(rare::device_clock_is_ahead);
        ahead_ = chance.between(domain::seconds(1), 3 * a_year);
        break;
    default:
        ahead_ = domain::duration{0};
    }
}

void device::press_any() {
    auto const kind = with_.here.chance.pick(kinds_);
    if (with_.here.chance.percent(5)) return mutter(kind);
    press(kind);
}

void device::press(domain::signal_kind kind) {
    auto const event = domain::make_event_id(id_, {boot_, ++sequence_});
    auto what = signal_of(kind, event);
    if (!with_.here.now.helpful && with_.here.chance.percent(2)) {
        what.text = "bytes that no database takes";
        with_.here.saw(rare::press_that_no_database_takes);
        with_.here.record.cannot_store(event);
    }
    if (with_.here.tells()) with_.here.note(event.value + " " + std::string(to_text(kind)));
    with_.book.pressed(what, true);
    waiting_.emplace(event.value, what);
    send(what, first_pause);
}

void device::mutter(domain::signal_kind kind) {
    auto const event = domain::event_id{id_.value + ":x:" + std::to_string(++muttered_)};
    auto const what = signal_of(kind, event);
    if (with_.here.tells())
        with_.here.note(event.value + " " + std::string(to_text(kind)) + ", once");
    with_.book.pressed(what, false);
    with_.by.to_house(what, roads::care::may_be_lost,
                      [this, event] { with_.book.written_down(event); });
}

// Most is as it should be; now and then a pulse races, or a watch is far away.
void device::measure() {
    auto& chance = with_.here.chance;
    domain::telemetry what;
    what.event = domain::make_event_id(id_, {boot_, ++sequence_});
    what.device = id_;
    what.door = "mqtt";
    std::optional<domain::instant> at;
    if (ahead_) at = with_.here.clock.now() + *ahead_;
    auto const pulse = static_cast<double>(chance.percent(30) ? 130 : 60 + chance.below(40));
    what.vitals.push_back({at, domain::vital_sign::heart_rate, pulse});
    auto const away_m = chance.percent(30) ? 5'000.0 : 10.0;
    what.fixes.push_back({at, tests::north_of(tests::usual_place, away_m)});
    what.battery.push_back({at, static_cast<int>(chance.below(100))});
    with_.book.measured(what.event);
    with_.by.to_house(what, [this, event = what.event] { with_.book.written_down(event); });
}

void device::send(domain::signal const& what, domain::duration next_pause) {
    if (!waiting_.contains(what.event.value)) return;
    with_.by.to_house(what, roads::care::may_be_lost,
                      [this, event = what.event] { with_.book.written_down(event); });
    auto const longer = std::min<domain::duration>(2 * next_pause, longest_pause);
    with_.here.after(next_pause, [this, what, longer] { send(what, longer); });
}

void device::hear(app::receipt const& what) {
    with_.book.heard(what);
    waiting_.erase(what.event.value); // accepted and arrived say that it is stored as well
}

} // namespace linli::simulation
