#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "domain/ids.hpp"
#include "domain/named.hpp"
#include "domain/place.hpp"
#include "domain/time.hpp"

namespace linli::domain {

using proof_id = record_id<struct proof_tag>;

// What a worker leaves to show that he was there. None of them alone proves a visit; together, with
// where and when, they are what a reviewer looks at.
enum class proof_kind : std::uint8_t {
    photo,
    signature,
    code,       // that the resident or the family knows
    bound,      // the device that he holds is the one that was ordered
    consent,    // to a device, signed
    door_photo, // with where the door is
    contact,    // was rung from the door, and what came of it
};

template <>
struct names<proof_kind> {
    static constexpr std::array<std::pair<proof_kind, std::string_view>, 7> table{{
        {proof_kind::photo, "photo"},
        {proof_kind::signature, "signature"},
        {proof_kind::code, "code"},
        {proof_kind::bound, "bound"},
        {proof_kind::consent, "consent"},
        {proof_kind::door_photo, "door_photo"},
        {proof_kind::contact, "contact"},
    }};
};

struct visit_proof {
    proof_id id; // made by his telephone, the same in every try
    order_id order;
    offer_id offer;
    worker_id worker;
    proof_kind what = proof_kind::photo;
    std::optional<instant> taken_at; // his telephone's clock
    instant came_at;                 // the house clock; much later when he had no network
    std::optional<position> fix;
    std::optional<std::uint32_t> distance_m; // from the door, where both are known
    std::string note;   // codes only: a device, the words' version, "1 answered"
    bool holds = true;  // a code that was wrong doesn't
    std::string type;   // of the picture; empty: there is none
    std::string digest; // SHA-256 of the picture, in hex

    bool operator==(visit_proof const&) const = default;
};

// "image/jpeg" or "image/png", by its first bytes; empty: neither. Never by what its sender says.
std::string_view picture_type(std::string_view bytes);

inline constexpr std::size_t most_photo_bytes = 300 * 1024;
inline constexpr std::size_t most_signature_bytes = 50 * 1024;
inline constexpr int most_proofs = 40;     // of an order
inline constexpr int most_wrong_codes = 5; // of an order: 10,000 codes can't be tried out

// Which field of it can't be: picture, code or note. Nothing: it will do.
std::optional<std::string_view> objection_to(proof_kind what, std::string_view picture,
                                             std::string_view digits, std::string_view note);

// 4 to 6 digits.
bool is_visit_code(std::string_view text);

// What the order's log says of it: "photo 9f86d0… 12m".
std::string written(visit_proof const& what);

std::optional<std::uint32_t> distance_from_door(std::optional<position> const& fix,
                                                std::optional<position> const& door);

} // namespace linli::domain
