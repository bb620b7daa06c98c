#include "adapters/http/push_secrets.hpp"

#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <fmt/core.h>
#include <sodium.h>
#include <unistd.h>

namespace linli::http {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t secret_length = 40;

std::string random_secret() {
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    if (sodium_init() < 0) throw std::runtime_error("libsodium gives no random numbers");
    std::string secret;
    while (secret.size() < secret_length)
        secret += letters[randombytes_uniform(letters.size())];
    return secret;
}

[[noreturn]] void fail(fs::path const& file) {
    throw std::runtime_error(
        fmt::format("{}: can't be written ({}); make its folder writable for this user",
                    file.string(), std::generic_category().message(errno)));
}

} // namespace

std::string read_push_secret(fs::path const& folder, std::string const& source) {
    auto const file = folder / source;
    std::error_code error;
    auto const mode = fs::status(file, error).permissions();
    if (error || !fs::exists(file, error)) return {};
    if ((mode & (fs::perms::group_all | fs::perms::others_all)) != fs::perms::none)
        throw std::runtime_error(
            fmt::format("{} can be read by others: chmod 600 {}", file.string(), file.string()));
    std::ifstream in(file);
    std::string line;
    std::getline(in, line);
    if (line.ends_with('\r')) line.pop_back();
    return line;
}

bool make_push_secret(fs::path const& folder, std::string const& source) {
    if (!fs::exists(folder)) {
        fs::create_directories(folder);
        fs::permissions(folder, fs::perms::owner_all);
    }
    auto const file = folder / source;
    int const fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 && errno == EEXIST) return false;
    if (fd < 0) fail(file);
    auto const text = random_secret() + '\n';
    auto const written = ::write(fd, text.data(), text.size());
    bool const done = written == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
    ::close(fd);
    if (!done) {
        ::unlink(file.c_str());
        fail(file);
    }
    return true;
}

} // namespace linli::http
