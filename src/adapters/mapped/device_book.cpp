#include "adapters/mapped/device_book.hpp"

#include <algorithm>
#include <set>

namespace linli::mapped {

namespace {

constexpr char between = '\n'; // no topic holds one

std::set<std::string> filters_of(files::device_mapping const& mapping) {
    std::set<std::string> filters;
    for (auto const& each : mapping.messages)
        if (!each.topic.empty()) filters.insert(files::topic_filter(each.topic));
    return filters;
}

} // namespace

std::string source_of(std::string_view mapping, std::string_view topic) {
    std::string text(mapping);
    if (!topic.empty()) text += between + std::string(topic);
    return text;
}

bool is_mapped(std::string_view door) {
    return door == broker_door || door == push_door;
}

std::string_view door_of(std::string_view door) {
    if (door == push_door) return "http";
    return door == broker_door ? "mqtt" : door;
}

device_book::device_book(std::filesystem::path const& folder, std::chrono::minutes utc_offset)
    : mappings_(files::load_device_mappings(folder)), utc_offset_(utc_offset) {}

files::device_mapping const* device_book::named(std::string_view name) const {
    auto const found = std::ranges::find(mappings_, name, &files::device_mapping::name);
    return found == mappings_.end() ? nullptr : &*found;
}

files::device_mapping const* device_book::of_topic(std::string_view topic) const {
    for (auto const& mapping : mappings_)
        for (auto const& each : mapping.messages)
            if (!each.topic.empty() && files::match_topic(each.topic, topic)) return &mapping;
    return nullptr;
}

bool device_book::has(domain::device_id const& device) const {
    return std::ranges::any_of(mappings_, [&](files::device_mapping const& each) {
        return device.value.starts_with(each.name + '.');
    });
}

std::vector<std::string> device_book::filters(files::message_lane lane) const {
    std::set<std::string> filters;
    for (auto const& mapping : mappings_)
        for (auto const& each : mapping.messages)
            if (each.lane == lane && !each.topic.empty())
                filters.insert(files::topic_filter(each.topic));
    return {filters.begin(), filters.end()};
}

reading device_book::read(std::string_view door, std::string_view source, std::string_view bytes,
                          domain::instant received_at) const {
    auto const at = std::min(source.find(between), source.size());
    auto const name = source.substr(0, at);
    auto const topic = source.substr(std::min(at + 1, source.size()));
    message const what{topic, bytes, door_of(door), received_at};
    auto const* mapping = named(name);
    if (mapping) return read_message(*mapping, what, utc_offset_);
    reading lost;
    lost.signals.push_back(read_unmapped(name, what));
    return lost;
}

bool comes_by_broker(files::device_mapping const& mapping) {
    return !filters_of(mapping).empty();
}

std::string broker_user(files::device_mapping const& of) {
    return "v-" + of.name;
}

std::string acl_lines(std::vector<files::device_mapping> const& mappings,
                      std::string_view server_user) {
    std::string lines;
    std::string heard;
    for (auto const& mapping : mappings) {
        auto const filters = filters_of(mapping);
        if (filters.empty()) continue;
        lines += "\nuser " + broker_user(mapping) + '\n';
        for (auto const& filter : filters) {
            lines += "topic write " + filter + '\n';
            heard += "topic read " + filter + '\n';
        }
    }
    if (!heard.empty()) lines += "\nuser " + std::string(server_user) + '\n' + heard;
    return lines;
}

} // namespace linli::mapped
