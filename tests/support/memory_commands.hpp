#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "app/command_record.hpp"

namespace linli::tests {

// The twin of the devices' commands on PostgreSQL, in memory. Each call lets the loop run once
// before it does its work. One thread.
class memory_commands final : public app::command_record {
public:
    explicit memory_commands(std::set<std::string> devices) : devices_(std::move(devices)) {}

    void away(bool is_away) { away_ = is_away; }
    std::map<domain::command_id, domain::device_command> const& all() const { return all_; }

    // What the alerts' table is for PostgreSQL: an open alert seeks whoever wears these.
    void is_sought(std::set<std::string> devices, domain::seconds every, domain::instant since) {
        sought_.push_back({std::move(devices), every, since});
    }
    void nobody_is_sought() { sought_.clear(); }

    runtime::task<app::record_result<bool>> ask(domain::device_command const& what) override;
    runtime::task<app::record_result<std::vector<domain::device_command>>> open(domain::instant now,
                                                                                int limit) override;
    runtime::task<app::record_result<void>> become(std::vector<domain::device_command> const& what,
                                                   domain::instant now) override;
    runtime::task<app::record_result<std::vector<domain::device_command>>>
    list(std::optional<domain::device_id> of, int limit) override;
    runtime::task<app::record_result<std::vector<domain::device_id>>>
    due_for_locate(domain::instant now, int limit) override;

private:
    struct seeking {
        std::set<std::string> devices;
        domain::seconds every;
        domain::instant since;
    };
    bool was_asked(std::string const& device, seeking const& by, domain::instant now) const;
    void end_needless();

    std::set<std::string> const devices_;
    std::vector<seeking> sought_;
    std::map<domain::command_id, domain::device_command> all_; // by id: in the order of asking
    bool away_ = false;
};

} // namespace linli::tests
