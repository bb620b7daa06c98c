#include "domain/progress.hpp"

#include <charconv>

namespace linli::domain {

namespace {

void add(std::string& to, std::string_view name, std::string const& value) {
    if (!to.empty()) to += ' ';
    to += std::string(name) + '=' + value;
}

void add(std::string& to, std::string_view name, std::uint32_t value) {
    if (value != 0) add(to, name, std::to_string(value));
}

bool read(std::string_view text, std::uint32_t& into) {
    auto const end = text.data() + text.size();
    auto const [at, error] = std::from_chars(text.data(), end, into);
    return error == std::errc{} && at == end;
}

// The next part of `rest` up to `mark`, which it loses.
std::string_view take(std::string_view& rest, char mark) {
    auto const at = rest.find(mark);
    auto const part = rest.substr(0, at);
    rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
    return part;
}

template <class E>
bool read(std::string_view text, set_of<E>& into) {
    while (!text.empty()) {
        auto const value = from_text<E>(take(text, ','));
        if (!value) return false;
        into.insert(*value);
    }
    return true;
}

bool read_one(std::string_view name, std::string_view value, progress& into) {
    if (name == "done") return read(value, into.done);
    if (name == "skipped") return read(value, into.skipped);
    if (name == "asks") return read(value, into.asks);
    if (name == "told") return read(value, into.told);
    if (name == "notices") return read(value, into.notices);
    if (name == "go") return read(value, into.go);
    return name == "access" && read(value, into.access);
}

} // namespace

std::string to_string(progress const& p) {
    std::string text;
    add(text, "done", p.done);
    add(text, "skipped", p.skipped);
    if (!p.asks.empty()) add(text, "asks", to_string(p.asks));
    if (!p.told.empty()) add(text, "told", to_string(p.told));
    add(text, "notices", p.notices);
    add(text, "go", p.go);
    add(text, "access", p.access);
    return text;
}

std::optional<progress> parse_progress(std::string_view text) {
    progress p;
    while (!text.empty()) {
        auto part = take(text, ' ');
        auto const name = take(part, '=');
        if (!read_one(name, part, p)) return std::nullopt;
    }
    return p;
}

} // namespace linli::domain
