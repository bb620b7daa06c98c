#pragma once

#include <filesystem>
#include <optional>
#include <system_error>

#include "domain/time.hpp"

namespace linli::cloud_poll {

// How far a cloud has been asked, kept beside the journal over a restart.
std::filesystem::path mark_file(std::filesystem::path const& folder, std::string const& source);

// Whole seconds. Nothing: there is none, or it can't be read.
std::optional<domain::instant> read_mark(std::filesystem::path const& file);
std::error_code keep_mark(std::filesystem::path const& file, domain::instant through);

// Where there is no mark, it is now: what was before a cloud was first known is no work of tonight.
// A server that stands by has one too, so that it knows from when on to ask when it takes over.
std::error_code begin_mark(std::filesystem::path const& file, domain::instant now);

} // namespace linli::cloud_poll
