#include "adapters/postgres/key_ring.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <mutex>
#include <sstream>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <fmt/core.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/postgres/key_line.hpp"
#include "runtime/log.hpp"

namespace linli::postgres {

namespace {

constexpr std::size_t key_size = crypto_aead_xchacha20poly1305_ietf_KEYBYTES;
constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(key_size == crypto_kdf_KEYBYTES);

// First byte of what we seal; a later form takes another one.
constexpr char by_ring = '\x01';
constexpr char by_owner = '\x02';

constexpr purpose for_data_key{"data_key"};

unsigned char const* bytes_of(std::string_view text) {
    return reinterpret_cast<unsigned char const*>(text.data());
}

unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

void start_sodium() {
    if (sodium_init() < 0) throw std::runtime_error("libsodium can't start: no random numbers");
}

// `head` goes out in clear before the ciphertext and is authenticated with the purpose.
std::string encrypt(secret const& key, std::string head, purpose what, std::string_view plain) {
    auto const bound = head + std::string(what.name);
    auto sealed = std::move(head);
    auto const nonce_at = sealed.size();
    sealed.resize(nonce_at + nonce_size + plain.size() + tag_size);
    auto* nonce = bytes_of(sealed) + nonce_at;
    randombytes_buf(nonce, nonce_size);
    crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + nonce_size, nullptr, bytes_of(plain),
                                               plain.size(), bytes_of(bound), bound.size(), nullptr,
                                               nonce, key.bytes.data());
    return sealed;
}

std::optional<std::string> decrypt(secret const& key, std::size_t head_size, purpose what,
                                   std::string_view sealed) {
    if (sealed.size() < head_size + nonce_size + tag_size) return std::nullopt;
    auto const bound = std::string(sealed.substr(0, head_size)) + std::string(what.name);
    auto const nonce = sealed.substr(head_size, nonce_size);
    auto const cipher = sealed.substr(head_size + nonce_size);
    std::string plain(cipher.size() - tag_size, '\0');
    auto const failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
        bytes_of(plain), nullptr, nullptr, bytes_of(cipher), cipher.size(), bytes_of(bound),
        bound.size(), bytes_of(nonce), key.bytes.data());
    if (failed) return std::nullopt;
    return plain;
}

// Of what the ring sealed; empty for anything else.
std::string_view id_of(std::string_view sealed) {
    if (sealed.size() < 2 || sealed[0] != by_ring) return {};
    return sealed.substr(2, static_cast<unsigned char>(sealed[1]));
}

std::string system_text(int error) {
    return std::generic_category().message(error);
}

void write_whole(int fd, std::string_view text, std::filesystem::path const& file) {
    bool const written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    if (!written || ::fsync(fd) != 0) {
        auto const error = errno;
        ::close(fd);
        throw key_file_error(fmt::format("{}: the key file can't be written ({})", file.string(),
                                         system_text(error)));
    }
    ::close(fd);
}

void sync_folder(std::filesystem::path const& folder) {
    int const fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    ::fsync(fd);
    ::close(fd);
}

// Whole or not at all, and never over a file that somebody else has just made: lost keys are lost
// residents.
void write_fresh_key_file(std::filesystem::path const& file) {
    auto const folder = std::filesystem::absolute(file).parent_path();
    if (std::filesystem::create_directories(folder)) ::chmod(folder.c_str(), 0700);
    auto const draft = fmt::format("{}.{}.draft", file.string(), ::getpid());
    int const fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        throw key_file_error(fmt::format("{}: the key file can't be made ({}); make its folder "
                                         "writable for this user",
                                         file.string(), system_text(errno)));
    secret fresh;
    randombytes_buf(fresh.bytes.data(), key_size);
    auto line = key_line(fresh_key_id(), fresh) + '\n';
    write_whole(fd, line, file);
    sodium_memzero(line.data(), line.size());
    int const linked = ::link(draft.c_str(), file.c_str());
    auto const error = errno;
    ::unlink(draft.c_str());
    if (linked != 0 && error != EEXIST)
        throw key_file_error(
            fmt::format("{}: the key file can't be made ({})", file.string(), system_text(error)));
    sync_folder(folder);
}

