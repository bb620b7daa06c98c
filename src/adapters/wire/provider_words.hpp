// The wire as a provider's system speaks it: for the simulator and tests.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/wire/device_words.hpp"
#include "domain/errc.hpp"
#include "domain/offer.hpp"
#include "domain/order.hpp"
#include "domain/place.hpp"
#include "domain/time.hpp"

namespace linli::wire {

struct seen_visit {
    std::string name;
    std::string door;
    std::string notes;
    std::string phone;
    std::optional<domain::position> place;
};

// An offer as its provider gets it. Without a state it says nothing about the offer: it only
// answers a reply that was no use.
struct seen_offer {
    std::string offer; // the UUID; what the reply said, when no such offer is known
    std::uint32_t version = 0;
    std::optional<domain::offer_state> state;
    std::string event;
    std::string order;
    std::string order_number;
    std::string service;
    std::uint32_t priority = 0;
    std::string worker;
    bool drill = false;
    std::optional<domain::instant> opened_at;
    std::optional<domain::instant> expires_at;
    std::string rough_place;
    std::uint32_t distance_m = 0;
    std::optional<seen_visit> visit;
    std::string withdrawn_because;
    std::string in_reply_to;
    bool refused = false;
    std::optional<domain::refusal> why; // nothing: the reply was unreadable
    std::string refusal_text;
    std::optional<domain::instant> wished_from; // of a booking: when he is to be there
    std::optional<domain::instant> wished_until;
};

std::optional<seen_offer> decode_offer(std::string_view payload);

// reply_id, offer, kind, reason, time and place; who replies is the credential's affair.
std::string encode_reply(domain::reply const& what, form as = form::protobuf);

} // namespace linli::wire
