#include "adapters/notify/gateway.hpp"

#include <map>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "adapters/notify/signature.hpp"
#include "app/notice_text.hpp"
#include "runtime/utc_text.hpp"

namespace linli::notify {

namespace {

namespace json = boost::json;
using domain::sending;
using names = std::map<std::string, std::string>;

std::string json_escaped(std::string const& text) {
    auto quoted = json::serialize(json::value(text));
    return quoted.substr(1, quoted.size() - 2);
}

// Nothing that could end a header.
std::string one_line(std::string text) {
    std::erase_if(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
    return text;
}

template <class Escape>
names escaped(names all, Escape escape) {
    for (auto& [name, value] : all)
        value = escape(value);
    return all;
}

names escaped_for(std::string const& content_type, names const& all) {
    if (content_type.find("json") != std::string::npos) return escaped(all, json_escaped);
    if (content_type.find("urlencoded") != std::string::npos) return escaped(all, percent_encoded);
    return all;
}

// The text of a JSON answer at the pointer; a number or flag as it is written.
std::string at_pointer(std::string const& body, std::string const& pointer) {
    json::error_code error;
    auto const answer = json::parse(body, error);
    if (error) return {};
    auto const* found = answer.find_pointer(pointer, error);
    if (!found) return {};
    if (auto const* text = found->if_string()) return {text->data(), text->size()};
    return json::serialize(*found);
}

bool is_success(runtime::gateway_config const& gateway, int status) {
    return gateway.success_status != 0 ? status == gateway.success_status
                                       : status >= 200 && status < 300;
}

// 401 and 403 as well: somebody mends the token, and the telephone still has to ring.
bool may_pass(int status) {
    return status >= 500 || status == 401 || status == 403 || status == 408 || status == 425 ||
           status == 429;
}

app::carried failed_with(answer const& got) {
    if (got.how == ending::silent) return {sending::silent, "timeout"};
    if (got.how == ending::unreachable) return {sending::unreachable, got.why};
    auto const reason = "status_" + std::to_string(got.status);
    return {may_pass(got.status) ? sending::unreachable : sending::refused, reason};
}

// What nobody knows is missing.
void put(json::object& to, char const* key, std::string_view value) {
    if (!value.empty()) to[key] = json::string_view(value.data(), value.size());
}

// No alert has been made of it yet: what came in stands in its place.
void put_waiting(json::object& o, app::waiting_emergency const& what) {
    constexpr std::size_t most_raw = 1024;
    o["degraded"] = true;
    put(o, "because", what.is_set_aside ? "无法记录" : "数据库不可用");
    put(o, "device", what.device.value);
    put(o, "signal", to_text(what.kind));
    put(o, "received_at", runtime::utc_text(what.received_at));
    if (what.happened_at) put(o, "happened_at", runtime::utc_text(*what.happened_at));
    put(o, "rough_place", what.rough_place);
    put(o, "raw", base64(std::string_view(what.raw).substr(0, most_raw)));
}

std::string hook_body(app::letter const& what) {
    auto const& n = what.about;
    json::object o;
    put(o, "id", what.key);
    if (!what.waits || n.alert != domain::alert_id{}) put(o, "alert", to_string(n.alert));
    put(o, "event", n.event.value);
    put(o, "why", to_text(n.why));
    put(o, "kind", to_text(n.kind));
    o["level"] = static_cast<int>(n.level);
    put(o, "resident", n.resident.value);
    put(o, "home", n.home.value);
    put(o, "area", n.area.value);
    put(o, "site", n.site.value);
    put(o, "at", runtime::utc_text(n.at));
    if (what.waits) put_waiting(o, *what.waits);
    return json::serialize(o);
}

} // namespace

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                       "0123456789-._~";
    std::string all;
    for (char const c : text) {
        if (plain.find(c) != plain.npos) {
            all += c;
            continue;
        }
        auto const byte = static_cast<unsigned char>(c);
        all += {'%', digits[byte >> 4], digits[byte & 15]};
    }
    return all;
}

transfer request_of(runtime::gateway_config const& gateway, std::string const& secret,
                    app::letter const& what) {
    names const all{
        {"phone", what.phone}, {"text", what.text}, {"id", what.key}, {"secret", secret}};
    transfer t;
    t.url = app::filled(gateway.url, escaped(all, percent_encoded));
    t.method = gateway.method;
    t.headers.push_back("Content-Type: " + gateway.content_type);
    t.headers.push_back("Idempotency-Key: " + what.key);
    for (auto const& each : gateway.headers)
        t.headers.push_back(one_line(app::filled(each, all)));
    t.body = app::filled(gateway.body, escaped_for(gateway.content_type, all));
    t.verify = gateway.verify;
    t.timeout_s = gateway.timeout_s;
    return t;
}

// A gateway that answers 200 and says no in its words may say yes later.
app::carried judged(runtime::gateway_config const& gateway, answer const& got) {
    if (got.how != ending::answered || !is_success(gateway, got.status)) return failed_with(got);
    bool const says_so = gateway.success_pointer.empty() ||
                         at_pointer(got.body, gateway.success_pointer) == gateway.success_equals;
    if (!says_so) return {sending::unreachable, "answer"};
    return {gateway.confirms ? sending::confirmed : sending::accepted, {}};
}

transfer hook_request(runtime::webhook_config const& hook, std::string const& secret,
                      app::letter const& what) {
    auto const seconds = std::chrono::floor<std::chrono::seconds>(what.at);
    auto const timestamp = std::to_string(seconds.time_since_epoch().count());
    transfer t;
    t.url = hook.url;
    t.method = "POST";
    t.body = hook_body(what);
    t.headers = {"Content-Type: application/json", "Idempotency-Key: " + what.key,
                 "Linli-Timestamp: " + timestamp,
                 "Linli-Signature: " + signature(secret, timestamp, t.body)};
    t.verify = hook.verify;
    t.timeout_s = hook.timeout_s;
    return t;
}

app::carried hook_judged(answer const& got) {
    bool const taken = got.how == ending::answered && got.status >= 200 && got.status < 300;
    if (taken) return {sending::confirmed, {}};
    return failed_with(got);
}

} // namespace linli::notify