void refuse_readable_by_others(std::filesystem::path const& file) {
    struct stat about {};
    if (::stat(file.c_str(), &about) != 0)
        throw key_file_error(fmt::format("{}: the key file can't be read ({}); put it back, or "
                                         "personal data stays unreadable",
                                         file.string(), system_text(errno)));
    if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        throw key_file_error(
            fmt::format("{0}: others can read the key file; chmod 600 {0}", file.string()));
}

bool is_key_id(std::string_view id) {
    constexpr auto allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    return !id.empty() && id.size() <= 32 &&
           id.find_first_not_of(allowed) == std::string_view::npos;
}

} // namespace

struct key_ring::keys {
    struct entry {
        std::string id;
        secret key;
    };
    std::vector<std::unique_ptr<entry>> lines;
    secret lookup;
    bool has_lookup = false;

    entry const& current() const { return *lines.front(); }

    secret const* find(std::string_view id) const {
        for (auto const& each : lines)
            if (each->id == id) return &each->key;
        return nullptr;
    }

    void take_line(std::string const& line, std::string const& where) {
        std::istringstream words(line);
        std::string id, text, more;
        words >> id >> text;
        if (id.empty() || id.starts_with('#')) return;
        auto each = std::make_unique<entry>();
        each->id = id;
        if (!is_key_id(id) || (words >> more) || !read_key(text, each->key))
            throw key_file_error(where + ": not a key; a line is `<key id> <base64 of 32 bytes>`");
        bool const is_lookup = id == lookup_line;
        if (find(id) || (is_lookup && has_lookup))
            throw key_file_error(fmt::format("{}: key id {} twice", where, id));
        if (!is_lookup) return lines.push_back(std::move(each));
        lookup.bytes = each->key.bytes;
        has_lookup = true;
    }

    bool follows(keys const& before) const {
        return std::any_of(before.lines.begin(), before.lines.end(), [this](auto const& each) {
            auto const* same = find(each->id);
            return same && same->bytes == each->key.bytes;
        });
    }

    static std::shared_ptr<keys const> read(std::filesystem::path const& file);
};

std::shared_ptr<key_ring::keys const> key_ring::keys::read(std::filesystem::path const& file) {
    refuse_readable_by_others(file);
    auto all = std::make_shared<keys>();
    std::ifstream in(file, std::ios::binary);
    std::string line;
    for (int number = 1; std::getline(in, line); ++number)
        all->take_line(line, fmt::format("{}:{}", file.string(), number));
    sodium_memzero(line.data(), line.size());
    if (all->lines.empty())
        throw key_file_error(
            fmt::format("{}: no key in it; put the right key file back", file.string()));
    if (!all->has_lookup) make_lookup_key(all->lines.back()->key, all->lookup);
    return all;
}

// What the file held when it was last read. Its keys are handed out whole, so that nobody uses
// half of two readings.
class key_ring::file {
public:
    explicit file(std::filesystem::path path)
        : path_(std::move(path)), stamp_(stamp_of(path_)), keys_(keys::read(path_)) {}

    std::shared_ptr<keys const> now() const {
        std::scoped_lock const one(mutex_);
        return keys_;
    }

    // Read again if it is another one by now. One that can't be used, or that shares no key with
    // the one before, is no next step of it: what was read stays.
    std::shared_ptr<keys const> fresh() {
        std::scoped_lock const one(mutex_);
        auto const seen = stamp_of(path_);
        if (seen && seen != stamp_) {
            stamp_ = seen;
            read_again();
        }
        return keys_;
    }

private:
    void read_again() {
        try {
            auto anew = keys::read(path_);
            if (!anew->follows(*keys_))
                throw key_file_error(path_.string() + ": holds no key of the file before");
            keys_ = std::move(anew);
        } catch (key_file_error const& e) {
            runtime::log::error("key_file_unfit", {{"why", e.what()}});
        }
    }

    // Another one after each change, also of its owner.
    using stamp = std::optional<std::array<std::int64_t, 4>>;
    static stamp stamp_of(std::filesystem::path const& path) {
        struct stat about {};
        if (::stat(path.c_str(), &about) != 0) return std::nullopt;
        return std::array{static_cast<std::int64_t>(about.st_ino),
                          static_cast<std::int64_t>(about.st_size),
                          static_cast<std::int64_t>(about.st_ctim.tv_sec),
                          static_cast<std::int64_t>(about.st_ctim.tv_nsec)};
    }

