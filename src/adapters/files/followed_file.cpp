#include "adapters/files/followed_file.hpp"

#include <cerrno>
#include <memory>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace linli::files {

namespace {

constexpr std::size_t most_at_once = std::size_t{1} << 20;

struct descriptor {
    int number;
    explicit descriptor(std::filesystem::path const& file)
        : number(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
    descriptor(descriptor const&) = delete;
    descriptor& operator=(descriptor const&) = delete;
    ~descriptor() {
        if (number >= 0) ::close(number);
    }
};

[[noreturn]] void fail(std::filesystem::path const& file) {
    throw std::runtime_error(file.string() +
                             " can't be read: " + std::generic_category().message(errno));
}

} // namespace

// It is opened anew each time: who rotates it may put another in its place.
std::string followed_file::more() {
    descriptor const in(file_);
    struct stat now {};
    if (in.number < 0 || ::fstat(in.number, &now) != 0) fail(file_);
    auto const size = static_cast<unsigned long long>(now.st_size);
    if (!looked_)
        read_to_ = size > most_at_once ? size - most_at_once : 0;
    else if (now.st_ino != inode_ || size < read_to_) {
        read_to_ = 0;
        begun_.clear();
    }
    looked_ = true;
    inode_ = now.st_ino;
    std::string bytes(most_at_once, '\0');
    auto const got = ::pread(in.number, bytes.data(), bytes.size(), static_cast<::off_t>(read_to_));
    if (got < 0) fail(file_);
    bytes.resize(static_cast<std::size_t>(got));
    read_to_ += bytes.size();
    return bytes;
}

std::vector<std::string> followed_file::news() {
    begun_ += more();
    std::vector<std::string> lines;
    std::size_t start = 0;
    for (auto end = begun_.find('\n'); end != begun_.npos; end = begun_.find('\n', start)) {
        lines.push_back(begun_.substr(start, end - start));
        start = end + 1;
    }
    begun_.erase(0, start);
    if (begun_.size() > most_at_once) begun_.clear();
    return lines;
}

} // namespace linli::files
