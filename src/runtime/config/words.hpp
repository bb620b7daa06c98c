#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/config.hpp"

// What a text in the configuration may be. Where a key may be left out, the empty text is one.
namespace linli::runtime::config_file {

constexpr auto name_rule = "1 to 40 of the letters a-z and A-Z, digits, - and _";

bool is_name(std::string_view text);
bool is_area_code(std::string_view text);
bool is_one_line(std::string_view text);
bool is_http_url(std::string_view text);
bool is_mail_url(std::string_view text);
bool is_wss_url(std::string_view text);
bool is_method(std::string_view text);
bool is_mail_address(std::string_view text);
bool is_phone(std::string_view text);
bool is_pointer(std::string_view text);
// Part of a SIP address, so nothing may stand in it that ends a word there.
bool is_host(std::string_view text);
// Its host becomes part of a header, so nothing may stand in it that ends a word there; a page that
// came by TLS loads nothing without it, but from its own machine; and Leaflet knows no other
// {part}.
bool is_tile_url(std::string_view text);
bool is_crs(std::string_view text);

std::optional<std::uint16_t> port_of(std::string_view text);
// "host:port" or "[v6]:port".
std::optional<listen_address> host_and_port(std::string_view text);
bool is_loopback(std::string const& host);

// Takes the text if it fits, and answers whether it does.
bool take_if(bool fits, std::string_view text, std::string& into);

} // namespace linli::runtime::config_file
