#include "tidy/source_tree.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

namespace linli::tidy {

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::string_view, 6> folders_of_others{"build", "var",         "node_modules",
                                                            "dist",  "__pycache__", "corpus"};
constexpr std::array<std::string_view, 17> text_suffixes{
    ".cpp", ".hpp", ".h",  ".proto", ".sql",  ".sh",   ".md",      ".toml", ".txt",
    ".ts",  ".vue", ".js", ".css",   ".html", ".conf", ".service", ".py"};

std::string text_of(fs::path const& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return std::move(text).str();
}

// Without a suffix a file is taken if it is a script.
bool is_wanted(fs::path const& file) {
    auto const suffix = file.extension().string();
    if (!suffix.empty()) return std::ranges::find(text_suffixes, suffix) != text_suffixes.end();
    std::ifstream in(file, std::ios::binary);
    std::array<char, 2> start{};
    in.read(start.data(), 2);
    return start == std::array{'#', '!'};
}

bool is_skipped(fs::path const& folder) {
    auto const name = folder.filename().string();
    bool const hidden = name.starts_with('.') && name != ".ci";
    return hidden || std::ranges::find(folders_of_others, name) != folders_of_others.end();
}

} // namespace

bool source_file::is_under(std::string_view folder) const {
    return path.starts_with(folder) && path.size() > folder.size() && path[folder.size()] == '/';
}

bool source_file::has_suffix(std::string_view suffix) const {
    return path.ends_with(suffix);
}

bool source_file::is_cpp() const {
    return has_suffix(".cpp") || has_suffix(".hpp") || has_suffix(".h");
}

bool source_file::is_shell() const {
    auto const first = std::string_view(text).substr(0, text.find('\n'));
    return has_suffix(".sh") || (first.starts_with("#!") && first.ends_with("sh"));
}

source_file make_source_file(std::string path, std::string text) {
    source_file file{std::move(path), std::move(text), {}};
    if (file.is_cpp()) file.cpp = take_apart(file.text);
    return file;
}

std::vector<source_file> read_source_tree(fs::path const& root) {
    std::vector<source_file> files;
    for (auto each = fs::recursive_directory_iterator(root); each != fs::end(each); ++each) {
        if (each->is_directory()) {
            if (is_skipped(each->path())) each.disable_recursion_pending();
        } else if (each->is_regular_file() && is_wanted(each->path())) {
            auto const path = each->path().lexically_relative(root).generic_string();
            files.push_back(make_source_file(path, text_of(each->path())));
        }
    }
    std::ranges::sort(files, {}, &source_file::path);
    return files;
}

std::size_t line_of(std::string_view text, std::size_t at) {
    auto const before = text.substr(0, at);
    return 1 + static_cast<std::size_t>(std::ranges::count(before, '\n'));
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        auto const end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

bool is_identifier(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_word_at(std::string_view text, std::size_t at, std::string_view word) {
    if (text.substr(at, word.size()) != word) return false;
    bool const before = at > 0 && is_identifier(text[at - 1]);
    auto const end = at + word.size();
    bool const after = end < text.size() && is_identifier(text[end]);
    return !before && !after;
}

} // namespace linli::tidy
