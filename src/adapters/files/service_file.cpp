#include "adapters/files/service_file.hpp"

#include <unordered_set>

#include <fmt/core.h>

#include "adapters/files/strict_toml.hpp"

namespace linli::files {

namespace {

using presence = strict_table::presence;

constexpr int dearest = 10'000'000; // in fen: what is more was mistyped

domain::service take_service(toml::table const& section, toml_problems& problems) {
    domain::service read;
    strict_table keys(section, "service", problems);
    keys.text("code", presence::required, read.code.value);
    keys.text("zh", presence::required, read.zh);
    keys.text("en", presence::required, read.en);
    keys.word("unit", presence::required, read.unit);
    keys.number("minutes", presence::required, 1, 1440, read.minutes);
    keys.text("certificate", presence::optional, read.certificate);
    keys.text("initials", presence::optional, read.initials);
    keys.word("group", presence::optional, read.group);
    if (section.contains("price_fen"))
        keys.number("price_fen", presence::required, 0, dearest, read.price_fen.emplace());
    keys.finish();
    return read;
}

} // namespace

domain::catalogue parse_services(std::string_view text, std::string const& origin) {
    auto const root = parse_toml(text, origin);
    toml_problems problems(origin);
    domain::catalogue services;
    std::unordered_set<std::string> codes;
    strict_table file(root, "", problems);
    for (auto const* each : file.sections("service", presence::required)) {
        services.push_back(take_service(*each, problems));
        auto const& code = services.back().code.value;
        if (!code.empty() && !codes.insert(code).second)
            problems.add(*each, fmt::format("service {} twice: keep one", code));
    }
    file.finish();
    auto texts = std::move(problems).texts();
    if (!texts.empty()) throw file_error(std::move(texts));
    return services;
}

domain::catalogue load_services(std::filesystem::path const& file) {
    return parse_services(read_text(file, "copy it from config/services.toml"), file.string());
}

} // namespace linli::files
