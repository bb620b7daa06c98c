#include "domain/masked.hpp"

namespace linli::domain {

namespace {

constexpr std::size_t head = 3;
constexpr std::size_t tail = 4;

bool continues(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

std::size_t first_character(std::string_view text) {
    std::size_t size = 1;
    while (size < text.size() && continues(text[size]))
        ++size;
    return size;
}

} // namespace

std::string masked_name(std::string_view name) {
    if (name.empty()) return {};
    return std::string(name.substr(0, first_character(name))) + "**";
}

std::string masked_phone(std::string_view phone) {
    if (phone.size() <= head + tail) return phone.empty() ? "" : "****";
    return std::string(phone.substr(0, head)) + "****" +
           std::string(phone.substr(phone.size() - tail));
}

std::string masked_text(std::string_view text) {
    return text.empty() ? "" : "****";
}

bool is_masked(std::string_view text) {
    if (text.find("****") != text.npos) return true;
    return !text.empty() && text.substr(first_character(text)) == "**";
}

} // namespace linli::domain
