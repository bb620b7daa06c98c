// How a maker's JSON becomes signals and telemetry: one TOML file a maker, config/devices/*.toml.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/files/file_error.hpp"
#include "domain/named.hpp"
#include "domain/place.hpp"
#include "domain/signal.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"

namespace linli::files {

// "/location/GPS/latitude" (RFC 6901); "" is the whole message. With `each`, it starts at the item,
// and "^/IMEI" at the whole message.
struct json_pointer {
    std::string text; // as written
    bool of_whole = false;
    std::vector<std::string> tokens;
};

enum class time_form : std::uint8_t { pattern, epoch_s, epoch_ms, iso8601 };

struct time_rule {
    json_pointer at;
    time_form form = time_form::pattern;
    std::string pattern; // "yyyy-MM-dd HH:mm:ss"
    bool utc = false;    // else at the installation's offset, where the text tells none
};

// What a value stands for. Nothing: the maker has said that it means nothing.
struct kind_value {
    std::string value;
    std::optional<domain::signal_kind> kind;
};
struct kind_rule {
    std::optional<domain::signal_kind> always;
    json_pointer at;
    std::vector<kind_value> values;
};

struct position_rule {
    json_pointer latitude;
    json_pointer longitude;
    std::optional<json_pointer> accuracy;
    domain::position_source source = domain::position_source::gps;
};

struct vital_rule {
    domain::vital_sign what = domain::vital_sign::heart_rate;
    json_pointer at;
    double times = 1;
    std::optional<double> not_measured; // the value that says so
};

struct event_rule {
    std::optional<json_pointer> id;
    std::optional<json_pointer> boot;
    std::optional<json_pointer> sequence;
};

struct condition {
    json_pointer at;
    std::vector<std::string> values; // one of them
};

enum class message_lane : std::uint8_t { signals, telemetry, nobody };

struct message_rule {
    std::string topic; // one level may be "{device}", others "+"; empty: comes by HTTP
    std::vector<condition> when;
    message_lane lane = message_lane::signals;
    std::optional<json_pointer> device; // else the topic's level
    std::optional<json_pointer> each;
    kind_rule kind;
    std::optional<time_rule> time;
    std::optional<position_rule> position;
    std::optional<json_pointer> battery;
    std::optional<json_pointer> text;
    std::vector<vital_rule> vitals;
    event_rule event;
    domain::seconds same_within{10}; // the same bytes are one event, where `event` names none
};

// How a cloud proves, with a secret that both know, that it is the one.
enum class push_proof : std::uint8_t {
    bearer,      // Authorization: Bearer SECRET
    header,      // SECRET in a header of its own
    query,       // ?token=SECRET, for clouds that are told a URL and nothing else
    hmac_sha256, // over the body, hex or base64, in a header
    onenet,      // over msg and nonce in the body; with a GET that asks whether we know it
};

struct push_rule {
    push_proof proof = push_proof::bearer;
    std::string header; // for header and hmac_sha256
};

// How we prove to a cloud that we ask that we are the one.
enum class poll_proof : std::uint8_t {
    bearer, // Authorization: Bearer SECRET
    header, // SECRET in a header of its own
    query,  // SECRET as a parameter of the URL
};

enum class poll_time : std::uint8_t { rfc3339, epoch_ms, epoch_s };

// How a cloud is asked what it may have pushed while we were away: a list of messages between two
// times, by pages or by a cursor. The names are those of the URL's parameters; empty: not said.
struct poll_rule {
    std::string url;
    domain::seconds every{60};
    poll_proof proof = poll_proof::bearer;
    std::string proof_name; // of the header or the parameter
    std::string from;
    std::string until;
    poll_time time = poll_time::rfc3339;
    std::string size_name;
    int size = 0;
    std::string page;
    int first_page = 1;
    std::string cursor;
    std::optional<json_pointer> next; // where the answer names the next cursor
    json_pointer list;                // where the messages stand
    std::vector<condition> ok;        // what an answer says that is no refusal
    std::filesystem::path ca_file;    // empty: the system's
    domain::seconds back{24 * 3600};  // the cloud keeps no more, or we want no more
    domain::seconds overlap{300};     // what a cloud lists late
};

struct device_mapping {
    std::string name; // the file's; devices of it are registered as "name.id"
    std::vector<message_rule> messages;
    std::optional<push_rule> push;
    std::optional<poll_rule> poll;
};

// Throws file_error with all that is wrong. `origin` is the file's name in messages.
device_mapping parse_device_mapping(std::string_view text, std::string const& name,
                                    std::string const& origin);

// Every *.toml in the folder, by name; none when there is no such folder. Throws file_error with
// all that is wrong in all files, also with topics that two of them claim.
std::vector<device_mapping> load_device_mappings(std::filesystem::path const& folder);

// The file that a mapping was read from, in its folder, and the folder with its samples.
std::filesystem::path mapping_file(std::filesystem::path const& folder, std::string const& name);
std::filesystem::path samples_folder(std::filesystem::path const& folder, std::string const& name);

// Is there a topic that both patterns cover?
bool topics_overlap(std::string_view one, std::string_view other);
// The device's level, empty for a pattern without one; nothing: another topic.
std::optional<std::string_view> match_topic(std::string_view pattern, std::string_view topic);
// As the broker is told: "+" for the device's level.
std::string topic_filter(std::string_view pattern);

} // namespace linli::files

namespace linli::domain {

template <>
struct names<files::message_lane> {
    static constexpr std::array<std::pair<files::message_lane, std::string_view>, 3> table{{
        {files::message_lane::signals, "signals"},
        {files::message_lane::telemetry, "telemetry"},
        {files::message_lane::nobody, "nobody"},
    }};
};
template <>
struct names<files::push_proof> {
    static constexpr std::array<std::pair<files::push_proof, std::string_view>, 5> table{{
        {files::push_proof::bearer, "bearer"},
        {files::push_proof::header, "header"},
        {files::push_proof::query, "query"},
        {files::push_proof::hmac_sha256, "hmac_sha256"},
        {files::push_proof::onenet, "onenet"},
    }};
};
template <>
struct names<files::poll_proof> {
    static constexpr std::array<std::pair<files::poll_proof, std::string_view>, 3> table{{
        {files::poll_proof::bearer, "bearer"},
        {files::poll_proof::header, "header"},
        {files::poll_proof::query, "query"},
    }};
};
template <>
struct names<files::poll_time> {
    static constexpr std::array<std::pair<files::poll_time, std::string_view>, 3> table{{
        {files::poll_time::rfc3339, "rfc3339"},
        {files::poll_time::epoch_ms, "epoch_ms"},
        {files::poll_time::epoch_s, "epoch_s"},
    }};
};

} // namespace linli::domain
