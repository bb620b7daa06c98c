#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/files/file_error.hpp"
#include "domain/plan.hpp"

namespace linli::files {

// A plan with the text that it was read from: the text is the snapshot that runs with an alert.
struct plan_text {
    domain::plan plan;
    std::string body;
};

// A plan is one TOML file, read as strictly as the configuration. `origin` is the file's name in
// messages. Throws file_error with all that is wrong. The digest is of the text.
domain::plan parse_plan(std::string_view text, std::string const& origin);

// A plan that some version of this program has accepted and that still runs with an alert or order:
// what this version doesn't know in it is passed over, and the usual value stands in its place.
// Throws file_error only if it is no TOML, or its kind or all rungs can't be told.
domain::plan read_snapshot(std::string_view text, std::string const& origin);

plan_text load_plan(std::filesystem::path const& file);

// All *.toml of the folders; a later folder's plan takes the place of an earlier one's of the same
// kind. Every kind of alert must have one: throws file_error with all that is wrong in all files.
std::map<domain::alert_kind, plan_text>
load_plans(std::vector<std::filesystem::path> const& folders);

// The plans of single residents: all *.toml in the folder, which need not be there. Each is whole,
// with [own]: whose it is. One that is softer than the ordinary plan has two signatures and a last
// day. Throws file_error with all that is wrong in all files.
std::vector<plan_text> load_own_plans(std::filesystem::path const& folder,
                                      std::map<domain::alert_kind, plan_text> const& ordinary);

} // namespace linli::files
