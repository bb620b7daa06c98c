#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "adapters/http/readiness.hpp"
#include "app/clock.hpp"
#include "runtime/config.hpp"
#include "runtime/metrics.hpp"
#include "runtime/work_scope.hpp"

namespace linli::server {

// What the media server has recorded is sealed by the server that holds the hotline: it alone is
// sure to have that folder.
class recording_lane {
public:
    recording_lane(runtime::config const& config, app::clock& clock, runtime::metrics& metrics,
                   std::function<bool()> is_ours);
    ~recording_lane();

    void start(runtime::work_scope& tasks); // when the database was reached
    void stop();

    // Never unready: no call waits for it.
    std::optional<http::part> ready() const; // nothing: nothing is recorded
    void look();                             // into the figures

private:
    struct parts;
    std::unique_ptr<parts> parts_; // null: nothing is recorded
};

} // namespace linli::server
