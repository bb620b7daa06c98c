#include "runtime/peer_certificate.hpp"

#include <ctime>
#include <memory>

namespace linli::runtime {

std::optional<std::chrono::sys_seconds> peer_certificate_end(SSL* by) {
    std::unique_ptr<X509, decltype(&X509_free)> const shown{SSL_get1_peer_certificate(by),
                                                            &X509_free};
    std::tm end{};
    if (!shown || ASN1_TIME_to_tm(X509_get0_notAfter(shown.get()), &end) != 1) return std::nullopt;
    return std::chrono::sys_seconds(std::chrono::seconds(::timegm(&end)));
}

} // namespace linli::runtime
