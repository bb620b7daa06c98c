#pragma once

#include <chrono>
#include <functional>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "adapters/journal/server_marks.hpp"
#include "adapters/postgres/ingest_lock.hpp"
#include "app/clock.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/task.hpp"
#include "runtime/work_scope.hpp"

namespace linli::server {

// Which server of an installation receives. All use one session at the broker, and the broker
// throws out whoever had it before; so exactly one connects, the holder of the database's lock. The
// others stand by with all else working, and ask for the lock each second.
//
// Without the database nobody takes over. The holder goes on, and so does whoever was the last
// holder when it starts again: that is noted beside its journal. Who has never held waits. Two may
// then believe that they hold: one that the database can't reach, and one that took over meanwhile.
// They throw each other out; one without the lock that is thrown out a second time, though the
// broker was never away, takes that as the other's word. (mosquitto 2.0.11 doesn't tell why.)
class ingest_holding {
public:
    // On another thread than the loop's, one at a time; they may take a while.
    struct duties {
        std::function<void()> receive; // connect
        std::function<void()> leave;   // disconnect when what was taken is settled
    };

    ingest_holding(boost::asio::any_io_executor loop, std::string database_url,
                   journal::server_marks const& marks, app::clock& clock, duties what);

    // Runs until cancelled.
    runtime::task<void> run();

    // What the connections see. On the loop.
    void lost_session(); // the receiving one
    void broker_came();  // the sending one is there, again

    // At the end: leaves, then gives the lock to whoever stands by. The note stays.
    runtime::task<void> lay_down();

    // For /readyz and /metrics. A standby is ready, too: to take over.
    struct state {
        bool ready = false;
        bool receives = false;
        std::string in_words;
        domain::instant since;
    };
    state const& now() const { return now_; }

private:
    using answer = postgres::ingest_lock::answer;

    runtime::task<void> heed(answer const& said);
    runtime::task<void> hold(char const* in_words);
    runtime::task<void> step_down();
    bool is_thrown_out() const;
    void give_way();
    postgres::ingest_lock::wish next_wish(answer const& last);
    bool becomes(bool ready, std::string in_words);

    journal::server_marks const& marks_;
    app::clock& clock_;
    duties const do_;
    postgres::ingest_lock lock_;
    boost::asio::steady_timer bell_;
    runtime::work_scope moves_;
    int losses_ = 0; // of the session, since the lock was seen to be ours or the broker came
    std::chrono::steady_clock::time_point lost_at_;
    bool confirmed_ = false;
    bool gave_way_ = false; // until the database says who receives
    bool stopping_ = false;
    bool database_was_away_ = false;
    std::chrono::steady_clock::time_point back_since_;
    state now_;
    runtime::blocking_pool hands_{1}; // last: its jobs use the others
};

} // namespace linli::server
