#include "adapters/journal/damage.hpp"

#include <algorithm>

namespace linli::journal {

namespace {

constexpr std::uint64_t chunk_bytes = 64U << 10;

bool copy_to(std::filesystem::path const& path, position at, std::uint64_t end,
             segment_reader& reader) {
    file const copy{path, O_WRONLY | O_CREAT | O_TRUNC};
    if (!copy.is_open()) return false;
    for (auto from = at.offset; from < end; from += chunk_bytes) {
        auto const bytes = reader.bytes(from, std::min(chunk_bytes, end - from));
        auto const written = ::write(copy.descriptor(), bytes.data(), bytes.size());
        if (written != static_cast<ssize_t>(bytes.size())) return false;
    }
    return true;
}

} // namespace

damage keep_aside(std::filesystem::path const& folder, position at, std::uint64_t end,
                  segment_reader& reader) {
    auto const name = segment_path({}, at.segment).stem().string();
    auto const path = folder / "damaged" / (name + "-" + std::to_string(at.offset));
    damage lost{at, std::string{reader.bytes(at.offset, std::min(chunk_bytes, end - at.offset))},
                path,
                std::to_string(end - at.offset) + " bytes at " + std::to_string(at.offset) +
                    " of " + segment_path(folder, at.segment).string() + " are damaged"};
    std::error_code ignored; // what matters is whether the copy can be written
    std::filesystem::create_directory(path.parent_path(), ignored);
    if (copy_to(path, at, end, reader)) return lost;
    std::filesystem::remove(path, ignored);
    lost.kept_aside.clear();
    lost.text += " and could not be copied aside";
    return lost;
}

} // namespace linli::journal
