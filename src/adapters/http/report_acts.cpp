// What supervisors read: tonight's gaps, and the street's figures.
#include <utility>

#include "adapters/http/api_acts.hpp"
#include "adapters/http/api_answers.hpp"
#include "adapters/http/query.hpp"
#include "adapters/wire/report_words.hpp"

namespace linli::http {

namespace {

api_reply csv(std::string const& name, std::string text) {
    api_reply reply{200, std::move(text)};
    reply.content_type = "text/csv; charset=utf-8";
    reply.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + name + ".csv\"");
    return reply;
}

domain::area_id area_in(admitted const& request) {
    return {std::string(parameter(request.what.query, "area"))};
}

std::optional<app::report_period> period_in(api_ports const& on, admitted const& request) {
    return app::parse_period(parameter(request.what.query, "period"), on.office.utc_offset);
}

bool is_format(std::string_view word) {
    return word.empty() || word == "csv" || word == "json";
}

template <class Report>
using asks_for = runtime::task<app::record_result<std::optional<Report>>> (app::report_desk::*)(
    app::account, domain::area_id, app::report_period);

template <class Report>
struct forms_of {
    char const* file; // its name, before the period
    std::string (*csv)(Report const&);
    std::string (*json)(Report const&);
};

// Of a day or a month.
template <class Report>
api_task see_report(api_ports& on, admitted request, asks_for<Report> ask, forms_of<Report> as) {
    auto const format = parameter(request.what.query, "format");
    auto period = period_in(on, request);
    if (!period) co_return wrong_field("period");
    if (!is_format(format)) co_return wrong_field("format");
    bool const as_csv = format == "csv";
    auto asking = (on.office.reports.*ask)(request.who.who, area_in(request), std::move(*period));
    auto const report = co_await std::move(asking);
    if (!report) co_return away();
    if (!*report) co_return unknown();
    auto const& made = **report;
    co_return as_csv ? csv(as.file + made.period, as.csv(made)) : json(as.json(made));
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
    return see_report(on, std::move(request), &app::report_desk::service,
                      {"service-", wire::service_csv, wire::encode_service});
}

api_task see_hotline_report(api_ports& on, admitted request) {
    return see_report(on, std::move(request), &app::report_desk::hotline,
                      {"hotline-", wire::hotline_csv, wire::encode_hotline});
}

} // namespace linli::http
