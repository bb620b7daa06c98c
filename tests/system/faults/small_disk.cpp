#include "system/faults/small_disk.hpp"

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

namespace linli::tests::faults {

small_disk::small_disk(std::filesystem::path at, int mib) : at_(std::move(at)) {
    std::filesystem::create_directories(at_);
    auto const size = "size=" + std::to_string(mib) + "m,mode=0755";
    if (::mount("linli-faults", at_.c_str(), "tmpfs", 0, size.c_str()) != 0)
        throw std::system_error(errno, std::generic_category(), "no tmpfs at " + at_.string());
}

small_disk::~small_disk() {
    ::umount2(at_.c_str(), MNT_DETACH);
    std::error_code ignored;
    std::filesystem::remove(at_, ignored);
}

void small_disk::fills() const {
    auto const file = ::open(filler().c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) throw std::runtime_error("can't fill " + at_.string());
    std::vector<char> const block(64U << 10);
    for (auto size = block.size(); size > 0;)
        if (::write(file, block.data(), size) <= 0) size /= 2;
    auto const why = errno;
    ::close(file);
    if (why != ENOSPC) throw std::system_error(why, std::generic_category(), at_.string());
}

void small_disk::frees() const {
    std::filesystem::remove(filler());
}

} // namespace linli::tests::faults
