// The reports of office.proto, as ProtoJSON, and the street's as CSV.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "app/reports.hpp"

namespace linli::wire {

// All counts; gaps of that kind alone, or of all, at most so many.
std::string encode_coverage(app::coverage_report const& report, std::optional<app::gap_kind> kind,
                            std::size_t most);

std::string encode_service(app::service_report const& report);

// A line for each figure of each area, RFC 4180 with the mark by which spreadsheets know UTF-8; no
// cell can be taken for a formula.
std::string service_csv(app::service_report const& report);

} // namespace linli::wire
