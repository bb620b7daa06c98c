#include "runtime/config/file_check.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "runtime/config/keys.hpp"
#include "runtime/nearest_word.hpp"

namespace linli::runtime::config_file {

namespace {

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

} // namespace

std::vector<std::string> check_keys(toml::table const& root, std::string file, config& into) {
    file_check check(std::move(file), into);
    check.take(root);
    return std::move(check).problems();
}

} // namespace linli::runtime::config_file
