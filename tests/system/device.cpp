#include "system/device.hpp"

#include "adapters/wire/topics.hpp"

namespace linli::tests {

device::device(std::string id, peer::who const& is)
    : id_{std::move(id)}, at_broker_(is, wire::receipt_topic(id_), [this](auto payload) {
          if (auto receipt = wire::decode_receipt(payload)) receipts_.put(*receipt);
      }) {}

domain::event_id device::sends(domain::signal_kind kind) {
    domain::signal what;
    what.kind = kind;
    return sends(what);
}

domain::event_id device::sends(domain::signal what) {
    what.device = id_;
    what.event = domain::make_event_id(id_, {1, next_++});
    auto const bytes = wire::encode_signal(what);
    sent_[what.event] = bytes;
    sends_bytes(bytes);
    return what.event;
}

void device::sends_again(domain::event_id const& event) {
    sends_bytes(sent_.at(event));
}

domain::event_id device::measures(domain::telemetry what) {
    what.event = domain::make_event_id(id_, {1, next_batch_++});
    measured_[what.event] = wire::encode_telemetry(what);
    measures_again(what.event);
    return what.event;
}

domain::event_id device::measures_pulse(double beats_a_minute) {
    domain::telemetry t;
    t.vitals = {{std::nullopt, domain::vital_sign::heart_rate, beats_a_minute}};
    return measures(std::move(t));
}

void device::measures_again(domain::event_id const& event) {
    publishes(wire::telemetry_topic(id_), measured_.at(event));
}

void device::sends_bytes(std::string const& payload) {
    publishes(wire::signal_topic(id_), payload);
}

void device::publishes(std::string const& topic, std::string const& payload) {
    at_broker_.says(topic, payload);
}

void device::hears(domain::receipt_stage stage, domain::event_id const& event) {
    receipts_.wait_for(event.value + " receipt", [&](wire::seen_receipt const& r) {
        return r.event == event && r.stage == stage;
    });
}

} // namespace linli::tests
