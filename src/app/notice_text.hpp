#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/offer_text.hpp"
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
    // To the duty telephone while the database is away: of one emergency, with {device} and {event}
    // as well, and of several, with {count} and {devices}, each with its place. What a file leaves
    // out is said so.
    std::string degraded = "【邻里】数据库不可用（degraded）：{place} {time} {kind}，设备{device}，"
                           "事件{event}。系统暂不能派单，请马上处理。";
    std::string degraded_many =
        "【邻里】数据库不可用（degraded）：又有{count}起呼救，设备{devices}。"
        "系统暂不能派单，请马上处理。";
    // Of one that the database refuses for what it is, while it takes others: as of one above.
    std::string set_aside =
        "【邻里】系统无法记录这起呼救（degraded）：{place} {time} {kind}，设备{device}，"
        "事件{event}。系统不会派单，请马上处理。";
    // Behind the words of the first, when one message to a telephone of the house is about several:
    // {count} and {places} of the others.
    std::string more = "另有{count}起：{places}。";
    // The house's own press did not come through, at {stage} and {time}; and did again.
    std::string broken =
        "【邻里】{time}系统自检失败，停在：{stage}。呼救可能无人受理，请马上检查。";
    std::string whole = "【邻里】{time}系统自检恢复正常。";
    // To whoever is asked by telephone whether he takes an urgent order.
    offer_words offers = usual_offer_words("zh");
};

using notice_texts = std::map<std::string, notice_words, std::less<>>; // by language; has "zh"

// A language that has no words speaks "zh".
notice_words const& words_in(notice_texts const& texts, std::string_view language);

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

wording word_notice(notice_texts const& texts, std::string_view language,
                    domain::notice const& about, said const& with);
wording word_test(notice_texts const& texts, std::string_view language, said const& with);

// That the house's own press is stuck, or (without a stage) came through again.
std::string word_synthetic(notice_texts const& texts, std::optional<std::string> const& stuck_at,
                           domain::instant at, domain::minutes utc_offset);

// Of several in one message, where the others are: "620103×12、620104". {place} is the first's.
std::string word_others(notice_texts const& texts, std::string_view language,
                        std::vector<std::string> const& places);

// While the database is away: of one emergency, or of several at once. A voice reads all of them
// out, and whom it doesn't name has not been told of.
struct degraded_said {
    struct one {
        std::string device;
        std::string place;
    };
    std::vector<one> all; // not empty
    std::string event;    // of the first
    domain::minutes utc_offset{0};
    bool is_set_aside = false; // the database is there, and refuses it
};
std::string word_degraded(notice_texts const& texts, domain::notice const& about,
                          degraded_said const& with);

// Names in braces replaced, anything else left as it is; what was put in is not looked at again.
std::string filled(std::string_view pattern, std::map<std::string, std::string> const& with);

} // namespace linli::app
