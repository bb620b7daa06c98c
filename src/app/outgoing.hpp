#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "domain/notice.hpp"
#include "domain/offer.hpp"
#include "domain/order.hpp"
#include "domain/signal.hpp"

namespace linli::app {

// To the device that raised it.
struct receipt {
    domain::device_id to;
    domain::event_id event;
    domain::receipt_stage stage = domain::receipt_stage::stored;
    domain::instant at;
};

// Only for the worker who holds the order, and only while he does.
struct visit {
    std::string name;
    std::string door;
    std::string notes;
    std::string phone;
    std::optional<domain::position> place;
    std::vector<std::string> flags; // dog, violence, infection
    std::string wishes = {};        // of a booking: the words that it was made with
};

// To the provider: the offer as it is now; with an answer when a reply caused it.
struct offer_news {
    domain::offer offer;
    domain::order_id order;
    std::string order_number;
    domain::service_id service;
    domain::purpose what_for = domain::purpose::real;
    domain::priority level = domain::priority::p1;
    domain::event_id event;
    std::string rough_place;
    std::optional<domain::booking> booked = {}; // when it is wished for
    std::optional<app::visit> visit;
    std::string in_reply_to;
    std::optional<domain::refusal> refused;
    std::string refused_because;
};

// A reply that could not be read, or that names no offer of this provider.
struct reply_refused {
    domain::provider_id to;
    std::string in_reply_to;
    std::string offer; // as the provider wrote it
    domain::refusal why = domain::refusal::unknown;
    bool unreadable = false;
};

using outgoing = std::variant<receipt, offer_news, reply_refused, domain::notice>;

// The bytes for the wire; adapters/wire makes them.
using encoder = std::function<std::string(outgoing const&)>;

// One thing that must be told, stored in the transaction that decided it.
struct outbox_row {
    domain::uuid id;         // UUIDv7: rows of one destination go out in this order
    std::string destination; // "device:w1", "provider:c1", "people:<alert id>"
    std::string key;         // what it is about
    std::uint32_t version = 1;
    std::string payload;
    domain::instant due_at; // when to send it again if nobody has said that it went
    std::uint32_t attempts = 0;
};

} // namespace linli::app
