#pragma once

#include <boost/asio/any_io_executor.hpp>

#include "adapters/mqtt/publisher.hpp"
#include "app/messenger.hpp"

namespace linli::server {

// Carries outbox rows to the broker: "device:w1" to its receipts, "provider:c1" to its offers.
class mqtt_messenger final : public app::messenger {
public:
    mqtt_messenger(mqtt::publisher& to, boost::asio::any_io_executor loop) : to_(to), loop_(loop) {}

    void send(app::outbox_row const& row, std::function<void(bool)> done) override;

private:
    mqtt::publisher& to_;
    boost::asio::any_io_executor loop_;
};

} // namespace linli::server
