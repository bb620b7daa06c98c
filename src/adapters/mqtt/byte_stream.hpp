#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include <boost/asio/buffer.hpp>
#include <boost/system/result.hpp>

#include "adapters/mqtt/connection_settings.hpp"
#include "runtime/task.hpp"

namespace linli::mqtt {

// A connection to the broker, TCP or TLS. Of one thread; one read and one write at a time.
class byte_stream {
public:
    virtual ~byte_stream() = default;

    // At least one byte; an error at the end.
    virtual runtime::task<boost::system::result<std::size_t>>
    read_some(boost::asio::mutable_buffer into) = 0;
    // All of it. The bytes stay where they are until then.
    virtual runtime::task<boost::system::error_code> write(std::string_view bytes) = 0;
    // What is under way ends with an error.
    virtual void close() = 0;
    // Until when the certificate is good that the broker has shown; nothing without TLS.
    virtual std::optional<std::chrono::sys_seconds> certificate_end() const = 0;
};

// "tcp://host:port", or "ssl://host:port" with the broker's certificate and name checked. Throws
// boost::system::system_error.
runtime::task<std::unique_ptr<byte_stream>> open_stream(connection_settings to);

} // namespace linli::mqtt
