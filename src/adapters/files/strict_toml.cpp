#include "adapters/files/strict_toml.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include <fmt/core.h>
#include <fmt/format.h>
#include <sodium.h>

#include "adapters/files/file_error.hpp"
#include "runtime/nearest_word.hpp"

namespace linli::files {

namespace {

std::string shown(toml::node const& node) {
    if (auto const* text = node.as_string()) return fmt::format("\"{}\"", text->get());
    if (auto const* number = node.as_integer()) return fmt::format("{}", number->get());
    if (auto const* number = node.as_floating_point()) return fmt::format("{}", number->get());
    if (auto const* truth = node.as_boolean()) return truth->get() ? "true" : "false";
    if (node.is_table()) return "a section";
    if (node.is_array()) return "a list";
    return "a date or time";
}

std::chrono::sys_days day_of(toml::date const& date) {
    return std::chrono::year(date.year) / date.month / date.day;
}

std::optional<int> minute_of(std::string_view text) {
    auto const digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
    bool const shaped =
        text.size() == 5 && text[2] == ':' && digit(0) && digit(1) && digit(3) && digit(4);
    if (!shaped) return std::nullopt;
    int const hour = (text[0] - '0') * 10 + (text[1] - '0');
    int const minute = (text[3] - '0') * 10 + (text[4] - '0');
    if (minute > 59 || hour * 60 + minute > 1440) return std::nullopt;
    return hour * 60 + minute;
}

} // namespace

std::string read_text(std::filesystem::path const& file, std::string_view remedy) {
    errno = 0;
    std::ifstream in(file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    // A folder opens but can't be read.
    if (!in.is_open() || in.bad() || std::filesystem::is_directory(file))
        throw file_error(
            {fmt::format("{}: can't be read ({}); {}", file.string(),
                         std::generic_category().message(errno ? errno : EISDIR), remedy)});
    return text;
}

std::string digest_of(std::string_view text) {
    std::array<unsigned char, 16> digest{};
    crypto_generichash(digest.data(), digest.size(),
                       reinterpret_cast<unsigned char const*>(text.data()), text.size(), nullptr,
                       0);
    return fmt::format("{:02x}", fmt::join(digest, ""));
}

void toml_problems::add(toml::node const& at, std::string text) {
    problems_.push_back({at.source().begin.line, std::move(text)});
}

std::vector<std::string> toml_problems::texts() && {
    std::ranges::stable_sort(problems_, {}, &problem::line);
    std::vector<std::string> texts;
    for (auto const& each : problems_)
        texts.push_back(fmt::format("{}:{}: {}", origin_, each.line, each.text));
    return texts;
}

toml::table parse_toml(std::string_view text, std::string const& origin) {
    try {
        return toml::parse(text);
    } catch (toml::parse_error const& error) {
        throw file_error({fmt::format("{}:{}: not TOML: {}", origin, error.source().begin.line,
                                      error.description())});
    }
}

void strict_table::text(std::string_view key, presence must, std::string& into) {
    auto const* node = find(key, must);
    if (!node) return;
    auto const* found = node->as_string();
    bool const missing = found && found->get().empty() && must == presence::required;
    if (!found || missing || found->get().size() > 200)
        expected(key, *node, "a text of 1 to 200 bytes");
    else
        into = found->get();
}

void strict_table::texts(std::string_view key, presence must, std::vector<std::string>& into) {
    auto const* node = find(key, must);
    if (!node) return;
    auto const* list = node->as_array();
    std::vector<std::string> found;
    if (list)
        for (auto const& each : *list)
            if (auto const* text = each.as_string(); text && !text->get().empty())
                found.push_back(text->get());
    if (!list || list->empty() || found.size() != list->size())
        expected(key, *node, "a list of texts");
    else
        into = std::move(found);
}

void strict_table::number(std::string_view key, presence must, std::int64_t min, std::int64_t max,
                          int& into) {
    auto const* node = find(key, must);
    if (!node) return;
    auto const* found = node->as_integer();
    if (!found || found->get() < min || found->get() > max)
        expected(key, *node, fmt::format("a whole number from {} to {}", min, max));
    else
        into = static_cast<int>(found->get());
}

void strict_table::decimal(std::string_view key, double min, double max,
                           std::optional<double>& into) {
    auto const* node = find(key, presence::optional);
    if (!node) return;
    auto const found = node->value<double>();
    bool const is_number = node->is_integer() || node->is_floating_point();
    if (!is_number || !found || !(*found >= min && *found <= max))
        expected(key, *node, fmt::format("a number from {} to {}", min, max));
    else
        into = *found;
}

void strict_table::seconds(std::string_view key, presence must, std::int64_t min, std::int64_t max,
                           domain::seconds& into) {
    auto const* node = find(key, must);
    if (!node) return;
    auto const* found = node->as_integer();
    if (!found || found->get() < min || found->get() > max)
        expected(key, *node, fmt::format("seconds, a whole number from {} to {}", min, max));
    else
        into = domain::seconds(found->get());
}

void strict_table::flag(std::string_view key, presence must, bool& into) {
    auto const* node = find(key, must);
    if (!node) return;
    if (auto const* found = node->as_boolean())
        into = found->get();
    else
        expected(key, *node, "true or false");
}

void strict_table::minute(std::string_view key, presence must, int& into) {
    auto const* node = find(key, must);
    if (!node) return;
    auto const* found = node->as_string();
    auto const minute = found ? minute_of(found->get()) : std::nullopt;
    if (minute)
        into = *minute;
    else
        expected(key, *node, "a time of day from \"00:00\" to \"24:00\"");
}

void strict_table::date(std::string_view key, presence must,
                        std::optional<std::chrono::sys_days>& into) {
    auto const* node = find(key, must);
    if (!node) return;
    auto const* found = node->as_date();
    if (!found) return expected(key, *node, "a date without quotes, as 2026-12-31");
    into = day_of(found->get());
}

void strict_table::dates(std::string_view key, presence must,
                         std::vector<std::chrono::sys_days>& into) {
    auto const* node = find(key, must);
    if (!node) return;
    auto const* list = node->as_array();
    std::vector<std::chrono::sys_days> found;
    if (list)
        for (auto const& each : *list)
            if (auto const* date = each.as_date()) found.push_back(day_of(date->get()));
    if (!list || found.size() != list->size())
        expected(key, *node, "a list of dates without quotes, as [2026-12-31]");
    else
        into = std::move(found);
}

std::optional<std::size_t> strict_table::one_of(std::string_view key, presence must,
                                                std::vector<std::string> const& words) {
    auto const* node = find(key, must);
    if (!node) return std::nullopt;
    auto const* found = node->as_string();
    auto const at = found ? std::ranges::find(words, found->get()) : words.end();
    if (at != words.end()) return static_cast<std::size_t>(at - words.begin());
    auto const near = found ? runtime::nearest_word(found->get(), words) : std::nullopt;
    auto const hint = near ? fmt::format(": did you mean \"{}\"?", *near) : "";
    expected(key, *node, fmt::format("one of {}{}", fmt::join(words, ", "), hint));
    return std::nullopt;
}

toml::table const* strict_table::section(std::string_view key, presence must) {
    auto const* node = find(key, must);
    if (!node) return nullptr;
    if (!node->is_table()) expected(key, *node, fmt::format("a section: [{}]", full_name(key)));
    return node->as_table();
}

std::vector<toml::table const*> strict_table::sections(std::string_view key, presence must) {
    std::vector<toml::table const*> found;
    auto const* node = find(key, must);
    if (!node) return found;
    auto const* list = node->as_array();
    bool const fits = list && !list->empty() &&
                      std::ranges::all_of(*list, [](auto const& each) { return each.is_table(); });
    if (!fits)
        expected(key, *node, fmt::format("one or more sections [[{}]]", full_name(key)));
    else
        for (auto const& each : *list)
            found.push_back(each.as_table());
    return found;
}

void strict_table::finish() {
    for (auto const& [word, node] : table_) {
        auto const key = std::string(word.str());
        if (std::ranges::find(known_, key) != known_.end()) continue;
        auto const near = runtime::nearest_word(key, known_);
        problems_.add(node, fmt::format("unknown key {}: {}", full_name(key),
                                        near ? fmt::format("did you mean {}?", full_name(*near))
                                             : fmt::format("remove it; there are {}",
                                                           fmt::join(known_, ", "))));
    }
}

toml::node const* strict_table::find(std::string_view key, presence must) {
    known_.emplace_back(key);
    auto const* node = table_.get(key);
    if (!node && must == presence::required)
        problems_.add(table_, fmt::format("{} is missing: add it", full_name(key)));
    return node;
}

void strict_table::expected(std::string_view key, toml::node const& found,
                            std::string const& what) {
    problems_.add(found,
                  fmt::format("{} is {}; it must be {}", full_name(key), shown(found), what));
}

std::string strict_table::full_name(std::string_view key) const {
    return name_.empty() ? std::string(key) : fmt::format("{}.{}", name_, key);
}

} // namespace linli::files
