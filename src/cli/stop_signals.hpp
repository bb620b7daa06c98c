#pragma once

#include <csignal>
#include <functional>
#include <thread>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

namespace linli::cli {

// As long as it lives, SIGINT and SIGTERM ask for the end by `stop`, on a thread of its own.
class stop_signals {
public:
    explicit stop_signals(std::function<void()> stop) {
        caught_.async_wait([stop = std::move(stop)](auto error, int) {
            if (!error) stop();
        });
        listening_ = std::thread([this] { loop_.run(); });
    }
    stop_signals(stop_signals const&) = delete;
    stop_signals& operator=(stop_signals const&) = delete;
    ~stop_signals() {
        loop_.stop();
        listening_.join();
    }

private:
    boost::asio::io_context loop_;
    boost::asio::signal_set caught_{loop_, SIGINT, SIGTERM};
    std::thread listening_;
};

} // namespace linli::cli
