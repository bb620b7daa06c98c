#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "domain/ids.hpp"
#include "domain/named.hpp"
#include "domain/time.hpp"

namespace linli::domain {

enum class offer_state : std::uint8_t { open, accepted, declined, expired, withdrawn };

template <>
struct names<offer_state> {
    static constexpr std::array<std::pair<offer_state, std::string_view>, 5> table{{
        {offer_state::open, "open"},
        {offer_state::accepted, "accepted"},
        {offer_state::declined, "declined"},
        {offer_state::expired, "expired"},
        {offer_state::withdrawn, "withdrawn"},
    }};
};

// An order shown to a provider and the worker whom we mean: a lease with an end.
struct offer {
    offer_id id;
    order_id order;
    provider_id provider;
    worker_id worker; // empty: made to the company, which names one of its people
    offer_state state = offer_state::open;
    instant opened_at;
    instant expires_at;
    std::optional<instant> due_at; // = expires_at while open
    std::uint32_t round = 1;       // the order's search that made it
    std::uint32_t distance_m = 0;
    std::string reason;        // why declined or withdrawn
    std::uint32_t version = 0; // of the stored row and of the message to the provider

    bool operator==(offer const&) const = default;
};

} // namespace linli::domain
