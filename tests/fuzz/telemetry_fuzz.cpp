// Any bytes are telemetry, with some event id and with nothing in it that can't be.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "adapters/wire/message_fields.hpp"
#include "adapters/wire/telemetry_reading.hpp"
#include "fuzz/require.hpp"
#include "linli/v1/telemetry.pb.h"

namespace {

using namespace linli;

void check(std::string_view bytes, std::optional<std::string_view> content_type) {
    domain::device_id const device{"w1"};
    auto const t = wire::read_telemetry(device, bytes, content_type, domain::instant{});
    require(domain::device_of(t.event) == device);
    require(t.raw.empty() || t.raw == bytes.substr(0, 65'536));
    for (auto const& each : t.vitals)
        require(domain::is_possible(each.what, each.value));
    for (auto const& each : t.fixes)
        require(domain::is_usable(each.where));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const bytes(reinterpret_cast<char const*>(data), size);
    check(bytes, std::nullopt);
    check(bytes, "application/json");
    // read_telemetry would catch what these throw.
    v1::Telemetry message;
    wire::read_json(bytes, message);
    message.Clear();
    wire::read_protobuf(bytes, message);
    return 0;
}
