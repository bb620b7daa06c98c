#include "adapters/http/push_secrets.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <fmt/core.h>
#include <sodium.h>
#include <unistd.h>

#include "runtime/replace_file.hpp"

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

void make_folder(fs::path const& folder) {
    if (fs::exists(folder)) return;
    fs::create_directories(folder);
    fs::permissions(folder, fs::perms::owner_all);
}

std::string poll_file(std::string const& source) {
    return source + ".poll";
}

// It goes into a header.
void check_line(std::string const& secret, std::string const& what) {
    constexpr std::size_t longest = 4000;
    bool const fits = std::ranges::all_of(secret, [](char c) { return c >= ' ' && c < 0x7f; });
    if (!fits || secret.size() > longest)
        throw std::runtime_error(what + " must be one line of printable ASCII");
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
    make_folder(folder);
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

std::string read_poll_secret(fs::path const& folder, std::string const& source) {
    auto secret = read_push_secret(folder, poll_file(source));
    check_line(secret, (folder / poll_file(source)).string());
    return secret;
}

void keep_poll_secret(fs::path const& folder, std::string const& source,
                      std::string const& secret) {
    if (secret.empty()) throw std::runtime_error("the secret is empty: give it by standard input");
    check_line(secret, "the secret");
    make_folder(folder);
    auto const file = folder / poll_file(source);
    if (auto const error = runtime::replace_file(file, secret + '\n'))
        throw std::runtime_error(
            fmt::format("{}: can't be written ({}); make its folder writable for this user",
                        file.string(), error.message()));
}

} // namespace linli::http
