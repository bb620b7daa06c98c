#include "adapters/files/file_error.hpp"

#include <utility>

#include <fmt/core.h>
#include <fmt/format.h>

#include "runtime/one_line.hpp"

namespace linli::files {

file_error::file_error(std::vector<std::string> problems)
    : std::runtime_error(fmt::format("{}", fmt::join(runtime::one_line_each(problems), "\n"))),
      problems_(runtime::one_line_each(std::move(problems))) {}

} // namespace linli::files
