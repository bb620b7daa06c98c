#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/log.hpp"

namespace linli::runtime {

// Each section of config/linli.toml, where every key is explained. An adapter takes its section.
// The values here are the defaults, and the file lists the same ones.

struct installation_config {
    std::string name = "linli";
    std::string area = "000000";
    std::chrono::minutes utc_offset{480};
};

struct database_config {
    std::string url = "postgresql:///linli";
    int connections = 4;
    std::filesystem::path key_file = "keys/record.keys";
};

struct mqtt_config {
    std::string url = "ssl://localhost:8883"; // tcp:// has a loopback host
    std::string user = "linli-server";
    std::filesystem::path password_file = "keys/mqtt.password";
    std::filesystem::path ca_file = "keys/ca.crt";
    std::string client_id = "linli-intake";
    std::filesystem::path broker_log; // empty: nobody looks into it
};

struct journal_config {
    std::filesystem::path folder = "journal";
    int segment_mib = 16;
    int reserve_mib = 64;
};

struct telemetry_config {
    std::filesystem::path folder = "telemetry";
    int journal_mib = 256;
    int keep_days = 90;
};

// What a kind of device is held to; 0 = not at all.
struct supervised_kind {
    std::chrono::seconds silent{0};
    std::chrono::seconds grace{300};
    std::chrono::days dormant{14};
    std::chrono::days test_every{31};

    bool operator==(supervised_kind const&) const = default;
};

using std::chrono::days;
using std::chrono::minutes;

struct supervision_config {
    // By the words of the registry. A kind that is not here is held to what `other` is.
    std::map<std::string, supervised_kind, std::less<>> kinds{
        {"button_box", {minutes(0), minutes(10), days(14), days(31)}},
        {"watch", {minutes(30), minutes(15), days(7), days(31)}},
        {"band", {minutes(30), minutes(15), days(7), days(31)}},
        {"smoke", {minutes(0), minutes(10), days(45), days(31)}},
        {"gas", {minutes(0), minutes(10), days(45), days(31)}},
        {"water", {minutes(0), minutes(10), days(45), days(0)}},
        {"bed", {minutes(0), minutes(10), days(14), days(0)}},
        {"infrared", {minutes(0), minutes(10), days(14), days(0)}},
        {"door", {minutes(0), minutes(10), days(45), days(0)}},
        {"other", {minutes(0), minutes(10), days(45), days(0)}}};
    int battery_low = 20;
    int battery_well = 35;
    int outage_devices = 10;
    int outage_percent = 30;
    std::chrono::seconds outage_window{600};
    std::chrono::seconds broker_grace{60};

    bool operator==(supervision_config const&) const = default;
};

struct listen_address {
    std::string host; // an IP address, without brackets
    std::uint16_t port = 0;

