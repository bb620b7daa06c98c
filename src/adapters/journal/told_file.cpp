#include "adapters/journal/told_file.hpp"

#include <fstream>
#include <iterator>
#include <utility>

#include "adapters/journal/file.hpp"

namespace linli::journal {

told_file::told_file(std::filesystem::path folder) : path_{std::move(folder) / "told-degraded"} {}

std::vector<std::string> told_file::lines() const {
    std::ifstream in{path_, std::ios::binary};
    std::string const text{std::istreambuf_iterator<char>{in}, {}};
    std::vector<std::string> all;
    for (std::size_t at = 0, end = 0; (end = text.find('\n', at)) != text.npos; at = end + 1)
        if (end > at) all.push_back(text.substr(at, end - at));
    return all;
}

// It begins with an end of line: a torn one before it stays by itself.
bool told_file::append(std::span<std::string const> lines) {
    std::string text = "\n";
    for (auto const& each : lines)
        text += each + '\n';
    bool const is_new = !std::filesystem::exists(path_);
    file const out{path_, O_WRONLY | O_CREAT | O_APPEND};
    if (!out.is_open()) return false;
    auto const written = ::write(out.descriptor(), text.data(), text.size());
    if (written != static_cast<ssize_t>(text.size())) return false;
    if (::fdatasync(out.descriptor()) != 0) return false;
    return !is_new || sync_folder(path_.parent_path()) == 0;
}

bool told_file::clear() {
    if (::unlink(path_.c_str()) != 0) return errno == ENOENT;
    return sync_folder(path_.parent_path()) == 0;
}

} // namespace linli::journal
