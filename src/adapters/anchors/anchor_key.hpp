#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace linli::anchors {

// The key file can't be used. The text names the file and what to do.
class anchor_key_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Whose signatures are believed: what an audit officer keeps, one "<key id> <base64>" a line.
class known_keys {
public:
    static known_keys load(std::filesystem::path const& file);

    void add(std::string id, std::string public_key);
    bool has_signed(std::string_view key_id, std::string_view text,
                    std::string_view signature) const;
    std::string text() const;

private:
    std::map<std::string, std::string, std::less<>> keys_;
};

// Signs anchors, by Ed25519. A text file, one key a line, `<key id> <base64 of 32 bytes>`: the
// first line signs, and the other half of every line is believed, so a rotation is a new first
// line.
class signing_keys {
public:
    // Throws anchor_key_error; also when others than the owner could read the file.
    static signing_keys load(std::filesystem::path const& file);
    // Makes the file, with one fresh key, if there is none.
    static signing_keys create_if_missing(std::filesystem::path const& file);

    std::string const& key_id() const { return key_id_; }
    std::string sign(std::string_view text) const; // 64 bytes
    known_keys const& known() const { return known_; }

private:
    std::string key_id_;
    std::string secret_;
    known_keys known_;
};

std::string in_base64(std::string_view bytes);
std::optional<std::string> of_base64(std::string_view text);

} // namespace linli::anchors
