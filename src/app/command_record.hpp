#pragma once

#include <optional>
#include <vector>

#include "app/record.hpp"
#include "domain/device_command.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// What devices were asked to do, by whom, and what came of it. PostgreSQL in an installation, a
// twin in memory in tests. All calls may suspend; none throws for an outage.
class command_record {
public:
    virtual ~command_record() = default;

    // A waiting one of the same kind for the same device is replaced. False: nobody has registered
    // that device.
    virtual runtime::task<record_result<bool>> ask(domain::device_command const& what) = 0;

    // Open ones, those first that are soonest of no use, so that no heap of settings for watches in
    // drawers stands before a ring; and those whose time is up, which end by this: they come
    // once, as `expired` or `unanswered`.
    virtual runtime::task<record_result<std::vector<domain::device_command>>>
    open(domain::instant now, int limit) = 0;

    // Their states at `now`. What has ended stays as it is.
    virtual runtime::task<record_result<void>>
    become(std::vector<domain::device_command> const& what, domain::instant now) = 0;

    // Devices worn by those whom an open alert seeks (alert::locate_every; raised or claimed), and
    // whom the house has not asked to locate for so long, or not since it opened; one that waits
    // for its device is enough. What waits still when nobody is sought any more ends by this, as
    // `expired`.
    virtual runtime::task<record_result<std::vector<domain::device_id>>>
    due_for_locate(domain::instant now, int limit) = 0;

    // For people: the newest first, of one device or of all.
    virtual runtime::task<record_result<std::vector<domain::device_command>>>
    list(std::optional<domain::device_id> of, int limit) = 0;
};

} // namespace linli::app
