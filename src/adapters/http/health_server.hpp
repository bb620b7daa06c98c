#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>

#include "adapters/http/readiness.hpp"
#include "runtime/config.hpp"
#include "runtime/task.hpp"

namespace linli::http {

// All are called on the loop, answer at once, and outlive the server. What they throw becomes
// status 500 and a line in the log.
struct health_callbacks {
    std::function<readiness()> ready;
    std::function<std::string()> metrics; // in Prometheus's text format
    // What is remembered of an event, in JSON; nothing: no such event. None: nothing is traced.
    std::function<std::optional<std::string>(std::string_view event)> trace = {};
};

struct health_limits {
    std::chrono::milliseconds request_deadline{10'000}; // from the connection to the last byte
    std::size_t header_bytes = 8192;
    std::size_t connections = 100; // one more is closed at once
};

// For those who watch the server (systemd, a load balancer, Prometheus), one request a connection:
//     /healthz  200 while the loop runs
//     /readyz   200, or 503 while a part is not ready; JSON that lists the parts
//     /metrics  the figures
//     /trace?event=ID  when each step of that event was done, while it is remembered: ids only
// Plain HTTP without rights, so it listens on a loopback address (config sees to that). Lives on
// one thread or strand: the executor's.
class health_server {
public:
    // Throws std::runtime_error when the address can't be had. Port 0 takes a free one.
    static std::unique_ptr<health_server> start(boost::asio::any_io_executor executor,
                                                runtime::listen_address const& address,
                                                health_callbacks callbacks,
                                                health_limits limits = {});
    virtual ~health_server() = default;

    virtual std::uint16_t port() const = 0;

    // Closes all connections and waits until they are gone. Required before destruction.
    virtual runtime::task<> stop() = 0;
};

} // namespace linli::http
