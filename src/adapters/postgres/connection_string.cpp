#include "adapters/postgres/connection_string.hpp"

#include <algorithm>

namespace linli::postgres {

namespace {

bool is_uri(std::string_view url) {
    return url.starts_with("postgresql://") || url.starts_with("postgres://");
}

} // namespace

std::string with_options(std::string url, std::string_view options) {
    std::string more(options);
    if (!is_uri(url)) return url + ' ' + more;
    std::replace(more.begin(), more.end(), ' ', '&');
    return url + (url.find('?') == std::string::npos ? '?' : '&') + more;
}

} // namespace linli::postgres
