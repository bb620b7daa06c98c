// The plans in force, and what would come of them.
#include <utility>

#include "adapters/http/api_acts.hpp"
#include "adapters/http/api_answers.hpp"
#include "adapters/wire/plan_words.hpp"

namespace linli::http {

api_task see_plans(api_ports& on, admitted) {
    co_return json(wire::encode_plans(on.office.plans.in_force()));
}

api_task dry_run(api_ports& on, admitted request) {
    auto said = wire::read_dry_run(request.what.body);
    if (!said) co_return not_understood();
    auto const kind = domain::from_text<domain::alert_kind>(said->kind);
    if (!kind || !is_of_devices(*kind)) co_return wrong_field("kind");
    if (said->resident.empty() == said->home.empty()) co_return wrong_field("resident");
    app::plan_desk::question asked;
    asked.kind = *kind;
    asked.resident = {std::move(said->resident)};
    asked.home = {std::move(said->home)};
    asked.at = said->at.value_or(on.clock.now());
    auto const made = co_await on.office.plans.rehearse(request.who.who, std::move(asked));
    if (!made) co_return away();
    if (!*made) co_return unknown();
    co_return json(wire::encode_dry_run(**made));
}

} // namespace linli::http
