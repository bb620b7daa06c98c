#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace linli::postgres {

// The key file can't be used. The text names the file and what to do.
class key_file_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// A data key doesn't open with this key file, which lacks a line, or is another house's.
class closed_key : public std::invalid_argument {
public:
    using std::invalid_argument::invalid_argument;
};

// What a sealed text is for: "outbox", "provider". It is authenticated with the text, so that a
// ciphertext moved to another kind of column does not open there.
struct purpose {
    std::string_view name;
};

using lookup_digest = std::array<std::uint8_t, 32>;

// The installation's keys for personal data. A text file, one key a line, `<key id> <base64 of 32
// bytes>`: the first line seals, every line opens. Look-up digests are made by the line `lookup`,
// or else by a key that the last line makes. So a rotation is a new first line, and a line may go
// only when nothing in the database carries its id any more (adapters/postgres/key_rotation).
// Copies share the keys; all members may be called from any thread.
//
// A ring reads its file again, if that is another one by now, when it seals and when it meets the
// id of a key that it doesn't know: so a running server takes part in a rotation.
//
// A sealed text is XChaCha20-Poly1305 (libsodium's IETF form) and carries its key id and nonce.
// Opening answers nothing when the text is damaged, or for another purpose, or its key has gone.
class key_ring {
public:
    // Throws key_file_error; also when others than the owner could read the file.
    static key_ring load(std::filesystem::path const& file);
    // Makes the file, with one fresh key, if there is none.
    static key_ring create_if_missing(std::filesystem::path const& file);

    std::string current_key_id() const;

    std::string seal(purpose what, std::string_view plain) const;
    std::optional<std::string> open(purpose what, std::string_view sealed) const;

    // Sealed or wrapped by the current line.
    bool is_current(std::string_view sealed) const;

    // Finds a telephone or identity number without storing it. Stays the same over a rotation.
    lookup_digest lookup_hmac(std::string_view kind, std::string_view normalised) const;

    // A key of one owner (a resident, a home), wrapped by the ring. Destroying the wrapped key
    // makes all that was sealed for the owner unreadable, in backups of other tables too.
    std::string make_data_key() const;
    // The same key, wrapped by the current line; for bringing old rows over after a rotation.
    // Throws as seal_for does.
    std::string rewrap(std::string_view wrapped) const;
    // Whether the wrapped key opens with this file.
    bool opens(std::string_view wrapped) const;
    // Throws closed_key when the wrapped key does not open: nothing may be lost quietly.
    std::string seal_for(std::string_view wrapped, purpose what, std::string_view plain) const;
    std::optional<std::string> open_for(std::string_view wrapped, purpose what,
                                        std::string_view sealed) const;

private:
    struct keys;
    class file;
    explicit key_ring(std::shared_ptr<file> read) : file_(std::move(read)) {}

    std::shared_ptr<file> file_;
};

} // namespace linli::postgres
