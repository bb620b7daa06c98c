#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "adapters/http/readiness.hpp"
#include "adapters/journal/journal.hpp"
#include "adapters/postgres/record.hpp"
#include "adapters/watch_tcp/gateway.hpp"
#include "app/clock.hpp"
#include "runtime/config.hpp"
#include "runtime/metrics.hpp"
#include "runtime/work_scope.hpp"

namespace linli::server {

// The door for watches that speak [3G*…] over TCP, if the configuration opens it: what they signal
// goes to the journal of the signals. It knows by the registry whose share a connection takes; as
// long as it has never been reached, everybody counts as registered.
class watch_door {
public:
    // Throws std::runtime_error when the address can't be had. `measured`: takes what registered
    // watches measure, from the gateway's thread.
    watch_door(runtime::config const& config, journal::journal& to, app::clock& clock,
               postgres::database_record& registry, boost::asio::any_io_executor loop,
               runtime::metrics& into,
               std::function<void(watch_tcp::arrived const&)> measured = {});

    // From the gateway's thread; before start().
    void tell_beats(std::function<void(std::string_view id)> whom) { beat_ = std::move(whom); }

    // From the gateway's thread; before start().
    void tell_answers(std::function<void(std::string_view id, domain::command_kind)> whom) {
        answer_ = std::move(whom);
    }

    // Whether that is the id of a watch that comes by this door, if it comes.
    bool is_for(domain::device_id const& device) const;
    void send(domain::device_command what, std::function<void(bool)> done);

    void start();
    runtime::task<void> stop();

    // For /readyz; nothing while the door is shut. Never unready: the other doors are open.
    std::optional<http::part> ready() const;

    std::uint16_t port() const { return gateway_ ? gateway_->port() : std::uint16_t{0}; }

private:
    using ids = std::vector<std::string>; // sorted

    // From the gateway's threads.
    std::optional<watch_tcp::gateway_callbacks::settle> arrived(watch_tcp::arrived const& what);
    bool is_registered(std::string_view id);

    runtime::task<void> tell_time();
    runtime::task<void> watch_registry();
    void know(ids watches);

    journal::journal& journal_;
    app::clock& clock_;
    postgres::database_record& registry_;
    runtime::gauge known_;
    std::function<void(std::string_view id)> beat_;
    std::function<void(std::string_view id, domain::command_kind)> answer_;
    mutable std::mutex mutex_; // of the next
    std::shared_ptr<ids const> registered_;
    domain::instant since_;
    std::unique_ptr<watch_tcp::gateway> gateway_;
    runtime::work_scope tasks_;
};

} // namespace linli::server
