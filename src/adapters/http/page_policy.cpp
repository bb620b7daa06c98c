#include "adapters/http/page_policy.hpp"

#include <string_view>

namespace linli::http {

namespace {

// https://tiles.example/{z}/{x}/{y}.png → https://tiles.example; the configuration has checked that
// it is one.
std::string_view origin_of(std::string_view url) {
    auto const host_begins = url.find("://") + 3;
    return url.substr(0, url.find('/', host_begins));
}

} // namespace

std::string page_policy(app::map_tiles const& map) {
    std::string images = "'self' data: blob:";
    for (auto const* url : {&map.url, &map.labels})
        if (!url->empty()) images.append(1, ' ').append(origin_of(*url));
    return "default-src 'self'; connect-src 'self' wss:; img-src " + images +
           "; media-src 'self' blob:; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; "
           "form-action 'self'";
}

} // namespace linli::http
