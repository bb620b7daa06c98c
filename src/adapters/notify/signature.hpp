#pragma once

#include <string>
#include <string_view>

namespace linli::notify {

// "sha256=…", HMAC-SHA256 in hex of `<timestamp>.<body>`: a receiver can tell that it is ours, and
// that it is fresh.
std::string signature(std::string_view secret, std::string_view timestamp, std::string_view body);

std::string base64(std::string_view bytes);

} // namespace linli::notify
