#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "app/observation_record.hpp"

namespace linli::tests {

// The twin of what the house remembers of telemetry, in memory: the same contract, and faults on
// demand. Each call lets the loop run once before it does its work. One thread.
class memory_observation final : public app::observation_record {
public:
    // ---- the registry
    void cares(domain::care of) { devices_[of.device] = std::move(of); }
    void is_no_heir(domain::device_id const& device) { no_heirs_.insert(device); } // a button, say
    void forgets(domain::device_id const& device) { devices_.erase(device); }

    // ---- trouble
    void away(bool is_away) { away_ = is_away; }
    void broker_is_out(domain::instant since, std::optional<domain::instant> ended) {
        outages_.emplace_back(since, ended);
    }
    void fail_next_keep(app::record_errc why) { failures_.push_back(why); }

    // ---- for tests to look at
    std::vector<domain::dwell> rows() const;

    // ---- app::observation_record
    runtime::task<app::record_result<app::observed>>
    read(std::vector<domain::device_id> const& devices) override;
    runtime::task<app::record_result<std::vector<domain::device_id>>>
    heirs(std::vector<domain::subject> const& about) override;
    runtime::task<app::record_result<app::due_dwells>> due(domain::instant now, int limit,
                                                           app::due_rules of) override;
    runtime::task<app::record_result<void>> unheard(domain::instant from,
                                                    domain::instant until) override;
    runtime::task<app::record_result<std::optional<domain::instant>>>
    deaf_since(domain::instant then) override;
    runtime::task<app::record_result<void>> keep(std::vector<domain::dwell> const& rows) override;

private:
    using key = std::pair<domain::subject, std::string>;

    std::map<domain::device_id, domain::care> devices_;
    std::set<domain::device_id> no_heirs_;
    std::map<key, domain::dwell> rows_;
    std::map<key, domain::instant> unheard_until_;
    std::vector<std::pair<domain::instant, std::optional<domain::instant>>> outages_;
    std::vector<app::record_errc> failures_;
    bool away_ = false;
};

} // namespace linli::tests
