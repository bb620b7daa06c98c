#include "cli/keys_text.hpp"

#include <set>

#include <fmt/core.h>

namespace linli::cli {

std::string needs_text(std::vector<postgres::key_need> const& all, std::string const& key) {
    std::string text;
    for (auto const& each : all)
        if (each.key == key)
            text += fmt::format("  {:<16}{:>10} rows{}\n", each.table, each.rows,
                                each.stays.empty() ? "" : ": " + each.stays);
    return text;
}

std::string keys_text(postgres::key_names const& names,
                      std::vector<postgres::key_need> const& needs) {
    std::string text;
    std::set<std::string> there;
    auto const add = [&](std::string const& key, std::string const& does) {
        there.insert(key);
        auto const needed = needs_text(needs, key);
        text += fmt::format("{} {}\n{}", key, does, needed);
        if (needed.empty() && does == "opens")
            text += fmt::format("  nothing needs it: \"linli keys retire {}\"\n", key);
    };
    add(names.seals, "seals");
    for (auto const& each : names.open)
        add(each, "opens");
    for (auto const& each : names.waiting)
        add(each, "waits for \"linli keys rotate\"");
    for (auto const& each : needs)
        if (there.insert(each.key).second)
            text += fmt::format("{} IS MISSING: put its line back\n{}", each.key,
                                needs_text(needs, each.key));
    return text;
}

} // namespace linli::cli
