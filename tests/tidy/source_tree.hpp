#pragma once

#include <cstddef>
#include <filesystem>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "tidy/cpp_text.hpp"

namespace linli::tidy {

// A file of the repository, as the checks see it.
struct source_file {
    std::string path; // from the root, with '/': "src/domain/alert.hpp"
    std::string text;
    cpp_text cpp; // only for C++

    bool is_under(std::string_view folder) const; // "src/domain"
    bool has_suffix(std::string_view suffix) const;
    bool is_cpp() const;
    bool is_shell() const; // by name, or by its first line
};

// Something that a check doesn't like.
struct finding {
    std::string path;
    std::size_t line = 0;
    std::string what;

    bool operator==(finding const&) const = default;
};

inline void PrintTo(finding const& f, std::ostream* out) {
    *out << f.path << ':' << f.line << ": " << f.what;
}

source_file make_source_file(std::string path, std::string text);

// All text files below the root that people write: nothing built, fetched or hidden.
std::vector<source_file> read_source_tree(std::filesystem::path const& root);

// 1 for the first line.
std::size_t line_of(std::string_view text, std::size_t at);

std::vector<std::string_view> lines_of(std::string_view text);

// Whether `word` stands at `at`, and is not part of a longer identifier.
bool is_word_at(std::string_view text, std::size_t at, std::string_view word);

bool is_identifier(char c);

} // namespace linli::tidy
