#include "runtime/config/key.hpp"

#include <utility>

#include <fmt/format.h>

#include "runtime/config/words.hpp"

namespace linli::runtime::config_file {

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

key text(std::string name, std::string expected, std::string_view example,
         bool (*fits)(std::string_view), in_config<std::string> of) {
    auto take = [fits, of = std::move(of)](toml::node const& node, config& into) {
        auto const* found = node.as_string();
        if (!found || !fits(found->get())) return false;
        of(into) = found->get();
        return true;
    };
    return {std::move(name), std::move(expected), fmt::format("\"{}\"", example), take};
}

key truth(std::string name, in_config<bool> of) {
    auto take = [of = std::move(of)](toml::node const& node, config& into) {
        auto const* found = node.as_boolean();
        if (found) of(into) = found->get();
        return found != nullptr;
    };
    return {std::move(name), "true or false", "true", take};
}

key number(std::string name, int min, int max, int example, in_config<int> of) {
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

} // namespace linli::runtime::config_file
