#pragma once

#include <functional>
#include <map>
#include <utility>

#include "app/clock.hpp"
#include "app/erasures.hpp"
#include "app/keeping_record.hpp"

namespace linli::app {

using keeping_times = std::map<domain::kept, domain::duration>;

// Lets go of what has been kept long enough, and of what an erasure has left, for as long as this
// server is the one that does it. A few rows at a time and a pause after each: whoever commits a
// press meanwhile waits for none of it. What failed is tried in the next round.
class keeping {
public:
    struct ports {
        keeping_record& keeper;
        erasures& erased;
        clock& time;
        std::function<bool()> is_ours;
        // Whether it is known how late it is: what goes by a wrong clock never comes back.
        std::function<bool()> may_let_go;
    };
    // What isn't named is kept for ever.
    keeping(ports with, keeping_times how_long)
        : with_(std::move(with)), how_long_(std::move(how_long)) {}

    // Runs until cancelled.
    runtime::task<void> run();
    // One round.
    runtime::task<void> look();

private:
    runtime::task<void> let_go(domain::kept what, domain::duration how_long);

    ports with_;
    keeping_times how_long_;
};

} // namespace linli::app
