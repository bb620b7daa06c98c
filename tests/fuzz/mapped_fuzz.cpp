// Any bytes on any maker's topic are a reading: what belongs to the signals and can't be read is a
// signal all the same, of a device of that maker's.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "adapters/mapped/device_book.hpp"
#include "adapters/mapped/json_document.hpp"
#include "adapters/wire/clean_text.hpp"
#include "adapters/wire/topics.hpp"
#include "domain/place.hpp"
#include "fuzz/require.hpp"
#include "support/places.hpp"

namespace {

using namespace linli;

constexpr domain::instant now{std::chrono::hours(500'000)};

void check_device(domain::device_id const& device, std::string_view maker) {
    require(device.value.starts_with(std::string(maker) + '.'));
    require(wire::is_valid_id(device.value));
}

void check(files::device_mapping const& by, std::string_view topic, std::string_view bytes) {
    mapped::message const what{topic, bytes, "mqtt", now};
    auto const read = mapped::read_message(by, what, std::chrono::minutes(480));
    auto const lane = mapped::lane_of(by, topic, bytes);
    require(read.signals.empty() || lane == files::message_lane::signals);
    require(read.telemetry.empty() || lane == files::message_lane::telemetry);
    require(lane != files::message_lane::telemetry || read.telemetry.size() == 1);
    for (auto const& each : read.signals) {
        check_device(each.device, by.name);
        require(domain::device_of(each.event) == each.device);
        require(each.kind != domain::signal_kind::unreadable || !each.raw.empty() || bytes.empty());
        require(wire::is_utf8(each.text) && each.text.size() <= 2000);
        require(!each.fix || domain::is_usable(*each.fix));
    }
    for (auto const& each : read.telemetry)
        check_device(each.device, by.name);
}

std::string topic_of(files::message_rule const& rule) {
    auto topic = files::topic_filter(rule.topic);
    for (auto at = topic.find('+'); at != topic.npos; at = topic.find('+'))
        topic.replace(at, 1, "w1");
    return topic;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const bytes(reinterpret_cast<char const*>(data), size);
    static mapped::device_book const book(linli::tests::shipped_config("devices"),
                                          std::chrono::minutes(480));
    for (auto const& mapping : book.mappings())
        for (auto const& rule : mapping.messages)
            check(mapping, topic_of(rule), bytes);
    return 0;
}
