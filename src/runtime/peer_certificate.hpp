#pragma once

#include <chrono>
#include <optional>

#include <openssl/ssl.h>

namespace linli::runtime {

// Until when the certificate is good that the other side has shown; nothing: it has shown none.
std::optional<std::chrono::sys_seconds> peer_certificate_end(SSL* by);

} // namespace linli::runtime
