#include "adapters/watch_tcp/frame.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>

#include <fmt/format.h>

namespace linli::watch_tcp {

namespace {

constexpr std::size_t fewest_digits = 10;
constexpr std::size_t most_digits = 15;
constexpr std::size_t longest_header = 40;
constexpr std::size_t longest_type = 24;
constexpr std::size_t most_fields = 400; // 7 cells and 20 networks are 100
constexpr char escape = '\x7d';

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
char upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}
bool is_word(std::string_view text) {
    auto const fits = [](char c) {
        return is_digit(c) || c == '_' || (upper(c) >= 'A' && upper(c) <= 'Z');
    };
    return !text.empty() && text.size() <= longest_type && !is_digit(text[0]) &&
           std::ranges::all_of(text, fits);
}
// Two of any letters or digits: "3G", "ZJ".
bool is_maker(std::string_view text) {
    auto const fits = [](char c) { return is_digit(c) || (upper(c) >= 'A' && upper(c) <= 'Z'); };
    return text.size() == 2 && std::ranges::all_of(text, fits);
}
bool is_four_hex(std::string_view text) {
    return text.size() == 4 && std::ranges::all_of(text, is_hex);
}

std::uint32_t hex_value(std::string_view digits) {
    std::uint32_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    return value;
}

// Up to the next star, and past it; nothing, and nothing taken, if there is none.
std::optional<std::string_view> take_part(std::string_view& rest) {
    auto const star = rest.substr(0, longest_header).find('*');
    if (star == std::string_view::npos) return std::nullopt;
    auto const part = rest.substr(0, star);
    rest.remove_prefix(star + 1);
    return part;
}

// The first run of as many digits as an id has.
std::string_view id_among(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        auto const end = static_cast<std::size_t>(
            std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), is_digit) -
            text.begin());
        if (is_watch_id(text.substr(at, end - at))) return text.substr(at, end - at);
        at = end + 1;
    }
    return {};
}

// A header that is broken: an id wherever there is one, and what follows its last star.
std::string_view salvage(std::string_view bytes, frame& into) {
    auto const header = bytes.substr(0, longest_header);
    into.id = id_among(header);
    auto const star = header.substr(0, header.find(',')).rfind('*');
    return star == std::string_view::npos ? std::string_view{} : bytes.substr(star + 1);
}

// The body, and the length that the header tells of it.
struct body {
    std::string_view bytes;
    std::optional<std::size_t> told;
};

body read_header(std::string_view bytes, frame& into) {
    auto rest = bytes;
    auto const maker = take_part(rest);
    auto const id = take_part(rest);
    auto const length = take_part(rest);
    bool const fits =
        maker && is_maker(*maker) && id && is_watch_id(*id) && length && is_four_hex(*length);
    if (!fits) return {salvage(bytes, into), std::nullopt};
    into.maker = *maker;
    into.id = *id;
    auto after = rest;
    auto const second = take_part(after);
    if (!second || !is_four_hex(*second)) return {rest, hex_value(*length)};
    into.index = *length;
    return {after, hex_value(*second)};
}

std::optional<char> unescaped(char c) {
    constexpr std::string_view plain = "}[],*";
    auto const number = static_cast<unsigned char>(c);
    if (number < 1 || number > plain.size()) return std::nullopt;
    return plain[number - 1U];
}

// Split first: an escaped comma separates nothing.
void read_fields(std::string_view bytes, frame& into) {
    std::string field;
    std::vector<std::string> all;
    for (std::size_t i = 0; i < bytes.size() && all.size() < most_fields; ++i) {
        auto const plain =
            bytes[i] == escape && i + 1 < bytes.size() ? unescaped(bytes[i + 1]) : std::nullopt;
        if (plain) {
            field += *plain;
            ++i;
        } else if (bytes[i] == ',') {
            all.push_back(std::move(field));
            field.clear();
        } else {
            field += bytes[i];
        }
    }
    // The last one of a frame that was cut off may be half of it.
    if (into.is_closed || all.empty()) all.push_back(std::move(field));
    if (!is_word(all[0])) return;
    into.type = std::move(all[0]);
    all.erase(all.begin());
    into.fields = std::move(all);
}

bool is_same(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, upper, upper);
}

bool is_any_of(std::string_view type, auto const& words) {
    return std::ranges::any_of(words, [&](std::string_view word) { return is_same(word, type); });
}

bool begins(std::string_view type, std::string_view with) {
    return std::ranges::equal(type.substr(0, with.size()), with, {}, upper);
}

bool is_date_or_time(std::string_view text) {
    return text.size() == 6 && std::ranges::all_of(text, is_digit);
}

} // namespace

bool is_watch_id(std::string_view text) {
    return text.size() >= fewest_digits && text.size() <= most_digits &&
           std::ranges::all_of(text, is_digit);
}

std::string framed(std::string_view maker, std::string_view id, std::string_view index,
                   std::string_view body) {
    auto const by = maker.empty() ? "3G" : maker;
    if (index.empty()) return fmt::format("[{}*{}*{:04X}*{}]", by, id, body.size(), body);
    return fmt::format("[{}*{}*{}*{:04X}*{}]", by, id, index, body.size(), body);
}

frame read_frame(std::string_view bytes) {
    frame f;
    if (bytes.starts_with('[')) bytes.remove_prefix(1);
    f.is_closed = bytes.ends_with(']');
    if (f.is_closed) bytes.remove_suffix(1);
    auto const content = read_header(bytes, f);
    f.is_counted = f.is_closed && content.told == content.bytes.size();
    read_fields(content.bytes, f);
    return f;
}

bool is_type(frame const& f, std::string_view word) {
    return is_same(f.type, word);
}

bool is_alarm(frame const& f) {
    return begins(f.type, "AL");
}

bool is_report(frame const& f) {
    if (begins(f.type, "UD") || begins(f.type, "WT")) return true;
    if (is_known(f)) return false;
    if (f.fields.size() > place_of_status) return true;
    return f.fields.size() >= 2 && is_date_or_time(f.fields[0]) && is_date_or_time(f.fields[1]);
}

// What they send by themselves, and the commands that they echo.
bool is_known(frame const& f) {
    constexpr std::array<std::string_view, 31> others{
        "INIT",           "LK",     "TK",         "TKQ",    "TKQ2",   "JXTK", "PULSE",
        "heart",          "bphrt",  "BLOOD",      "btemp2", "oxygen", "img",  "CONFIG",
        "ICCID",          "RYIMEI", "CR",         "UPLOAD", "SOS",    "SOS1", "SOS2",
        "SOS3",           "PHB",    "PHB2",       "FIND",   "LZ",     "CALL", "VERNO",
        "APPANDFNREPORT", "TS",     "SILENCETIME"};
    return is_any_of(f.type, others);
}

std::optional<status> status_of(frame const& f) {
    if (f.fields.size() <= place_of_status) return std::nullopt;
    std::string_view const digits = f.fields[place_of_status];
    bool const fits = digits.size() == 4 || digits.size() == 8;
    if (!fits || !std::ranges::all_of(digits, is_hex)) return std::nullopt;
    return status{hex_value(digits)};
}

std::string answer_to(frame const& f) {
    constexpr std::array<std::string_view, 3> echoed{"LK", "TKQ", "TKQ2"};
    std::string text;
    if (is_alarm(f))
        text = "AL";
    else if (f.type == "INIT")
        text = "INIT,1";
    else if (is_any_of(f.type, echoed))
        text = f.type;
    if (text.empty() || f.id.empty() || !f.is_closed) return {};
    return framed(f.maker, f.id, f.index, text);
}

} // namespace linli::watch_tcp
