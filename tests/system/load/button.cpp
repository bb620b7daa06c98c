#include "system/load/button.hpp"

#include <array>
#include <utility>

#include "adapters/wire/device_words.hpp"
#include "adapters/wire/topics.hpp"

namespace linli::tests::load {

namespace {

using namespace std::chrono_literals;

constexpr std::array<steady::duration, 4> pauses{500ms, 1s, 2s, 4s}; // before it sends again

constexpr std::uint64_t boot = 1;

} // namespace

button::button(switchboard& on, ledger& writes, peer::who const& is, domain::device_id id,
               temper of, std::function<void()> on_receipt)
    : on_(on), ledger_(writes), id_(std::move(id)), temper_(of), on_receipt_(std::move(on_receipt)),
      at_broker_(on.connect(is, wire::receipt_topic(id_),
                            {[this](auto payload) { hear(payload); },
                             [this](int message, int said) { be_taken(message, said); }})) {}

bool button::may_press() const {
    switch (temper_) {
    case temper::patient:
        return raised_.value.empty() && waiting_.empty();
    case temper::trembling:
        return true;
    case temper::once:
        return at_broker_.listens();
    }
    return false;
}

void button::press() {
    domain::signal what;
    what.device = id_;
    what.event = domain::make_event_id(id_, {boot, next_++});
    what.kind = domain::signal_kind::sos;
    if (temper_ == temper::patient) raised_ = what.event;
    waiting_[what.event] = {wire::encode_signal(what)};
    ledger_.pressed(what.event, temper_);
    send(what.event);
}

void button::send(domain::event_id const& event) {
    auto const at = waiting_.find(event);
    if (at == waiting_.end()) return; // receipted
    auto& what = at->second;
    if (auto const message = at_broker_.says(wire::signal_topic(id_), what.payload)) {
        under_way_[*message] = event;
        ledger_.sent(event);
    }
    auto const pause =
        pauses[std::min<std::size_t>(static_cast<std::size_t>(what.sendings++), pauses.size() - 1)];
    if (resends(temper_))
        on_.after(pause, [this, event] { send(event); });
    else
        waiting_.erase(at);
}

void button::hear(std::string_view payload) {
    auto const receipt = wire::decode_receipt(payload);
    if (!receipt || receipt->stage != domain::receipt_stage::stored) return;
    ledger_.receipted(receipt->event);
    waiting_.erase(receipt->event);
    on_receipt_();
}

void button::be_taken(int message, int broker_said) {
    auto const at = under_way_.find(message);
    if (at == under_way_.end()) return;
    ledger_.taken(at->second, broker_said);
    under_way_.erase(at);
}

void button::alert_closed(domain::event_id const& first_event) {
    if (raised_ == first_event) raised_ = {};
}

} // namespace linli::tests::load
