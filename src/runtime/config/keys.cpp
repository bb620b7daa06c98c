#include "runtime/config/keys.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include <boost/asio/ip/address.hpp>

#include "runtime/config/words.hpp"

namespace linli::runtime::config_file {

namespace {

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

std::vector<key> map_keys() {
    constexpr auto address =
        "https://… with {z}, {x} and {y} behind its host, or nothing: then there are none";
    return {
        text(
            "map.tiles", address, "https://tiles.example/{z}/{x}/{y}.png", is_tile_url,
            [](config & c) -> auto& { return c.map.tiles; }),
        text(
            "map.labels", address, "https://tiles.example/names/{z}/{x}/{y}.png", is_tile_url,
            [](config & c) -> auto& { return c.map.labels; }),
        text(
            "map.crs", "wgs84, cgcs2000 or gcj02", "gcj02", is_crs,
            [](config & c) -> auto& { return c.map.crs; }),
        number("map.min_zoom", 0, 22, 3, [](int n, auto& c) { c.map.min_zoom = n; }),
        number("map.max_zoom", 0, 22, 18, [](int n, auto& c) { c.map.max_zoom = n; }),
        text(
            "map.attribution", "one line of text", "© 天地图", is_one_line,
            [](config & c) -> auto& { return c.map.attribution; }),
        text(
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

} // namespace

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

} // namespace linli::runtime::config_file
