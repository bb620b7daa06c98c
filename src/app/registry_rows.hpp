#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "domain/delivery.hpp"
#include "domain/ids.hpp"
#include "domain/observation.hpp"
#include "domain/place.hpp"
#include "domain/plan.hpp"
#include "domain/responder.hpp"
#include "domain/sheet.hpp"

namespace linli::app {

// The registry as an installation hands it over: one struct a file, one member a column. Personal
// text is in clear here, and only here.

inline constexpr std::array<std::string_view, 7> resident_statuses{
    "present",           "away", "hospital", "institution", "moved", "deceased_reported",
    "deceased_confirmed"};

// In which residents are spoken with and seats speak: ISO 639; the pages offer the same.
inline constexpr std::array<std::string_view, 9> spoken_languages{"cmn", "wuu", "yue", "nan", "hak",
                                                                  "mvf", "uig", "bod", "en"};

inline constexpr std::array<std::string_view, 10> device_kinds{
    "button_box", "watch", "band", "smoke", "gas", "water", "bed", "infrared", "door", "other"};

// What whoever goes to a home must know (field-rules 16).
inline constexpr std::array<std::string_view, 3> home_flags{"dog", "violence", "infection"};

inline constexpr std::array<std::string_view, 2> dispatch_ways{"worker", "company"};

struct area_row {
    domain::area_id code;
    domain::area_id parent; // empty: the root
    std::string name;
    domain::site_id served_by; // empty: as its parent
};

struct site_row {
    domain::site_id id;
    std::string name;
    domain::site_level level = domain::site_level::station;
    domain::site_id parent;
    domain::area_id area;
    std::optional<domain::position> place;
    int opens = 0; // minute of the local day
    int closes = 1440;
    std::string duty_phone = {};
    std::string shift_leader = {}; // telephone
};

struct home_row {
    domain::home_id id;
    domain::area_id area;
    std::string rough_place;
    std::string door;
    std::optional<domain::position> place;
    std::string access_notes;
    std::vector<std::string> flags = {};                        // words of home_flags
    std::optional<std::chrono::sys_days> address_verified = {}; // somebody stood before the door
    std::string address_verified_by = {};
    std::string key_holder = {}; // a code: "property", "neighbour", "key_box"; empty: no spare key
    std::optional<std::chrono::sys_days> key_tested = {}; // it opened the door
};

struct resident_row {
    domain::resident_id id;
    domain::home_id home;
    std::string name;
    std::string phone;
    std::string id_number;
    std::string status; // a word of resident_statuses
    bool high_risk = false;
    std::string notes;
    bool synthetic = false;      // nobody: the house presses his button to prove itself
    std::string visit_code = {}; // that he tells a worker at the end of a visit; empty: none
    std::string language = {};   // a word of spoken_languages; empty: any
};

struct contact_row {
    domain::resident_id resident;
    int place = 1; // whom to tell first
    std::string name;
    std::string relation;
    std::string phone;
    std::vector<domain::channel> channels = {}; // in this order; none: voice, sms, email
    std::string email = {};
    std::optional<domain::quiet_hours> quiet = {};
    std::optional<bool> do_not_tell = {}; // empty: leave what is known of this number
    std::string language = {};            // empty: zh
};

struct device_row {
    domain::device_id id;
    std::string kind;
    domain::resident_id resident;    // worn by, or
    domain::home_id home;            // fixed in, or
    domain::worker_id worker;        // a worker's own button, or none of them: in stock
    domain::area_id stock_area = {}; // where it lies then; empty: the whole installation's
};

struct provider_row {
    domain::provider_id id;
    std::string name;
    std::string phone;
    std::string dispatch = "worker"; // a word of dispatch_ways
};

struct worker_row {
    domain::worker_id id;
    domain::provider_id provider;
    std::string name;
    std::string phone;
    domain::site_id site;
    std::optional<domain::position> place;
    std::vector<std::string> certificates;
    int from_minute = 0;
    int until_minute = 1440;
    std::optional<double> rating; // empty: leave what follow-ups have made of it
    domain::responder_kind kind = domain::responder_kind::worker;
    int people = 1;
    std::vector<std::string> homes; // whose key he holds, or that are his to look after
    std::vector<std::string> areas;
    bool synthetic = false;           // goes to synthetic residents, and nobody else does
    std::optional<bool> on_duty = {}; // no: ill or away; empty: leave what his company says
};

// A resident's own limit in place of the installation's.
struct limit_row {
    domain::resident_id resident;
    domain::own_limit limit;
};

// Where a wearer lives, may be, or may not be.
struct zone_row {
    domain::resident_id resident;
    domain::zone zone;
};

// The longest usual silence of a home in a part of the day.
struct silence_row {
    domain::home_id home;
    domain::day_part part;
};

// Of this owner's rows none are left.
struct emptied_rows {
    domain::sheet sheet{}; // contacts, limits, silences or zones
    std::string owner;
};

struct registry_rows {
    std::vector<area_row> areas;
    std::vector<site_row> sites;
    std::vector<home_row> homes;
    std::vector<resident_row> residents;
    std::vector<contact_row> contacts;
    std::vector<device_row> devices;
    std::vector<provider_row> providers;
    std::vector<worker_row> workers;
    std::vector<limit_row> limits;
    std::vector<zone_row> zones;
    std::vector<silence_row> silences;
    std::vector<emptied_rows> emptied; // by no file, only by a page

    std::size_t size() const {
        return areas.size() + sites.size() + homes.size() + residents.size() + contacts.size() +
               devices.size() + providers.size() + workers.size() + limits.size() + zones.size() +
               silences.size();
    }
};

// What the database has already: rows of an import may refer to it.
struct known_registry {
    struct area {
        domain::area_id parent;
        domain::site_id served_by;
    };

    std::unordered_map<domain::area_id, area> areas;
    std::unordered_map<domain::site_id, domain::site_level> sites;
    std::unordered_set<domain::home_id> homes;
    std::unordered_set<domain::resident_id> residents;
    std::unordered_set<domain::resident_id> erased;   // on request: nobody brings them back
    std::unordered_set<domain::home_id> erased_homes; // with them, and nobody lives there since
    std::unordered_set<domain::provider_id> providers;
    std::unordered_set<domain::worker_id> workers;
};

} // namespace linli::app
