#pragma once

#include <optional>
#include <vector>

#include "simulation/trouble.hpp"
#include "support/memory_own_work.hpp"

namespace linli::simulation {

// What a worker's page reads, with one process's troubles.
class unsteady_pages final : public app::own_work_reading {
public:
    unsteady_pages(tests::memory_record const& of, trouble& met) : inner_(of), met_(met) {}

    runtime::task<app::record_result<std::vector<app::own_offer>>>
    offers_of(app::own_scope const& whose, std::vector<domain::offer_id> const& known) override {
        return met_.pass(place::pages, inner_.offers_of(whose, known));
    }
    runtime::task<app::record_result<std::optional<app::own_offer>>>
    find(app::own_scope const& whose, domain::offer_id which) override {
        return met_.pass(place::pages, inner_.find(whose, which));
    }
    runtime::task<app::record_result<std::vector<app::own_contact>>>
    contacts_at(domain::order_id of) override {
        return met_.pass(place::pages, inner_.contacts_at(of));
    }
    runtime::task<app::record_result<std::vector<app::own_person>>>
    people_of(domain::provider_id const& company) override {
        return met_.pass(place::pages, inner_.people_of(company));
    }

private:
    tests::memory_own_work inner_;
    trouble& met_;
};

} // namespace linli::simulation
