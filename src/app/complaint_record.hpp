#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/record.hpp"
#include "domain/complaint.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// A complaint, as a list shows it.
struct complaint_line {
    domain::complaint what;
    std::string order_number;
    std::string service;     // of the order
    std::string name;        // of the resident, masked
    std::string worker_name; // complained of
    std::string area_name;
    std::vector<domain::area_id> areas; // its own and those around it
};

// Empty: whatever it is.
struct complaint_question {
    domain::area_id area = {}; // it and all below it
    std::optional<domain::complaint_state> state = {};
    domain::instant now = {}; // what is overdue by then comes first
    std::uint32_t page = 1;
    std::uint32_t per_page = 50;
};
inline constexpr std::uint32_t most_complaints_a_page = 100;

struct complaint_page {
    std::vector<complaint_line> lines; // overdue, open, answered, accepted; each by its clock
    std::uint32_t total = 0;
};

// What an order or an alert says of itself to a complaint.
struct complained_of {
    domain::resident_id resident; // or empty
    domain::area_id area;
    domain::worker_id worker;      // who went, or empty
    domain::operator_id operator_; // who held the alert last, or empty
    std::vector<domain::area_id> areas;
};

// Complaints, each with a chain of its own in the log. PostgreSQL in an installation, a twin in
// memory in tests. All calls may suspend; none throws for an outage.
class complaint_record {
public:
    virtual ~complaint_record() = default;

    // Nothing: there is none.
    virtual runtime::task<record_result<std::optional<complained_of>>>
    order(domain::order_id const& id) = 0;
    virtual runtime::task<record_result<std::optional<complained_of>>>
    alert(domain::alert_id const& id) = 0;
    // A worker, where his station is; without a station in the whole city.
    virtual runtime::task<record_result<std::optional<complained_of>>>
    worker(domain::worker_id const& id) = 0;

    virtual runtime::task<record_result<complaint_page>> list(complaint_question const& what) = 0;
    // With its words.
    virtual runtime::task<record_result<std::optional<complaint_line>>>
    find(domain::complaint_id const& id) = 0;

    // One transaction; `conflict` when it has moved on since it was read (version 0: it is there
    // already).
    virtual runtime::task<record_result<void>> keep(domain::complaint_outcome const& what) = 0;
};

} // namespace linli::app
