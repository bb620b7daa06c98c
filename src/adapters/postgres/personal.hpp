#pragma once

#include <string>
#include <string_view>

#include "adapters/postgres/key_ring.hpp"

namespace linli::postgres {

// What lies inside the encrypted `personal` columns, as JSON. Reading is lenient: unknown keys are
// passed over, missing ones and garbage stay empty, because a card with half its lines helps more
// than none.

struct home_personal {
    std::string door; // "3号楼2单元501"
    std::string access_notes;

    static constexpr purpose sealed_for{"home"};
    bool operator==(home_personal const&) const = default;
};

struct resident_personal {
    std::string name;
    std::string phone;
    std::string id_number;
    std::string notes;
    std::string visit_code = {};

    static constexpr purpose sealed_for{"resident"};
    bool operator==(resident_personal const&) const = default;
};

struct contact_personal {
    std::string name;
    std::string phone;
    std::string email = {};

    static constexpr purpose sealed_for{"contact"};
    bool operator==(contact_personal const&) const = default;
};

struct worker_personal {
    std::string name;
    std::string phone;

    static constexpr purpose sealed_for{"worker"};
    bool operator==(worker_personal const&) const = default;
};

struct site_personal {
    std::string duty_phone;
    std::string shift_leader; // telephone of whoever leads the shift

    static constexpr purpose sealed_for{"site"};
    bool operator==(site_personal const&) const = default;
};

struct provider_personal {
    std::string phone;

    static constexpr purpose sealed_for{"provider"};
    bool operator==(provider_personal const&) const = default;
};

struct account_personal {
    std::string name;

    static constexpr purpose sealed_for{"account"};
    bool operator==(account_personal const&) const = default;
};

struct complaint_personal {
    std::string complainer;
    std::string words;
    std::string answer;

    static constexpr purpose sealed_for{"complaint"};
    bool operator==(complaint_personal const&) const = default;
};

// What a booking was made with, as it is.
inline constexpr purpose booking_words{"booking"};

// Of a call to the hotline.
struct call_personal {
    std::string number;
    std::string reason; // why it was no case, in somebody's words

    static constexpr purpose sealed_for{"call"};
    bool operator==(call_personal const&) const = default;
};

// Of a call that the house begins, until it is over.
struct placed_call_personal {
    std::string number;
    std::string text;
    std::string noted = {};

    static constexpr purpose sealed_for{"placed_call"};
    bool operator==(placed_call_personal const&) const = default;
};

// The number of a wish for a call: nobody's business once it is rung.
inline constexpr purpose wish_sealed_for{"call_wish"};

std::string to_json(home_personal const& text);
std::string to_json(resident_personal const& text);
std::string to_json(contact_personal const& text);
std::string to_json(worker_personal const& text);
std::string to_json(provider_personal const& text);
std::string to_json(site_personal const& text);
std::string to_json(account_personal const& text);
std::string to_json(complaint_personal const& text);
std::string to_json(call_personal const& text);
std::string to_json(placed_call_personal const& text);

template <class Personal>
Personal from_json(std::string_view json);

// One text of any of them, by its name.
std::string text_in_json(std::string_view json, std::string_view name);

template <>
home_personal from_json<home_personal>(std::string_view json);
template <>
resident_personal from_json<resident_personal>(std::string_view json);
template <>
contact_personal from_json<contact_personal>(std::string_view json);
template <>
worker_personal from_json<worker_personal>(std::string_view json);
template <>
provider_personal from_json<provider_personal>(std::string_view json);
template <>
site_personal from_json<site_personal>(std::string_view json);
template <>
account_personal from_json<account_personal>(std::string_view json);
template <>
complaint_personal from_json<complaint_personal>(std::string_view json);
template <>
placed_call_personal from_json<placed_call_personal>(std::string_view json);
template <>
call_personal from_json<call_personal>(std::string_view json);

// Digits as they are dialled inside China: without +86, blanks, hyphens, brackets; an area code
// has its 0, also if the text has left it out. A foreign number keeps its "+". Full-width digits
// become plain ones.
std::string normalised_phone(std::string_view text);

// Upper-case X, no blanks or hyphens, plain digits.
std::string normalised_id_number(std::string_view text);

// Columns for look-up; empty text has none. The kinds are "phone" and "id_number".
lookup_digest phone_lookup(key_ring const& keys, std::string_view phone);
lookup_digest id_number_lookup(key_ring const& keys, std::string_view id_number);

} // namespace linli::postgres
