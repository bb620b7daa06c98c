#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "app/health_record.hpp"
#include "domain/sheet.hpp"
#include "support/city.hpp"

namespace linli::tests {

// The twin of the devices' health on PostgreSQL, in memory: the same contract, and faults on
// demand. Each call lets the loop run once before it does its work. One thread.
class memory_health final : public app::health_record {
public:
    explicit memory_health(city town = a_city()) : town_(std::move(town)) {}

    void becomes(city town); // by an import
    // By a page, which names what it changed.
    void becomes(city town, domain::sheet edited, std::string key);
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

    std::size_t devices_read() const { return read_; }

    runtime::task<app::record_result<app::health_frame>> frame() override;
    runtime::task<app::record_result<std::vector<app::supervised_device>>>
    devices_after(domain::device_id const& last, std::size_t most) override;
    runtime::task<app::record_result<std::vector<app::supervised_device>>>
    devices_among(std::vector<domain::device_id> const& ids) override;
    runtime::task<app::record_result<app::registry_news>> news_since(std::int64_t edit) override;
    runtime::task<app::record_result<void>> keep(app::health_changes const& what) override;
    runtime::task<app::record_result<std::vector<app::mended>>>
    mended_since(domain::instant when) override;
    runtime::task<app::record_result<app::maintenance_list>> list(int limit) override;
    runtime::task<app::record_result<bool>> mend(app::mended const& what,
                                                 std::string const& who) override;

private:
    struct registry_change {
        std::optional<domain::sheet> sheet; // nothing: an import
        std::string key;
    };

    std::vector<app::supervised_device> devices() const; // by their ids
    void add(std::vector<app::supervised_device>& to, domain::device_id const& device,
             std::string kind, domain::home_id const& home) const;
    std::vector<domain::device_id> devices_of(registry_change const& what) const;
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
    std::vector<registry_change> edits_;
    std::size_t read_ = 0;
    bool away_ = false;
    std::size_t rows_ = 0;
    std::size_t writes_ = 0;
};

} // namespace linli::tests
