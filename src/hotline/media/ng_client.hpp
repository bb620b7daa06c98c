#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/ip/udp.hpp>
#include <boost/system/result.hpp>

#include "hotline/media/bencode.hpp"
#include "runtime/task.hpp"

namespace linli::hotline {

// Requests to rtpengine, over UDP. A datagram is a cookie, a blank and a dictionary; the answer has
// the same cookie. rtpengine remembers its answers by the cookie, so a request is sent again with
// the same one and is done once; and a cookie of an earlier run would get that run's answer, so
// ours begin with the run's name.
class ng_client {
public:
    struct settings {
        boost::asio::ip::udp::endpoint rtpengine;
        std::string run;
        // A request is sent at once and after each of these; the last waits for the answer only.
        std::vector<std::chrono::milliseconds> waits{std::chrono::milliseconds(150),
                                                     std::chrono::milliseconds(300),
                                                     std::chrono::milliseconds(600)};
    };

    ng_client(boost::asio::any_io_executor loop, settings with);

    // Runs until cancelled; nobody else reads.
    runtime::task<> read_answers();

    // The answer, whatever its `result` says. errc::timed_out when none came.
    runtime::task<boost::system::result<bencode::value>> ask(bencode::dictionary request);

private:
    struct waiter;

    void take(std::string_view datagram);

    settings const with_;
    boost::asio::ip::udp::socket socket_;
    std::map<std::string, waiter*, std::less<>> waiting_;
    std::uint64_t asked_ = 0;
};

} // namespace linli::hotline
