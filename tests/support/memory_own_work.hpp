#pragma once

#include "app/own_work.hpp"
#include "support/memory_record.hpp"

namespace linli::tests {

// The twin of own_work_reading on PostgreSQL, on a record in memory. One thread.
class memory_own_work final : public app::own_work_reading {
public:
    explicit memory_own_work(memory_record const& of) : of_(of) {}

    void away(bool is_away) { away_ = is_away; }

    runtime::task<app::record_result<std::vector<app::own_offer>>>
    offers_of(app::own_scope const& whose, std::vector<domain::offer_id> const& known) override;

private:
    app::own_offer line_of(domain::offer const& f) const;

    memory_record const& of_;
    bool away_ = false;
};

} // namespace linli::tests
