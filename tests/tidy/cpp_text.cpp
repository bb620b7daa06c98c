#include "tidy/cpp_text.hpp"

#include <algorithm>

#include "tidy/source_tree.hpp"

namespace linli::tidy {

namespace {

class lexer {
public:
    explicit lexer(std::string_view text) : text_(text) {
        parts_.code = blanked(text);
        parts_.comments = parts_.code;
        parts_.directives = parts_.code;
    }

    cpp_text run() && {
        while (at_ < text_.size())
            step();
        return std::move(parts_);
    }

private:
    static std::string blanked(std::string_view text) {
        std::string blank(text);
        std::ranges::replace_if(
            blank, [](char c) { return c != '\n'; }, ' ');
        return blank;
    }

    void step() {
        auto const rest = text_.substr(at_);
        if (rest.starts_with("//"))
            copy_to(parts_.comments, std::min(rest.find('\n'), rest.size()));
        else if (rest.starts_with("/*"))
            copy_to(parts_.comments, end_of(rest, "*/", 2));
        else if (rest.front() == '#' && at_line_start())
            in_directive_ = true, keep(1);
        else if (rest.front() == '\n')
            end_line();
        else if (rest.starts_with("R\"") && is_literal_prefix(word_before()))
            raw_string(rest);
        else if (rest.front() == '"')
            quoted(rest, '"');
        else if (rest.front() == '\'' && !is_number(word_before())) // not 1'000
            quoted(rest, '\'');
        else
            keep(1);
    }

    // Code, or a directive's text.
    void keep(std::size_t length) {
        copy_to(in_directive_ ? parts_.directives : parts_.code, length);
    }

    void copy_to(std::string& part, std::size_t length) {
        part.replace(at_, length, text_.substr(at_, length));
        at_ += length;
    }

    void end_line() {
        bool const continued = at_ > 0 && text_[at_ - 1] == '\\';
        if (!continued) in_directive_ = false;
        ++at_;
    }

    void raw_string(std::string_view rest) {
        auto const open = rest.find('(');
        std::string const close = ")" + std::string(rest.substr(2, open - 2)) + "\"";
        auto const end = end_of(rest, close, open);
        add_literal(open + 1, end - close.size());
        keep_quotes(end);
    }

    void quoted(std::string_view rest, char quote) {
        std::size_t end = 1;
        while (end < rest.size() && rest[end] != quote && rest[end] != '\n')
            end += rest[end] == '\\' ? 2U : 1U;
        end = std::min(end, rest.size());
        if (in_directive_) { // #include "…"
            keep(std::min(end + 1, rest.size()));
            return;
        }
        if (quote == '"') add_literal(1, end);
        keep_quotes(std::min(end + 1, rest.size()));
    }

    void add_literal(std::size_t begin, std::size_t end) {
        auto const content = text_.substr(at_ + begin, end - begin);
        parts_.literals.push_back({at_ + begin, std::string(content)});
    }

    // In the code a literal is "" with blanks between.
    void keep_quotes(std::size_t length) {
        parts_.code[at_] = '"';
        parts_.code[at_ + length - 1] = '"';
        at_ += length;
    }

    static std::size_t end_of(std::string_view rest, std::string_view close, std::size_t from) {
        auto const found = rest.find(close, from);
        return found == std::string_view::npos ? rest.size() : found + close.size();
    }

    std::string_view word_before() const {
        auto begin = at_;
        while (begin > 0 && (is_identifier(text_[begin - 1]) || text_[begin - 1] == '\''))
            --begin;
        return text_.substr(begin, at_ - begin);
    }

    static bool is_number(std::string_view word) {
        return !word.empty() && word.front() >= '0' && word.front() <= '9';
    }

    static bool is_literal_prefix(std::string_view word) {
        return word.empty() || word == "u8" || word == "u" || word == "U" || word == "L";
    }

    bool at_line_start() const {
        auto const before = text_.substr(0, at_).find_last_not_of(" \t");
        return before == std::string_view::npos || text_[before] == '\n';
    }

    std::string_view text_;
    std::size_t at_ = 0;
    bool in_directive_ = false;
    cpp_text parts_;
};

} // namespace

cpp_text take_apart(std::string_view text) {
    return lexer(text).run();
}

} // namespace linli::tidy
