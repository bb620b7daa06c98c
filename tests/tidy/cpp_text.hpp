#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace linli::tidy {

// A string literal's content, as written.
struct literal {
    std::size_t at = 0;
    std::string content;
};

// C++ taken apart as far as the checks need it. Comments and literals are blanked, not removed, so
// that a place in one text is the same place in the others.
struct cpp_text {
    std::string code;              // comments, literals' contents and preprocessor lines blanked
    std::string comments;          // only the comments
    std::vector<literal> literals; // of strings
    std::string directives;        // only the preprocessor lines, without comments
};

cpp_text take_apart(std::string_view text);

} // namespace linli::tidy
