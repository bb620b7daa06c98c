#pragma once

#include <string>

#include "app/record.hpp"
#include "domain/ids.hpp"
#include "domain/time.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// Numbers that people read out to each other: area code, local date, five digits. Taken from the
// record in blocks, so that a press costs no round trip for its number; a restart leaves a gap.
class order_numbers {
public:
    explicit order_numbers(domain::minutes utc_offset) : utc_offset_(utc_offset) {}

    // Sees to it that `count` numbers of today are at hand.
    runtime::task<record_result<void>> provide(record& from, int count, domain::instant now);

    std::string next(domain::area_id const& area);

private:
    domain::minutes utc_offset_;
    int day_ = 0; // yyyymmdd
    int next_ = 0;
    int end_ = 0;
};

} // namespace linli::app
