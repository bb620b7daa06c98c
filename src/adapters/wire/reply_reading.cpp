#include "adapters/wire/reply_reading.hpp"

#include "adapters/wire/clean_text.hpp"
#include "adapters/wire/kinds.hpp"
#include "adapters/wire/message_fields.hpp"
#include "adapters/wire/parts.hpp"

namespace linli::wire {

namespace {

constexpr std::size_t longest_id = 200;
constexpr std::size_t longest_reason = 500;

} // namespace

read_reply read_provider_reply(domain::provider_id const& provider, std::string_view payload,
                               std::optional<std::string_view> content_type) {
    v1::Reply message;
    auto const how = read_message(payload, content_type, message);

    read_reply result;
    result.reply_id = clean_text(message.reply_id(), longest_id);
    result.offer_text = clean_text(message.offer_id(), longest_id);
    auto const kind = from_wire(message.kind());
    auto const offer = domain::parse_uuid(message.offer_id());
    if (!kind || !offer) return result;

    domain::reply reply;
    reply.reply_id = result.reply_id;
    reply.offer = domain::offer_id{*offer};
    reply.provider = provider;
    reply.kind = *kind;
    reply.reason = clean_text(message.reason(), longest_reason);
    reply.needs_120 = message.needs_120();
    reply.worker = {clean_text(message.worker(), longest_id)};
    if (message.has_happened_at()) reply.happened_at = read_instant(message.happened_at());
    if (message.has_position())
        reply.fix = read_position(message.position(), how.damaged.contains("position"));
    result.what = std::move(reply);
    return result;
}

} // namespace linli::wire
