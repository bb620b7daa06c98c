#include "adapters/anchors/anchor_key.hpp"

#include <cerrno>
#include <fstream>
#include <sstream>
#include <utility>
#include <vector>

#include <fmt/core.h>
#include <sodium.h>
#include <sys/stat.h>

#include "runtime/replace_file.hpp"

namespace linli::anchors {

namespace {

constexpr auto seed_bytes = crypto_sign_SEEDBYTES;
constexpr auto signature_bytes = crypto_sign_BYTES;
constexpr std::size_t id_characters = 8;

unsigned char const* bytes_of(std::string_view text) {
    return reinterpret_cast<unsigned char const*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

void start_sodium() {
    if (sodium_init() < 0) throw std::runtime_error("libsodium can't start: no random numbers");
}

struct named_key {
    std::string id;
    std::string key;
};

std::vector<named_key> read_keys(std::filesystem::path const& file) {
    std::ifstream in(file);
    if (!in) throw anchor_key_error(file.string() + " can't be read");
    std::vector<named_key> all;
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line.front() == '#') continue;
        std::istringstream words(line);
        std::string id;
        std::string text;
        words >> id >> text;
        auto const key = of_base64(text);
        if (!key || key->size() != seed_bytes)
            throw anchor_key_error(file.string() + ": a line is \"<key id> <base64 of 32 bytes>\"");
        all.push_back({id, *key});
    }
    if (all.empty()) throw anchor_key_error(file.string() + " has no key");
    return all;
}

struct key_pair {
    std::string shown = std::string(crypto_sign_PUBLICKEYBYTES, '\0');
    std::string kept = std::string(crypto_sign_SECRETKEYBYTES, '\0');
};

key_pair pair_of(std::string const& seed) {
    key_pair made;
    crypto_sign_seed_keypair(bytes_of(made.shown), bytes_of(made.kept), bytes_of(seed));
    return made;
}

void refuse_open_file(std::filesystem::path const& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0)
        throw anchor_key_error(file.string() + " is missing: \"linli migrate\" makes it; a second "
                                               "server gets a copy of the first one's");
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        throw anchor_key_error(file.string() + " may be read by others: chmod 600 it");
}

} // namespace

std::string in_base64(std::string_view bytes) {
    auto constexpr variant = sodium_base64_VARIANT_ORIGINAL;
    std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes_of(bytes), bytes.size(), variant);
    text.pop_back(); // its NUL
    return text;
}

std::optional<std::string> of_base64(std::string_view text) {
    std::string bytes(text.size(), '\0');
    std::size_t size = 0;
    if (sodium_base642bin(bytes_of(bytes), bytes.size(), text.data(), text.size(), nullptr, &size,
                          nullptr, sodium_base64_VARIANT_ORIGINAL) != 0)
        return std::nullopt;
    bytes.resize(size);
    return bytes;
}

known_keys known_keys::load(std::filesystem::path const& file) {
    start_sodium();
    known_keys all;
    for (auto& each : read_keys(file))
        all.add(std::move(each.id), std::move(each.key));
    return all;
}

void known_keys::add(std::string id, std::string public_key) {
    keys_[std::move(id)] = std::move(public_key);
}

bool known_keys::has_signed(std::string_view key_id, std::string_view text,
                            std::string_view signature) const {
    auto const key = keys_.find(key_id);
    return key != keys_.end() && signature.size() == signature_bytes &&
           crypto_sign_verify_detached(bytes_of(signature), bytes_of(text), text.size(),
                                       bytes_of(key->second)) == 0;
}

std::string known_keys::text() const {
    std::string all;
    for (auto const& [id, key] : keys_)
        all += id + ' ' + in_base64(key) + '\n';
    return all;
}

signing_keys signing_keys::load(std::filesystem::path const& file) {
    start_sodium();
    refuse_open_file(file);
    signing_keys all;
    for (auto const& each : read_keys(file)) {
        auto made = pair_of(each.key);
        if (all.key_id_.empty()) {
            all.key_id_ = each.id;
            all.secret_ = std::move(made.kept);
        }
        all.known_.add(each.id, std::move(made.shown));
    }
    return all;
}

signing_keys signing_keys::create_if_missing(std::filesystem::path const& file) {
    start_sodium();
    if (!std::filesystem::exists(file)) {
        std::string seed(seed_bytes, '\0');
        randombytes_buf(seed.data(), seed.size());
        std::string id;
        for (unsigned char const byte : pair_of(seed).shown.substr(0, id_characters / 2))
            id += fmt::format("{:02x}", byte);
        std::filesystem::create_directories(file.parent_path());
        if (auto const wrong = runtime::replace_file(file, id + ' ' + in_base64(seed) + '\n'))
            throw anchor_key_error(file.string() + " can't be made: " + wrong.message());
    }
    return load(file);
}

std::string signing_keys::sign(std::string_view text) const {
    std::string signature(signature_bytes, '\0');
    crypto_sign_detached(bytes_of(signature), nullptr, bytes_of(text), text.size(),
                         bytes_of(secret_));
    return signature;
}

} // namespace linli::anchors
