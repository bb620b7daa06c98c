// Any bytes at the pages' door: a request, however TCP brings it, or a refusal that says why; what
// was taken apart is the same when it is written and read again.
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>
#include <tuple>

#include "adapters/http/api_routes.hpp"
#include "adapters/http/page_files.hpp"
#include "adapters/http/query.hpp"
#include "fuzz/http_bytes.hpp"

namespace {

using namespace linli;
using fuzz::hear;

constexpr fuzz::door_limits limits{16 * 1024, 64 * 1024};
auto const peer = boost::asio::ip::make_address("2001:db8::7");

auto parts(http::api_request const& r) {
    return std::tie(r.method, r.path, r.query, r.body, r.address, r.host, r.origin, r.fetch_site,
                    r.content_type, r.cookie, r.bearer, r.if_match, r.idempotency_key, r.signed_at,
                    r.signature);
}

std::string escaped(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string all;
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        all += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
    return all;
}

void check_query(std::string_view query) {
    for (std::string_view const name : {"after", "epoch", "wait", "text", "seen", "known"}) {
        auto const value = http::parameter(query, name);
        require(value.size() <= query.size() && value.find('&') == value.npos);
        http::number<std::uint64_t>(value);
        http::number<int>(value);
        auto const typed = http::typed_parameter(query, name);
        require(typed.size() <= value.size());
        require(http::unescaped(escaped(typed), true) == typed);
        http::query_value(query, name);
    }
}

void check_route(http::api_request const& asked) {
    auto const found = http::find_route(asked.method, asked.path);
    require(!found.to || found.to->method == asked.method);
    require(found.to || !found.named.id);
    http::size_of_body(asked.method, asked.path);
    require(found.named.sheet.size() + found.named.key.size() + found.named.user.size() <=
            asked.path.size());
    require(is_one_line(found.named.key) && is_one_line(found.named.user));
    static http::page_files const pages;
    require(!pages.find(asked.path)); // there are none
}

void check(http::request read) {
    std::ostringstream written;
    written << read;
    http::shows_token(read);
    if (auto const why = http::malformed(read)) {
        require(why->status >= 400 && why->status <= 505 && !why->code.empty());
        return;
    }
    auto const asked = http::taken_apart(read, peer);
    require(asked.path.starts_with('/') && asked.path.find('?') == asked.path.npos);
    require(asked.path.size() + asked.query.size() <= http::longest_target);
    require(asked.address == "2001:db8::"); // its network's
    require(asked.body.size() <= limits.body_bytes);
    require(asked.cookie.find(';') == asked.cookie.npos);
    check_query(asked.query);
    check_route(asked);
    auto again = hear(written.str(), written.str().size(), {64 * 1024, limits.body_bytes});
    require(again.whole.has_value());
    require(parts(http::taken_apart(*again.whole, peer)) == parts(asked));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const bytes(reinterpret_cast<char const*>(data), size);
    auto at_once = hear(bytes, std::max<std::size_t>(size, 1), limits);
    auto const by_bytes = hear(bytes, 1, limits);
    require(at_once.whole.has_value() == by_bytes.whole.has_value());
    if (at_once.whole) {
        check(std::move(*at_once.whole));
    } else if (auto const why = http::fault_of(at_once.error)) {
        require(why->status >= 400 && why->status < 500 && !why->code.empty());
    }
    return 0;
}
