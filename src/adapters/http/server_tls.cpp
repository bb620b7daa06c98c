#include "adapters/http/server_tls.hpp"

#include <ctime>
#include <stdexcept>

#include <boost/system/system_error.hpp>
#include <fmt/core.h>

namespace linli::http {

namespace ssl = boost::asio::ssl;

ssl::context server_tls(std::filesystem::path const& certificate, std::filesystem::path const& key,
                        std::string const& section) {
    try {
        ssl::context context(ssl::context::tls_server);
        context.set_options(ssl::context::default_workarounds | SSL_OP_CIPHER_SERVER_PREFERENCE |
                            SSL_OP_NO_RENEGOTIATION);
        SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
        context.use_certificate_chain_file(certificate.string());
        context.use_private_key_file(key.string(), ssl::context::pem);
        if (SSL_CTX_set_cipher_list(context.native_handle(), "ECDHE+AESGCM:ECDHE+CHACHA20:!PSK") !=
            1)
            throw std::runtime_error("OpenSSL has none of the ciphers that we allow");
        return context;
    } catch (boost::system::system_error const& error) {
        throw std::runtime_error(fmt::format(
            "the certificate {} with the key {} can't be used ({}): both must be PEM, of one "
            "another, and readable for this user; {}.certificate and {}.key name them, \"linli "
            "certificates make\" makes such a pair",
            certificate.string(), key.string(), error.code().message(), section, section));
    }
}

std::chrono::sys_seconds end_of_certificate(ssl::context& shown_by,
                                            std::filesystem::path const& file) {
    std::tm end{};
    auto const* shown = SSL_CTX_get0_certificate(shown_by.native_handle());
    if (ASN1_TIME_to_tm(X509_get0_notAfter(shown), &end) != 1)
        throw std::runtime_error(file.string() + " doesn't say until when it is good");
    return std::chrono::sys_seconds(std::chrono::seconds(::timegm(&end)));
}

} // namespace linli::http
