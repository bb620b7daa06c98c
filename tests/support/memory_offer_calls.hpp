#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/offer_call_record.hpp"
#include "support/memory_placed_calls.hpp"
#include "support/memory_record.hpp"

namespace linli::tests {

// The twin of offer_call_record on PostgreSQL, on a record in memory and the calls beside it. One
// thread.
class memory_offer_calls final : public app::offer_call_record {
public:
    memory_offer_calls(memory_record const& of, memory_placed_calls& calls)
        : of_(of), calls_(calls) {}

    void away(bool is_away) { away_ = is_away; }

    // As the registry has them.
    std::map<domain::worker_id, std::string> workers;
    std::map<domain::provider_id, std::string> companies;

    runtime::task<app::record_result<std::vector<app::offer_by_telephone>>>
    rung(domain::instant now) override;
    runtime::task<app::record_result<std::vector<app::offer_call_over>>> over(int limit) override;
    runtime::task<app::record_result<void>> settled(domain::uuid call, domain::instant at) override;

private:
    app::offer_by_telephone line_of(domain::offer const& f, domain::order const& o) const;
    void add_calls(app::offer_by_telephone& to) const;

    memory_record const& of_;
    memory_placed_calls& calls_;
    bool away_ = false;
};

} // namespace linli::tests
