#pragma once

#include <string>
#include <string_view>

namespace linli::http {

// As it can be dialled; empty: there is nothing to dial.
inline std::string dialled_number(std::string_view text) {
    std::string digits;
    for (char const c : text)
        if ((c >= '0' && c <= '9') || (c == '+' && digits.empty())) digits += c;
    return digits.size() > 1 ? digits : std::string();
}

} // namespace linli::http
