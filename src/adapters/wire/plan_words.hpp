// Plans and their dry runs (office.proto), as ProtoJSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/plan_desk.hpp"

namespace linli::wire {

std::string encode_plans(std::vector<app::plan_book::page> const& pages);

struct dry_run_call {
    std::string kind;
    std::string resident;
    std::string home;
    std::optional<domain::instant> at;
};
std::optional<dry_run_call> read_dry_run(std::string_view json);

std::string encode_dry_run(app::dry_run const& what);

} // namespace linli::wire
