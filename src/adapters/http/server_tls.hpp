#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include <boost/asio/ssl/context.hpp>

namespace linli::http {

// What every listener of ours speaks: TLS 1.2 and 1.3, by ciphers that keep what was said secret
// even when the key is stolen later, and nothing older. `section` of the configuration names the
// files; throws std::runtime_error with what to do.
boost::asio::ssl::context server_tls(std::filesystem::path const& certificate,
                                     std::filesystem::path const& key, std::string const& section);

// When the certificate that it shows ends. Throws std::runtime_error.
std::chrono::sys_seconds end_of_certificate(boost::asio::ssl::context& shown_by,
                                            std::filesystem::path const& file);

} // namespace linli::http
