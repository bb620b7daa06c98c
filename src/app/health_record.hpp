#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/record.hpp"
#include "domain/device_health.hpp"
#include "domain/outage.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// A registered device that is worn by somebody or fixed in a home, with what is known of it.
struct supervised_device {
    domain::device_id id;
    std::string kind; // the registry's word
    domain::area_id area;
    std::string door; // by which it was last heard; empty: never
    domain::device_health health;
    std::optional<domain::outage_id> outage; // of its open offline entry

    bool operator==(supervised_device const&) const = default;
};

// What the devices stand in, without them: of those there may be millions.
struct health_frame {
    std::int64_t edit = 0;               // the registry's newest when it was read
    std::vector<domain::outage> outages; // open
    std::map<domain::area_id, domain::area_id> parents;
};

// What was changed in the registry since an edit.
struct registry_news {
    std::int64_t edit = 0;                  // the newest of them
    bool is_import = false;                 // who is supervised must be read anew
    bool areas = false;                     // the frame's
    std::vector<domain::device_id> devices; // that may be others' now, elsewhere, or nobody's
};

struct trouble_change {
    domain::device_id device;
    domain::health_change what;
    std::optional<domain::outage_id> outage; // that it belongs to
};

// One transaction. All of it may be written again: a change that stands already is no change. Of
// one device's entries the ended come first, whatever their order.
struct health_changes {
    domain::instant at;
    std::vector<supervised_device> devices; // what is known now; their entries are not looked at
    std::vector<trouble_change> troubles;
    std::vector<domain::outage> outages;
    // Entries that stood by themselves and belong to an outage, or don't any more (nothing).
    std::vector<std::pair<domain::device_id, std::optional<domain::outage_id>>> moved;

    bool is_empty() const {
        return devices.empty() && troubles.empty() && outages.empty() && moved.empty();
    }
};

struct mended {
    domain::device_id device;
    domain::trouble what = domain::trouble::offline;
    domain::instant at;

    bool operator==(mended const&) const = default;
};

// ------------------------------------------------------------------ what people look at

// One thing to mend, and whom to ask. Names and telephones are masked: whoever mends finds the
// person by the id, at the desk.
struct maintenance_line {
    domain::device_id device;
    std::string device_kind;
    domain::trouble what = domain::trouble::offline;
    domain::instant since;
    int times = 1;
    domain::area_id area;
    std::string rough_place;
    domain::resident_id resident; // worn by, or the first who lives there
    std::string name;
    std::string phone;
};

struct outage_line {
    domain::outage what;
    int still_gone = 0;
    struct call {
        domain::care_call whom;
        std::string rough_place;
        std::string name;
        std::string phone;
    };
    std::vector<call> calls; // by risk, the first `limit`
    int calls_in_all = 0;
};

struct maintenance_list {
    std::vector<outage_line> outages;      // open, the oldest first
    std::vector<maintenance_line> entries; // open and of no outage, the oldest first
    std::map<domain::trouble, int> counts; // of all of these
};

// What is known of the devices' health. PostgreSQL in an installation, a twin in memory in tests.
// All calls may suspend; none throws for an outage.
class health_record {
public:
    virtual ~health_record() = default;

    virtual runtime::task<record_result<health_frame>> frame() = 0;
    // The next supervised ones by their ids, at most so many; fewer: there are no more.
    virtual runtime::task<record_result<std::vector<supervised_device>>>
    devices_after(domain::device_id const& last, std::size_t most) = 0;
    // Of these, those that are supervised.
    virtual runtime::task<record_result<std::vector<supervised_device>>>
    devices_among(std::vector<domain::device_id> const& ids) = 0;
    virtual runtime::task<record_result<registry_news>> news_since(std::int64_t edit) = 0;
    virtual runtime::task<record_result<void>> keep(health_changes const& what) = 0;
    // Entries that people have closed since then.
    virtual runtime::task<record_result<std::vector<mended>>>
    mended_since(domain::instant when) = 0;

    // At most `limit` of each list.
    virtual runtime::task<record_result<maintenance_list>> list(int limit) = 0;
    // False: there is no such open entry.
    virtual runtime::task<record_result<bool>> mend(mended const& what, std::string const& who) = 0;
};

} // namespace linli::app
