#pragma once

#include <map>
#include <string>
#include <string_view>

#include "domain/delivery.hpp"

namespace linli::app {

// The words of one language. The installation edits them; they name {name}, {kind}, {time},
// {place} and {callback}, each only where its receiver may know it.
struct notice_words {
    std::string subject; // of an e-mail
    std::string test;    // when a number is tried
    std::map<domain::alert_kind, std::string> kinds;
    std::map<domain::notice_reason, std::string> contacts;
    std::map<domain::notice_reason, std::string> staff; // shift leader and duty telephone
};

using notice_texts = std::map<std::string, notice_words, std::less<>>; // by language; has "zh"

// What may be said to this receiver.
struct said {
    std::string name;  // of the resident: contacts only
    std::string place; // area or site code: staff only
    std::string callback;
    domain::minutes utc_offset{0};
};

struct wording {
    std::string subject;
    std::string text;
};

// A language that has no words speaks "zh".
wording word_notice(notice_texts const& texts, std::string_view language,
                    domain::notice const& about, said const& with);
wording word_test(notice_texts const& texts, std::string_view language, said const& with);

// Names in braces replaced, anything else left as it is; what was put in is not looked at again.
std::string filled(std::string_view pattern, std::map<std::string, std::string> const& with);

} // namespace linli::app
