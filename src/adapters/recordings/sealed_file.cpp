#include "adapters/recordings/sealed_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <stdexcept>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <sodium.h>

namespace linli::recordings {

namespace {

constexpr std::size_t block_bytes = 64 * 1024;
constexpr std::size_t seal_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t key_bytes = crypto_aead_xchacha20poly1305_ietf_KEYBYTES;
using nonce = std::array<unsigned char, crypto_aead_xchacha20poly1305_ietf_NPUBBYTES>;

void start_sodium() {
    if (sodium_init() < 0) throw std::runtime_error("libsodium doesn't start");
}

[[noreturn]] void fail(std::filesystem::path const& file) {
    throw std::system_error(errno, std::generic_category(), file.string());
}

unsigned char const* bytes_of(std::string_view text) {
    return reinterpret_cast<unsigned char const*>(text.data());
}

nonce nonce_of(std::uint64_t block, bool is_last) {
    nonce made{};
    for (std::size_t each = 0; each < sizeof block; ++each)
        made[each] = static_cast<unsigned char>(block >> (8 * each));
    made[sizeof block] = is_last ? 1 : 0;
    return made;
}

std::string sealed(std::string_view plain, std::string const& key, nonce const& under) {
    std::string made(plain.size() + seal_bytes, '\0');
    crypto_aead_xchacha20poly1305_ietf_encrypt(reinterpret_cast<unsigned char*>(made.data()),
                                               nullptr, bytes_of(plain), plain.size(), nullptr, 0,
                                               nullptr, under.data(), bytes_of(key));
    return made;
}

std::optional<std::string> opened(std::string_view sealed, std::string const& key,
                                  nonce const& under) {
    if (sealed.size() < seal_bytes) return std::nullopt;
    std::string plain(sealed.size() - seal_bytes, '\0');
    auto const failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
        reinterpret_cast<unsigned char*>(plain.data()), nullptr, nullptr, bytes_of(sealed),
        sealed.size(), nullptr, 0, under.data(), bytes_of(key));
    return failed == 0 ? std::optional(std::move(plain)) : std::nullopt;
}

struct open_file {
    explicit open_file(std::filesystem::path const& file, int flags)
        : descriptor(::open(file.c_str(), flags | O_CLOEXEC)) {
        if (descriptor < 0) fail(file);
    }
    open_file(open_file const&) = delete;
    open_file& operator=(open_file const&) = delete;
    ~open_file() { ::close(descriptor); }
    int descriptor;
};

std::uint64_t blocks_of(std::uint64_t size) {
    return std::max<std::uint64_t>(1, (size + block_bytes - 1) / block_bytes);
}

} // namespace

std::string make_file_key() {
    start_sodium();
    std::string key(key_bytes, '\0');
    randombytes_buf(key.data(), key.size());
    return key;
}

sealed_file_writer::sealed_file_writer(std::filesystem::path file, std::string key)
    : file_(std::move(file)), begun_(file_.string() + ".new"), key_(std::move(key)) {
    start_sodium();
    if (key_.size() != key_bytes) throw std::invalid_argument("no key of a file");
    descriptor_ = ::open(begun_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor_ < 0) fail(begun_);
}

sealed_file_writer::~sealed_file_writer() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    ::unlink(begun_.c_str());
}

// A block is put when there is more to come: which is the last one, is known only then.
void sealed_file_writer::add(std::string_view plain) {
    bytes_ += plain.size();
    while (!plain.empty()) {
        if (block_.size() == block_bytes) put_block(false);
        auto const part = plain.substr(0, block_bytes - block_.size());
        block_ += part;
        plain.remove_prefix(part.size());
    }
}

void sealed_file_writer::put_block(bool is_last) {
    auto const bytes = sealed(block_, key_, nonce_of(blocks_, is_last));
    std::string_view rest = bytes;
    while (!rest.empty()) {
        auto const written = ::write(descriptor_, rest.data(), rest.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail(begun_);
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    ++blocks_;
    block_.clear();
}

std::uint64_t sealed_file_writer::finish() {
    put_block(true);
    if (::fsync(descriptor_) != 0) fail(begun_);
    if (::rename(begun_.c_str(), file_.c_str()) != 0) fail(file_);
    ::close(std::exchange(descriptor_, -1));
    open_file const folder(file_.parent_path(), O_RDONLY | O_DIRECTORY);
    if (::fsync(folder.descriptor) != 0) fail(file_.parent_path());
    return bytes_;
}

std::optional<std::string> read_sealed(std::filesystem::path const& file, std::string const& key,
                                       std::uint64_t size, std::uint64_t from, std::size_t count) {
    start_sodium();
    std::string plain;
    if (key.size() != key_bytes) return std::nullopt;
    open_file const in(file, O_RDONLY);
    auto const end = std::min<std::uint64_t>(size, from + count);
    auto const blocks = blocks_of(size);
    while (from < end) {
        auto const block = from / block_bytes;
        bool const is_last = block + 1 == blocks;
        auto const inside = is_last ? size - block * block_bytes : block_bytes;
        std::string bytes(inside + seal_bytes, '\0');
        auto const at = static_cast<off_t>(block * (block_bytes + seal_bytes));
        auto const read = ::pread(in.descriptor, bytes.data(), bytes.size(), at);
        if (read < 0) fail(file);
        bytes.resize(static_cast<std::size_t>(read));
        auto const whole = opened(bytes, key, nonce_of(block, is_last));
        if (!whole || whole->size() != inside) return std::nullopt;
        auto const skip = from % block_bytes;
        auto const part = std::min<std::uint64_t>(end - from, whole->size() - skip);
        plain.append(*whole, skip, part);
        from += part;
    }
    return plain;
}

} // namespace linli::recordings
