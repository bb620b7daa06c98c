#include "adapters/wire/message_fields.hpp"

#include <algorithm>
#include <exception>

namespace linli::wire {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view blanks = " \t\r\n";

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_word(char a, char b) {
    return lower(a) == lower(b);
}

// In any case of letters. (Not std::ranges::search: clang 14 can't compile its result.)
std::size_t find_word(std::string_view text, std::string_view word) {
    auto const found = std::search(text.begin(), text.end(), word.begin(), word.end(), same_word);
    if (found == text.end()) return std::string_view::npos;
    return static_cast<std::size_t>(found - text.begin());
}

bool is_word(char c) {
    char const l = lower(c);
    return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

bool opens_json(std::string_view payload) {
    auto const text = skip_blanks(payload);
    return text.starts_with('{') || text.starts_with('[');
}

bool says_json(std::optional<std::string_view> content_type) {
    if (!content_type) return false;
    std::string_view const json = "json";
    return find_word(*content_type, json) != std::string_view::npos;
}

// Protobuf has control characters in its tags and lengths; JSON has none outside of its blanks.
bool is_text(std::string_view payload) {
    return std::ranges::all_of(payload, [](char c) {
        return static_cast<unsigned char>(c) >= ' ' || blanks.find(c) != blanks.npos;
    });
}

// Past `key`, its quotes, blanks and the colon.
std::optional<std::string_view> value_at(std::string_view text) {
    auto const is_quote = [](char c) { return c == '"' || c == '\'' || c == '\\'; };
    auto const skip = [&](std::string_view from) {
        while (!from.empty() && (is_quote(from[0]) || blanks.find(from[0]) != blanks.npos))
            from.remove_prefix(1);
        return from;
    };
    text = skip(text);
    if (!text.starts_with(':') && !text.starts_with('=')) return std::nullopt;
    text = skip(text.substr(1));
    auto const end = std::find_if_not(text.begin(), text.end(), is_word);
    // A word that ends with the text may be the first half of another.
    if (end == text.begin() || end == text.end()) return std::nullopt;
    return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

// "\n{" opens JSON, and a protobuf message too whose field 1 has 123 bytes.
reading read_either(std::string_view payload, std::optional<std::string_view> content_type,
                    google::protobuf::Message& into) {
    if (opens_json(payload) && !is_text(payload)) {
        auto const as_protobuf = read_protobuf(payload, into);
        if (as_protobuf.whole) return as_protobuf;
        into.Clear();
        return read_json(payload, into);
    }
    if (opens_json(payload) || (says_json(content_type) && is_text(payload)))
        return read_json(payload, into);
    return read_protobuf(payload, into);
}

} // namespace

reading read_message(std::string_view payload, std::optional<std::string_view> content_type,
                     google::protobuf::Message& into) {
    try {
        return read_either(payload, content_type, into);
    } catch (std::exception const&) {
        // A fault of ours in reading one message must not hold up all that come after it: the
        // journal would give it to us again and again.
        into.Clear();
        reading nothing;
        nothing.whole = false;
        return nothing;
    }
}

std::string_view skip_blanks(std::string_view text) {
    auto const first = text.find_first_not_of(blanks);
    text.remove_prefix(std::min(first, text.size()));
    if (!text.starts_with(byte_order_mark)) return text;
    return skip_blanks(text.substr(byte_order_mark.size()));
}

std::optional<std::string_view> word_after(std::string_view key, std::string_view text) {
    while (true) {
        auto const at = find_word(text, key);
        if (at == std::string_view::npos) return std::nullopt;
        bool const starts = at == 0 || !is_word(text[at - 1]);
        text.remove_prefix(at + key.size());
        auto const value = value_at(text);
        if (starts && value) return value;
    }
}

} // namespace linli::wire