    bool operator==(listen_address const&) const = default;
};

struct http_config {
    listen_address listen{"127.0.0.1", 8080};
};

struct watch_tcp_config {
    std::optional<listen_address> listen; // nothing: the door is shut
    int connections = 2000;
};

struct push_config {
    std::optional<listen_address> listen; // nothing: the door is shut
    bool tls = true;                      // false on a loopback address only
    std::filesystem::path certificate = "keys/push.crt";
    std::filesystem::path key = "keys/push.key";
    std::filesystem::path secrets = "keys/push"; // one file a source
    int connections = 1000;
};

struct console_config {
    std::optional<listen_address> listen; // nothing: the door is shut
    std::filesystem::path pages;          // nothing: only the API
    std::filesystem::path certificate = "keys/console.crt";
    std::filesystem::path key = "keys/console.key";
    int connections = 2000;
};

// A gateway that is spoken to by HTTP. The request is a pattern: {phone}, {text}, {id} and {secret}
// are filled in, escaped as content_type asks; in the URL always as a URL asks.
struct gateway_config {
    std::string url; // nothing: there is no such channel
    std::string method = "POST";
    std::string content_type = "application/json";
    std::vector<std::string> headers;
    std::string body = R"({"id":"{id}","phone":"{phone}","text":"{text}"})";
    std::filesystem::path secret_file; // nothing: {secret} is empty
    int success_status = 0;            // 0: any from 200 to 299
    std::string success_pointer;       // into a JSON answer, "/code"; nothing: the status will do
    std::string success_equals;
    bool confirms = false; // success says that the person has it, not only the gateway
    int timeout_s = 10;
    bool verify = true;
};

struct webhook_config {
    std::string url;
    std::filesystem::path secret_file = "keys/webhook.secret";
    int timeout_s = 10;
    bool verify = true;
};

struct email_config {
    std::string url; // smtp://host:587 with STARTTLS, smtps://host:465
    std::string user;
    std::filesystem::path password_file = "keys/smtp.password";
    std::string from;
    int timeout_s = 20;
    bool verify = true;
};

struct notify_config {
    std::string callback = "12349";
    std::filesystem::path texts = "notices.toml";
    std::string duty_phone;
    std::filesystem::path ca_file; // nothing: the system's
    int unready_after_s = 60;
    int degraded_after_s = 5;
    int keep_days = 90;
    bool voice_by_hotline = false; // our own hotline rings and speaks, and not `voice`
    gateway_config voice;
    gateway_config sms;
    email_config email;
    webhook_config webhook;
};

// An installation's telephone system: it reports the calls to the hotline, and rings for a desk.
struct telephone_config {
    std::string name; // of what its calls are; nothing: there is none
    std::filesystem::path secret_file = "keys/telephone.secret";
    std::string dial_url; // nothing: it rings nobody for us
    int timeout_s = 5;
    bool verify = true;
    std::map<std::string, std::string> lines; // a called line → an area's code
};

// Our own hotline: the engine that holds its lines, and the operators' telephones in their
// browsers.
struct hotline_config {
    std::filesystem::path socket;           // the engine's; nothing: there is no hotline of ours
    std::string domain = "hotline.invalid"; // of the operators' SIP addresses
    std::string edge_wss;                   // where a browser registers; nothing: at our host, and
    int edge_wss_port = 8443;               // this port
    std::filesystem::path edge_secret_file = "keys/edge.secret";
    std::string trunk_domain;     // where a number is rung; nothing: `domain`
    bool browsers = true;         // seats are browsers; else plain SIP telephones
    std::filesystem::path spoken; // where what it says is put; nothing: it says nothing
    std::filesystem::path speaks_with = "/usr/bin/espeak-ng";
    std::filesystem::path recorded;           // where the media server records; nothing: it doesn't
    std::filesystem::path recordings;         // where what was recorded is kept, sealed
    std::map<std::string, std::string> lines; // a called line → an area's code
};

// What lies under the pages' maps.
struct map_config {
    std::string tiles;  // an address with {z}, {x} and {y}; nothing: maps are drawn without tiles
    std::string labels; // the same, above them
    std::string crs = "wgs84";
    int min_zoom = 3;
    int max_zoom = 18;
    std::string attribution;
    std::string approval;
};

struct files_config {
    std::filesystem::path plans = "plans";
    std::filesystem::path services = "services.toml";
    std::filesystem::path devices = "devices";
    std::filesystem::path thresholds = "thresholds.toml";
    std::filesystem::path calendar;       // nothing: Monday to Friday are worked
    std::filesystem::path note_templates; // nothing: the usual ones
};

// What the evening's report asks of a city ("linli check --coverage").
struct coverage_config {
    std::optional<int> at_minute = 18 * 60; // of the local day; nothing: no daily report
    int contacts = 3;
    int reach_m = 3000;
    int silent_days = 3;
    int key_test_days = 365;
    int keep_days = 90;
};

// Days for which what is about people is kept. How long its backups live is the installation's
// own doing: it is only told here, to whoever erases somebody.
struct keeping_config {
    int places_days = 365;
    int words_days = 1095;
    int pictures_days = 1095;
    int calls_days = 730;
    int recordings_days = 365;
    int wishes_days = 1095;
    int commands_days = 90;
    int searches_days = 365;
    int maintenance_days = 1095;
    int imports_days = 90;
    int edits_days = 1095;
    int looks_days = 1095;
    int backups_days = 35;

    bool operator==(keeping_config const&) const = default;
};

// What proves that nobody has changed the log ("linli audit verify").
struct audit_config {
    std::filesystem::path anchors; // a folder outside the database; nothing: beside the journal's
    int anchor_every_min = 10;
    std::filesystem::path key_file = "keys/anchor.keys";
    std::string officer; // a mail address; nothing: nobody is written to
};

// When each step of an event was done ("linli trace").
struct trace_config {
    int newest = 4096; // events that are remembered; 0: none
};

struct log_config {
    log::level level = log::level::info;
};

struct config {
    installation_config installation;
    database_config database;
    mqtt_config mqtt;
    journal_config journal;
    telemetry_config telemetry;
    http_config http;
    watch_tcp_config watch_tcp;
    supervision_config supervision;
    push_config push;
    console_config console;
    notify_config notify;
    telephone_config telephone;
    hotline_config hotline;
    map_config map;
    files_config files;
    coverage_config coverage;
    keeping_config keeping;
    audit_config audit;
    trace_config trace;
    log_config log;
};

// All that is wrong with the file, one problem a line: place, key, what was expected, what to do.
class config_error : public std::runtime_error {
public:
    explicit config_error(std::vector<std::string> problems);

    std::vector<std::string> const& problems() const noexcept { return problems_; }

private:
    std::vector<std::string> problems_;
};

// Throws config_error. Paths come out absolute: a relative one starts at the file's folder.
config load_config(std::filesystem::path const& file);

// As above, with a text instead of what is in the file.
config parse_config(std::string_view text, std::filesystem::path const& file);

// Every key there is, as "section.key"; config/linli.toml lists them all, and a test compares.
std::vector<std::string> config_keys();

} // namespace linli::runtime
