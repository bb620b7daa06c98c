#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tidy/checks.hpp"

namespace linli::tidy {

namespace {

struct token {
    std::string_view text;
    std::size_t at;
};

// Identifiers, operators of two characters (as far as they matter here), single characters.
std::vector<token> tokens_of(std::string_view code) {
    constexpr std::array<std::string_view, 12> pairs{
        "->", "::", "==", "!=", "<=", ">=", "+=", "-=", "*=", "/=", "|=", "&="};
    std::vector<token> tokens;
    for (std::size_t at = 0; at < code.size();) {
        std::size_t length = 1;
        if (is_identifier(code[at])) {
            while (at + length < code.size() && is_identifier(code[at + length]))
                ++length;
        } else if (std::ranges::find(pairs, code.substr(at, 2)) != pairs.end()) {
            length = 2;
        }
        auto const text = code.substr(at, length);
        if (text != " " && text != "\n" && text != "\t") tokens.push_back({text, at});
        at += length;
    }
    return tokens;
}

bool is_one_of(std::string_view text, std::string_view characters) {
    return text.size() == 1 && characters.find(text) != std::string_view::npos;
}

class statement_check {
public:
    statement_check(std::vector<token> const& tokens, std::size_t place)
        : tokens_(tokens), co_await_(place) {}

    // What is wrong with the statement around this co_await, or nothing.
    std::string objection() const {
        std::size_t begin = co_await_;
        if (auto enclosed = find_begin(begin); !enclosed.empty()) return enclosed;
        begin = after_controls(begin);
        if (auto before = objection_before(begin); !before.empty()) return before;
        return objection_after();
    }

private:
    std::string_view text(std::size_t i) const { return tokens_[i].text; }

    // Walks back to the start of the statement; an open bracket on the way encloses the co_await.
    std::string find_begin(std::size_t& begin) const {
        std::size_t depth = 0;
        for (; begin > 0; --begin) {
            auto const before = text(begin - 1);
            if (depth == 0 && (is_one_of(before, ";}") || is_label_end(begin - 1))) break;
            if (is_one_of(before, ")]}")) ++depth;
            if (!is_one_of(before, "([{")) continue;
            if (depth > 0)
                --depth;
            else if (before == "{" && opens_block(begin - 1))
                break;
            else if (before == "{")
                return "co_await inside a braced initializer";
            else if (before == "[")
                return "co_await inside a subscript";
            else
                return "co_await inside a condition or an argument list";
        }
        return {};
    }

    // A brace opens a block after `)`, a keyword, a lambda's `]` or another statement; after a
    // trailing return type too. Otherwise it initializes.
    bool opens_block(std::size_t brace) const {
        if (brace == 0) return true;
        auto const before = text(brace - 1);
        constexpr std::array<std::string_view, 7> words{"else",     "do",    "try",    "noexcept",
                                                        "override", "const", "mutable"};
        if (is_one_of(before, ");{}]:") || std::ranges::find(words, before) != words.end())
            return true;
        for (auto i = brace; i > 0 && !is_one_of(text(i - 1), ";{}=("); --i)
            if (text(i - 1) == "->" && i > 1 && (text(i - 2) == ")" || text(i - 2) == "]"))
                return true;
        return false;
    }

    // `case x:` and `default:` end a label; the colon of `?:` or of a range-for does not.
    bool is_label_end(std::size_t colon) const {
        if (text(colon) != ":") return false;
        for (auto i = colon; i > 0 && !is_one_of(text(i - 1), ";{}?"); --i)
            if (text(i - 1) == "case" || text(i - 1) == "default") return true;
        return false;
    }

    // Skips `else`, `do`, `if (…)`, `for (…)` and `while (…)`, whose statement it then is.
    std::size_t after_controls(std::size_t begin) const {
        while (begin < co_await_) {
            auto const word = text(begin);
            if (word == "else" || word == "do") {
                ++begin;
            } else if (word == "if" || word == "for" || word == "while") {
                auto open = begin + 1;
                if (text(open) == "constexpr") ++open;
                begin = after_bracket(open);
            } else {
                break;
            }
        }
        return begin;
    }

    std::size_t after_bracket(std::size_t open) const {
        std::size_t depth = 0;
        for (auto i = open; i < co_await_; ++i) {
            if (is_one_of(text(i), "([{")) ++depth;
            if (is_one_of(text(i), ")]}") && --depth == 0) return i + 1;
        }
        return open;
    }

    // Nothing, or `name =`, `type name =`, `auto& [a, b] =`.
    std::string objection_before(std::size_t begin) const {
        if (begin == co_await_) return {};
        if (text(begin) == "co_return") return "co_return co_await: name the result first";
        if (text(co_await_ - 1) != "=") return "co_await inside a larger expression";
        for (auto i = begin; i < co_await_; ++i) {
            if (text(i) == "?") return "co_await inside ?:";
            if (is_one_of(text(i), "(){}")) return "co_await into something that is no plain name";
        }
        return {};
    }

    // The awaited expression up to the end of the statement.
    std::string objection_after() const {
        std::size_t depth = 0;
        for (auto i = co_await_ + 1; i < tokens_.size(); ++i) {
            auto const t = text(i);
            if (t == ";" && depth == 0) break;
            if (t == "co_await") return "two co_await in one statement";
            if (t == "{") return "braces inside an awaited expression";
            if (t == "[" && opens_lambda(i)) return "a lambda inside an awaited expression";
            if (t == "?" && depth == 0) return "co_await inside ?:";
            bool const is_dereference = t == "*" && i == co_await_ + 1;
            bool const is_operator = is_one_of(t, "+-*/%<>!=&|,") || t.ends_with('=');
            if (depth == 0 && is_operator && !is_dereference && !is_template_bracket(i))
                return "co_await inside a larger expression";
            if (is_one_of(t, "([")) ++depth;
            if (is_one_of(t, ")]") && depth > 0) --depth;
        }
        return {};
    }

    bool opens_lambda(std::size_t bracket) const {
        auto const before = text(bracket - 1);
        return !is_identifier(before.back()) && !is_one_of(before, ")]");
    }

    // `f<T>(…)`: between the name and the parenthesis, `<` and `>` and what a type may hold.
    bool is_template_bracket(std::size_t i) const {
        std::size_t open = i;
        while (open > co_await_ && text(open) != "<" && !is_one_of(text(open), "();"))
            --open;
        std::size_t close = i;
        while (close < tokens_.size() && text(close) != ">" && !is_one_of(text(close), "();"))
            ++close;
        return text(open) == "<" && close < tokens_.size() && text(close) == ">";
    }

    std::vector<token> const& tokens_;
    std::size_t co_await_;
};

} // namespace

findings check_co_await(source_file const& file) {
    findings found;
    if (!file.is_cpp()) return found;
    auto const& code = file.cpp.code;
    if (code.find("co_await") == std::string::npos) return found;
    auto const tokens = tokens_of(code);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (tokens[i].text != "co_await") continue;
        auto what = statement_check(tokens, i).objection();
        if (!what.empty())
            found.push_back({file.path, line_of(code, tokens[i].at), std::move(what)});
    }
    return found;
}

} // namespace linli::tidy
