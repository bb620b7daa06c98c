#include "adapters/cloud_poll/poll_url.hpp"

#include <chrono>

#include <fmt/core.h>

#include "runtime/utc_text.hpp"

namespace linli::cloud_poll {

namespace {

std::string encoded(std::string_view text) {
    std::string out;
    for (char const c : text) {
        bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
        if (plain)
            out += c;
        else
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

std::string time_text(files::poll_time form, domain::instant at) {
    using namespace std::chrono;
    auto const since = at.time_since_epoch();
    if (form == files::poll_time::epoch_s) return std::to_string(floor<seconds>(since).count());
    if (form == files::poll_time::epoch_ms)
        return std::to_string(floor<milliseconds>(since).count());
    return runtime::utc_text(at);
}

} // namespace

std::string poll_url(files::poll_rule const& by, poll_windows::window const& when,
                     std::string_view place, std::string_view secret) {
    auto url = by.url;
    auto const add = [&](std::string_view name, std::string_view value) {
        if (name.empty() || value.empty()) return;
        url += url.find('?') == url.npos ? '?' : '&';
        url.append(name) += '=';
        url += encoded(value);
    };
    add(by.from, time_text(by.time, when.from));
    add(by.until, time_text(by.time, when.until));
    add(by.size_name, std::to_string(by.size));
    add(by.page.empty() ? by.cursor : by.page, place);
    if (by.proof == files::poll_proof::query) add(by.proof_name, secret);
    return url;
}

std::vector<std::string> poll_headers(files::poll_rule const& by, std::string_view secret) {
    std::vector<std::string> headers{"Accept: application/json"};
    if (by.proof == files::poll_proof::bearer)
        headers.push_back(fmt::format("Authorization: Bearer {}", secret));
    if (by.proof == files::poll_proof::header)
        headers.push_back(fmt::format("{}: {}", by.proof_name, secret));
    return headers;
}

} // namespace linli::cloud_poll
