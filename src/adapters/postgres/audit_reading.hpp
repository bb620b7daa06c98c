#pragma once

#include <vector>

#include <pqxx/connection>

#include "app/auditor.hpp"

namespace linli::postgres {

void prepare_audit(pqxx::connection& on);

std::vector<app::finding> read_findings(pqxx::connection& on, domain::instant now,
                                        app::audit_limits const& allowed);

} // namespace linli::postgres
