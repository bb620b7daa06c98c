#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/postgres/record.hpp"
#include "app/clock.hpp"
#include "app/dispatch.hpp"
#include "runtime/task.hpp"

namespace linli::server {

class house_clock;

// Before anybody has a time of it: takes the database's, if that answers within some seconds. What
// the machine's clock says is then nobody's. A clock that the house doesn't own is left as it is.
void begin_with_database(app::clock& clock, std::string const& database_url);

// Takes the house's time from the database at the start, stores the latest that was handed out, so
// that no restart goes back behind it, and holds the two clocks against each other each second. The
// house doesn't follow a jump of the database's; it raises it at the city's desk, because what the
// record says from then on, and what a restart makes of it, somebody must look at. A start far
// ahead of what the house stored last is raised as well: it may have been off for so long, or the
// clock is wrong; for a day nothing that is kept is let go of.
class clock_watch {
public:
    clock_watch(postgres::database_record& record, app::dispatch& to, app::clock& clock)
        : record_(record), to_(to), clock_(clock) {}

    // False until the database answers. A clock that the house doesn't own is left as it is. Throws
    // when the house has meanwhile told times of its machine's that lie far ahead of the
    // database's: what began with them can't go back, a new start can.
    runtime::task<bool> adopt();

    // Runs until cancelled; once the registry is known.
    runtime::task<void> run();

    // Whether the house knows how late it is, so that what is old enough may go for good. On the
    // loop.
    bool may_let_go();

private:
    void take(house_clock& own, postgres::house_times const& times);
    void compare(domain::instant before, domain::instant wall, domain::instant after);
    void note_jump(domain::duration by, std::string what, std::string const& event = "clock:x:");
    runtime::task<void> raise();
    runtime::task<void> keep_time();

    postgres::database_record& record_;
    app::dispatch& to_;
    app::clock& clock_;
    bool has_adopted_ = false;
    std::optional<domain::instant> was_ahead_; // a start, or the database says so of one before
    std::optional<domain::duration> ahead_;    // the database of us, when last seen
    std::vector<app::input> to_raise_;
};

} // namespace linli::server
