#pragma once

#include <string_view>

#include <boost/asio/ip/udp.hpp>

#include "hotline/core/ports.hpp"
#include "runtime/task.hpp"

namespace linli::hotline {

// rtpengine's log of the digits that it has met as telephone-event (RFC 4733): a datagram of JSON
// each, on a port of ours (its option dtmf-log-dest).
class digits {
public:
    digits(boost::asio::any_io_executor loop, boost::asio::ip::udp::endpoint at, std::string run,
           on_input tell);

    // Runs until cancelled.
    runtime::task<> read();

    // For the test of bytes from outside.
    void take(std::string_view datagram) const;

private:
    boost::asio::ip::udp::socket socket_;
    std::string const run_;
    on_input const tell_;
};

} // namespace linli::hotline
