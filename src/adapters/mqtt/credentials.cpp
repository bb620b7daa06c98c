#include "adapters/mqtt/credentials.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <system_error>
#include <unordered_set>

#include <fcntl.h>
#include <fmt/core.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

namespace linli::mqtt {

namespace {

constexpr int iterations = 101; // mosquitto_passwd's; our passwords are random, not guessable
constexpr std::size_t password_length = 24; // 142 bits

[[noreturn]] void fail(std::filesystem::path const& file, std::string_view remedy) {
    auto const reason = std::generic_category().message(errno);
    throw credentials_error(
        fmt::format("{}: can't be written ({}); {}", file.string(), reason, remedy));
}

void fill_random(std::span<unsigned char> bytes) {
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        throw credentials_error("OpenSSL gives no random numbers");
}

std::string base64(std::span<unsigned char const> bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    auto const size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                                      static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

// Letters and digits only: it is typed into devices by hand.
std::string random_password() {
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    constexpr auto fair_end = 256 - 256 % letters.size();
    std::string password;
    while (password.size() < password_length) {
        std::array<unsigned char, 32> bytes{};
        fill_random(bytes);
        for (auto const byte : bytes)
            if (byte < fair_end && password.size() < password_length)
                password += letters[byte % letters.size()];
    }
    return password;
}

// A user's name is also the name of its secret's file.
void refuse_bad_name(std::string_view user) {
    constexpr auto allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    bool const fits = !user.empty() && user.size() <= 66 && user.front() != '.' &&
                      user.find_first_not_of(allowed) == std::string_view::npos;
    if (!fits)
        throw credentials_error(fmt::format("\"{}\" can't be a broker user: use 1 to 64 letters, "
                                            "digits, \".\", \"_\" and \"-\" after d-, p- or v-",
                                            user));
}

// A file that only its owner can read, whole or not there at all.
class draft {
public:
    draft(std::filesystem::path target, mode_t mode)
        : target_(std::move(target)), path_(target_.string() + ".draft"),
          fd_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)) {
        if (fd_ < 0 || ::fchmod(fd_, mode) != 0)
            fail(target_, "make its folder writable for this user");
    }
    draft(draft const&) = delete;
    draft& operator=(draft const&) = delete;
    ~draft() {
        if (fd_ >= 0) ::close(fd_);
        if (!is_done_) ::unlink(path_.c_str());
    }

    int fd() const { return fd_; }

    void write(std::string_view text) {
        while (!text.empty()) {
            auto const size = ::write(fd_, text.data(), text.size());
            if (size < 0 && errno == EINTR) continue;
            if (size < 0) fail(target_, "is the disk full?");
            text.remove_prefix(static_cast<std::size_t>(size));
        }
    }

    void sync() {
        if (::fsync(fd_) != 0) fail(target_, "is the disk full?");
    }

    void rename() {
        if (::rename(path_.c_str(), target_.c_str()) != 0)
            fail(target_, "make its folder writable for this user");
        is_done_ = true;
    }

private:
    std::filesystem::path target_;
    std::string path_;
    int fd_;
    bool is_done_ = false;
};

// ::fsync makes the folder's names last; ::syncfs all files of its disk at once, because thousands
// of fsyncs would take minutes.
void sync_folder(std::filesystem::path const& folder, int (*sync)(int)) {
    int const fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) fail(folder, "is it a folder?");
    int const failed = sync(fd);
    ::close(fd);
    if (failed) fail(folder, "is the disk full?");
}

std::optional<std::string> read_secret(std::filesystem::path const& file) {
    std::ifstream in(file);
    std::string secret;
    if (!(in >> secret)) return std::nullopt;
    return secret;
}

void write_secret(std::filesystem::path const& file, std::string_view secret) {
    draft out(file, 0600);
    out.write(std::string(secret) + "\n");
    out.rename();
}

// user -> line
std::map<std::string, std::string> read_lines(std::filesystem::path const& file) {
    std::map<std::string, std::string> lines;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        auto const colon = line.find(':');
        if (colon != std::string::npos) lines[line.substr(0, colon)] = line;
    }
    return lines;
}

