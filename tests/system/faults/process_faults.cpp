#include "system/faults/process_faults.hpp"

namespace linli::tests::faults {

using namespace std::chrono_literals;

void server_is_killed(trial& t, int times) {
    t.kills({.server = times, .database = 0, .broker = 0});
}

void database_is_killed(trial& t, int times) {
    t.kills({.server = 0, .database = times, .broker = 0});
}

void broker_is_killed(trial& t, int times) {
    t.kills({.server = 0, .database = 0, .broker = times});
}

void server_is_frozen(trial& t) {
    t.server().freezes();
    t.lasts_long();
    t.server().goes_on();
}

void database_is_frozen(trial& t) {
    t.database().does("freeze");
    t.lasts_long();
    t.database().does("thaw");
}

void broker_is_frozen(trial& t) {
    t.broker().freezes();
    t.lasts_long();
    t.broker().goes_on();
}

// It comes back at once and knows nobody: neither who listens, nor what it had still to pass on.
void broker_loses_its_sessions(trial& t) {
    t.broker_lost_what_it_had();
    t.broker().loses_everything();
}

// The primary's machine is gone for good. Nothing is answered until the standby is promoted.
void standby_takes_over(trial& t) {
    t.database().does("kill");
    t.lasts(2s);
    t.standby().does("promote");
}

// The one that receives, with all that its journal holds. The other takes over by itself; the dead
// one comes back later and stands by. Which of the two it is changes from fault to fault.
void one_of_two_servers_dies(trial& t) {
    auto& dying = t.receiving_server();
    dying.strike();
    dying.bury();
    t.is_taken_over();
    t.lasts(1s);
    dying.start();
}

// While it runs, and over a restart while the database can't tell it better.
void servers_clock_is_set_back(trial& t) {
    t.clock().stands_wrong_by(-3600);
    t.lasts(3s);
    t.database().does("kill");
    t.server().strike();
    t.server().bury();
    t.server().start();
    t.lasts(5s);
    t.database().does("start");
    t.lasts(3s);
    t.clock().stands_wrong_by(0);
}

void brokers_certificate_expires(trial& t) {
    t.of_broker().expires();
    t.broker().stop();
    t.where().broker_starts();
    t.lasts(10s);
    t.of_broker().is_renewed();
    t.broker().stop();
    t.where().broker_starts();
}

} // namespace linli::tests::faults
