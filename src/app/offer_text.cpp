#include "app/offer_text.hpp"

#include "app/notice_text.hpp"

namespace linli::app {

namespace {

constexpr std::uint32_t metres_a_kilometre = 1000;
constexpr std::uint32_t metres_a_tenth = 100;
constexpr std::uint32_t nearest_said = 50; // metres: nobody hears more exactly

// "350米", "1.2公里"; what is near is never said to be no way at all.
std::string distance_text(std::uint32_t metres, bool is_english) {
    auto const rounded = (metres + nearest_said / 2) / nearest_said * nearest_said;
    auto const near = rounded == 0 ? nearest_said : rounded;
    if (near < metres_a_kilometre) return std::to_string(near) + (is_english ? " metres" : "米");
    auto const tenths = (metres + metres_a_tenth / 2) / metres_a_tenth;
    constexpr std::uint32_t ten = 10;
    auto const whole = std::to_string(tenths / ten);
    auto const rest = tenths % ten == 0 ? std::string() : '.' + std::to_string(tenths % ten);
    return whole + rest + (is_english ? " kilometres" : "公里");
}

std::string const& of_refusal(offer_words const& words, domain::refusal why) {
    if (why == domain::refusal::taken) return words.taken;
    return why == domain::refusal::busy ? words.busy : words.over;
}

} // namespace

offer_words usual_offer_words(std::string_view language) {
    if (language == "en")
        return {.offered = "An urgent order. {place}: somebody {kind}{away}. To accept, press 1. "
                           "If you can't go, press 2.",
                .offered_worker = "An urgent order. {place}: a colleague {kind}{away}. To accept, "
                                  "press 1. If you can't go, press 2.",
                .away = ", about {distance} from you",
                .somewhere = "The place is in your app",
                .drill = "This is an exercise. ",
                .accepted = "The order is yours. Please set out now. The address is in your app; "
                            "or ring {callback}.",
                .accepted_company = "The order is yours. Please name at once who goes, in your "
                                    "app; or ring {callback}.",
                .declined = "You don't go. Thank you, and goodbye.",
                .taken = "Somebody else has taken this order. Please don't go. Thank you.",
                .busy = "You have an urgent order at another home, so this one isn't yours.",
                .over = "This order is over. Please don't go. Thank you.",
                .noted = "Your key is noted. Before you set out, look into your app or ring "
                         "{callback}."};
    return {.offered = "紧急工单。{place}，有老人{kind}{away}。接单请按1，不能去请按2。",
            .offered_worker = "紧急工单。{place}，有同事求助，{kind}{away}。"
                              "接单请按1，不能去请按2。",
            .away = "，距您大约{distance}",
            .somewhere = "地点请看手机应用",
            .drill = "这是演练。",
            .accepted = "已接单，请马上出发。详细地址请看手机应用，或拨打{callback}。",
            .accepted_company = "已接单，请马上在手机应用里派人，或拨打{callback}。",
            .declined = "已记录您不能前往。谢谢您，再见。",
            .taken = "这张工单已由别人接下，请不要前往。谢谢您。",
            .busy = "您手上还有另一处的紧急工单，这一张没有派给您。",
            .over = "这张工单已经结束，请不要前往。谢谢您。",
            .noted = "已记下您的按键。请先看手机应用，或拨打{callback}，确认以后再出发。"};
}

std::string word_offer(offer_words const& words, std::string_view language,
                       offer_said const& with) {
    auto const distance = distance_text(with.distance_m, language == "en");
    auto const away = with.distance_m == 0 ? "" : filled(words.away, {{"distance", distance}});
    auto const& place = with.place.empty() ? words.somewhere : with.place;
    return (with.is_drill ? words.drill : "") +
           filled(with.is_for_colleague ? words.offered_worker : words.offered,
                  {{"kind", with.kind}, {"place", place}, {"away", away}});
}

std::string word_answer(offer_words const& words, offer_answered const& what,
                        std::string const& callback) {
    auto const& accepted = what.is_by_company ? words.accepted_company : words.accepted;
    auto const& text = what.refused                              ? of_refusal(words, *what.refused)
                       : what.said == domain::reply_kind::accept ? accepted
                                                                 : words.declined;
    return filled(text, {{"callback", callback}});
}

std::string word_noted(offer_words const& words, std::string const& callback) {
    return filled(words.noted, {{"callback", callback}});
}

} // namespace linli::app
