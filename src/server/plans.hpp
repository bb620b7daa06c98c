#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "app/plan_book.hpp"

namespace linli::server {

// The installation's plans, with those of single residents in the folder's own folder "resident"; a
// later folder's plan takes the place of an earlier one's. Throws with
// all that is wrong in them.
std::unique_ptr<app::plan_book> load_plan_book(std::vector<std::filesystem::path> const& folders);

} // namespace linli::server
