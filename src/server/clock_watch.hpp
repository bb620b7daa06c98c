#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/postgres/record.hpp"
#include "app/clock.hpp"
#include "app/dispatch.hpp"
#include "runtime/task.hpp"

namespace linli::server {

// Takes the house's time from the database at the start, stores the latest that was handed out, so
// that no restart goes back behind it, and holds the two clocks against each other each second. The
// house doesn't follow a jump of the database's; it raises it at the city's desk, because what the
// record says from then on, and what a restart makes of it, somebody must look at.
class clock_watch {
public:
    clock_watch(postgres::database_record& record, app::dispatch& to, app::clock& clock)
        : record_(record), to_(to), clock_(clock) {}

    // False until the database answers. A clock that the house doesn't own is left as it is.
    runtime::task<bool> adopt();

    // Runs until cancelled; once the registry is known.
    runtime::task<void> run();

private:
    void compare(domain::instant before, domain::instant wall, domain::instant after);
    void note_jump(domain::duration by, std::string what);
    runtime::task<void> raise();

    postgres::database_record& record_;
    app::dispatch& to_;
    app::clock& clock_;
    std::optional<domain::duration> ahead_; // the database of us, when last seen
    std::vector<app::input> to_raise_;
};

} // namespace linli::server
