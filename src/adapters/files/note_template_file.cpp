#include "adapters/files/note_template_file.hpp"

#include <utility>

#include <fmt/core.h>

#include "adapters/files/file_error.hpp"
#include "adapters/files/strict_toml.hpp"

namespace linli::files {

namespace {

using presence = strict_table::presence;

app::note_template take_template(toml::table const& section, toml_problems& problems) {
    app::note_template read;
    strict_table keys(section, "template", problems);
    keys.text("zh", presence::required, read.zh);
    keys.text("en", presence::required, read.en);
    keys.finish();
    return read;
}

} // namespace

std::vector<app::note_template> parse_note_templates(std::string_view text,
                                                     std::string const& origin) {
    auto const root = parse_toml(text, origin);
    toml_problems problems(origin);
    std::vector<app::note_template> all;
    strict_table file(root, "", problems);
    for (auto const* each : file.sections("template", presence::required)) {
        all.push_back(take_template(*each, problems));
        if (all.size() == app::most_note_templates + 1)
            problems.add(*each, fmt::format("more than {} templates, and no digit for this one",
                                            app::most_note_templates));
    }
    file.finish();
    auto texts = std::move(problems).texts();
    if (!texts.empty()) throw file_error(std::move(texts));
    return all;
}

std::vector<app::note_template> load_note_templates(std::filesystem::path const& file) {
    return parse_note_templates(read_text(file, "copy it from config/note_templates.toml"),
                                file.string());
}

} // namespace linli::files
