#include "runtime/config/words.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <system_error>

#include <boost/asio/ip/address.hpp>

namespace linli::runtime::config_file {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool has_host(std::string_view rest) {
    return !rest.empty() && rest.front() != '/' && rest.find_first_of(" \r\n@#") == rest.npos;
}

bool is_tile_part(std::string_view text) {
    return text == "{z}" || text == "{x}" || text == "{y}";
}

} // namespace

bool is_name(std::string_view text) {
    auto const fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' ||
               c == '_';
    };
    return !text.empty() && text.size() <= 40 && std::ranges::all_of(text, fits);
}

bool is_area_code(std::string_view text) {
    return text.size() >= 6 && text.size() <= 12 && std::ranges::all_of(text, is_digit);
}

bool is_one_line(std::string_view text) {
    return text.find_first_of("\r\n") == text.npos;
}

bool is_http_url(std::string_view text) {
    for (std::string_view const scheme : {"https://", "http://"})
        if (text.starts_with(scheme)) return has_host(text.substr(scheme.size()));
    return text.empty();
}

bool is_mail_url(std::string_view text) {
    for (std::string_view const scheme : {"smtp://", "smtps://"})
        if (text.starts_with(scheme)) return has_host(text.substr(scheme.size()));
    return text.empty();
}

bool is_wss_url(std::string_view text) {
    return text.empty() || text.starts_with("wss://") || text.starts_with("ws://");
}

bool is_method(std::string_view text) {
    return text == "POST" || text == "PUT" || text == "GET";
}

bool is_mail_address(std::string_view text) {
    auto const plain = [](char c) { return c > ' ' && c < 127 && c != '<' && c != '>'; };
    return text.empty() || (text.find('@') != text.npos && std::ranges::all_of(text, plain));
}

bool is_phone(std::string_view text) {
    return text.size() <= 20 && text.find_first_not_of("0123456789+-") == text.npos;
}

bool is_pointer(std::string_view text) {
    return text.empty() || text.starts_with('/');
}

bool is_host(std::string_view text) {
    return !text.empty() && text.size() <= 253 && std::ranges::all_of(text, [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '.' || c == '-' || c == ':';
    });
}

bool is_tile_url(std::string_view text) {
    if (text.empty()) return true;
    std::string_view const scheme = text.starts_with("http://127.0.0.1") ? "http://" : "https://";
    if (!text.starts_with(scheme) || !has_host(text.substr(scheme.size()))) return false;
    if (text.find_first_of("\t;,'\"\\") != text.npos) return false;
    auto const path = text.find('/', scheme.size());
    int parts = 0;
    for (auto at = text.find('{'); at != text.npos; at = text.find('{', at + 1)) {
        if (at < path || !is_tile_part(text.substr(at, 3))) return false;
        ++parts;
    }
    return parts == 3;
}

bool is_crs(std::string_view text) {
    return text == "wgs84" || text == "cgcs2000" || text == "gcj02";
}

std::optional<std::uint16_t> port_of(std::string_view text) {
    std::uint16_t port = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return port;
}

std::optional<listen_address> host_and_port(std::string_view text) {
    auto const colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    auto host = text.substr(0, colon);
    auto const port = port_of(text.substr(colon + 1));
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    if (host.empty() || !port) return std::nullopt;
    return listen_address{std::string(host), *port};
}

bool is_loopback(std::string const& host) {
    boost::system::error_code not_an_address;
    auto const address = boost::asio::ip::make_address(host, not_an_address);
    return !not_an_address && address.is_loopback();
}

bool take_if(bool fits, std::string_view text, std::string& into) {
    if (fits) into = text;
    return fits;
}

} // namespace linli::runtime::config_file
