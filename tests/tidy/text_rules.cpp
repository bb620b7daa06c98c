#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "tidy/checks.hpp"

namespace linli::tidy {

namespace {

using names = std::span<std::string_view const>;

std::string lower(std::string_view text) {
    std::string small(text);
    std::ranges::transform(small, small.begin(), [](unsigned char c) { return std::tolower(c); });
    return small;
}

// Adds a finding for each place where one of the words stands. A word that ends with '(' is a
// call: blanks may stand before the bracket.
void find_words(source_file const& file, std::string_view text, names words,
                std::string_view objection, findings& found) {
    for (auto word : words) {
        bool const call = word.ends_with('(');
        auto const name = call ? word.substr(0, word.size() - 1) : word;
        for (auto at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
            if (!is_word_at(text, at, name)) continue;
            auto const next = text.find_first_not_of(' ', at + name.size());
            if (call && (next == text.npos || text[next] != '(')) continue;
            found.push_back({file.path, line_of(text, at),
                             std::string(name) + (call ? "()" : "") + std::string(objection)});
        }
    }
}

// "device_manager" and "DeviceManager" into "device", "manager".
std::vector<std::string> words_of(std::string_view name) {
    std::vector<std::string> words(1);
    for (std::size_t i = 0; i < name.size(); ++i) {
        auto const c = static_cast<unsigned char>(name[i]);
        bool const hump = std::isupper(c) != 0 && i > 0 && std::islower(name[i - 1]) != 0;
        if (!std::isalnum(c) || hump) words.emplace_back();
        if (std::isalnum(c)) words.back() += static_cast<char>(std::tolower(c));
    }
    return words;
}

constexpr std::array<std::string_view, 12> empty_words{
    "manager",   "managers", "handler", "handlers", "helper",    "helpers",
    "processor", "util",     "utils",   "utility",  "utilities", "processors"};

bool says_nothing(std::string_view name) {
    auto const is_empty_word = [](std::string const& word) {
        return std::ranges::find(empty_words, word) != empty_words.end();
    };
    return std::ranges::any_of(words_of(name), is_empty_word);
}

// The identifier that a `struct`, `class`, `enum`, `concept` or `using` declares.
std::string_view declared_after(std::string_view code, std::size_t at) {
    for (;;) {
        at = code.find_first_not_of(" \n\t", at);
        if (at == code.npos || !is_identifier(code[at])) return {};
        std::size_t end = at;
        while (end < code.size() && is_identifier(code[end]))
            ++end;
        auto const word = code.substr(at, end - at);
        if (word != "class" && word != "struct" && word != "namespace") return word;
        at = end;
    }
}

// `--` comments of SQL, blanked.
std::string without_sql_comments(std::string_view text) {
    std::string code(text);
    for (auto at = code.find("--"); at != code.npos; at = code.find("--", at)) {
        auto const end = std::min(code.find('\n', at), code.size());
        code.replace(at, end - at, end - at, ' ');
    }
    return code;
}

constexpr std::array<std::string_view, 8> sql_clocks{
    "now(",           "current_timestamp", "current_date",         "current_time",
    "localtimestamp", "localtime",         "statement_timestamp(", "transaction_timestamp("};

} // namespace

findings check_names(source_file const& file) {
    findings found;
    auto const name = std::string_view(file.path).substr(file.path.rfind('/') + 1);
    if (says_nothing(name.substr(0, name.find('.'))))
        found.push_back({file.path, 1, "a file's name that says nothing"});
    if (!file.is_cpp()) return found;
    std::string_view const code = file.cpp.code;
    for (std::string_view word : {"enum", "class", "struct", "union", "concept", "using"})
        for (auto at = code.find(word); at != code.npos; at = code.find(word, at + 1)) {
            if (!is_word_at(code, at, word)) continue;
            auto const declared = declared_after(code, at + word.size());
            if (says_nothing(declared))
                found.push_back({file.path, line_of(code, at),
                                 "a name that says nothing: " + std::string(declared)});
        }
    std::ranges::sort(found, {}, &finding::line);
    // `enum class x` is met twice.
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

findings check_sql_clock(source_file const& file) {
    constexpr std::string_view objection = " in SQL; time is an argument";
    constexpr std::array<std::string_view, 1> wall_clock{"clock_timestamp("};
    findings found;
    if (file.has_suffix(".sql")) {
        auto const code = lower(without_sql_comments(file.text));
        find_words(file, code, sql_clocks, objection, found);
        find_words(file, code, wall_clock, objection, found);
    }
    // The clock's own adapter asks clock_timestamp(), once.
    if (!file.is_cpp() || !file.is_under("src/adapters/postgres")) return found;
    for (auto const& each : file.cpp.literals) {
        findings in_literal;
        find_words(file, lower(each.content), sql_clocks, objection, in_literal);
        for (auto& what : in_literal) {
            what.line += line_of(file.text, each.at) - 1;
            found.push_back(std::move(what));
        }
    }
    return found;
}

findings check_wall_clock(source_file const& file) {
    findings found;
    // The house clock starts with the machine's, until the database has been reached.
    bool const is_the_clock = file.path == "src/server/house_clock.cpp";
    bool const may_ask = file.is_under("src/runtime") || file.is_under("tests") || is_the_clock;
    if (!file.is_cpp() || may_ask) return found;
    constexpr std::array<std::string_view, 3> clocks{"system_clock::now", "gettimeofday(", "time("};
    findings calls;
    find_words(file, file.cpp.code, clocks, " outside runtime; time is an argument", calls);
    std::string_view const code = file.cpp.code;
    auto const lines = lines_of(code);
    for (auto& each : calls) {
        // Of all functions called `time` only the C library's asks the clock.
        auto const line = lines[each.line - 1];
        bool const is_c_time = line.find("std::time(") != line.npos ||
                               line.find("time(nullptr)") != line.npos ||
                               line.find("time(NULL)") != line.npos;
        if (!each.what.starts_with("time") || is_c_time) found.push_back(std::move(each));
    }
    return found;
}

findings check_sleep(source_file const& file) {
    constexpr std::array<std::string_view, 5> sleeps{"sleep_for", "sleep_until", "sleep(",
                                                     "usleep(", "nanosleep("};
    findings found;
    if (file.path.starts_with("tests/bench/")) return found; // a load keeps its pace by the clock
    if (file.is_cpp())
        find_words(file, file.cpp.code, sleeps, "; fast-forward, or wait for it", found);
    return found;
}

findings check_todo(source_file const& file) {
    findings found;
    if (file.has_suffix(".md")) return found; // speaks of the rule
    std::string_view const text = file.is_cpp() ? file.cpp.comments : file.text;
    for (std::string_view word : {"TODO", "FIXME"})
        for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
            if (!is_word_at(text, at, word)) continue;
            auto const number = text.find_first_not_of(" (#", at + word.size());
            bool const numbered = number != text.npos && std::isdigit(text[number]) != 0;
            if (!numbered)
                found.push_back({file.path, line_of(text, at),
                                 std::string(word) + " without an issue's number"});
        }
    return found;
}

findings check_machine_paths(source_file const& file) {
    findings found;
    if (!file.has_suffix(".md")) return found;
    std::string_view const text = file.text;
    for (std::string_view path : {"/work/", "/root/", "/Users/"})
        for (auto at = text.find(path); at != text.npos; at = text.find(path, at + 1)) {
            // "network/work/x" and "https://…/root/" are no machine's path.
            if (at > 0 && (is_identifier(text[at - 1]) || text[at - 1] == '.')) continue;
            found.push_back(
                {file.path, line_of(text, at), std::string(path) + " is a path of one machine"});
        }
    return found;
}

findings check_migrations(std::vector<source_file> const& files) {
    constexpr std::string_view folder = "src/adapters/postgres/migrations";
    findings found;
    std::map<int, std::string> numbered;
    for (auto const& file : files) {
        if (!file.is_under(folder) || !file.has_suffix(".sql")) continue;
        std::string_view const name = std::string_view(file.path).substr(folder.size() + 1);
        int number = 0;
        auto const [end, error] = std::from_chars(name.data(), name.data() + 3, number);
        if (error != std::errc{} || end != name.data() + 3 || name.substr(3, 1) != "-")
            found.push_back({file.path, 1, "a migration is called NNN-what.sql"});
        else if (auto const [first, is_new] = numbered.try_emplace(number, file.path); !is_new)
            found.push_back({file.path, 1, "has the number of " + first->second});
    }
    int expected = 1;
    for (auto const& [number, path] : numbered)
        if (number != expected++)
            found.push_back({path, 1, "migrations are numbered from 001 without a gap"});
    return found;
}

} // namespace linli::tidy
