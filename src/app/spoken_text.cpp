#include "app/spoken_text.hpp"

#include <array>
#include <utility>

namespace linli::app {

namespace {

constexpr std::size_t longest = 1200;  // bytes: some 400 characters, about a minute and a half
constexpr std::size_t number_from = 4; // digits: a number that is dialled, not one that is counted

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// A message's brackets become a pause.
void without_brackets(std::string& text) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> all{
        {{"【", ""}, {"】", "，"}, {"[", ""}, {"]", ", "}, {"{", ""}, {"}", ""}}};
    for (auto const& [bracket, pause] : all)
        for (auto at = text.find(bracket); at != text.npos;
             at = text.find(bracket, at + pause.size()))
            text.replace(at, bracket.size(), pause);
}

// Not in the middle of a character.
void cut(std::string& text) {
    if (text.size() <= longest) return;
    auto end = longest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
        --end;
    text.resize(end);
}

} // namespace

std::string spoken_text(std::string_view text, std::string_view language) {
    std::string said;
    for (std::size_t at = 0; at < text.size();) {
        auto end = at;
        while (end < text.size() && is_digit(text[end]))
            ++end;
        auto const run = text.substr(at, end - at);
        bool const is_hour = !run.empty() && run.size() <= 2 && end + 2 < text.size() &&
                             text[end] == ':' && is_digit(text[end + 1]) && is_digit(text[end + 2]);
        if (is_hour && language != "en") {
            said.append(run).append("点").append(text.substr(end + 1, 2)).append("分");
            at = end + 3;
        } else if (run.size() >= number_from) {
            for (auto const digit : run)
                said.append(said.empty() || said.back() == ' ' ? "" : " ").append(1, digit);
            said += ' ';
            at = end;
        } else if (!run.empty()) {
            said.append(run);
            at = end;
        } else {
            // A control character would end the line for whoever speaks it.
            said += static_cast<unsigned char>(text[at]) < ' ' ? ' ' : text[at];
            ++at;
        }
    }
    without_brackets(said);
    cut(said);
    return said;
}

} // namespace linli::app
