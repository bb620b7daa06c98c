#pragma once

#include <cstddef>
#include <string_view>

namespace linli::cli {

// One line on standard error that fills up: "devices   [########        ]  512/1024". Nothing when
// standard error is no terminal. The line ends when done reaches total.
void show_progress(std::string_view what, std::size_t done, std::size_t total);

} // namespace linli::cli
