#include "adapters/secrets/first_password.hpp"

#include <stdexcept>
#include <string_view>

#include <sodium.h>

namespace linli::secrets {

namespace {

constexpr std::string_view letters = "abcdefghjkmnpqrstuvwxyz23456789"; // no i, l, o, 0, 1
constexpr int groups = 4;
constexpr int group_size = 4;

} // namespace

std::string first_password() {
    if (sodium_init() < 0) throw std::runtime_error("libsodium can't start: no random numbers");
    std::string made;
    for (int i = 0; i < groups * group_size; ++i) {
        if (i > 0 && i % group_size == 0) made += '-';
        made += letters[randombytes_uniform(static_cast<std::uint32_t>(letters.size()))];
    }
    return made;
}

} // namespace linli::secrets
