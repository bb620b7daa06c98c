// What supervisors read: tonight's gaps, and the street's figures.
#include <utility>

#include "adapters/http/api_acts.hpp"
#include "adapters/http/api_answers.hpp"
#include "adapters/http/query.hpp"
#include "adapters/wire/report_words.hpp"

namespace linli::http {

namespace {

api_reply csv(app::service_report const& report) {
    api_reply reply{200, wire::service_csv(report)};
    reply.content_type = "text/csv; charset=utf-8";
    reply.headers.emplace_back("Content-Disposition",
                               "attachment; filename=\"service-" + report.period + ".csv\"");
    return reply;
}

domain::area_id area_in(admitted const& request) {
    return {std::string(parameter(request.what.query, "area"))};
}

} // namespace

api_task see_tonight(api_ports& on, admitted request) {
    auto const word = parameter(request.what.query, "kind");
    auto const kind = domain::from_text<app::gap_kind>(word);
    if (!word.empty() && !kind) co_return wrong_field("kind");
    auto of = area_in(request);
    auto const report = co_await on.office.reports.tonight(request.who.who, std::move(of), kind);
    if (!report) co_return away();
    if (!*report) co_return unknown();
    co_return json(wire::encode_night(**report));
}

api_task see_service_report(api_ports& on, admitted request) {
    auto const& query = request.what.query;
    auto const format = parameter(query, "format");
    auto period = app::parse_period(parameter(query, "period"), on.office.utc_offset);
    if (!period) co_return wrong_field("period");
    if (!format.empty() && format != "csv" && format != "json") co_return wrong_field("format");
    bool const as_csv = format == "csv";
    auto of = area_in(request);
    auto const report =
        co_await on.office.reports.service(request.who.who, std::move(of), std::move(*period));
    if (!report) co_return away();
    if (!*report) co_return unknown();
    co_return as_csv ? csv(**report) : json(wire::encode_service(**report));
}

} // namespace linli::http
