// The few POSIX calls that the journal needs, and an owner for a descriptor.
#pragma once

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <sys/types.h>
#include <unistd.h>
#include <utility>

namespace linli::journal {

// The calls that can fail in ways that no test could bring about on a healthy disk: a test puts
// its own here.
struct system_calls {
    std::function<ssize_t(int, void const*, std::size_t)> write = ::write;
    std::function<ssize_t(int, void*, std::size_t, off_t)> read = ::pread;
    std::function<int(int)> datasync = ::fdatasync;
    std::function<int(int)> sync = ::fsync; // of the folder
};

class file {
public:
    file() = default;
    // Not open when it fails; errno says why. What is created is readable by the owner only.
    file(std::filesystem::path const& path, int flags)
        : descriptor_{::open(path.c_str(), flags | O_CLOEXEC, 0600)} {}
    file(file&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}
    file& operator=(file&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    ~file() {
        if (is_open()) ::close(descriptor_);
    }

    [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
    [[nodiscard]] int descriptor() const { return descriptor_; }

private:
    int descriptor_ = -1;
};

// Makes a new name in the folder survive a power cut. 0, or the errno.
inline int sync_folder(std::filesystem::path const& folder, system_calls const& by = {}) {
    file const opened{folder, O_RDONLY | O_DIRECTORY};
    return opened.is_open() && by.sync(opened.descriptor()) == 0 ? 0 : errno;
}

} // namespace linli::journal
