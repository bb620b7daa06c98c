#include <array>
#include <string>
#include <string_view>

#include "tidy/checks.hpp"

namespace linli::tidy {

namespace {

constexpr std::size_t max_function_lines = 70;
constexpr std::size_t max_columns = 100;

bool has_word(std::string_view text, std::string_view word) {
    for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1))
        if (is_word_at(text, at, word)) return true;
    return false;
}

// Without what stands between matching < and >.
std::string without_template_arguments(std::string_view header) {
    std::string rest;
    for (std::size_t at = 0; at < header.size(); ++at) {
        std::size_t depth = 0;
        std::size_t end = at;
        do {
            if (header[end] == '<') ++depth;
            if (header[end] == '>' && depth > 0) --depth;
            ++end;
        } while (depth > 0 && end < header.size());
        bool const matched = depth == 0;
        if (header[at] == '<' && matched)
            at = end - 1;
        else
            rest += header[at];
    }
    return rest;
}

bool opens_scope(std::string_view header) {
    auto const rest = without_template_arguments(header);
    if (rest.find('(') != rest.npos && !has_word(rest, "alignas")) return false;
    for (auto word : {"namespace", "class", "struct", "union", "enum", "extern"})
        if (has_word(rest, word)) return true;
    return false;
}

bool is_access(std::string_view text) {
    return text == "public" || text == "private" || text == "protected";
}

// Walks over the braces; inside namespaces and classes a brace after a `(…)` opens a function, and
// all within it belongs to it.
class function_walk {
public:
    function_walk(source_file const& file, findings& found)
        : file_(file), code_(file.cpp.code), found_(found) {}

    void run() {
        std::size_t header = 0; // where the declaration before the next brace begins
        for (std::size_t at = 0; at < code_.size(); ++at) {
            char const c = code_[at];
            bool const ends = c == ';' || c == '}';
            bool const label = c == ':' && is_access(trimmed(code_.substr(header, at - header)));
            if (ends || label) header = at + 1;
            if (c != '{') continue;
            auto const before = trimmed(code_.substr(header, at - header));
            if (!opens_scope(before)) {
                auto const close = closing_brace(at);
                // An empty header: the body after the braces of a constructor's initializers.
                bool const is_function = before.empty() || before.find('(') != before.npos;
                if (is_function) check(before.empty() ? at : first_of(header), close);
                at = close;
            }
            header = at + 1;
        }
    }

private:
    static std::string_view trimmed(std::string_view text) {
        auto const begin = text.find_first_not_of(" \n\t");
        return begin == std::string_view::npos ? std::string_view() : text.substr(begin);
    }

    std::size_t first_of(std::size_t header) const {
        return code_.find_first_not_of(" \n\t", header);
    }

    std::size_t closing_brace(std::size_t open) const {
        std::size_t depth = 0;
        for (auto at = open; at < code_.size(); ++at) {
            if (code_[at] == '{') ++depth;
            if (code_[at] == '}' && --depth == 0) return at;
        }
        return code_.size() - 1;
    }

    void check(std::size_t begin, std::size_t end) {
        auto const lines = line_of(code_.substr(begin), end - begin);
        if (lines <= max_function_lines) return;
        found_.push_back({file_.path, line_of(code_, begin),
                          "a function of " + std::to_string(lines) + " lines, 70 are allowed"});
    }

    source_file const& file_;
    std::string_view code_;
    findings& found_;
};

// Characters, not bytes: 老人 is two columns here.
std::size_t columns_of(std::string_view line) {
    std::size_t columns = 0;
    for (char c : line)
        if ((static_cast<unsigned char>(c) & 0xc0U) != 0x80U) ++columns;
    return columns;
}

} // namespace

findings check_function_length(source_file const& file) {
    findings found;
    if (file.is_cpp()) function_walk(file, found).run();
    return found;
}

findings check_line_length(source_file const& file) {
    findings found;
    bool const checked =
        file.is_cpp() || file.has_suffix(".proto") || file.has_suffix(".sql") || file.is_shell();
    if (!checked) return found;
    std::size_t number = 0;
    for (auto line : lines_of(file.text)) {
        ++number;
        auto const columns = columns_of(line);
        if (columns > max_columns)
            found.push_back({file.path, number, std::to_string(columns) + " columns, 100 allowed"});
    }
    return found;
}

} // namespace linli::tidy
