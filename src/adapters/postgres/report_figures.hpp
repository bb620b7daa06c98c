#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include <pqxx/pqxx>

#include "adapters/postgres/rows.hpp"
#include "app/reports.hpp"

// What the reports of a day or a month have in common: how a row's columns become figures, and how
// a report begins.
namespace linli::postgres {

// The columns that make a figure: of a count `of`; of seconds them and how many they are of.
struct figure_of {
    char const* name;
    app::figure_unit unit;
    char const* of;
    char const* all = nullptr;
};

inline app::report_figure figure(figure_of const& f, pqxx::row const& r) {
    app::report_figure made{.name = f.name, .unit = f.unit};
    auto const whole = [&](char const* column) {
        return static_cast<std::uint32_t>(r[column].as<std::int64_t>());
    };
    if (f.all) made.all = whole(f.all);
    if (f.unit == app::figure_unit::seconds) {
        made.value = r[f.of].as<double>(0.0);
        return made;
    }
    made.of = whole(f.of);
    if (f.unit == app::figure_unit::count)
        made.value = made.of;
    else if (made.all > 0)
        made.value = static_cast<double>(made.of) / made.all;
    return made;
}

// All that follows sees the record as it is now. Nothing: there is no such area.
template <class Report>
std::optional<Report> begin_report(pqxx::work& in, domain::area_id const& of,
                                   app::report_period const& during, domain::instant now) {
    in.exec("set transaction isolation level repeatable read, read only");
    auto const area =
        in.exec_params("select name, path::text as path from area where code = $1", of.value);
    if (area.empty()) return std::nullopt;
    Report report;
    report.area = of;
    report.areas = areas_of(text(area[0]["path"]), of);
    report.area_name = text(area[0]["name"]);
    report.period = during.text;
    report.made_at = now;
    return report;
}

} // namespace linli::postgres
