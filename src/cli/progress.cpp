#include "cli/progress.hpp"

#include <iostream>
#include <string>

#include <unistd.h>

namespace linli::cli {

void show_progress(std::string_view what, std::size_t done, std::size_t total) {
    constexpr std::size_t width = 32;
    static bool const terminal = isatty(STDERR_FILENO) == 1;
    if (!terminal || total == 0) return;
    auto const filled = width * done / total;
    std::string label(what);
    label.resize(12, ' ');
    std::cerr << '\r' << label << '[' << std::string(filled, '#')
              << std::string(width - filled, ' ') << "] " << done << '/' << total
              << (done == total ? "\n" : "") << std::flush;
}

} // namespace linli::cli
