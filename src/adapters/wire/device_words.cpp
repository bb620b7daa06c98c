#include "adapters/wire/device_words.hpp"

#include "adapters/wire/kinds.hpp"
#include "adapters/wire/message_fields.hpp"
#include "adapters/wire/parts.hpp"
#include "adapters/wire/wire_form.hpp"
#include "linli/v1/command.pb.h"
#include "linli/v1/state.pb.h"
#include "linli/v1/telemetry.pb.h"

namespace linli::wire {

namespace {

// Values of one moment share a sample, as long as they come one after the other.
v1::Sample& sample_at(std::optional<domain::instant> const& at, v1::Telemetry& in) {
    if (in.samples_size() > 0) {
        auto& last = *in.mutable_samples(in.samples_size() - 1);
        if (last.has_at() == at.has_value() && (!at || read_instant(last.at()) == at)) return last;
    }
    auto& sample = *in.add_samples();
    if (at) write_instant(*at, *sample.mutable_at());
    return sample;
}

} // namespace

std::string encode_signal(domain::signal const& what, form as) {
    v1::Signal message;
    if (auto const event = domain::device_event_of(what.event)) {
        message.mutable_event()->set_boot(event->boot);
        message.mutable_event()->set_sequence(event->sequence);
    }
    message.set_kind(to_wire(what.kind));
    if (what.happened_at) write_instant(*what.happened_at, *message.mutable_happened_at());
    if (what.fix) write_position(*what.fix, *message.mutable_position());
    if (what.battery_percent)
        message.set_battery_percent(static_cast<std::uint32_t>(*what.battery_percent));
    message.set_text(what.text);
    return bytes_of(message, as);
}

std::string encode_telemetry(domain::telemetry const& what, form as) {
    v1::Telemetry message;
    if (auto const event = domain::device_event_of(what.event)) {
        message.mutable_event()->set_boot(event->boot);
        message.mutable_event()->set_sequence(event->sequence);
    }
    for (auto const& each : what.vitals) {
        auto& vital = *sample_at(each.at, message).add_vitals();
        vital.set_code(std::string(domain::loinc_of(each.what)));
        vital.set_value(each.value);
    }
    for (auto const& each : what.fixes)
        write_position(each.where, *sample_at(each.at, message).mutable_position());
    for (auto const& each : what.battery)
        sample_at(each.at, message).set_battery_percent(static_cast<std::uint32_t>(each.percent));
    for (auto const& each : what.activities) {
        auto& activity = *sample_at(each.at, message).add_activities();
        activity.set_kind(static_cast<v1::ActivityKind>(static_cast<int>(each.what) + 1));
        activity.set_litres(each.litres);
    }
    return bytes_of(message, as);
}

std::string encode_state(presence const& what, form as) {
    v1::State message;
    message.set_online(what.online);
    write_instant(what.since, *message.mutable_since());
    message.set_boot(what.boot);
    message.set_battery_percent(static_cast<std::uint32_t>(what.battery_percent));
    return bytes_of(message, as);
}

std::optional<seen_receipt> decode_receipt(std::string_view payload) {
    v1::Receipt message;
    auto const how = read_protobuf(payload, message);
    auto const stage = from_wire(message.stage());
    if (!how.whole || !stage) return std::nullopt;
    seen_receipt seen;
    seen.event.value = message.event_id();
    seen.stage = *stage;
    if (message.has_at()) seen.at = read_instant(message.at());
    return seen;
}

std::optional<domain::device_command> decode_command(std::string_view payload) {
    v1::Command message;
    if (!message.ParseFromArray(payload.data(), static_cast<int>(payload.size())))
        return std::nullopt;
    auto const id = domain::parse_uuid(message.command_id());
    auto const kind = from_wire(message.kind());
    if (!id || !kind) return std::nullopt;
    domain::device_command what;
    what.id = {*id};
    what.kind = *kind;
    if (message.interval_s() != 0) what.values.push_back(std::to_string(message.interval_s()));
    what.values.insert(what.values.end(), message.numbers().begin(), message.numbers().end());
    what.asked_at = read_instant(message.asked_at()).value_or(domain::instant{});
    what.expires_at = read_instant(message.expires_at()).value_or(domain::instant{});
    return what;
}

} // namespace linli::wire
