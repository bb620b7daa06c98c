#include "adapters/files/identity_number.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace linli::files {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

} // namespace

bool looks_like_identity_number(std::string_view text) {
    return text.size() == 18 && std::ranges::all_of(text.substr(0, 17), is_digit) &&
           (is_digit(text[17]) || text[17] == 'X' || text[17] == 'x');
}

// ISO 7064, MOD 11-2.
bool has_valid_check_digit(std::string_view identity_number) {
    if (!looks_like_identity_number(identity_number)) return false;
    constexpr std::array weights{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    constexpr std::string_view check = "10X98765432";
    int sum = 0;
    for (std::size_t at = 0; at < weights.size(); ++at)
        sum += weights[at] * (identity_number[at] - '0');
    char const last = identity_number[17] == 'x' ? 'X' : identity_number[17];
    return check[static_cast<std::size_t>(sum % 11)] == last;
}

} // namespace linli::files
