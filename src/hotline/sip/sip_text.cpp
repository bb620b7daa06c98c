#include "hotline/sip/sip_text.hpp"

#include <algorithm>

namespace linli::hotline {

namespace {

constexpr std::string_view digits = "0123456789*#ABCD";
constexpr std::size_t longest_number = 40;

std::optional<char> digit_of(std::string_view text) {
    auto const begin = text.find_first_not_of(" \t\r\n");
    if (begin == text.npos || digits.find(text[begin]) == digits.npos) return std::nullopt;
    return text[begin];
}

} // namespace

std::string user_of(std::string_view address) {
    auto const scheme = address.find("sip:");
    auto const secure = address.find("sips:");
    auto const telephone = address.find("tel:");
    auto const at = std::min({scheme, secure, telephone});
    if (at == address.npos) return {};
    address.remove_prefix(address.find(':', at) + 1);
    auto const end = address.find_first_of("@;>");
    bool const has_user = at == telephone || (end != address.npos && address[end] == '@');
    return has_user ? std::string(address.substr(0, end)) : std::string();
}

std::string visible(std::string_view text) {
    std::string kept;
    for (char const c : text)
        if (c > ' ' && c < '\x7f' && kept.size() < longest_number) kept += c;
    return kept;
}

std::optional<char> digit_in(std::string_view content_type, std::string_view body) {
    if (content_type.starts_with("application/dtmf-relay")) {
        constexpr std::string_view key = "Signal=";
        auto const at = body.find(key);
        return at == body.npos ? std::nullopt : digit_of(body.substr(at + key.size()));
    }
    if (content_type.starts_with("application/dtmf")) return digit_of(body);
    return std::nullopt;
}

std::string header_lines(std::map<std::string, std::string> const& headers) {
    std::string text;
    for (auto const& [name, value] : headers)
        text += name + ": " + value + "\r\n";
    return text;
}

} // namespace linli::hotline
