// Files into the registry, as jobs (app/import_desk): begun, asked for again, given up.
#include <cstddef>
#include <utility>

#include "adapters/http/api_acts.hpp"
#include "adapters/http/api_answers.hpp"
#include "adapters/wire/registry_encoding.hpp"

namespace linli::http {

namespace {

using app::import_desk;
using app::registry_desk;
using cancelling = import_desk::cancelling;

constexpr std::size_t longest_key = 100;

bool may_import(admitted const& request) {
    return domain::may_change(request.who.who.role, domain::sheet::areas);
}

// 202: it goes on, ask for it again.
api_reply told(app::import_job const& job) {
    auto const status = job.state == app::import_state::running ? 202U : 200U;
    return json(wire::encode_import_job(job), status);
}

api_reply who_imports(app::import_job const& job) {
    return problem(
        409,
        {.code = "importing", .text = job.by_name, .holder = job.by.value, .at = job.started_at});
}

api_task load(api_ports& on, admitted request, registry_desk::doing what) {
    if (!may_import(request)) co_return forbidden();
    registry_desk::file_source files = [body = std::move(request.what.body)] {
        return wire::read_registry_files(body);
    };
    auto key = std::move(request.what.idempotency_key);
    if (key.size() > longest_key) co_return wrong_field("Idempotency-Key");
    auto const begun =
        co_await on.imports.begin(request.who.who, what, std::move(files), std::move(key));
    if (!begun) co_return away();
    if (auto const* other = std::get_if<import_desk::another>(&*begun))
        co_return who_imports(other->job);
    auto const* job = std::get_if<app::import_job>(&*begun);
    if (!job) co_return forbidden();
    if (job->why == "not_understood") co_return not_understood();
    co_return told(*job);
}

} // namespace

api_task check_import(api_ports& on, admitted request) {
    auto reply = co_await load(on, std::move(request), registry_desk::doing::check);
    co_return reply;
}

api_task do_import(api_ports& on, admitted request) {
    auto reply = co_await load(on, std::move(request), registry_desk::doing::import);
    co_return reply;
}

api_task see_imports(api_ports& on, admitted request) {
    co_return json(wire::encode_import_jobs(on.imports.jobs(request.who.who)));
}

api_task see_import(api_ports& on, admitted request) {
    if (!may_import(request)) co_return forbidden();
    auto const job = co_await on.imports.find(request.who.who, request.id);
    if (!job) co_return away();
    if (!*job) co_return unknown();
    co_return json(wire::encode_import_job(**job));
}

api_task cancel_import(api_ports& on, admitted request) {
    if (!may_import(request)) co_return forbidden();
    switch (on.imports.cancel(request.who.who, request.id)) {
    case cancelling::done:
        co_return api_reply{204, {}};
    case cancelling::too_late:
        co_return problem(409, {.code = "too_late"});
    case cancelling::not_yours:
        co_return problem(409, {.code = "not_yours"});
    case cancelling::unknown:
        break;
    }
    co_return unknown();
}

} // namespace linli::http
