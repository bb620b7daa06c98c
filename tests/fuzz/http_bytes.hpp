// A request as a door reads it, from bytes that come as TCP brings them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/http/request_reading.hpp"
#include "fuzz/require.hpp"

namespace linli::fuzz {

struct door_limits {
    std::uint32_t header_bytes;
    std::size_t body_bytes;
};

struct heard_request {
    std::optional<http::request> whole;
    boost::system::error_code error; // if it isn't
};

inline heard_request hear(std::string_view bytes, std::size_t at_once, door_limits const& limits) {
    namespace beast = boost::beast::http;
    http::request_parser parser;
    parser.header_limit(limits.header_bytes);
    parser.body_limit(limits.body_bytes);
    parser.eager(true);
    heard_request heard;
    std::string waiting;
    while (!bytes.empty() && !parser.is_done()) {
        auto const piece = bytes.substr(0, at_once);
        bytes.remove_prefix(piece.size());
        waiting += piece;
        auto const used = parser.put(boost::asio::buffer(waiting), heard.error);
        waiting.erase(0, used);
        if (heard.error && heard.error != beast::error::need_more) return heard;
    }
    heard.error = {};
    if (!parser.is_done()) heard.error = beast::make_error_code(beast::error::partial_message);
    if (!heard.error) heard.whole = parser.release();
    return heard;
}

} // namespace linli::fuzz
