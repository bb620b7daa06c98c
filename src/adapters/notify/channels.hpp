#pragma once

#include <functional>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "adapters/notify/transfers.hpp"
#include "app/carrier.hpp"
#include "runtime/config.hpp"

namespace linli::notify {

// The secrets of the channels that the configuration names.
struct secrets {
    std::string voice;
    std::string sms;
    std::string email;
    std::string webhook;
};

// Reads those that are needed. Throws std::runtime_error with the remedy; also when a channel would
// speak in clear to another machine without saying so (verify = false).
secrets load_secrets(runtime::notify_config const& config);

// app::carrier over libcurl. Lives shorter than the loop; stop() before that.
class channels final : public app::carrier {
public:
    channels(runtime::notify_config config, boost::asio::any_io_executor loop);

    bool carries(domain::channel by) const override;
    void carry(app::letter what, std::function<void(app::carried)> done) override;
    void stop() { transfers_.stop(); }

    // Longer than any channel takes.
    static domain::seconds longest(runtime::notify_config const& config);

private:
    runtime::notify_config config_;
    secrets secrets_;
    boost::asio::any_io_executor loop_;
    transfers transfers_;
};

bool has_channel(runtime::notify_config const& config, domain::channel by);

// One sending, waited for: to try a number.
app::carried carry_now(runtime::notify_config const& config, app::letter const& what);

// Connection, TLS and login, and nothing is sent. Empty, or what is wrong.
std::string trouble_with(runtime::notify_config const& config, domain::channel by);

} // namespace linli::notify