    std::filesystem::path const path_;
    mutable std::mutex mutex_;
    stamp stamp_;
    std::shared_ptr<keys const> keys_;
};

key_ring key_ring::load(std::filesystem::path const& path) {
    start_sodium();
    return key_ring(std::make_shared<file>(path));
}

key_ring key_ring::create_if_missing(std::filesystem::path const& file) {
    start_sodium();
    if (!std::filesystem::exists(file)) write_fresh_key_file(file);
    return load(file);
}

std::string key_ring::current_key_id() const {
    return file_->now()->current().id;
}

std::string key_ring::seal(purpose what, std::string_view plain) const {
    auto const now = file_->fresh();
    auto const& current = now->current();
    std::string head{by_ring, static_cast<char>(current.id.size())};
    return encrypt(current.key, head + current.id, what, plain);
}

std::optional<std::string> key_ring::open(purpose what, std::string_view sealed) const {
    auto const id = id_of(sealed);
    if (id.empty()) return std::nullopt;
    auto known = file_->now();
    if (!known->find(id)) known = file_->fresh();
    auto const* key = known->find(id);
    if (!key) return std::nullopt;
    return decrypt(*key, 2 + id.size(), what, sealed);
}

bool key_ring::is_current(std::string_view sealed) const {
    return id_of(sealed) == file_->now()->current().id;
}

lookup_digest key_ring::lookup_hmac(std::string_view kind, std::string_view normalised) const {
    lookup_digest digest{};
    crypto_generichash_state state;
    auto const now = file_->now();
    crypto_generichash_init(&state, now->lookup.bytes.data(), key_size, digest.size());
    // The zero between keeps ("ab", "c") and ("a", "bc") apart.
    crypto_generichash_update(&state, bytes_of(kind), kind.size());
    crypto_generichash_update(&state, bytes_of(std::string_view("\0", 1)), 1);
    crypto_generichash_update(&state, bytes_of(normalised), normalised.size());
    crypto_generichash_final(&state, digest.data(), digest.size());
    sodium_memzero(&state, sizeof state);
    return digest;
}

std::string key_ring::make_data_key() const {
    secret fresh;
    randombytes_buf(fresh.bytes.data(), key_size);
    return seal(for_data_key, {reinterpret_cast<char const*>(fresh.bytes.data()), key_size});
}

namespace {

bool unwrap(key_ring const& ring, std::string_view wrapped, secret& into) {
    auto plain = ring.open(for_data_key, wrapped);
    if (!plain || plain->size() != key_size) return false;
    std::memcpy(into.bytes.data(), plain->data(), key_size);
    sodium_memzero(plain->data(), plain->size());
    return true;
}

// Loud, because a text sealed without its owner's key would be lost quietly.
void unwrap_or_throw(key_ring const& ring, std::string_view wrapped, secret& into) {
    if (!unwrap(ring, wrapped, into))
        throw closed_key("a data key does not open with this key file: put back the key file that "
                         "the database was written with");
}

} // namespace

std::string key_ring::rewrap(std::string_view wrapped) const {
    if (is_current(wrapped)) return std::string(wrapped);
    secret key;
    unwrap_or_throw(*this, wrapped, key);
    return seal(for_data_key, {reinterpret_cast<char const*>(key.bytes.data()), key_size});
}

bool key_ring::opens(std::string_view wrapped) const {
    secret key;
    return unwrap(*this, wrapped, key);
}

std::string key_ring::seal_for(std::string_view wrapped, purpose what,
                               std::string_view plain) const {
    secret key;
    unwrap_or_throw(*this, wrapped, key);
    return encrypt(key, std::string{by_owner}, what, plain);
}

std::optional<std::string> key_ring::open_for(std::string_view wrapped, purpose what,
                                              std::string_view sealed) const {
    secret key;
    if (sealed.empty() || sealed[0] != by_owner || !unwrap(*this, wrapped, key))
        return std::nullopt;
    return decrypt(key, 1, what, sealed);
}

} // namespace linli::postgres
