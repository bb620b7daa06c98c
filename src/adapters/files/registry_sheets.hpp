#pragma once

#include <vector>

#include "app/registry_form.hpp"

namespace linli::files {

// All of them, in the order of domain::sheet.
std::vector<app::registry_sheet> const& registry_sheets();

app::registry_sheet const& sheet_of(domain::sheet which);

} // namespace linli::files