void make_private_folder(std::filesystem::path const& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error || ::chmod(folder.c_str(), 0700) != 0) fail(folder, "make the folder above writable");
}

// The broker must still be able to read it: its owner and mode stay.
void replace_password_file(std::filesystem::path const& file,
                           std::map<std::string, std::string> const& lines) {
    struct stat old {};
    bool const exists = ::stat(file.c_str(), &old) == 0;
    draft out(file, exists ? old.st_mode & 0777U : 0600U);
    if (exists && ::fchown(out.fd(), old.st_uid, old.st_gid) != 0 && old.st_uid != ::geteuid())
        fail(file, "run this as the owner of the file, or as root");
    std::string text;
    for (auto const& [user, line] : lines)
        text += line + "\n";
    out.write(text);
    out.sync();
    out.rename();
    sync_folder(std::filesystem::absolute(file).parent_path(), &::fsync);
}

bool is_of_our_kinds(std::string_view user) {
    return user.starts_with("d-") || user.starts_with("p-") || user.starts_with("v-");
}

} // namespace

std::string broker_user(domain::device_id const& device) {
    return "d-" + device.value;
}
std::string broker_user(domain::provider_id const& provider) {
    return "p-" + provider.value;
}

std::string own_password(std::filesystem::path const& file) {
    std::ifstream in(file);
    std::string line;
    if (!std::getline(in, line))
        throw credentials_error(file.string() +
                                " can't be read: \"linli devices credentials\" makes it");
    return line;
}

std::string password_line(std::string_view user, std::string_view password) {
    std::array<unsigned char, 12> salt{};
    std::array<unsigned char, 64> hash{};
    fill_random(salt);
    auto const done = PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()),
                                        salt.data(), static_cast<int>(salt.size()), iterations,
                                        EVP_sha512(), static_cast<int>(hash.size()), hash.data());
    if (done != 1) throw credentials_error("OpenSSL can't make a password hash");
    return fmt::format("{}:$7${}${}${}", user, iterations, base64(salt), base64(hash));
}

credential_counts write_credentials(credential_files const& files,
                                    std::vector<std::string> const& users,
                                    credential_progress const& progress) {
    std::ranges::for_each(users, refuse_bad_name);
    make_private_folder(files.secrets_folder);
    auto const old = read_lines(files.password_file);
    std::unordered_set<std::string> const wanted(users.begin(), users.end());
    std::map<std::string, std::string> lines;
    credential_counts counts;
    for (auto const& user : users) {
        auto const file = files.secrets_folder / user;
        auto const secret = read_secret(file);
        auto const line = old.find(user);
        if (secret) {
            lines[user] = password_line(user, *secret);
            ++counts.kept;
        } else if (line != old.end()) {
            lines[user] = line->second;
            ++counts.kept;
        } else {
            auto const fresh = random_password();
            write_secret(file, fresh);
            lines[user] = password_line(user, fresh);
            ++counts.made;
        }
        if (progress) progress(counts.made + counts.kept, users.size());
    }
    for (auto const& [user, line] : old) {
        if (wanted.contains(user)) continue;
        if (is_of_our_kinds(user)) {
            ++counts.removed;
            std::filesystem::remove(files.secrets_folder / user);
        } else {
            lines[user] = line;
        }
    }
    // Secrets first: a password that the broker knows and nobody else would lock a device out.
    sync_folder(files.secrets_folder, &::syncfs);
    replace_password_file(files.password_file, lines);
    return counts;
}

std::string unguessable(std::string_view client_id, std::string_view password) {
    std::array<unsigned char, 32> mac{};
    unsigned int size = 0;
    HMAC(EVP_sha256(), password.data(), static_cast<int>(password.size()),
         reinterpret_cast<unsigned char const*>(client_id.data()), client_id.size(), mac.data(),
         &size);
    std::string id(client_id);
    id += '-';
    for (auto const byte : std::span(mac).first(16))
        id += fmt::format("{:02x}", byte);
    return id;
}

} // namespace linli::mqtt
