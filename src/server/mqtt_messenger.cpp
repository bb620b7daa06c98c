#include "server/mqtt_messenger.hpp"

#include <optional>
#include <string>
#include <utility>

#include <boost/asio/post.hpp>

#include "adapters/wire/topics.hpp"
#include "runtime/log.hpp"

namespace linli::server {

namespace {

constexpr std::string_view device_prefix = "device:";
constexpr std::string_view provider_prefix = "provider:";

std::optional<std::string> topic_of(std::string_view destination) {
    if (destination.starts_with(device_prefix))
        return wire::receipt_topic({std::string(destination.substr(device_prefix.size()))});
    if (destination.starts_with(provider_prefix))
        return wire::offers_topic({std::string(destination.substr(provider_prefix.size()))});
    return std::nullopt;
}

} // namespace

void mqtt_messenger::send(app::outbox_row const& row, std::function<void(bool)> done) {
    auto const topic = topic_of(row.destination);
    if (!topic) {
        runtime::log::error("destination_unknown", {{"destination", row.destination}});
        boost::asio::post(loop_, [done = std::move(done)] { done(true); });
        return;
    }
    // The publisher answers on a thread of its own.
    auto& to = row.destination.starts_with(device_prefix) ? receipts_ : offers_;
    to.publish(*topic, row.payload, [loop = loop_, done = std::move(done)](bool delivered) {
        boost::asio::post(loop, [done, delivered] { done(delivered); });
    });
}

} // namespace linli::server
