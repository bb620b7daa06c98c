#include "adapters/wire/telemetry_reading.hpp"

#include <algorithm>

#include "adapters/wire/content_digest.hpp"
#include "adapters/wire/message_fields.hpp"
#include "adapters/wire/own_event.hpp"
#include "adapters/wire/parts.hpp"
#include "linli/v1/telemetry.pb.h"

namespace linli::wire {

namespace {

constexpr std::size_t most_raw = 64 * 1024;
constexpr std::size_t most_vitals_a_sample = 100;
constexpr std::uint32_t full_battery = 100;
constexpr double most_litres = 1'000'000;

std::optional<domain::activity_kind> activity_of(v1::ActivityKind kind) {
    if (kind <= v1::ACTIVITY_KIND_UNSPECIFIED || kind > v1::ACTIVITY_KIND_FINE) return std::nullopt;
    return static_cast<domain::activity_kind>(static_cast<int>(kind) - 1); // the same order
}

// One message's samples, and whether all of them could be read.
class samples_reading {
public:
    // `damaged`: something in a sample is missing, and nobody knows in which.
    samples_reading(domain::telemetry& into, bool damaged) : into_(into), damaged_(damaged) {}

    void take(v1::Sample const& sample) {
        at_ = std::nullopt;
        if (sample.has_at()) at_ = read_instant(sample.at());
        if (sample.has_at() && !at_) whole_ = false;
        auto const vitals = static_cast<std::size_t>(sample.vitals_size());
        if (vitals > most_vitals_a_sample) whole_ = false;
        for (std::size_t i = 0; i < std::min(vitals, most_vitals_a_sample); ++i)
            take(sample.vitals(static_cast<int>(i)));
        if (sample.has_position()) take(sample.position());
        auto const activities = static_cast<std::size_t>(sample.activities_size());
        if (activities > most_vitals_a_sample) whole_ = false;
        for (std::size_t i = 0; i < std::min(activities, most_vitals_a_sample); ++i)
            take(sample.activities(static_cast<int>(i)));
        if (auto const percent = sample.battery_percent(); percent > full_battery)
            whole_ = false;
        else if (percent > 0)
            into_.battery.push_back({at_, static_cast<int>(percent)});
    }

    bool whole() const { return whole_; }

private:
    void take(v1::Vital const& vital) {
        auto const what = domain::vital_sign_of(vital.code());
        if (what && vital.has_value() && domain::is_possible(*what, vital.value()))
            into_.vitals.push_back({at_, *what, vital.value()});
        else
            whole_ = false;
    }
    void take(v1::Activity const& activity) {
        auto const what = activity_of(activity.kind());
        auto const litres = activity.litres();
        if (what && litres >= 0 && litres <= most_litres)
            into_.activities.push_back({at_, *what, litres});
        else
            whole_ = false;
    }
    // No fix is no fault: devices send 0/0 indoors.
    void take(v1::Position const& position) {
        if (auto const where = read_position(position, damaged_))
            into_.fixes.push_back({at_, *where});
    }

    domain::telemetry& into_;
    bool const damaged_;
    bool whole_ = true;
    std::optional<domain::instant> at_;
};

} // namespace

domain::telemetry read_telemetry(domain::device_id const& device, std::string_view payload,
                                 std::optional<std::string_view> content_type,
                                 domain::instant received_at) {
    v1::Telemetry message;
    auto const how = read_message(payload, content_type, message);

    domain::telemetry t;
    t.device = device;
    t.received_at = received_at;
    auto const event = own_event(message, how);
    t.event = event ? domain::make_event_id(device, *event)
                    : event_id_by_content(device, payload, received_at);
    samples_reading samples(t, how.damaged.contains("samples"));
    auto const count = static_cast<std::size_t>(message.samples_size());
    for (std::size_t i = 0; i < std::min(count, most_samples); ++i)
        samples.take(message.samples(static_cast<int>(i)));
    bool const understood = how.whole && samples.whole() && count > 0 && count <= most_samples;
    if (!understood) t.raw = payload.substr(0, most_raw);
    return t;
}

} // namespace linli::wire
