// Any bytes are a signal, with some event id; what can't be read is kept.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "adapters/wire/clean_text.hpp"
#include "adapters/wire/message_fields.hpp"
#include "adapters/wire/signal_reading.hpp"
#include "adapters/wire/state_reading.hpp"
#include "fuzz/require.hpp"
#include "linli/v1/signal.pb.h"
#include "linli/v1/state.pb.h"

namespace {

using namespace linli;

void check(std::string_view bytes, std::optional<std::string_view> content_type) {
    domain::device_id const device{"w1"};
    auto const s = wire::read_signal(device, bytes, content_type, "mqtt", domain::instant{});
    require(domain::device_of(s.event) == device);
    require(s.kind != domain::signal_kind::unreadable || s.raw == bytes.substr(0, 65'536));
    require(wire::is_utf8(s.text) && s.text.size() <= 2000);
    require(!s.fix || domain::is_usable(*s.fix));
    wire::read_state(device, bytes, content_type, "mqtt", domain::instant{});
}

// read_signal would catch what these throw.
template <class Message>
void check_parts(std::string_view bytes) {
    Message message;
    wire::read_json(bytes, message);
    message.Clear();
    wire::read_protobuf(bytes, message);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const bytes(reinterpret_cast<char const*>(data), size);
    check(bytes, std::nullopt);
    check(bytes, "application/json");
    check_parts<v1::Signal>(bytes);
    check_parts<v1::State>(bytes);
    return 0;
}
