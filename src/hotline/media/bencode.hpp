#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// Bencoding, as rtpengine's ng protocol speaks it: numbers, byte strings, lists, dictionaries.
namespace linli::hotline::bencode {

class value;
using list = std::vector<value>;
using dictionary = std::map<std::string, value, std::less<>>;

class value {
public:
    value() : is_(std::int64_t{0}) {}
    value(std::int64_t number) : is_(number) {}
    value(std::string text) : is_(std::move(text)) {}
    value(std::string_view text) : is_(std::string(text)) {}
    value(char const* text) : is_(std::string(text)) {}
    value(list items) : is_(std::move(items)) {}
    value(dictionary entries) : is_(std::move(entries)) {}

    // Nothing, empty or null when it is something else.
    std::optional<std::int64_t> number() const;
    std::string_view text() const;
    list const* items() const { return std::get_if<list>(&is_); }
    dictionary const* entries() const { return std::get_if<dictionary>(&is_); }

    // Of a dictionary; null when it is none, or has no such key.
    value const* find(std::string_view key) const;
    std::string_view text_of(std::string_view key) const;
    std::int64_t number_of(std::string_view key) const; // 0 when it isn't there

    bool operator==(value const&) const = default;

private:
    std::variant<std::int64_t, std::string, list, dictionary> is_;
};

std::string encode(value const& what);

// All of the bytes, or nothing. Nesting is bounded, so that no peer can exhaust our stack.
inline constexpr int deepest = 32;
std::optional<value> decode(std::string_view bytes);

} // namespace linli::hotline::bencode
