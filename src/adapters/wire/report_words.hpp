// The reports of office.proto, as ProtoJSON, and the street's as CSV.
#pragma once

#include <string>

#include "app/reports.hpp"

namespace linli::wire {

std::string encode_night(app::night_part const& tonight);

std::string encode_service(app::service_report const& report);

// A line for each figure of each area, RFC 4180 with the mark by which spreadsheets know UTF-8; no
// cell can be taken for a formula.
std::string service_csv(app::service_report const& report);

std::string encode_hotline(app::hotline_report const& report);
// As the service's; the worst day's row has the time of its begin (UTC) for its name.
std::string hotline_csv(app::hotline_report const& report);

} // namespace linli::wire
