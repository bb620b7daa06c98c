#include "runtime/config.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>
#include <toml++/toml.h>

#include "runtime/nearest_word.hpp"
#include "runtime/one_line.hpp"

namespace linli::runtime {

namespace {

// A key: what it is called, what it must be, how it looks (in TOML), and how a node becomes the
// value; `take` answers false when the node is not what was expected.
struct key {
    std::string name;
    std::string expected;
    std::string example;
    std::function<bool(toml::node const&, config&)> take;
};

using text_taker = bool (*)(std::string_view, config&);

key text(std::string name, std::string expected, std::string_view example, text_taker take) {
    auto from_node = [take](toml::node const& node, config& into) {
        auto const* found = node.as_string();
        return found && take(found->get(), into);
    };
    return {std::move(name), std::move(expected), fmt::format("\"{}\"", example), from_node};
}

key number(std::string name, int min, int max, int example, void (*take)(int, config&)) {
    auto from_node = [min, max, take](toml::node const& node, config& into) {
        auto const* found = node.as_integer();
        if (!found || found->get() < min || found->get() > max) return false;
        take(static_cast<int>(found->get()), into);
        return true;
    };
    return {std::move(name), fmt::format("a whole number from {} to {}", min, max),
            fmt::format("{}", example), from_node};
}

key truth(std::string name, void (*take)(bool, config&)) {
    auto from_node = [take](toml::node const& node, config& into) {
        auto const* found = node.as_boolean();
        if (found) take(found->get(), into);
        return found != nullptr;
    };
    return {std::move(name), "true or false", "true", from_node};
}

key path(std::string name, std::string_view example, std::filesystem::path& (*of)(config&)) {
    auto from_node = [of](toml::node const& node, config& into) {
        auto const* found = node.as_string();
        if (!found || found->get().empty()) return false;
        of(into) = found->get();
        return true;
    };
    return {std::move(name), "a path; a relative one starts at this file's folder",
            fmt::format("\"{}\"", example), from_node};
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_name(std::string_view text) {
    auto const fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' ||
               c == '_';
    };
    return !text.empty() && text.size() <= 40 && std::ranges::all_of(text, fits);
}

bool is_area_code(std::string_view text) {
    return text.size() >= 6 && text.size() <= 12 && std::ranges::all_of(text, is_digit);
}

std::optional<std::uint16_t> port_of(std::string_view text) {
    std::uint16_t port = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return port;
}

// "host:port" or "[v6]:port".
std::optional<listen_address> host_and_port(std::string_view text) {
    auto const colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    auto host = text.substr(0, colon);
    auto const port = port_of(text.substr(colon + 1));
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    if (host.empty() || !port) return std::nullopt;
    return listen_address{std::string(host), *port};
}

bool is_loopback(std::string const& host) {
    boost::system::error_code not_an_address;
    auto const address = boost::asio::ip::make_address(host, not_an_address);
    return !not_an_address && address.is_loopback();
}

bool take_broker_url(std::string_view text, config& into) {
    bool const plain = text.starts_with("tcp://");
    if (!plain && !text.starts_with("ssl://")) return false;
    if (text.find_first_of("@?# ") != std::string_view::npos) return false;
    auto const broker = host_and_port(text.substr(6));
    if (!broker || broker->port == 0) return false;
    if (plain && broker->host != "localhost" && !is_loopback(broker->host)) return false;
    into.mqtt.url = text;
    return true;
}

bool take_listen(std::string_view text, config& into) {
    auto address = host_and_port(text);
    if (!address) return false;
    if (address->host == "localhost") address->host = "127.0.0.1";
    if (!is_loopback(address->host)) return false;
    into.http.listen = std::move(*address);
    return true;
}

bool take_any_address(std::string_view text, std::optional<listen_address>& into) {
    into.reset();
    if (text.empty()) return true;
    auto address = host_and_port(text);
    if (!address) return false;
    boost::system::error_code not_an_address;
    boost::asio::ip::make_address(address->host, not_an_address);
    if (not_an_address) return false;
    into = std::move(*address);
    return true;
}

bool take_coverage_time(std::string_view text, config& into) {
    into.coverage.at_minute.reset();
    if (text.empty()) return true;
    if (text.size() != 5 || text[2] != ':') return false;
    auto const hour = port_of(text.substr(0, 2));
    auto const minute = port_of(text.substr(3));
    if (!hour || !minute || *hour > 23 || *minute > 59) return false;
    into.coverage.at_minute = *hour * 60 + *minute;
    return true;
}

// From anywhere: watches come over the mobile network, and speak in clear; clouds over TLS.
bool take_watch_listen(std::string_view text, config& into) {
    return take_any_address(text, into.watch_tcp.listen);
}
bool take_push_listen(std::string_view text, config& into) {
    return take_any_address(text, into.push.listen);
}
bool take_console_listen(std::string_view text, config& into) {
    return take_any_address(text, into.console.listen);
}

bool take_level(std::string_view text, config& into) {
    if (text == "debug")
        into.log.level = log::level::debug;
    else if (text == "info")
        into.log.level = log::level::info;
    else if (text == "warning")
        into.log.level = log::level::warning;
    else if (text == "error")
        into.log.level = log::level::error;
    else
        return false;
    return true;
}

bool take_if(bool fits, std::string_view text, std::string& into) {
    if (fits) into = text;
    return fits;
}

constexpr auto name_rule = "1 to 40 of the letters a-z and A-Z, digits, - and _";

std::vector<key> installation_keys() {
    return {
        text("installation.name", name_rule, "linli",
             [](auto t, auto& c) { return take_if(is_name(t), t, c.installation.name); }),
        text("installation.area", "an official area code of 6 to 12 digits", "330100",
             [](auto t, auto& c) { return take_if(is_area_code(t), t, c.installation.area); }),
        number("installation.utc_offset_minutes", -720, 840, 480,
               [](int n, auto& c) { c.installation.utc_offset = std::chrono::minutes(n); }),
    };
}

std::vector<key> storage_keys() {
    return {
        text("database.url", "a libpq connection string", "postgresql:///linli",
             [](auto t, auto& c) { return take_if(!t.empty(), t, c.database.url); }),
        number("database.connections", 1, 64, 4,
               [](int n, auto& c) { c.database.connections = n; }),
        path(
            "database.key_file", "keys/record.keys",
            [](auto& c) -> auto& { return c.database.key_file; }),
        path(
            "journal.folder", "journal", [](auto& c) -> auto& { return c.journal.folder; }),
        number("journal.segment_mib", 1, 1024, 16,
               [](int n, auto& c) { c.journal.segment_mib = n; }),
        number("journal.reserve_mib", 1, 65536, 64,
               [](int n, auto& c) { c.journal.reserve_mib = n; }),
        path(
            "telemetry.folder", "telemetry", [](auto& c) -> auto& { return c.telemetry.folder; }),
        number("telemetry.journal_mib", 8, 65536, 256,
               [](int n, auto& c) { c.telemetry.journal_mib = n; }),
        number("telemetry.keep_days", 1, 3650, 90,
               [](int n, auto& c) { c.telemetry.keep_days = n; }),
        path(
            "files.plans", "plans", [](auto& c) -> auto& { return c.files.plans; }),
        path(
            "files.services", "services.toml", [](auto& c) -> auto& { return c.files.services; }),
        path(
            "files.devices", "devices", [](auto& c) -> auto& { return c.files.devices; }),
        path(
            "files.thresholds", "thresholds.toml",
            [](auto& c) -> auto& { return c.files.thresholds; }),
    };
}

std::vector<key> outside_keys() {
    return {
        text("mqtt.url",
             "ssl://host:port, or on this machine (localhost, 127.0.0.1, [::1]) tcp://host:port, "
             "which is not encrypted; user and password have their own keys",
             "ssl://localhost:8883", take_broker_url),
        text("mqtt.user", name_rule, "linli-server",
             [](auto t, auto& c) { return take_if(is_name(t), t, c.mqtt.user); }),
        path(
            "mqtt.password_file", "keys/mqtt.password",
            [](auto& c) -> auto& { return c.mqtt.password_file; }),
        path(
            "mqtt.ca_file", "keys/ca.crt", [](auto& c) -> auto& { return c.mqtt.ca_file; }),
        text("mqtt.client_id", name_rule, "linli-intake",
             [](auto t, auto& c) { return take_if(is_name(t), t, c.mqtt.client_id); }),
        text("http.listen",
             "a loopback address and a port, because it is not encrypted; to be seen from other "
             "machines put a proxy with TLS before it",
             "127.0.0.1:8080", take_listen),
        text("watch_tcp.listen",
             "an IP address and a port (0.0.0.0 for all addresses), or nothing: then no watch can "
             "connect by TCP",
             "0.0.0.0:8001", take_watch_listen),
        number("watch_tcp.connections", 8, 100'000, 2000,
               [](int n, auto& c) { c.watch_tcp.connections = n; }),
        text("push.listen",
             "an IP address and a port (0.0.0.0 for all addresses), or nothing: then no cloud can "
             "push",
             "0.0.0.0:8443", take_push_listen),
        truth("push.tls", [](bool is, auto& c) { c.push.tls = is; }),
        path(
            "push.certificate", "keys/push.crt",
            [](auto& c) -> auto& { return c.push.certificate; }),
        path(
            "push.key", "keys/push.key", [](auto& c) -> auto& { return c.push.key; }),
        path(
            "push.secrets", "keys/push", [](auto& c) -> auto& { return c.push.secrets; }),
        number("push.connections", 8, 100'000, 1000,
               [](int n, auto& c) { c.push.connections = n; }),
        number("trace.newest", 0, 1'000'000, 4096, [](int n, auto& c) { c.trace.newest = n; }),
        text("log.level", "debug, info, warning or error", "info", take_level),
    };
}

// { silent_min = 30, grace_min = 15, dormant_days = 7, test_days = 31 }, all four.
bool take_supervised(toml::node const& node, supervised_kind& into) {
    auto const* given = node.as_table();
    if (!given || given->size() != 4) return false;
    auto const number = [&](char const* name) -> std::optional<int> {
        auto const* found = (*given)[name].as_integer();
        if (!found || found->get() < 0 || found->get() > 10'000) return std::nullopt;
        return static_cast<int>(found->get());
    };
    auto const silent = number("silent_min");
    auto const grace = number("grace_min");
    auto const dormant = number("dormant_days");
    auto const test = number("test_days");
    if (!silent || !grace || !dormant || !test) return false;
    into = {std::chrono::minutes(*silent), std::chrono::minutes(*grace),
            std::chrono::days(*dormant), std::chrono::days(*test)};
    return true;
}

key supervised(std::string const& kind) {
    auto from_node = [kind](toml::node const& node, config& into) {
        return take_supervised(node, into.supervision.kinds[kind]);
    };
    return {"supervision." + kind,
            "a table of whole numbers from 0 to 10000: silent_min, grace_min, dormant_days and "
            "test_days; 0 is never",
            "{ silent_min = 30, grace_min = 15, dormant_days = 7, test_days = 31 }", from_node};
}

std::vector<key> supervision_keys() {
    std::vector<key> keys{
        number("supervision.battery_low", 1, 99, 20,
               [](int n, auto& c) { c.supervision.battery_low = n; }),
        number("supervision.battery_well", 2, 100, 35,
               [](int n, auto& c) { c.supervision.battery_well = n; }),
        number("supervision.outage_devices", 2, 1'000'000, 10,
               [](int n, auto& c) { c.supervision.outage_devices = n; }),
        number("supervision.outage_percent", 1, 100, 30,
               [](int n, auto& c) { c.supervision.outage_percent = n; }),
        number("supervision.outage_window_s", 1, 86'400, 600,
               [](int n, auto& c) { c.supervision.outage_window = std::chrono::seconds(n); }),
        number("supervision.broker_grace_s", 1, 86'400, 60,
               [](int n, auto& c) { c.supervision.broker_grace = std::chrono::seconds(n); }),
    };
    for (auto const& [kind, held_to] : supervision_config().kinds)
        keys.push_back(supervised(kind));
    return keys;
}

std::vector<key> night_keys() {
    return {
        text("coverage.at", "a time of day as HH:MM, or nothing: then there is no daily report",
             "18:00", take_coverage_time),
        number("coverage.contacts", 1, 99, 3, [](int n, auto& c) { c.coverage.contacts = n; }),
        number("coverage.reach_m", 100, 100'000, 3000,
               [](int n, auto& c) { c.coverage.reach_m = n; }),
        number("coverage.silent_days", 1, 30, 3,
               [](int n, auto& c) { c.coverage.silent_days = n; }),
        number("coverage.key_test_days", 1, 3650, 365,
               [](int n, auto& c) { c.coverage.key_test_days = n; }),
        number("coverage.keep_days", 1, 3650, 90, [](int n, auto& c) { c.coverage.keep_days = n; }),
    };
}

// Who looked at whom and who changed what is kept for half a year at least (网络安全法, 21).
std::vector<key> keeping_keys() {
    constexpr int longest = 36500;
    auto const days = [](std::string name, int least, int example, void (*take)(int, config&)) {
        return number(std::move(name), least, longest, example, take);
    };
    return {
        days("keeping.places_days", 1, 365, [](int n, auto& c) { c.keeping.places_days = n; }),
        days("keeping.words_days", 1, 1095, [](int n, auto& c) { c.keeping.words_days = n; }),
        days("keeping.pictures_days", 1, 1095, [](int n, auto& c) { c.keeping.pictures_days = n; }),
        days("keeping.calls_days", 1, 730, [](int n, auto& c) { c.keeping.calls_days = n; }),
        days("keeping.recordings_days", 1, 365,
             [](int n, auto& c) { c.keeping.recordings_days = n; }),
        days("keeping.wishes_days", 1, 1095, [](int n, auto& c) { c.keeping.wishes_days = n; }),
        days("keeping.commands_days", 1, 90, [](int n, auto& c) { c.keeping.commands_days = n; }),
        days("keeping.searches_days", 1, 365, [](int n, auto& c) { c.keeping.searches_days = n; }),
        days("keeping.maintenance_days", 1, 1095,
             [](int n, auto& c) { c.keeping.maintenance_days = n; }),
        days("keeping.imports_days", 1, 90, [](int n, auto& c) { c.keeping.imports_days = n; }),
        days("keeping.edits_days", 180, 1095, [](int n, auto& c) { c.keeping.edits_days = n; }),
        days("keeping.looks_days", 180, 1095, [](int n, auto& c) { c.keeping.looks_days = n; }),
        days("keeping.backups_days", 0, 35, [](int n, auto& c) { c.keeping.backups_days = n; }),
    };
}

// ------------------------------------------------------------------ [notify…]

template <class T>
using in_config = std::function<T&(config&)>;

key words(std::string name, std::string expected, std::string_view example,
          bool (*fits)(std::string_view), in_config<std::string> of) {
    auto take = [fits, of = std::move(of)](toml::node const& node, config& into) {
        auto const* found = node.as_string();
        if (!found || !fits(found->get())) return false;
        of(into) = found->get();
        return true;
    };
    return {std::move(name), std::move(expected), fmt::format("\"{}\"", example), take};
}

key flag(std::string name, in_config<bool> of) {
    auto take = [of = std::move(of)](toml::node const& node, config& into) {
        auto const* found = node.as_boolean();
        if (found) of(into) = found->get();
        return found != nullptr;
    };
    return {std::move(name), "true or false", "true", take};
}

key whole(std::string name, int min, int max, int example, in_config<int> of) {
    auto take = [=, of = std::move(of)](toml::node const& node, config& into) {
        auto const* found = node.as_integer();
        if (!found || found->get() < min || found->get() > max) return false;
        of(into) = static_cast<int>(found->get());
        return true;
    };
    return {std::move(name), fmt::format("a whole number from {} to {}", min, max),
            fmt::format("{}", example), take};
}

key maybe_path(std::string name, std::string_view example, in_config<std::filesystem::path> of) {
    auto take = [of = std::move(of)](toml::node const& node, config& into) {
        auto const* found = node.as_string();
        if (found) of(into) = found->get();
        return found != nullptr;
    };
    return {std::move(name), "a path; a relative one starts at this file's folder",
            fmt::format("\"{}\"", example), take};
}

bool is_one_line(std::string_view text) {
    return text.find_first_of("\r\n") == text.npos;
}

key lines(std::string name, std::string_view example, in_config<std::vector<std::string>> of) {
    auto take = [of = std::move(of)](toml::node const& node, config& into) {
        auto const* found = node.as_array();
        if (!found) return false;
        of(into).clear();
        for (auto const& each : *found) {
            auto const* line = each.as_string();
            if (!line || !is_one_line(line->get()) || line->get().find(':') == std::string::npos)
                return false;
            of(into).push_back(line->get());
        }
        return true;
    };
    return {std::move(name), "a list of texts, each a name, a colon and a value",
            std::string(example), take};
}

bool has_host(std::string_view rest) {
    return !rest.empty() && rest.front() != '/' && rest.find_first_of(" \r\n@#") == rest.npos;
}

bool is_http_url(std::string_view text) {
    for (std::string_view const scheme : {"https://", "http://"})
        if (text.starts_with(scheme)) return has_host(text.substr(scheme.size()));
    return text.empty();
}

bool is_mail_url(std::string_view text) {
    for (std::string_view const scheme : {"smtp://", "smtps://"})
        if (text.starts_with(scheme)) return has_host(text.substr(scheme.size()));
    return text.empty();
}

bool is_method(std::string_view text) {
    return text == "POST" || text == "PUT" || text == "GET";
}

bool is_mail_address(std::string_view text) {
    auto const plain = [](char c) { return c > ' ' && c < 127 && c != '<' && c != '>'; };
    return text.empty() || (text.find('@') != text.npos && std::ranges::all_of(text, plain));
}

bool is_phone(std::string_view text) {
    return text.size() <= 20 && text.find_first_not_of("0123456789+-") == text.npos;
}

bool is_pointer(std::string_view text) {
    return text.empty() || text.starts_with('/');
}

void add_gateway_keys(std::vector<key>& to, std::string const& name,
                      gateway_config& (*of)(config&)) {
    auto const k = [&](char const* word) { return "notify." + name + '.' + word; };
    auto const part = [of](auto member) {
        return [ of, member ](config & c) -> auto& {
            return of(c).*member;
        };
    };
    using g = gateway_config;
    to.push_back(words(k("url"), "https://… or http://…, or nothing: then nobody is told this way",
                       "https://gateway.example/send", is_http_url, part(&g::url)));
    to.push_back(words(k("method"), "POST, PUT or GET", "POST", is_method, part(&g::method)));
    to.push_back(words(k("content_type"), "one line of text", "application/json", is_one_line,
                       part(&g::content_type)));
    to.push_back(lines(k("headers"), R"(["Authorization: Bearer {secret}"])", part(&g::headers)));
    to.push_back(words(
        k("body"), "a text", "…", [](std::string_view) { return true; }, part(&g::body)));
    to.push_back(maybe_path(k("secret_file"), "keys/" + name + ".secret", part(&g::secret_file)));
    to.push_back(whole(k("success_status"), 0, 599, 200, part(&g::success_status)));
    to.push_back(words(k("success_pointer"), "a JSON pointer, or nothing", "/code", is_pointer,
                       part(&g::success_pointer)));
    to.push_back(
        words(k("success_equals"), "one line of text", "0", is_one_line, part(&g::success_equals)));
    to.push_back(flag(k("confirms"), part(&g::confirms)));
    to.push_back(whole(k("timeout_s"), 1, 60, 10, part(&g::timeout_s)));
    to.push_back(flag(k("verify"), part(&g::verify)));
}

// What an installation may do without.
std::vector<key> own_files_keys() {
    return {
        maybe_path(
            "files.calendar", "calendar.toml",
            [](config & c) -> auto& { return c.files.calendar; }),
        maybe_path(
            "files.note_templates", "note_templates.toml",
            [](config & c) -> auto& { return c.files.note_templates; }),
        maybe_path(
            "mqtt.broker_log", "/var/log/linli/broker.log",
            [](config & c) -> auto& { return c.mqtt.broker_log; }),
    };
}

std::vector<key> mail_and_hook_keys() {
    return {
        words(
            "notify.email.url", "smtp://host:587 or smtps://host:465, or nothing",
            "smtp://mail.example:587", is_mail_url,
            [](config & c) -> auto& { return c.notify.email.url; }),
        words(
            "notify.email.user", "one line of text", "linli", is_one_line,
            [](config & c) -> auto& { return c.notify.email.user; }),
        maybe_path(
            "notify.email.password_file", "keys/smtp.password",
            [](config & c) -> auto& { return c.notify.email.password_file; }),
        words(
            "notify.email.from", "an e-mail address", "linli@example.org", is_mail_address,
            [](config & c) -> auto& { return c.notify.email.from; }),
        whole(
            "notify.email.timeout_s", 1, 60, 20,
            [](config & c) -> auto& { return c.notify.email.timeout_s; }),
        flag(
            "notify.email.verify", [](config & c) -> auto& { return c.notify.email.verify; }),
        words(
            "notify.webhook.url", "https://… or http://…, or nothing",
            "https://alarms.example/linli", is_http_url,
            [](config & c) -> auto& { return c.notify.webhook.url; }),
        maybe_path(
            "notify.webhook.secret_file", "keys/webhook.secret",
            [](config & c) -> auto& { return c.notify.webhook.secret_file; }),
        whole(
            "notify.webhook.timeout_s", 1, 60, 10,
            [](config & c) -> auto& { return c.notify.webhook.timeout_s; }),
        flag(
            "notify.webhook.verify", [](config & c) -> auto& { return c.notify.webhook.verify; }),
    };
}

std::vector<key> notify_keys() {
    std::vector<key> all{
        words(
            "notify.callback", "a telephone number", "12349", is_phone,
            [](config & c) -> auto& { return c.notify.callback; }),
        maybe_path(
            "notify.texts", "notices.toml", [](config & c) -> auto& { return c.notify.texts; }),
        words(
            "notify.duty_phone", "a telephone number, or nothing", "13800000000", is_phone,
            [](config & c) -> auto& { return c.notify.duty_phone; }),
        maybe_path(
            "notify.ca_file", "keys/ca.crt", [](config & c) -> auto& { return c.notify.ca_file; }),
        whole(
            "notify.unready_after_s", 5, 3600, 60,
            [](config & c) -> auto& { return c.notify.unready_after_s; }),
        whole(
            "notify.degraded_after_s", 1, 600, 5,
            [](config & c) -> auto& { return c.notify.degraded_after_s; }),
        whole(
            "notify.keep_days", 1, 3650, 90,
            [](config & c) -> auto& { return c.notify.keep_days; }),
    };
    all.push_back(text("notify.voice.by", "gateway or hotline", "gateway", [](auto t, auto& c) {
        c.notify.voice_by_hotline = t == "hotline";
        return t == "hotline" || t == "gateway";
    }));
    add_gateway_keys(
        all, "voice", [](config & c) -> auto& { return c.notify.voice; });
    add_gateway_keys(
        all, "sms", [](config & c) -> auto& { return c.notify.sms; });
    std::ranges::move(mail_and_hook_keys(), std::back_inserter(all));
    return all;
}

std::vector<key> console_keys() {
    return {
        text("console.listen",
             "an IP address and a port (0.0.0.0 for all addresses), or nothing: then there are no "
             "pages and no API",
             "0.0.0.0:8444", take_console_listen),
        maybe_path(
            "console.pages", "pages", [](auto& c) -> auto& { return c.console.pages; }),
        path(
            "console.certificate", "keys/console.crt",
            [](auto& c) -> auto& { return c.console.certificate; }),
        path(
            "console.key", "keys/console.key", [](auto& c) -> auto& { return c.console.key; }),
        number("console.connections", 8, 100'000, 2000,
               [](int n, auto& c) { c.console.connections = n; }),
    };
}

// { "12349" = "330100" }: anything may be a line's name, so they are no keys of their own.
bool take_lines(toml::node const& node, std::map<std::string, std::string>& into) {
    auto const* given = node.as_table();
    if (!given) return false;
    into.clear();
    for (auto const& [line, area] : *given) {
        auto const* code = area.as_string();
        if (line.str().empty() || !code || !is_area_code(code->get())) return false;
        into[std::string(line.str())] = code->get();
    }
    return true;
}

std::vector<key> telephone_keys() {
    return {
        text("telephone.name", std::string(name_rule) + ", or nothing: then there is none", "pbx",
             [](auto t, auto& c) { return take_if(t.empty() || is_name(t), t, c.telephone.name); }),
        path(
            "telephone.secret_file", "keys/telephone.secret",
            [](auto& c) -> auto& { return c.telephone.secret_file; }),
        text("telephone.dial_url", "https://… or http://…, or nothing: then no page can dial",
             "https://pbx.example/dial",
             [](auto t, auto& c) { return take_if(is_http_url(t), t, c.telephone.dial_url); }),
        number("telephone.timeout_s", 1, 30, 5, [](int n, auto& c) { c.telephone.timeout_s = n; }),
        truth("telephone.verify", [](bool is, auto& c) { c.telephone.verify = is; }),
        {"telephone.lines", "a table of called lines, each with an official area code",
         R"({ "12349" = "330100" })",
         [](auto& node, auto& c) { return take_lines(node, c.telephone.lines); }},
    };
}

// Part of a SIP address, so nothing may stand in it that ends a word there.
bool is_host(std::string_view text) {
    return !text.empty() && text.size() <= 253 && std::ranges::all_of(text, [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '.' || c == '-' || c == ':';
    });
}

bool is_wss_url(std::string_view text) {
    return text.empty() || text.starts_with("wss://") || text.starts_with("ws://");
}

std::vector<key> hotline_keys() {
    return {
        maybe_path(
            "hotline.socket", "/run/linli/hotline",
            [](auto& c) -> auto& { return c.hotline.socket; }),
        text("hotline.domain", "a host's name", "hotline.invalid",
             [](auto t, auto& c) { return take_if(is_host(t), t, c.hotline.domain); }),
        text("hotline.edge_wss", "wss://…, or nothing: the host that the page came from",
             "wss://edge.example:8443",
             [](auto t, auto& c) { return take_if(is_wss_url(t), t, c.hotline.edge_wss); }),
        number("hotline.edge_wss_port", 1, 65535, 8443,
               [](int n, auto& c) { c.hotline.edge_wss_port = n; }),
        path(
            "hotline.edge_secret_file", "keys/edge.secret",
            [](auto& c) -> auto& { return c.hotline.edge_secret_file; }),
        text("hotline.trunk_domain", "a host's name, or nothing: hotline.domain", "trunk.example",
             [](auto t, auto& c) {
                 return take_if(t.empty() || is_host(t), t, c.hotline.trunk_domain);
             }),
        maybe_path(
            "hotline.spoken", "/var/lib/linli/spoken",
            [](auto& c) -> auto& { return c.hotline.spoken; }),
        path(
            "hotline.speaks_with", "/usr/bin/espeak-ng",
            [](auto& c) -> auto& { return c.hotline.speaks_with; }),
        maybe_path(
            "hotline.recorded", "/var/spool/linli-calls",
            [](auto& c) -> auto& { return c.hotline.recorded; }),
        maybe_path(
            "hotline.recordings", "/var/lib/linli/recordings",
            [](auto& c) -> auto& { return c.hotline.recordings; }),
        truth("hotline.browsers", [](bool is, auto& c) { c.hotline.browsers = is; }),
        {"hotline.lines", "a table of called lines, each with an official area code",
         R"({ "12349" = "330100" })",
         [](auto& node, auto& c) { return take_lines(node, c.hotline.lines); }},
    };
}

bool is_tile_part(std::string_view text) {
    return text == "{z}" || text == "{x}" || text == "{y}";
}

// Its host becomes part of a header, so nothing may stand in it that ends a word there; a page that
// came by TLS loads nothing without it, but from its own machine; and Leaflet knows no other
// {part}.
bool is_tile_url(std::string_view text) {
    if (text.empty()) return true;
    std::string_view const scheme = text.starts_with("http://127.0.0.1") ? "http://" : "https://";
    if (!text.starts_with(scheme) || !has_host(text.substr(scheme.size()))) return false;
    if (text.find_first_of("\t;,'\"\\") != text.npos) return false;
    auto const path = text.find('/', scheme.size());
    int parts = 0;
    for (auto at = text.find('{'); at != text.npos; at = text.find('{', at + 1)) {
        if (at < path || !is_tile_part(text.substr(at, 3))) return false;
        ++parts;
    }
    return parts == 3;
}

bool is_crs(std::string_view text) {
    return text == "wgs84" || text == "cgcs2000" || text == "gcj02";
}

std::vector<key> map_keys() {
    constexpr auto address =
        "https://… with {z}, {x} and {y} behind its host, or nothing: then there are none";
    return {
        words(
            "map.tiles", address, "https://tiles.example/{z}/{x}/{y}.png", is_tile_url,
            [](config & c) -> auto& { return c.map.tiles; }),
        words(
            "map.labels", address, "https://tiles.example/names/{z}/{x}/{y}.png", is_tile_url,
            [](config & c) -> auto& { return c.map.labels; }),
        words(
            "map.crs", "wgs84, cgcs2000 or gcj02", "gcj02", is_crs,
            [](config & c) -> auto& { return c.map.crs; }),
        number("map.min_zoom", 0, 22, 3, [](int n, auto& c) { c.map.min_zoom = n; }),
        number("map.max_zoom", 0, 22, 18, [](int n, auto& c) { c.map.max_zoom = n; }),
        words(
            "map.attribution", "one line of text", "© 天地图", is_one_line,
            [](config & c) -> auto& { return c.map.attribution; }),
        words(
            "map.approval", "one line of text", "审图号：GS（2024）0650号", is_one_line,
            [](config & c) -> auto& { return c.map.approval; }),
    };
}

std::vector<key> audit_keys() {
    return {
        maybe_path(
            "audit.anchors", "/var/lib/linli/anchors",
            [](auto& c) -> auto& { return c.audit.anchors; }),
        number("audit.anchor_every_min", 1, 1440, 10,
               [](int n, auto& c) { c.audit.anchor_every_min = n; }),
        path(
            "audit.key_file", "keys/anchor.keys",
            [](auto& c) -> auto& { return c.audit.key_file; }),
        text("audit.officer", "an e-mail address, or nothing: then nobody is written to",
             "audit@example.org",
             [](auto t, auto& c) {
                 return take_if(t.empty() || is_mail_address(t), t, c.audit.officer);
             }),
    };
}

std::vector<key> const& all_keys() {
    static auto const keys = [] {
        auto all = installation_keys();
        std::ranges::move(storage_keys(), std::back_inserter(all));
        std::ranges::move(outside_keys(), std::back_inserter(all));
        std::ranges::move(own_files_keys(), std::back_inserter(all));
        std::ranges::move(console_keys(), std::back_inserter(all));
        std::ranges::move(night_keys(), std::back_inserter(all));
        std::ranges::move(keeping_keys(), std::back_inserter(all));
        std::ranges::move(notify_keys(), std::back_inserter(all));
        std::ranges::move(supervision_keys(), std::back_inserter(all));
        std::ranges::move(telephone_keys(), std::back_inserter(all));
        std::ranges::move(hotline_keys(), std::back_inserter(all));
        std::ranges::move(map_keys(), std::back_inserter(all));
        std::ranges::move(audit_keys(), std::back_inserter(all));
        return all;
    }();
    return keys;
}

std::string section_of(std::string_view name) {
    return std::string(name.substr(0, name.find('.')));
}
std::string word_of(std::string_view name) {
    return std::string(name.substr(name.rfind('.') + 1));
}

std::string kind_of(toml::node const& node) {
    switch (node.type()) {
    case toml::node_type::none:
        return "nothing";
    case toml::node_type::table:
        return "a section";
    case toml::node_type::array:
        return "a list";
    case toml::node_type::string:
        return log::quoted(node.as_string()->get());
    case toml::node_type::integer:
        return fmt::format("{}", node.as_integer()->get());
    case toml::node_type::floating_point:
        return fmt::format("{}", node.as_floating_point()->get());
    case toml::node_type::boolean:
        return node.as_boolean()->get() ? "true" : "false";
    case toml::node_type::date:
        return "a date";
    case toml::node_type::time:
        return "a time";
    case toml::node_type::date_time:
        return "a date and time";
    }
    return "something else";
}

// Walks the file once and collects all that is wrong with it, so that the installer hears of
// everything at once.
class file_check {
public:
    file_check(std::string file, config& into) : file_(std::move(file)), into_(into) {}

    void take(toml::table const& root) {
        for (auto const& [name, node] : root)
            take_section(std::string(name.str()), node);
    }

    std::vector<std::string> problems() && {
        std::ranges::stable_sort(problems_, {}, &problem::line);
        std::vector<std::string> texts;
        for (auto const& each : problems_)
            texts.push_back(fmt::format("{}:{}: {}", file_, each.line, each.text));
        return texts;
    }

private:
    struct problem {
        std::uint32_t line;
        std::string text;
    };

    void take_section(std::string const& section, toml::node const& node) {
        auto const is_in_section = [&](key const& k) { return section_of(k.name) == section; };
        bool const known = std::ranges::any_of(all_keys(), is_in_section);
        auto const* keys = node.as_table();
        if (known && keys)
            for (auto const& [word, value] : *keys)
                take_key(fmt::format("{}.{}", section, word.str()), value);
        else if (known)
            add(node,
                fmt::format("{0} is {1}; it must be a section: [{0}]", section, kind_of(node)));
        else if (keys)
            add(node, unknown_section(section));
        else
            add(node, unknown_key(section));
    }

    // [notify.sms] is a section of its own in [notify].
    bool is_inner_section(std::string const& name) const {
        return std::ranges::any_of(all_keys(),
                                   [&](key const& k) { return k.name.starts_with(name + '.'); });
    }

    void take_key(std::string const& name, toml::node const& node) {
        if (auto const* inner = node.as_table(); inner && is_inner_section(name)) {
            for (auto const& [word, value] : *inner)
                take_key(fmt::format("{}.{}", name, word.str()), value);
            return;
        }
        auto const found = std::ranges::find(all_keys(), name, &key::name);
        if (found == all_keys().end())
            add(node, unknown_key(name));
        else if (!found->take(node, into_))
            add(node, fmt::format("{} is {}; it must be {}. For example: {} = {}", name,
                                  kind_of(node), found->expected, word_of(name), found->example));
    }

    std::string unknown_section(std::string const& section) const {
        std::vector<std::string> sections;
        for (auto const& each : all_keys())
            sections.push_back(section_of(each.name));
        auto const start = fmt::format("unknown section [{}]", section);
        if (auto const near = nearest_word(section, sections))
            return fmt::format("{}: did you mean [{}]?", start, *near);
        sections.erase(std::unique(sections.begin(), sections.end()), sections.end());
        return fmt::format("{}: remove it; there are {}", start, fmt::join(sections, ", "));
    }

    std::string unknown_key(std::string const& name) const {
        auto const start = fmt::format("unknown key {}", name);
        // The right word in the wrong section first.
        for (auto const& each : all_keys())
            if (word_of(each.name) == word_of(name))
                return fmt::format("{}: did you mean {}?", start, each.name);
        auto const keys = config_keys();
        if (auto const near = nearest_word(name, keys))
            return fmt::format("{}: did you mean {}?", start, *near);
        return fmt::format("{}: remove it; config/linli.toml lists all keys", start);
    }

    void add(toml::node const& at, std::string text) {
        problems_.push_back({at.source().begin.line, std::move(text)});
    }

    std::string file_;
    config& into_;
    std::vector<problem> problems_;
};

void resolve_paths(config& c, std::filesystem::path const& folder) {
    for (auto* each :
         {&c.database.key_file, &c.mqtt.password_file, &c.mqtt.ca_file, &c.journal.folder,
          &c.telemetry.folder, &c.files.plans, &c.files.services, &c.files.devices,
          &c.files.thresholds, &c.push.certificate, &c.push.key, &c.push.secrets,
          &c.console.certificate, &c.console.key, &c.telephone.secret_file, &c.audit.key_file,
          &c.hotline.edge_secret_file, &c.hotline.speaks_with})
        *each = (folder / *each).lexically_normal();
    auto& n = c.notify;
    for (auto* each :
         {&c.hotline.socket, &c.hotline.spoken, &c.hotline.recorded, &c.hotline.recordings,
          &c.mqtt.broker_log, &c.files.calendar, &c.files.note_templates, &c.console.pages,
          &c.audit.anchors, &n.texts, &n.ca_file, &n.voice.secret_file, &n.sms.secret_file,
          &n.email.password_file, &n.webhook.secret_file})
        if (!each->empty()) *each = (folder / *each).lexically_normal();
    // Where the server may write for certain, which it may not beside this file.
    if (c.audit.anchors.empty())
        c.audit.anchors = (c.journal.folder / ".." / "anchors").lexically_normal();
}

} // namespace

config_error::config_error(std::vector<std::string> problems)
    : std::runtime_error(fmt::format("{}", fmt::join(one_line_each(problems), "\n"))),
      problems_(one_line_each(std::move(problems))) {}

config load_config(std::filesystem::path const& file) {
    std::error_code error;
    // Opening a folder succeeds; only reading it fails, with an exception of the stream.
    if (std::filesystem::is_directory(file, error))
        error = std::make_error_code(std::errc::is_a_directory);
    std::ifstream in;
    if (!error) in.open(file, std::ios::binary);
    if (!error && !in) error = std::error_code(errno, std::generic_category());
    if (error)
        throw config_error({fmt::format(
            "{}: can't be read ({}); copy config/linli.toml there, or name another file",
            file.string(), error.message())});
    std::string const text{std::istreambuf_iterator<char>(in), {}};
    return parse_config(text, file);
}

config parse_config(std::string_view text, std::filesystem::path const& file) {
    config parsed;
    file_check check(file.string(), parsed);
    try {
        check.take(toml::parse(text));
    } catch (toml::parse_error const& error) {
        throw config_error({fmt::format("{}:{}: not TOML: {}", file.string(),
                                        error.source().begin.line, error.description())});
    }
    auto problems = std::move(check).problems();
    auto const& held_to = parsed.supervision;
    if (problems.empty() && held_to.battery_low >= held_to.battery_well)
        problems.push_back(
            fmt::format("{}: supervision.battery_well is {} and battery_low {}; well "
                        "must be higher, or a battery at the limit wavers between "
                        "them. For example: battery_well = {}",
                        file.string(), held_to.battery_well, held_to.battery_low,
                        std::min(100, held_to.battery_low + 15)));
    bool const in_clear = parsed.push.listen && !parsed.push.tls;
    if (in_clear && !is_loopback(parsed.push.listen->host))
        problems.push_back(fmt::format("{}: push.tls = false is for a loopback address: listen "
                                       "on 127.0.0.1 behind a proxy with TLS, or leave tls out",
                                       file.string()));
    if (!parsed.telephone.name.empty() && !parsed.console.listen)
        problems.push_back(fmt::format("{}: telephone.name is set and console.listen is not: its "
                                       "reports come in at that door. For example: listen = "
                                       "\"0.0.0.0:8444\"",
                                       file.string()));
    bool const can_speak = !parsed.hotline.socket.empty() && !parsed.hotline.spoken.empty();
    if (parsed.notify.voice_by_hotline && !can_speak)
        problems.push_back(fmt::format("{}: notify.voice.by is \"hotline\", and hotline.socket or "
                                       "hotline.spoken is not set: there is none that could speak. "
                                       "For example: spoken = \"/var/lib/linli/spoken\"",
                                       file.string()));
    if (parsed.hotline.recorded.empty() != parsed.hotline.recordings.empty())
        problems.push_back(fmt::format("{}: hotline.recorded and hotline.recordings belong "
                                       "together: what was recorded is kept, and nothing lies in "
                                       "clear. For example: recordings = "
                                       "\"/var/lib/linli/recordings\"",
                                       file.string()));
    if (!parsed.hotline.socket.empty() && !parsed.console.listen)
        problems.push_back(fmt::format("{}: hotline.socket is set and console.listen is not: its "
                                       "operators answer in pages that come from that door. For "
                                       "example: listen = \"0.0.0.0:8444\"",
                                       file.string()));
    if (!parsed.map.tiles.empty() && parsed.map.attribution.empty())
        problems.push_back(fmt::format("{}: map.tiles is set and map.attribution is not: whoever "
                                       "draws the tiles must be named on them. For example: "
                                       "attribution = \"© 天地图\"",
                                       file.string()));
    if (parsed.map.min_zoom > parsed.map.max_zoom)
        problems.push_back(fmt::format("{}: map.min_zoom is {} and max_zoom {}; the first must not "
                                       "be above the second",
                                       file.string(), parsed.map.min_zoom, parsed.map.max_zoom));
    if (!problems.empty()) throw config_error(std::move(problems));
    resolve_paths(parsed, std::filesystem::absolute(file).parent_path());
    return parsed;
}

std::vector<std::string> config_keys() {
    std::vector<std::string> names;
    for (auto const& each : all_keys())
        names.push_back(each.name);
    return names;
}

} // namespace linli::runtime
