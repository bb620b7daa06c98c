#pragma once

#include <functional>

#include <boost/asio/any_io_executor.hpp>

#include "adapters/mqtt/publisher.hpp"
#include "app/commanding.hpp"
#include "server/watch_door.hpp"

namespace linli::server {

// The way to a device: the connection on which a watch is, or its topic at the broker. A device
// that speaks its maker's own JSON has none.
class device_reach {
public:
    // `publishes`: whether it is for this server to send by the broker; of several one does.
    device_reach(watch_door& watches, mqtt::publisher& broker, std::function<bool()> publishes,
                 boost::asio::any_io_executor loop)
        : watches_(watches), broker_(broker), publishes_(std::move(publishes)),
          loop_(std::move(loop)) {}

    void send(domain::device_command const& what, app::commanding::gone done);

private:
    watch_door& watches_;
    mqtt::publisher& broker_;
    std::function<bool()> const publishes_;
    boost::asio::any_io_executor loop_;
};

} // namespace linli::server
