// Any bytes are read as a reply, or not; neither throws.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "adapters/wire/clean_text.hpp"
#include "adapters/wire/message_fields.hpp"
#include "adapters/wire/provider_words.hpp"
#include "adapters/wire/reply_reading.hpp"
#include "adapters/wire/topics.hpp"
#include "fuzz/require.hpp"
#include "linli/v1/reply.pb.h"

namespace {

using namespace linli;

void check(std::string_view bytes, std::optional<std::string_view> content_type) {
    domain::provider_id const provider{"c1"};
    auto const seen = wire::read_provider_reply(provider, bytes, content_type);
    require(wire::is_utf8(seen.reply_id) && wire::is_utf8(seen.offer_text));
    require(!seen.what || seen.what->provider == provider);
    if (!seen.what) return;
    // What we understood, another reader of ours understands too.
    auto const again = wire::read_provider_reply(provider, wire::encode_reply(*seen.what), {});
    require(again.what && again.what->offer == seen.what->offer);
    require(again.what->kind == seen.what->kind);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const bytes(reinterpret_cast<char const*>(data), size);
    check(bytes, std::nullopt);
    check(bytes, "application/json");
    v1::Reply message;
    wire::read_json(bytes, message); // read_provider_reply would catch what it throws
    wire::parse_topic(bytes);
    wire::decode_offer(bytes);
    return 0;
}
