#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "system/load/ledger.hpp"

namespace linli::tests::faults {

// Looks into the database all the time, beside everybody: is anything open without an owner or a
// clock, and for how long has a clock run out that nobody answered?
class witness {
public:
    explicit witness(std::string database_url);
    ~witness();
    witness(witness const&) = delete;
    witness& operator=(witness const&) = delete;

    struct sight {
        load::moment at;                 // of the last look that succeeded
        double overdue_s = 0;            // then
        double longest_s = 0;            // overdue at any look
        long without_owner_or_clock = 0; // most at any look
    };
    sight seen() const;

private:
    void look_again_and_again();
    void look();

    std::string const url_;
    mutable std::mutex mutex_; // of the following
    std::condition_variable ends_;
    bool ended_ = false;
    sight seen_;
    std::thread thread_;
};

} // namespace linli::tests::faults
