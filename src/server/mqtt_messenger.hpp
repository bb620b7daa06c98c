#pragma once

#include <boost/asio/any_io_executor.hpp>

#include "adapters/mqtt/publisher.hpp"
#include "app/messenger.hpp"

namespace linli::server {

// Carries outbox rows to the broker: "device:w1" to its receipts, "provider:c1" to its offers. Each
// by a connection of its own: the broker reads a packet of each that has one, and then the next, so
// an offer behind a thousand receipts would come as late as the last of them.
class mqtt_messenger final : public app::messenger {
public:
    mqtt_messenger(mqtt::publisher& receipts, mqtt::publisher& offers,
                   boost::asio::any_io_executor loop)
        : receipts_(receipts), offers_(offers), loop_(loop) {}

    void send(app::outbox_row const& row, std::function<void(bool)> done) override;

private:
    mqtt::publisher& receipts_;
    mqtt::publisher& offers_;
    boost::asio::any_io_executor loop_;
};

} // namespace linli::server
