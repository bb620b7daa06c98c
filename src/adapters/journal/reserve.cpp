#include "adapters/journal/reserve.hpp"

#include <algorithm>

namespace linli::journal {

reserve::reserve(std::filesystem::path const& path, std::uint64_t bytes)
    : path_{path}, full_bytes_{bytes}, file_{path, O_RDWR | O_CREAT} {
    std::error_code error;
    auto const size = std::filesystem::file_size(path_, error);
    if (error || !file_.is_open()) return;
    // Allocated again although the size is there: a copy of the folder may have left holes.
    auto const kept = std::min<std::uint64_t>(size, full_bytes_);
    if (!resize(kept) || ::posix_fallocate(file_.descriptor(), 0, static_cast<off_t>(kept)) != 0)
        resize(0);
    refill(0);
}

bool reserve::release(std::uint64_t bytes) {
    return left_ > 0 && resize(left_ - std::min(bytes, left_));
}

void reserve::refill(std::uint64_t margin) {
    if (left_ == full_bytes_ || !file_.is_open()) return;
    std::error_code error;
    auto const space = std::filesystem::space(path_.parent_path(), error);
    if (error || space.available < full_bytes_ - left_ + margin) return;
    if (::posix_fallocate(file_.descriptor(), 0, static_cast<off_t>(full_bytes_)) == 0)
        left_ = full_bytes_;
    else
        resize(left_); // somebody was faster: what came half of the way goes back
}

bool reserve::resize(std::uint64_t bytes) {
    if (::ftruncate(file_.descriptor(), static_cast<off_t>(bytes)) != 0) return false;
    left_ = bytes;
    return true;
}

} // namespace linli::journal
