#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "runtime/task.hpp"

namespace linli::tests::faults {

// How a line carries what is said on it. Within a connection bytes stay in order, as TCP has it.
enum class manner : std::uint8_t {
    straight,
    cut,       // connections end, and new ones are hung up on
    silent,    // half open: all stays connected, and nothing arrives
    slow,      // a few kilobytes a second each way
    delayed,   // everything a third of a second late, each way
    reordered, // each piece late by a time of its own: who spoke later is often heard first
};

// Our own proxy between somebody and a server, on a thread of its own.
class line {
public:
    // To a port of this machine or, with a '/' in it, to a Unix socket; from where the thread goes
    // by its first deed.
    line(std::string to, std::uint64_t seed, std::function<void()> begins_by = {});
    ~line();
    line(line const&) = delete;
    line& operator=(line const&) = delete;

    std::uint16_t port() const { return port_; }
    void becomes(manner how); // any thread

private:
    using tcp = boost::asio::ip::tcp;
    class ends;

    runtime::task<void> accept_all();
    runtime::task<void> connect(std::shared_ptr<ends> both);
    template <class From, class To>
    runtime::task<void> pass(std::shared_ptr<ends> both, From& from, To& to);
    runtime::task<void> wait(std::chrono::milliseconds how_long);
    std::chrono::milliseconds lateness(std::size_t bytes);

    std::string const to_;
    std::mt19937_64 dice_; // on the thread
    std::atomic<manner> manner_ = manner::straight;
    boost::asio::io_context loop_{1};
    tcp::acceptor acceptor_;
    std::vector<std::weak_ptr<ends>> open_; // on the thread
    std::uint16_t port_;
    std::thread thread_;
};

} // namespace linli::tests::faults
