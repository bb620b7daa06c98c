#include "adapters/wire/topics.hpp"

#include <algorithm>

namespace linli::wire {

namespace {

constexpr std::string_view device_root = "linli/v1/d/d-";
constexpr std::string_view provider_root = "linli/v1/p/p-";
constexpr std::size_t longest_id = 64;

std::string topic_of(std::string_view root, std::string_view id, std::string_view leaf) {
    std::string topic(root);
    topic += id;
    topic += '/';
    topic += leaf;
    return topic;
}

bool is_id_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

origin parse_device_topic(domain::device_id device, std::string_view leaf) {
    if (leaf == "signal") return device_signal{std::move(device)};
    if (leaf == "telemetry") return device_telemetry{std::move(device)};
    if (leaf == "state") return device_state{std::move(device)};
    return unknown_topic{};
}

} // namespace

std::string signal_topic(domain::device_id const& device) {
    return topic_of(device_root, device.value, "signal");
}
std::string telemetry_topic(domain::device_id const& device) {
    return topic_of(device_root, device.value, "telemetry");
}
std::string state_topic(domain::device_id const& device) {
    return topic_of(device_root, device.value, "state");
}
std::string receipt_topic(domain::device_id const& device) {
    return topic_of(device_root, device.value, "receipt");
}
std::string command_topic(domain::device_id const& device) {
    return topic_of(device_root, device.value, "command");
}
std::string offers_topic(domain::provider_id const& provider) {
    return topic_of(provider_root, provider.value, "offers");
}
std::string replies_topic(domain::provider_id const& provider) {
    return topic_of(provider_root, provider.value, "replies");
}

bool is_valid_id(std::string_view id) {
    return !id.empty() && id.size() <= longest_id && std::ranges::all_of(id, is_id_character);
}

origin parse_topic(std::string_view topic) {
    bool const of_device = topic.starts_with(device_root);
    if (!of_device && !topic.starts_with(provider_root)) return unknown_topic{};
    topic.remove_prefix(of_device ? device_root.size() : provider_root.size());
    auto const slash = topic.find('/');
    if (slash == std::string_view::npos) return unknown_topic{};
    auto const id = topic.substr(0, slash);
    auto const leaf = topic.substr(slash + 1);
    if (!is_valid_id(id)) return unknown_topic{};
    if (of_device) return parse_device_topic({std::string(id)}, leaf);
    if (leaf == "replies") return provider_replies{{std::string(id)}};
    return unknown_topic{};
}

} // namespace linli::wire
