#pragma once

#include <map>

#include "app/wait_check_record.hpp"
#include "support/memory_calls.hpp"
#include "support/memory_record.hpp"

namespace linli::tests {

// The twin of the checks on PostgreSQL, beside the calls that they are of. One thread.
class memory_wait_checks final : public app::wait_check_record {
public:
    memory_wait_checks(memory_record const& beside, memory_calls const& calls)
        : beside_(beside), calls_(calls) {}

    void away(bool is_away) { away_ = is_away; }

    runtime::task<app::record_result<int>> open_due(domain::instant now) override;
    runtime::task<app::record_result<app::wait_check_page>>
    list(app::wait_check_question const& what) override;
    runtime::task<app::record_result<app::check_closing>> close(domain::call_id id,
                                                                domain::operator_id by,
                                                                std::string words,
                                                                domain::instant at) override;

private:
    bool lies_in(domain::area_id area, domain::area_id const& wide) const;

    memory_record const& beside_;
    memory_calls const& calls_;
    std::map<domain::call_id, app::wait_check> all_;
    bool away_ = false;
};

} // namespace linli::tests
