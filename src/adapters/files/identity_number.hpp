#pragma once

#include <string_view>

namespace linli::files {

// 17 digits and a digit or X: must never serve as an id, because ids stand in logs and topics.
bool looks_like_identity_number(std::string_view text);

// The check digit of GB 11643 fits.
bool has_valid_check_digit(std::string_view identity_number);

} // namespace linli::files
