#include "runtime/replace_file.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace linli::runtime {

namespace {

// A descriptor that closes behind itself.
struct open_file {
    int number;
    explicit open_file(int n) : number(n) {}
    open_file(open_file const&) = delete;
    open_file& operator=(open_file const&) = delete;
    ~open_file() {
        if (number >= 0) ::close(number);
    }
};

bool write_all(int to, std::string_view bytes) {
    while (!bytes.empty()) {
        auto const written = ::write(to, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

std::error_code last_error() {
    return {errno, std::generic_category()};
}

} // namespace

std::error_code replace_file(std::filesystem::path const& file, std::string_view bytes) {
    return replace_file(file, [bytes](put_bytes const& put) { put(bytes); });
}

std::error_code replace_file(std::filesystem::path const& file,
                             std::function<void(put_bytes const& put)> const& write) {
    auto const fresh = file.string() + ".new";
    ::unlink(fresh.c_str()); // may be left over, and may have other permissions
    {
        open_file const out(
            ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
        if (out.number < 0) return last_error();
        std::error_code failed;
        write([&](std::string_view piece) {
            if (!failed && !write_all(out.number, piece)) failed = last_error();
        });
        if (failed) return failed;
        if (::fsync(out.number) != 0) return last_error();
    }
    if (::rename(fresh.c_str(), file.c_str()) != 0) return last_error();
    open_file const folder(::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.number < 0 || ::fsync(folder.number) != 0) return last_error();
    return {};
}

} // namespace linli::runtime
