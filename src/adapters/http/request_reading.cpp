#include "adapters/http/request_reading.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

namespace linli::http {

namespace {

namespace beast = boost::beast::http;

// The value of one cookie among all that were sent.
std::string cookie_of(request const& from, std::string_view name) {
    for (auto [at, end] = from.equal_range(beast::field::cookie); at != end; ++at) {
        auto rest = view(at->value());
        while (!rest.empty()) {
            auto const stop = std::min(rest.find(';'), rest.size());
            auto each = rest.substr(0, stop);
            rest.remove_prefix(std::min(stop + 1, rest.size()));
            each.remove_prefix(std::min(each.find_first_not_of(' '), each.size()));
            auto const is = each.find('=');
            if (is != each.npos && each.substr(0, is) == name)
                return std::string(each.substr(is + 1));
        }
    }
    return {};
}

std::string without_parameters(std::string_view type) {
    std::string bare(type.substr(0, type.find(';')));
    while (bare.ends_with(' '))
        bare.pop_back();
    std::ranges::transform(bare, bare.begin(), [](unsigned char c) { return std::tolower(c); });
    return bare;
}

// One party's: whoever has an IPv6 network has all addresses in its first 64 bits.
std::string party_at(boost::asio::ip::address const& address) {
    if (address.is_v4()) return address.to_string();
    auto const v6 = address.to_v6();
    if (v6.is_v4_mapped())
        return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, v6).to_string();
    auto bytes = v6.to_bytes();
    std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
    return boost::asio::ip::address_v6(bytes).to_string();
}

} // namespace

std::string_view view(boost::beast::string_view text) {
    return {text.data(), text.size()};
}

std::string_view path_of(request const& from) {
    auto const target = view(from.target());
    return target.substr(0, target.find('?'));
}

std::string_view query_of(request const& from) {
    auto const target = view(from.target());
    auto const mark = target.find('?');
    return mark == target.npos ? std::string_view() : target.substr(mark + 1);
}

std::optional<not_read> fault_of(boost::system::error_code error) {
    if (error == beast::error::header_limit || error == beast::error::buffer_overflow)
        return not_read{431, "header_too_large"};
    if (error == beast::error::body_limit) return not_read{413, "body_too_large"};
    if (error == beast::error::end_of_stream || error == beast::error::partial_message)
        return std::nullopt;
    if (error.category() == beast::make_error_code(beast::error::bad_method).category())
        return not_read{400, "not_http"};
    return std::nullopt;
}

std::optional<not_read> malformed(request const& from) {
    if (from.target().size() > longest_target) return not_read{414, "target_too_long"};
    if (from.version() != 11) return not_read{505, "http_1_1_only"};
    if (from.count(beast::field::host) != 1) return not_read{400, "host"};
    if (from.target().empty() || from.target().front() != '/') return not_read{400, "target"};
    return std::nullopt;
}

bool shows_token(request const& from) {
    return !cookie_of(from, session_cookie).empty() || from.count(beast::field::authorization) > 0;
}

api_request taken_apart(request& from, boost::asio::ip::address const& peer) {
    auto const authorization = view(from[beast::field::authorization]);
    constexpr std::string_view bearer = "Bearer ";
    api_request taken;
    taken.method = view(from.method_string());
    taken.path = path_of(from);
    taken.query = query_of(from);
    taken.address = party_at(peer);
    taken.host = view(from[beast::field::host]);
    taken.origin = view(from[beast::field::origin]);
    taken.fetch_site = view(from["Sec-Fetch-Site"]);
    taken.content_type = without_parameters(view(from[beast::field::content_type]));
    taken.cookie = cookie_of(from, session_cookie);
    if (authorization.starts_with(bearer)) taken.bearer = authorization.substr(bearer.size());
    taken.if_match = view(from[beast::field::if_match]);
    taken.range = view(from[beast::field::range]);
    taken.idempotency_key = view(from["Idempotency-Key"]);
    taken.said_by = view(from["Linli-User"]);
    taken.signed_at = view(from["Linli-Timestamp"]);
    taken.signature = view(from["Linli-Signature"]);
    taken.body = std::move(from.body());
    return taken;
}

push_claim claim_of(request const& from, files::push_rule const& rule) {
    push_claim claim{view(from[beast::field::authorization]), {}, query_of(from), from.body()};
    if (!rule.header.empty()) claim.header = view(from[rule.header]);
    return claim;
}

} // namespace linli::http
