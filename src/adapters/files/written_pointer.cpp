#include "adapters/files/written_pointer.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

namespace linli::files {

namespace {

std::vector<std::string> words_of(toml::node const& node) {
    if (auto const* one = node.as_string()) return {one->get()};
    std::vector<std::string> words;
    auto const* list = node.as_array();
    for (std::size_t i = 0; list && i < list->size(); ++i) {
        auto const* text = list->get(i)->as_string();
        if (!text) return {};
        words.push_back(text->get());
    }
    return words;
}

} // namespace

std::optional<json_pointer> pointer_of(std::string_view text) {
    json_pointer pointer;
    pointer.text = text;
    pointer.of_whole = text.starts_with('^');
    if (pointer.of_whole) text.remove_prefix(1);
    if (!text.empty() && text.front() != '/') return std::nullopt;
    while (!text.empty()) {
        text.remove_prefix(1);
        auto const end = std::min(text.find('/'), text.size());
        std::string token;
        for (std::size_t i = 0; i < end; ++i) {
            if (text[i] != '~') {
                token += text[i];
                continue;
            }
            auto const code = i + 1 < end ? text[i + 1] : '\0';
            if (code != '0' && code != '1') return std::nullopt;
            token += code == '0' ? '~' : '/';
            ++i;
        }
        pointer.tokens.push_back(std::move(token));
        text.remove_prefix(end);
    }
    return pointer;
}

std::string not_a_pointer(std::string_view key, std::string_view found) {
    return fmt::format("{} is \"{}\"; it must be a JSON pointer: \"/a/b\", \"^/a\" for the "
                       "whole message's, \"\" for all of it; ~1 stands for / and ~0 for ~",
                       key, found);
}

std::vector<condition> conditions_of(toml::node const& node, std::string_view name,
                                     toml_problems& problems) {
    std::vector<condition> all;
    auto const* table = node.as_table();
    if (!table || table->empty()) {
        problems.add(
            node, fmt::format("{} must be pointers and values: {{ \"/type\" = \"alarm\" }}", name));
        return all;
    }
    for (auto const& [key, value] : *table) {
        auto at = pointer_of(key.str());
        auto values = words_of(value);
        if (!at)
            problems.add(value, not_a_pointer(name, key.str()));
        else if (values.empty())
            problems.add(value, fmt::format("{}.{} must be a text, or a list of texts: "
                                            "[\"1\", \"2\"]",
                                            name, key.str()));
        else
            all.push_back({std::move(*at), std::move(values)});
    }
    return all;
}

} // namespace linli::files
