#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "app/accounts.hpp"
#include "app/delivery_record.hpp"
#include "app/dry_run.hpp"
#include "app/plan_book.hpp"

namespace linli::app {

// What the plans say, and what would come of them at a place and an hour, with the people whom the
// house would tell. It writes nothing.
class plan_desk {
public:
    struct settings {
        domain::area_id whole; // the installation's area
        domain::minutes utc_offset{480};
        std::size_t contacts = 3; // fewer are a gap
    };
    plan_desk(plan_book const& plans, dry_run_record& from, delivery_record& people, settings with);

    std::vector<plan_book::page> in_force() const { return plans_.in_force(); }

    struct question {
        domain::alert_kind kind = domain::alert_kind::sos; // one of a device
        domain::resident_id resident;                      // or
        domain::home_id home;
        domain::instant at;
    };
    // Nothing: there is nobody like that, or not in his area. `away`, too, when too many ask.
    runtime::task<record_result<std::optional<dry_run>>> rehearse(account by, question asked);

private:
    bool has(account const& by, dry_run_picture const& seen) const;
    runtime::task<record_result<void>> add_people(dry_run& made);

    plan_book const& plans_;
    dry_run_record& from_;
    delivery_record& people_;
    settings with_;
    int asking_ = 0;
};

} // namespace linli::app
