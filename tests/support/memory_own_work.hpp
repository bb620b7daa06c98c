#pragma once

#include <map>
#include <set>

#include "app/own_work.hpp"
#include "support/memory_proofs.hpp"
#include "support/memory_record.hpp"

namespace linli::tests {

// The twin of own_work_reading on PostgreSQL, on a record in memory. One thread.
class memory_own_work final : public app::own_work_reading {
public:
    explicit memory_own_work(memory_record const& of, memory_proofs const* proofs = nullptr)
        : of_(of), proofs_(proofs) {}

    void away(bool is_away) { away_ = is_away; }

    runtime::task<app::record_result<std::vector<app::own_offer>>>
    offers_of(app::own_scope const& whose, std::vector<domain::offer_id> const& known) override;
    runtime::task<app::record_result<std::optional<app::own_offer>>>
    find(app::own_scope const& whose, domain::offer_id which) override;
    // Of every home the same.
    runtime::task<app::record_result<std::vector<app::own_contact>>>
    contacts_at(domain::order_id of) override;

    runtime::task<app::record_result<std::vector<app::own_person>>>
    people_of(domain::provider_id const& company) override;

    std::vector<app::own_contact> contacts;
    std::map<domain::worker_id, app::own_person> people; // who has a name and a telephone
    std::set<domain::home_id> closed;                    // whose key is gone

private:
    std::vector<domain::offer> found(app::own_scope const& whose,
                                     std::vector<domain::offer_id> const& known) const;
    domain::responder_kind kind_of(domain::worker_id const& id) const;
    app::own_offer line_of(domain::offer const& f) const;

    memory_record const& of_;
    memory_proofs const* proofs_;
    bool away_ = false;
};

} // namespace linli::tests
