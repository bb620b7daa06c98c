#include "adapters/notify/dial_hook.hpp"

#include <stdexcept>
#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "adapters/notify/signature.hpp"

namespace linli::notify {

namespace {

constexpr std::size_t at_once = 8; // desks that wait for the telephone system

// Nothing that could end a header.
std::string one_line(std::string text) {
    std::erase_if(text, [](char c) { return c < ' ' || c > '~'; });
    return text;
}

} // namespace

transfer dial_request(runtime::telephone_config const& to, std::string const& secret,
                      app::dialling const& what, domain::instant now) {
    auto const seconds = std::chrono::floor<std::chrono::seconds>(now);
    auto const timestamp = std::to_string(seconds.time_since_epoch().count());
    boost::json::object const body{
        {"seat", what.seat.value}, {"number", what.number}, {"reference", what.reference}};
    transfer t;
    t.url = to.dial_url;
    t.method = "POST";
    t.body = boost::json::serialize(body);
    t.headers = {"Content-Type: application/json", "Idempotency-Key: " + one_line(what.key),
                 "Linli-Timestamp: " + timestamp,
                 "Linli-Signature: " + signature(secret, timestamp, t.body)};
    t.verify = to.verify;
    t.timeout_s = to.timeout_s;
    return t;
}

// A "no" is the telephone system's own; a gateway that is in between, or a signature that it
// doesn't know, has not asked it.
app::dialled dial_judged(answer const& got) {
    if (got.how != ending::answered) return app::dialled::unreachable;
    if (got.status >= 200 && got.status < 300) return app::dialled::accepted;
    bool const says_no =
        got.status >= 400 && got.status < 500 && got.status != 401 && got.status != 403;
    return says_no ? app::dialled::refused : app::dialled::unreachable;
}

dial_hook::dial_hook(runtime::telephone_config to, std::string secret,
                     std::filesystem::path ca_file, app::clock& time)
    : to_(std::move(to)), secret_(std::move(secret)), ca_file_(std::move(ca_file)), time_(time),
      threads_(at_once) {
    if (to_.dial_url.starts_with("http://") && to_.verify && !is_local(to_.dial_url))
        throw std::runtime_error("telephone.dial_url is not encrypted: use https://, or set "
                                 "verify = false for a telephone system in the same cabinet");
}

runtime::task<app::dialled> dial_hook::dial(app::dialling what) {
    auto request = dial_request(to_, secret_, what, time_.now());
    request.ca_file = ca_file_;
    auto job = [request = std::move(request)] { return dial_judged(run_transfer(request)); };
    auto const came = co_await threads_.run(std::move(job));
    co_return came;
}

} // namespace linli::notify
