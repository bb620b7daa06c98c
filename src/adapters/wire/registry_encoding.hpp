#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/import_desk.hpp"
#include "app/registry_desk.hpp"

namespace linli::wire {

// The registry as the administration's pages hear of it and change it, as ProtoJSON of
// registry.proto.

// Nothing if it is no JSON of that shape; texts are cleaned.
std::optional<app::registry_change> read_registry_change(std::string_view json);
std::optional<std::vector<app::registry_file>> read_registry_files(std::string_view json);

// A sheet as one of that role has to do with it: columns that he doesn't see aren't told.
struct told_sheet {
    app::registry_sheet const& form;
    domain::role to{};
};
std::string encode_registry_sheets(std::vector<told_sheet> const& sheets);
std::string encode_registry_record(told_sheet const& sheet, app::registry_record const& record);
std::string encode_registry_page(told_sheet const& sheet, app::registry_page const& page,
                                 app::registry_question const& asked);
std::string encode_registry_mistakes(app::registry_mistakes const& found);
std::string encode_import_job(app::import_job const& job);
std::string encode_import_jobs(std::vector<app::import_job> const& jobs);

} // namespace linli::wire
