#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace linli::tests {

// New, empty, ours alone, with that word in its name.
inline std::filesystem::path private_folder(std::string const& word) {
    auto text = (std::filesystem::temp_directory_path() / ("linli-" + word + ".XXXXXX")).string();
    if (!::mkdtemp(text.data())) throw std::runtime_error("no folder in " + text);
    return text;
}

} // namespace linli::tests
