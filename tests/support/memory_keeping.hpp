#pragma once

#include <vector>

#include "app/keeping_record.hpp"

namespace linli::tests {

// The twin of keeping_record on PostgreSQL, in memory. Each call lets the loop run once before it
// does its work. One thread.
class memory_keeping final : public app::keeping_record {
public:
    struct row {
        domain::kept what{};
        domain::instant at;
        bool is_open = false;     // it hangs on something that is
        bool is_disputed = false; // somebody complains of what it hangs on
    };
    std::vector<row> rows;
    int asked = 0; // how often
    void away(bool is_away) { away_ = is_away; }

    runtime::task<app::record_result<std::size_t>> let_go(domain::kept what, domain::instant before,
                                                          int limit) override;

private:
    bool away_ = false;
};

} // namespace linli::tests
