#pragma once

#include <optional>
#include <vector>

#include "app/observation_record.hpp"
#include "app/telemetry_record.hpp"
#include "simulation/trouble.hpp"

namespace linli::simulation {

// Where telemetry is kept, with one process's troubles.
class unsteady_telemetry final : public app::telemetry_record {
public:
    unsteady_telemetry(app::telemetry_record& inner, trouble& met) : inner_(inner), met_(met) {}

    runtime::task<app::record_result<std::size_t>>
    keep(std::vector<domain::telemetry> const& batch) override {
        return met_.pass(place::telemetry, inner_.keep(batch));
    }
    runtime::task<app::record_result<std::size_t>>
    turn_page(domain::instant now, std::optional<std::chrono::days> keep_for) override {
        return met_.pass(place::telemetry, inner_.turn_page(now, keep_for));
    }

private:
    app::telemetry_record& inner_;
    trouble& met_;
};

// How long something has been so, with one process's troubles.
class unsteady_observation final : public app::observation_record {
public:
    unsteady_observation(app::observation_record& inner, trouble& met) : inner_(inner), met_(met) {}

    runtime::task<app::record_result<app::observed>>
    read(std::vector<domain::device_id> const& devices) override {
        return met_.pass(place::observation, inner_.read(devices));
    }
    runtime::task<app::record_result<std::vector<domain::device_id>>>
    heirs(std::vector<domain::subject> const& about) override {
        return met_.pass(place::observation, inner_.heirs(about));
    }
    runtime::task<app::record_result<app::due_dwells>> due(domain::instant now, int limit,
                                                           app::due_rules of) override {
        return met_.pass(place::observation, inner_.due(now, limit, of));
    }
    runtime::task<app::record_result<void>> unheard(domain::instant from,
                                                    domain::instant until) override {
        return met_.pass(place::observation, inner_.unheard(from, until));
    }
    // Of the broker's absence nobody writes down anything in these worlds.
    runtime::task<app::record_result<std::optional<domain::instant>>>
    deaf_since(domain::instant then) override {
        return inner_.deaf_since(then);
    }
    runtime::task<app::record_result<void>> keep(std::vector<domain::dwell> const& rows) override {
        return met_.pass(place::observation, inner_.keep(rows));
    }

private:
    app::observation_record& inner_;
    trouble& met_;
};

} // namespace linli::simulation
