#include "domain/masked.hpp"

namespace linli::domain {

namespace {

constexpr std::size_t head = 3;
constexpr std::size_t tail = 4;

bool continues(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

} // namespace

std::string masked_name(std::string_view name) {
    if (name.empty()) return {};
    std::size_t first = 1;
    while (first < name.size() && continues(name[first]))
        ++first;
    return std::string(name.substr(0, first)) + "**";
}

std::string masked_phone(std::string_view phone) {
    if (phone.size() <= head + tail) return phone.empty() ? "" : "****";
    return std::string(phone.substr(0, head)) + "****" +
           std::string(phone.substr(phone.size() - tail));
}

} // namespace linli::domain
