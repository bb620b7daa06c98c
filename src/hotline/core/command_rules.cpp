#include "hotline/core/command_rules.hpp"

#include <algorithm>

namespace linli::hotline {

namespace {

constexpr std::string_view all_digits = "0123456789*#ABCD";
constexpr std::size_t longest_address = 256;
constexpr std::size_t longest_header = 1024;
constexpr std::size_t longest_name = 64;
constexpr std::size_t most_headers = 16;

bool is_visible(char c) {
    return c > ' ' && c < '\x7f';
}

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= longest_name && std::ranges::all_of(text, is_plain);
}

// As an account's name is written, or none.
bool is_leg(std::string_view text) {
    auto const allowed = [](char c) { return is_plain(c) || c == '.' || c == '+'; };
    return !text.empty() && text.size() <= longest_name && std::ranges::all_of(text, allowed);
}

} // namespace

bool is_sound(std::string_view name) {
    return is_name(name);
}

bool is_address(std::string_view text) {
    bool const is_uri = text.starts_with("sip:") || text.starts_with("sips:");
    constexpr std::string_view forbidden = "<>\"?,";
    auto const allowed = [&](char c) {
        return is_visible(c) && forbidden.find(c) == forbidden.npos;
    };
    return is_uri && text.size() <= longest_address && std::ranges::all_of(text, allowed);
}

bool is_own_header(std::string_view name, std::string_view value) {
    auto const in_value = [](char c) { return c == ' ' || is_visible(c); };
    return name.starts_with("X-") && name.size() > 2 && is_name(name) &&
           value.size() <= longest_header && std::ranges::all_of(value, in_value);
}

bool may_ring(ring const& what) {
    auto const is_own = [](auto const& each) { return is_own_header(each.first, each.second); };
    return is_leg(what.leg.value) && is_address(what.address) &&
           what.headers.size() <= most_headers && std::ranges::all_of(what.headers, is_own);
}

bool may_say(std::vector<sound> const& what) {
    auto const is_one = [](sound const& each) { return is_sound(each.value); };
    return !what.empty() && what.size() <= most_sounds && std::ranges::all_of(what, is_one);
}

bool may_originate(originate const& what) {
    bool const may_call = is_name(what.reference) && is_address(what.to) &&
                          (what.from.empty() || is_address(what.from));
    if (auto const* const leg = std::get_if<ring>(&what.then)) return may_call && may_ring(*leg);
    auto const& said = std::get<speak>(what.then);
    auto const is_key = [](char c) { return all_digits.find(c) != all_digits.npos; };
    return may_call && may_say(said.sounds) && said.times >= 1 && said.times <= most_times &&
           said.accepts.size() <= all_digits.size() && std::ranges::all_of(said.accepts, is_key) &&
           (!said.thanks || is_sound(said.thanks->value));
}

} // namespace linli::hotline
