#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/errc.hpp"
#include "domain/order.hpp"

namespace linli::app {

// What is said on the telephone to whoever is asked whether he takes an urgent order, in one
// language. Before he has accepted he may hear what the offer shows him, no more: {kind}, {place}
// (street or building), {away}. The others name {callback}, the number to ring.
struct offer_words {
    std::string offered;        // with the keys that he has
    std::string offered_worker; // the same, where a colleague of his is in danger
    std::string away;           // {distance}; left out where nobody knows how far he has to go
    std::string somewhere;      // in place of {place}
    std::string drill;          // before all else
    std::string accepted;
    std::string accepted_company; // it says who goes: until then nobody does
    std::string declined;
    std::string taken; // by somebody else
    std::string busy;  // he is at another home
    std::string over;  // it has ended
    std::string noted; // nobody could say what has come of the key
};

// What a file leaves out is said so.
offer_words usual_offer_words(std::string_view language);

struct offer_said {
    std::string kind; // in words
    std::string place;
    std::uint32_t distance_m = 0; // 0: unknown
    bool is_drill = false;
    bool is_for_colleague = false;
};
std::string word_offer(offer_words const& words, std::string_view language, offer_said const& with);

// What his key has led to.
struct offer_answered {
    domain::reply_kind said = domain::reply_kind::accept;
    std::optional<domain::refusal> refused;
    bool is_by_company = false; // that names who goes
};
std::string word_answer(offer_words const& words, offer_answered const& what,
                        std::string const& callback);
std::string word_noted(offer_words const& words, std::string const& callback);

} // namespace linli::app
