// What our doors make of a request that Beast has read, with no socket in it: so it can be tried on
// any bytes. Included by the doors alone, because it brings all of Beast's HTTP with it.
#pragma once

#include <optional>
#include <string_view>

#include <boost/asio/ip/address.hpp>
#include <boost/beast/http.hpp>

#include "adapters/http/api_message.hpp"
#include "adapters/http/push_proof.hpp"

namespace linli::http {

using request_parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
using request = boost::beast::http::request<boost::beast::http::string_body>;

inline constexpr std::size_t longest_target = 2048;

// Why a door doesn't look at what a request asks for.
struct not_read {
    unsigned status;
    std::string_view code;
};
// Of what can't be read; nothing if the peer went away or was too slow.
std::optional<not_read> fault_of(boost::system::error_code error);
// Of a head that is HTTP, but none that we take.
std::optional<not_read> malformed(request const& from);

std::string_view view(boost::beast::string_view text);
std::string_view path_of(request const& from);
std::string_view query_of(request const& from); // after the "?", as sent

// Its cookie or its header: whose token that is, is known only when the request is whole.
bool shows_token(request const& from);
// For the pages' door. Its body is moved out of it.
api_request taken_apart(request& from, boost::asio::ip::address const& peer);
// For the makers' clouds' door; valid as long as the request.
push_claim claim_of(request const& from, files::push_rule const& rule);

} // namespace linli::http
