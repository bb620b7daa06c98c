#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/files/device_mapping.hpp"
#include "adapters/mapped/message_reading.hpp"

namespace linli::mapped {

// The journal's words for the doors of mapped messages; a record's source is then "imede" and, from
// the broker, "\n" and the topic.
inline constexpr std::string_view broker_door = "mapped";
inline constexpr std::string_view push_door = "push";

std::string source_of(std::string_view mapping, std::string_view topic);

// All mappings of an installation. Nothing of it changes, so any thread may ask.
class device_book {
public:
    device_book() = default;
    // Throws files::file_error with all that is wrong.
    device_book(std::filesystem::path const& folder, std::chrono::minutes utc_offset);

    std::vector<files::device_mapping> const& mappings() const { return mappings_; }
    files::device_mapping const* named(std::string_view name) const;
    // It speaks its maker's JSON: nothing can be asked of it.
    bool has(domain::device_id const& device) const;
    files::device_mapping const* of_topic(std::string_view topic) const;

    // What has to be subscribed for a lane. A topic that bears both is in both.
    std::vector<std::string> filters(files::message_lane lane) const;

    // A record of the journal, by its door and source; a mapping that is gone makes it unreadable.
    reading read(std::string_view door, std::string_view source, std::string_view bytes,
                 domain::instant received_at) const;

private:
    std::vector<files::device_mapping> mappings_;
    std::chrono::minutes utc_offset_{0};
};

bool is_mapped(std::string_view door);
// The door by which its signals and telemetry came; any other word is itself.
std::string_view door_of(std::string_view door);

bool comes_by_broker(files::device_mapping const& mapping);
// The broker's user for a maker's devices, or the bridge that brings them: "v-imede".
std::string broker_user(files::device_mapping const& of);
// The rules for mosquitto's acl_file: what each maker's user may say, and the server may hear.
std::string acl_lines(std::vector<files::device_mapping> const& mappings,
                      std::string_view server_user);

} // namespace linli::mapped
