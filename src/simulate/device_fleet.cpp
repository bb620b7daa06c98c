#include "simulate/device_fleet.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

#include "adapters/wire/device_words.hpp"
#include "adapters/wire/topics.hpp"
#include "runtime/machine_time.hpp"
#include "simulate/measurements.hpp"

namespace linli::simulate {

namespace {

using namespace std::chrono_literals;

constexpr auto session_expiry = 24h; // receipts that come after we have gone wait so long

// Nobody goes for the others: a call back, a note, a maintenance list.
bool brings_somebody(domain::signal_kind kind) {
    using enum domain::signal_kind;
    return kind == sos || kind == fall || kind == fall_confirmed || kind == smoke || kind == gas ||
           kind == water;
}

std::string signal_of(domain::event_id const& event, domain::signal_kind kind) {
    domain::signal s;
    s.event = event;
    s.kind = kind;
    s.happened_at = runtime::machine_time(); // its own clock
    s.battery_percent = 80;
    return wire::encode_signal(s);
}

} // namespace

device_fleet::device_fleet(boost::asio::io_context& loop, city_access access, options with,
                           on_receipt told, report tell)
    : loop_(loop), access_(std::move(access)), with_(with), told_(std::move(told)),
      tell_(std::move(tell)) {}

device_fleet::~device_fleet() = default;

domain::event_id device_fleet::press(button const& which, domain::signal_kind kind) {
    if (closed_) return {};
    auto const number = ++sequence_[which.device.value];
    auto const event = domain::make_event_id(which.device, {with_.boot, number});
    waiting_.push_back(waiting_press{which, event.value, kind, signal_of(event, kind)});
    tell_({happening_kind::pressed, which.device.value, event.value,
           std::string(domain::to_text(kind))});
    pump();
    return event;
}

void device_fleet::measure(button const& which, domain::telemetry what) {
    if (closed_) return;
    waiting_.push_back(waiting_bulk{which, payload_of(which, std::move(what))});
    pump();
}

std::string device_fleet::payload_of(button const& which, domain::telemetry what) {
    what.event = domain::make_event_id(which.device, {with_.boot, ++sequence_[which.device.value]});
    tell_({happening_kind::measured, which.device.value, what.event.value, ""});
    return wire::encode_telemetry(what);
}

void device_fleet::pump() {
    while (true) {
        auto const next = std::ranges::find_if(waiting_, [this](waiting_one const& each) {
            return std::visit([this](auto const& w) { return may_begin(w.which.device); }, each);
        });
        if (next == waiting_.end()) return;
        auto taken = std::move(*next);
        waiting_.erase(next);
        begin(std::move(taken));
    }
}

// A device that is on the line already just sends once more; one that is hanging up must have gone
// first, or its two connections would take the session from each other.
bool device_fleet::may_begin(domain::device_id const& device) const {
    if (leaving_.contains(device.value)) return false;
    return calls_.contains(device.value) || connected() < with_.most_connected;
}

void device_fleet::begin(waiting_one next) {
    auto const& which = std::visit(
        [](auto const& w) -> auto const& { return w.which; }, next);
    auto const on_line = calls_.find(which.device.value);
    auto& from = on_line != calls_.end() ? on_line->second : connect(which);
    std::visit([&](auto& w) { add(from, std::move(w)); }, next);
}

device_fleet::call& device_fleet::connect(button const& which) {
    auto const& device = which.device;
    auto settings = settings_of(access_, "d-" + device.value); // throws before anything is begun
    auto& made = calls_[device.value];
    made.device = device;
    if (which.kind == "watch")
        made.measured.push_back(
            payload_of(which, an_hour_of_a_watch(device, runtime::machine_time())));
    auto const name = device.value;
    mqtt::peer::callbacks calls{
        [this, name](std::string_view, std::string_view payload) { receipt(name, payload); },
        [this, name] { ready(name); },
        [this, name](std::string const& reason) {
            tell_({happening_kind::lost, name, "", reason});
        },
        [this, name](std::string const& what) {
            tell_({happening_kind::trouble, name, "", what});
        }};
    made.peer = std::make_unique<mqtt::peer>(
        loop_, std::move(settings), wire::receipt_topic(device), session_expiry, std::move(calls));
    made.peer->start();
    return made;
}

void device_fleet::add(call& to, waiting_press next) {
    auto& press = to.presses.try_emplace(next.event, loop_).first->second;
    press.kind = next.kind;
    press.payload = std::move(next.payload);
    if (to.ready) send(to, next.event, press);
}

void device_fleet::add(call& to, waiting_bulk next) {
    if (to.ready)
        to.peer->send(wire::telemetry_topic(to.device), std::move(next.payload));
    else
        to.measured.push_back(std::move(next.payload));
}

void device_fleet::ready(std::string const& device) {
    auto const found = calls_.find(device);
    if (found == calls_.end()) return;
    found->second.ready = true;
    for (auto& [event, press] : found->second.presses)
        if (press.heard == 0) send(found->second, event, press);
    // After the press, which is in a hurry.
    for (auto& each : std::exchange(found->second.measured, {}))
        found->second.peer->send(wire::telemetry_topic({device}), std::move(each));
    if (found->second.presses.empty()) hang_up(device);
}

void device_fleet::send(call& from, std::string const& event, press_made& press) {
    bool const first = press.first_sent == clock::time_point{};
    if (first) press.first_sent = clock::now();
    if (!first) tell_({happening_kind::resent, from.device.value, event, ""});
    from.peer->send(wire::signal_topic(from.device), press.payload);
    press.timer.expires_after(press.pause.next());
    send_later(from.device.value, event);
}

void device_fleet::send_later(std::string const& device, std::string const& event) {
    auto& press = calls_.at(device).presses.at(event);
    press.timer.async_wait([this, device, event](boost::system::error_code error) {
        if (error) return;
        auto const found = calls_.find(device);
        if (found == calls_.end()) return;
        auto const waiting = found->second.presses.find(event);
        if (waiting == found->second.presses.end() || waiting->second.heard > 0) return;
        send(found->second, event, waiting->second);
    });
}

void device_fleet::receipt(std::string const& device, std::string_view payload) {
    auto const seen = wire::decode_receipt(payload);
    auto const found = calls_.find(device);
    if (!seen) tell_({happening_kind::trouble, device, "", "a receipt that can't be read"});
    if (!seen || found == calls_.end()) return;
    hear(found->second, seen->event.value, seen->stage);
}

void device_fleet::hear(call& at, std::string const& event, domain::receipt_stage stage) {
    auto const found = at.presses.find(event);
    if (found == at.presses.end()) return; // of an earlier press
    auto& press = found->second;
    auto const rank = static_cast<int>(stage) + 1;
    if (rank <= press.heard) return; // said again
    press.heard = rank;
    constexpr std::array kinds{happening_kind::told_stored, happening_kind::told_accepted,
                               happening_kind::told_arrived};
    tell_({kinds[static_cast<std::size_t>(stage)], at.device.value, event, ""});
    told_({event}, stage, clock::now() - press.first_sent);
    if (press.kind == domain::signal_kind::fall_cancelled) stop_waiting_for_falls(at);
    bool const last = stage == domain::receipt_stage::arrived;
    auto const device = at.device.value;
    if (last || !brings_somebody(press.kind)) {
        finish(device, event);
    } else if (stage == domain::receipt_stage::stored) {
        give_up_later(device, event);
    }
}

// Cancelled: nobody is waited for. If somebody comes all the same, the next call's session has it.
void device_fleet::stop_waiting_for_falls(call& at) {
    std::erase_if(at.presses, [](auto const& each) {
        return each.second.kind == domain::signal_kind::fall && each.second.heard > 0;
    });
}

void device_fleet::give_up_later(std::string const& device, std::string const& event) {
    auto& press = calls_.at(device).presses.at(event);
    press.timer.expires_after(with_.patience);
    press.timer.async_wait([this, device, event](boost::system::error_code error) {
        if (error) return;
        tell_({happening_kind::gave_up, device, event, "nobody came"});
        finish(device, event);
    });
}

void device_fleet::finish(std::string const& device, std::string const& event) {
    auto const found = calls_.find(device);
    if (found == calls_.end()) return;
    found->second.presses.erase(event);
    if (!found->second.presses.empty()) return;
    hang_up(device);
}

void device_fleet::hang_up(std::string const& device) {
    leaving_.emplace(device, std::move(calls_.at(device).peer));
    calls_.erase(device);
    tasks_.spawn("hang_up", leave(device));
}

runtime::task<> device_fleet::leave(std::string device) {
    auto going = leaving_.at(device)->hang_up();
    co_await std::move(going);
    leaving_.erase(device);
    boost::asio::post(loop_, [this] { pump(); });
}

void device_fleet::hang_up() {
    closed_ = true;
    waiting_.clear();
    while (!calls_.empty()) {
        auto const device = calls_.begin()->first;
        hang_up(device);
    }
}

} // namespace linli::simulate
