#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "domain/named.hpp"

namespace linli::domain {

// Who can go. `worker` is a provider's employee; the others are whom a city has beside him.
enum class responder_kind : std::uint8_t {
    worker,
    station_staff, // 服务站
    visitor,       // 爱心助老员, of a village
    volunteer,
    neighbour, // who holds the key
    guard,     // 物业
    doctor,    // the family's
};

template <>
struct names<responder_kind> {
    static constexpr std::array<std::pair<responder_kind, std::string_view>, 7> table{{
        {responder_kind::worker, "worker"},
        {responder_kind::station_staff, "station_staff"},
        {responder_kind::visitor, "visitor"},
        {responder_kind::volunteer, "volunteer"},
        {responder_kind::neighbour, "neighbour"},
        {responder_kind::guard, "guard"},
        {responder_kind::doctor, "doctor"},
    }};
};

// Where somebody of that kind is asked to go.
enum class goes_to : std::uint8_t {
    anywhere,
    own_site, // the homes that his site serves
    own,      // the homes and areas that name him in the registry
};

// What he is shown once he has accepted: before, everybody sees the kind and the building only.
enum class sees : std::uint8_t {
    door,  // name and door
    visit, // also the notes and the telephone
};

struct responder_rules {
    goes_to where = goes_to::anywhere;
    bool needs_certificate = true; // what the plan asks for; else he looks, opens, stays with her
    int at_least = 1;              // people: volunteers go in pairs (field-rules 23)
    sees what = sees::visit;
};

// Holders of keys are not asked to lift or give first aid (field-rules 17), so no certificate is
// asked of them; neighbours, guards and volunteers never see notes (field-rules 23).
constexpr responder_rules rules_of(responder_kind kind) {
    switch (kind) {
    case responder_kind::worker:
        return {goes_to::anywhere, true, 1, sees::visit};
    case responder_kind::station_staff:
        return {goes_to::own_site, true, 1, sees::visit};
    case responder_kind::visitor:
        return {goes_to::own, false, 1, sees::visit};
    case responder_kind::volunteer:
        return {goes_to::anywhere, false, 2, sees::door};
    case responder_kind::neighbour:
        return {goes_to::own, false, 1, sees::door};
    case responder_kind::guard:
        return {goes_to::own, false, 1, sees::door};
    case responder_kind::doctor:
        return {goes_to::own, false, 1, sees::visit};
    }
    return {};
}

} // namespace linli::domain
