#pragma once

#include <vector>

#include "app/delivery_record.hpp"
#include "simulation/trouble.hpp"

namespace linli::simulation {

// Who is told of what, with one process's troubles.
class unsteady_deliveries final : public app::delivery_record {
public:
    unsteady_deliveries(app::delivery_record& inner, trouble& met) : inner_(inner), met_(met) {}

    runtime::task<app::record_result<std::vector<app::person>>>
    people(domain::notice const& about) override {
        return met_.pass(place::deliveries, inner_.people(about));
    }
    runtime::task<app::record_result<app::address_card>> card(domain::delivery const& of) override {
        return met_.pass(place::deliveries, inner_.card(of));
    }
    runtime::task<app::record_result<void>>
    expand(domain::uuid const& notice, std::vector<domain::delivery> const& fresh) override {
        return met_.pass(place::deliveries, inner_.expand(notice, fresh));
    }
    runtime::task<app::record_result<std::vector<domain::delivery>>>
    take(lane which, domain::instant now, domain::duration lease, int limit) override {
        return met_.pass(place::deliveries, inner_.take(which, now, lease, limit));
    }
    runtime::task<app::record_result<void>>
    settle(std::vector<domain::delivery> const& changed,
           std::vector<domain::delivery> const& fresh) override {
        return met_.pass(place::deliveries, inner_.settle(changed, fresh));
    }
    runtime::task<app::record_result<std::vector<domain::delivery>>> unlogged(int limit) override {
        return met_.pass(place::deliveries, inner_.unlogged(limit));
    }
    runtime::task<app::record_result<void>>
    logged(std::vector<domain::delivery_id> const& ids) override {
        return met_.pass(place::deliveries, inner_.logged(ids));
    }
    runtime::task<app::record_result<std::vector<domain::event_id>>>
    keep_degraded(std::vector<domain::delivery> const& told) override {
        return met_.pass(place::deliveries, inner_.keep_degraded(told));
    }
    runtime::task<app::record_result<std::size_t>> forget(domain::instant before,
                                                          int limit) override {
        return met_.pass(place::deliveries, inner_.forget(before, limit));
    }
    runtime::task<app::record_result<app::unsent>> waiting(domain::instant now) override {
        return met_.pass(place::deliveries, inner_.waiting(now));
    }

private:
    app::delivery_record& inner_;
    trouble& met_;
};

} // namespace linli::simulation
