#include "adapters/http/edge_credentials.hpp"

#include <array>
#include <chrono>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace linli::http {

edge_credentials edge_credentials_of(domain::operator_id const& who, std::string const& secret,
                                     domain::instant now) {
    auto const until = std::chrono::floor<domain::seconds>(now + edge_credentials_last);
    auto user = std::to_string(until.time_since_epoch().count()) + ':' + who.value;
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned int size = 0;
    HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<unsigned char const*>(user.data()), user.size(), mac.data(), &size);
    std::array<unsigned char, 2 * EVP_MAX_MD_SIZE> text{};
    auto const length = EVP_EncodeBlock(text.data(), mac.data(), static_cast<int>(size));
    std::string password(text.begin(), text.begin() + length);
    return {std::move(user), std::move(password), until};
}

} // namespace linli::http
