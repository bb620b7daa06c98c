#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace linli::http {

// A request to the API, taken apart: what its routes look at, and nothing else of it.
struct api_request {
    std::string method; // GET, POST, DELETE …
    std::string path;   // as it was sent, without the query
    std::string query;
    std::string body;
    std::string address; // of the peer, without its port; of IPv6 its network

    std::string host;
    std::string origin;
    std::string fetch_site;   // Sec-Fetch-Site: what a browser says of where it comes from
    std::string content_type; // without parameters, in small letters
    std::string cookie;       // the token in it
    std::string bearer;       // the token of a machine
    std::string if_match;
    std::string range;
    std::string idempotency_key;
    std::string said_by;   // Linli-User: whose word it is; empty: whosever the session is
    std::string signed_at; // Linli-Timestamp and Linli-Signature: of a machine that signs
    std::string signature;
};

// How long a body a route takes: a picture of some hundred kilobytes, an import of megabytes.
enum class body_size : std::uint8_t { usual, picture, large };

struct api_reply {
    unsigned status = 200;
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::string content_type = "application/json";
    std::string route = {}; // its pattern, for the figures; empty: none of ours
    bool is_known = false;  // the peer has a session: it doesn't give way to strangers
};

// The name of the cookie; a browser takes one with this prefix by TLS, for this host and `/` alone.
inline constexpr char const* session_cookie = "__Host-linli";

} // namespace linli::http
