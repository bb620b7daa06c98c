#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "system/load/fate.hpp"
#include "system/load/ledger.hpp"

namespace linli::tests::crash {

using load::death_counts;
using load::ledger;

// One line on standard error that tells how far the test is: written over and over on a terminal,
// now and then elsewhere.
class progress {
public:
    progress(ledger const& of, death_counts wanted);
    ~progress();
    progress(progress const&) = delete;
    progress& operator=(progress const&) = delete;

private:
    void show() const;

    ledger const& ledger_;
    death_counts const wanted_;
    bool const on_terminal_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool ended_ = false;
    std::thread thread_;
};

} // namespace linli::tests::crash
