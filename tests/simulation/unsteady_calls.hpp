#pragma once

#include <set>

#include "app/call_record.hpp"
#include "simulation/trouble.hpp"

namespace linli::simulation {

// The calls to the hotline, with one process's troubles.
class unsteady_calls final : public app::call_record {
public:
    unsteady_calls(app::call_record& inner, trouble& met) : inner_(inner), met_(met) {}

    runtime::task<app::record_result<app::known_call>>
    take(domain::call_report const& told, domain::call_id fresh, domain::area_id line) override {
        return met_.pass(place::calls, inner_.take(told, fresh, std::move(line)));
    }
    runtime::task<app::record_result<std::optional<app::known_call>>>
    find(domain::call_id id) override {
        return met_.pass(place::calls, inner_.find(id));
    }
    runtime::task<app::record_result<std::optional<domain::alert_id>>>
    alert_near(domain::home_id home, domain::instant then) override {
        return met_.pass(place::calls, inner_.alert_near(std::move(home), then));
    }
    runtime::task<app::record_result<bool>> decide(app::call_decision const& what) override {
        return met_.pass(place::calls, inner_.decide(what));
    }
    runtime::task<app::record_result<void>>
    is_on_alert(domain::call_id id, std::set<domain::call_event> const& events) override {
        return met_.pass(place::calls, inner_.is_on_alert(id, events));
    }

private:
    app::call_record& inner_;
    trouble& met_;
};

} // namespace linli::simulation
