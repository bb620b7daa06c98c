#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "adapters/cloud_poll/cloud_poller.hpp"
#include "adapters/http/readiness.hpp"
#include "adapters/mapped/device_book.hpp"
#include "app/clock.hpp"
#include "runtime/config.hpp"
#include "runtime/metrics.hpp"
#include "server/push_intake.hpp"

namespace linli::server {

// Asks each cloud whose mapping has a [poll] for what a push of it may have lost: clouds try a few
// times, then drop it. While this server receives, each on a thread of its own, so that none waits
// for another's cloud.
class poll_lane {
public:
    // Throws std::runtime_error when a secret can be read by others.
    poll_lane(runtime::config const& config, mapped::device_book const& devices,
              journal::journal& to, telemetry_lane& bulk, app::clock& clock,
              runtime::metrics& into);
    poll_lane(poll_lane const&) = delete;
    poll_lane& operator=(poll_lane const&) = delete;
    ~poll_lane(); // leaves

    // While this server holds the ingest; another thread's than the loop's.
    void receive();
    void leave(); // what is being asked for is dropped: it is asked for again

    std::optional<http::part> ready() const; // nothing: there is no cloud to ask

private:
    struct cloud;

    void add(files::device_mapping const& mapping, runtime::config const& config,
             runtime::metrics& into);
    void ask_on(cloud& of);
    void note(cloud& of, cloud_poll::round const& what);
    static void tell(cloud const& of, cloud_poll::round const& what, std::string const& before);
    bool waits(cloud const& of); // false: it is to end

    push_intake const intake_;
    app::clock& clock_;
    domain::instant since_;
    std::vector<std::unique_ptr<cloud>> clouds_;

    mutable std::mutex mutex_; // of the following, and of what a cloud says of itself
    std::condition_variable leaving_now_;
    bool leaving_ = true;
};

} // namespace linli::server
