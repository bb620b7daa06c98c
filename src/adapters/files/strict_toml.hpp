#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include "domain/named.hpp"
#include "domain/time.hpp"

namespace linli::files {

// The file's bytes. Throws file_error with `remedy` when it can't be read.
std::string read_text(std::filesystem::path const& file, std::string_view remedy);

// BLAKE2b, 128 bits, in hex: names a snapshot of a text.
std::string digest_of(std::string_view text);

// What is wrong with one TOML file, with the line, so that its author hears of everything at once.
class toml_problems {
public:
    explicit toml_problems(std::string origin) : origin_(std::move(origin)) {}

    void add(toml::node const& at, std::string text);
    // "file:line: text", in the order of the file.
    std::vector<std::string> texts() &&;

private:
    struct problem {
        std::uint32_t line;
        std::string text;
    };

    std::string origin_;
    std::vector<problem> problems_;
};

// Throws file_error when the text is no TOML.
toml::table parse_toml(std::string_view text, std::string const& origin);

// One section. Each taker names a key and leaves `into` as it is when the key is missing; finish()
// then refuses keys that nobody took. `required` keys must be there.
class strict_table {
public:
    strict_table(toml::table const& table, std::string_view name, toml_problems& problems)
        : table_(table), name_(name), problems_(problems) {}

    enum class presence { required, optional };

    void text(std::string_view key, presence must, std::string& into);
    // A list of texts, none of them empty.
    void texts(std::string_view key, presence must, std::vector<std::string>& into);
    void number(std::string_view key, presence must, std::int64_t min, std::int64_t max, int& into);
    // Optional; with or without a fraction.
    void decimal(std::string_view key, double min, double max, std::optional<double>& into);
    // A whole number of seconds; such keys end with _s.
    void seconds(std::string_view key, presence must, std::int64_t min, std::int64_t max,
                 domain::seconds& into);

    void flag(std::string_view key, presence must, bool& into);
    // "07:30", minutes of the local day; "24:00" is its end.
    void minute(std::string_view key, presence must, int& into);
    // A date without a time: 2026-12-31.
    void date(std::string_view key, presence must, std::optional<std::chrono::sys_days>& into);

    // A list of such dates, which may be empty.
    void dates(std::string_view key, presence must, std::vector<std::chrono::sys_days>& into);

    // One of an enumeration's words.
    template <class E>
    void word(std::string_view key, presence must, std::optional<E>& into) {
        E found{};
        if (take_word(key, must, found)) into = found;
    }
    template <class E>
    void word(std::string_view key, presence must, E& into) {
        take_word(key, must, into);
    }
    // Index in `words`.
    std::optional<std::size_t> one_of(std::string_view key, presence must,
                                      std::vector<std::string> const& words);

    // Null when missing or no section, which is then noted.
    toml::table const* section(std::string_view key, presence must);
    // The sections of a [[key]] list.
    std::vector<toml::table const*> sections(std::string_view key, presence must);

    // For what none of these can take; null when missing.
    toml::node const* find(std::string_view key, presence must);
    void expected(std::string_view key, toml::node const& found, std::string const& what);
    std::string full_name(std::string_view key) const;

    void finish();

private:
    // False when it is missing or none of the words.
    template <class E>
    bool take_word(std::string_view key, presence must, E& into) {
        std::vector<std::string> words;
        for (auto const& [value, text] : domain::names<E>::table)
            words.emplace_back(text);
        auto const chosen = one_of(key, must, words);
        if (chosen) into = *domain::from_text<E>(words[*chosen]);
        return chosen.has_value();
    }

    toml::table const& table_;
    std::string name_; // empty for the file itself
    toml_problems& problems_;
    std::vector<std::string> known_;
};

} // namespace linli::files
