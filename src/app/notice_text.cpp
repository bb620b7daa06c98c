#include "app/notice_text.hpp"

#include <algorithm>
#include <utility>

namespace linli::app {

namespace {

std::string two_digits(int number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
}

std::string clock_text(domain::instant at, domain::minutes utc_offset) {
    auto const minute = domain::minute_of_day(at, utc_offset);
    return two_digits(minute / 60) + ':' + two_digits(minute % 60);
}

template <class Map, class Key>
std::string text_or_empty(Map const& from, Key const& key) {
    auto const found = from.find(key);
    return found == from.end() ? std::string() : found->second;
}

} // namespace

notice_words const& words_in(notice_texts const& texts, std::string_view language) {
    auto const found = texts.find(language);
    return found != texts.end() ? found->second : texts.at("zh");
}

std::string filled(std::string_view pattern, std::map<std::string, std::string> const& with) {
    std::string text;
    for (std::size_t at = 0; at < pattern.size();) {
        auto const end = pattern[at] == '{' ? pattern.find('}', at) : std::string_view::npos;
        auto const found = end == std::string_view::npos
                               ? with.end()
                               : with.find(std::string(pattern.substr(at + 1, end - at - 1)));
        if (found == with.end()) {
            text += pattern[at++];
            continue;
        }
        text += found->second;
        at = end + 1;
    }
    return text;
}

wording word_notice(notice_texts const& texts, std::string_view language,
                    domain::notice const& about, said const& with) {
    auto const& words = words_in(texts, language);
    bool const to_contact = about.to == domain::audience::contacts;
    std::map<std::string, std::string> const names{
        {"name", to_contact ? with.name : std::string()},
        {"kind", text_or_empty(words.kinds, about.kind)},
        {"time", clock_text(about.at, with.utc_offset)},
        {"place", to_contact ? std::string() : with.place},
        {"callback", with.callback},
    };
    auto const& by_reason = to_contact ? words.contacts : words.staff;
    return {filled(words.subject, names), filled(text_or_empty(by_reason, about.why), names)};
}

std::string word_others(notice_texts const& texts, std::string_view language,
                        std::vector<std::string> const& places) {
    std::vector<std::pair<std::string, int>> counted; // in the order of their coming
    for (auto const& each : places) {
        auto const known = std::find_if(counted.begin(), counted.end(),
                                        [&](auto const& one) { return one.first == each; });
        if (known == counted.end())
            counted.emplace_back(each, 1);
        else
            ++known->second;
    }
    std::string text;
    for (auto const& [place, count] : counted)
        text += (text.empty() ? "" : "、") + place +
                (count == 1 ? std::string() : "×" + std::to_string(count));
    return filled(words_in(texts, language).more,
                  {{"count", std::to_string(places.size())}, {"places", text}});
}

std::string word_degraded(notice_texts const& texts, domain::notice const& about,
                          degraded_said const& with) {
    auto const& words = words_in(texts, "zh");
    std::string devices;
    for (auto const& each : with.all)
        devices += (devices.empty() ? "" : "、") + each.device + "（" + each.place + "）";
    std::map<std::string, std::string> const names{
        {"kind", text_or_empty(words.kinds, about.kind)},
        {"time", clock_text(about.at, with.utc_offset)},
        {"place", with.all.front().place},
        {"device", with.all.front().device},
        {"event", with.event},
        {"count", std::to_string(with.all.size())},
        {"devices", devices},
    };
    auto const& of_one = with.is_set_aside ? words.set_aside : words.degraded;
    return filled(with.all.size() == 1 ? of_one : words.degraded_many, names);
}

std::string word_synthetic(notice_texts const& texts, std::optional<std::string> const& stuck_at,
                           domain::instant at, domain::minutes utc_offset) {
    auto const& words = words_in(texts, "zh");
    return filled(stuck_at ? words.broken : words.whole,
                  {{"stage", stuck_at.value_or("")}, {"time", clock_text(at, utc_offset)}});
}

wording word_test(notice_texts const& texts, std::string_view language, said const& with) {
    auto const& words = words_in(texts, language);
    std::map<std::string, std::string> const names{{"name", with.name},
                                                   {"callback", with.callback}};
    return {filled(words.subject, names), filled(words.test, names)};
}

} // namespace linli::app
