#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/complaint_record.hpp"
#include "support/memory_record.hpp"

namespace linli::tests {

// The twin of complaint_record on PostgreSQL, beside a record in memory. One thread.
class memory_complaints final : public app::complaint_record {
public:
    explicit memory_complaints(memory_record const& beside) : beside_(beside) {}

    std::map<std::string, std::string> worker_names;

    void away(bool is_away) { away_ = is_away; }
    std::map<domain::complaint_id, domain::complaint> const& all() const { return all_; }
    std::vector<domain::log_line> const& log_of(domain::complaint_id const& id) { return log_[id]; }

    runtime::task<app::record_result<std::optional<app::complained_of>>>
    order(domain::order_id const& id) override;
    runtime::task<app::record_result<std::optional<app::complained_of>>>
    alert(domain::alert_id const& id) override;
    runtime::task<app::record_result<std::optional<app::complained_of>>>
    worker(domain::worker_id const& id) override;
    runtime::task<app::record_result<app::complaint_page>>
    list(app::complaint_question const& what) override;
    runtime::task<app::record_result<std::optional<app::complaint_line>>>
    find(domain::complaint_id const& id) override;
    runtime::task<app::record_result<void>> keep(domain::complaint_outcome const& what) override;

private:
    app::complaint_line line_of(domain::complaint const& c) const;
    domain::operator_id closer_of(domain::alert const& a) const;

    memory_record const& beside_;
    std::map<domain::complaint_id, domain::complaint> all_;
    std::map<domain::complaint_id, std::vector<domain::log_line>> log_;
    bool away_ = false;
};

} // namespace linli::tests
