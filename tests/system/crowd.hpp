#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "adapters/mqtt/peer.hpp"

namespace linli::tests {

// Thousands of devices at the broker, each with its own connection, on one thread. (Not by
// libmosquitto, as others of the tests: it waits by select(), which knows 1024 sockets.) Whenever
// one has a connection, again or for the first time, it says that it is there, repeats its test
// press (event 1:1, the same each time), delivers a pulse, and may then call for help.
class crowd {
public:
    struct member {
        std::string device;
        mqtt::connection_settings at;
    };
    // Connects all at once. Of a crowd that comes back, `connections` is where the one before it
    // ended: what it has measured since is new, its test presses are not.
    explicit crowd(std::vector<member> const& who, std::size_t connections = 0);
    ~crowd(); // all hang up
    crowd(crowd const&) = delete;
    crowd& operator=(crowd const&) = delete;

    // From now on each hundredth one, say, presses SOS when it comes back.
    void one_calls_of(std::size_t connections) { one_calls_of_ = connections; }

    std::size_t connections() const { return connections_; } // since the beginning
    std::size_t receipts() const { return receipts_; }       // of test presses: they are stored
    std::size_t calls_stored() const { return calls_stored_; }

private:
    void connect(member const& who);
    void comes(std::string const& id, mqtt::peer& at_broker);
    void hears(std::string_view payload);

    boost::asio::io_context loop_{1};
    std::vector<std::unique_ptr<mqtt::peer>> peers_;
    std::atomic<std::size_t> connections_;
    std::atomic<std::size_t> receipts_{0};
    std::atomic<std::size_t> calls_stored_{0};
    std::atomic<std::size_t> one_calls_of_{0}; // 0: none
    std::thread thread_;
};

} // namespace linli::tests
