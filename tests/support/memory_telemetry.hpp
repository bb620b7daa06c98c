#pragma once

#include <map>
#include <set>
#include <string>

#include "app/telemetry_record.hpp"

namespace linli::tests {

// The twin of telemetry on PostgreSQL, in memory: the same contract, and faults on demand. Each
// call lets the loop run once before it does its work. One thread.
class memory_telemetry final : public app::telemetry_record {
public:
    // ---- trouble
    void away(bool is_away) { away_ = is_away; }
    // Bad data, as long as it has any value.
    void cannot_store(domain::event_id const& event) { unstorable_.insert(event.value); }
    void loses(std::string const& which);

    // ---- for tests to look at
    std::map<std::string, domain::telemetry> kept() const;
    std::set<std::string> days() const;
    std::size_t batches() const { return batches_; }

    // ---- app::telemetry_record
    runtime::task<app::record_result<std::size_t>>
    keep(std::vector<domain::telemetry> const& batch) override;
    runtime::task<app::record_result<std::size_t>>
    turn_page(domain::instant now, std::optional<std::chrono::days> keep_for) override;

private:
    using day = std::chrono::sys_days;

    bool is_refused(std::vector<domain::telemetry> const& batch) const;

    std::map<std::pair<day, std::string>, domain::telemetry> kept_;
    std::map<std::string, day> seen_;
    std::set<day> pages_;
    std::set<std::string> unstorable_;
    bool away_ = false;
    std::size_t batches_ = 0;
};

} // namespace linli::tests
