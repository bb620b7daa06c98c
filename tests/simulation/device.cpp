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
    s.happened_at = with_.here.clock.now() - domain::seconds(with_.here.chance.below(5));
    return s;
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
        with_.here.record.cannot_store(event);
    }
    with_.here.note(event.value + " " + std::string(to_text(kind)));
    with_.book.pressed(what, true);
    waiting_.emplace(event.value, what);
    send(what, first_pause);
}

void device::mutter(domain::signal_kind kind) {
    auto const event = domain::event_id{id_.value + ":x:" + std::to_string(++sequence_)};
    auto const what = signal_of(kind, event);
    with_.here.note(event.value + " " + std::string(to_text(kind)) + ", once");
    with_.book.pressed(what, false);
    with_.by.to_house(what, roads::care::may_be_lost,
                      [this, event] { with_.book.written_down(event); });
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
