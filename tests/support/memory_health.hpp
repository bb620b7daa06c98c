#pragma once

#include <map>
#include <utility>

#include "app/health_record.hpp"
#include "support/city.hpp"

namespace linli::tests {

// The twin of the devices' health on PostgreSQL, in memory: the same contract, and faults on
// demand. Each call lets the loop run once before it does its work. One thread.
class memory_health final : public app::health_record {
public:
    explicit memory_health(city town = a_city()) : town_(std::move(town)) {}

    void becomes(city town);
    void away(bool is_away) { away_ = is_away; }

    struct entry {
        domain::device_id device;
        domain::trouble what = domain::trouble::offline;
        domain::instant since;
        std::optional<domain::instant> ended;
        std::string ended_by;
        std::optional<domain::outage_id> outage;
    };
    std::vector<entry> const& entries() const { return entries_; }
    std::vector<entry> open() const;
    std::map<domain::outage_id, domain::outage> const& outages() const { return outages_; }
    std::size_t rows_written() const { return rows_; } // of devices
    std::size_t writes() const { return writes_; }

    runtime::task<app::record_result<app::health_picture>> load() override;
    runtime::task<app::record_result<void>> keep(app::health_changes const& what) override;
    runtime::task<app::record_result<std::vector<app::mended>>>
    mended_since(domain::instant when) override;
    runtime::task<app::record_result<std::int64_t>> registry_version() override;
    runtime::task<app::record_result<app::maintenance_list>> list(int limit) override;
    runtime::task<app::record_result<bool>> mend(app::mended const& what,
                                                 std::string const& who) override;

private:
    app::health_picture picture() const;
    void add(app::health_picture& to, domain::device_id const& device, std::string kind,
             domain::home_id const& home) const;
    void apply(app::health_changes const& what);
    void begin(app::trouble_change const& change);
    entry* open_entry(domain::device_id const& device, domain::trouble what);
    app::maintenance_list read_list(std::size_t limit) const;
    std::vector<resident_row const*> residents_with(domain::device_id const& device) const;
    app::outage_line line_of(domain::outage const& o, std::size_t limit) const;

    city town_;
    std::map<domain::device_id, app::supervised_device> devices_;
    std::vector<entry> entries_;
    std::map<domain::outage_id, domain::outage> outages_;
    bool away_ = false;
    std::size_t rows_ = 0;
    std::size_t writes_ = 0;
};

} // namespace linli::tests
