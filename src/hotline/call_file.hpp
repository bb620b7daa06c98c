#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "adapters/journal/journal.hpp"
#include "hotline/core/call.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/task.hpp"

namespace linli::hotline {

// The record of each call on the engine's disk, from its beginning until the dispatch server has
// acknowledged its end, so that no call is ever lost: neither when the server is away nor when the
// engine dies. On the loop; the disk is waited for on a thread of its own.
class call_file {
public:
    // Throws what the journal throws. Calls that an earlier run has begun and never ended have
    // ended `at`.
    call_file(std::filesystem::path const& folder, instant at);

    runtime::task<> begun(call_id id, std::string on_disk, instant at);
    // Also when the disk refuses it, it stays in memory until it is acknowledged.
    runtime::task<> ended(call_id id, std::string on_disk, instant at);
    runtime::task<> acknowledge(std::vector<call_id> ids);

    // Ended and not acknowledged, in no order.
    std::vector<std::string> waiting() const;

private:
    using positions = std::vector<journal::position>;

    struct known {
        std::string begun;
        std::string ended; // empty: it runs
        positions at;      // of both
    };

    void take(journal::entry const& one);
    runtime::task<> write(call_id id, std::string bytes, instant at, journal::durability how);
    runtime::task<> commit(positions done);

    journal::journal journal_;
    std::map<call_id, known> calls_;
    runtime::blocking_pool disk_; // one thread: what is written first stands first
};

} // namespace linli::hotline
