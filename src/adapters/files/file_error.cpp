#include "adapters/files/file_error.hpp"

#include <utility>

#include <fmt/core.h>
#include <fmt/format.h>

namespace linli::files {

file_error::file_error(std::vector<std::string> problems)
    : std::runtime_error(fmt::format("{}", fmt::join(problems, "\n"))),
      problems_(std::move(problems)) {}

} // namespace linli::files
