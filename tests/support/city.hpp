#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/record.hpp"

namespace linli::tests {

// A place that tests agree on, and so many metres to the north of it.
inline constexpr domain::position usual_place{31.26, 121.55, 0, {}};
domain::position north_of(domain::position const& from, double metres);

struct home_row {
    domain::home_id id;
    domain::area_id area; // empty: the newest station's
    std::string rough_place;
    std::optional<domain::position> place = usual_place;
    std::string door;
    std::string access_notes;
    std::vector<domain::device_id> devices; // fixed in it
    std::vector<std::string> flags;         // dog, violence, infection
};

struct resident_row {
    domain::resident_id id;
    domain::home_id home;
    bool high_risk = false;
    bool synthetic = false;
    std::string name;
    std::string phone;
    std::vector<domain::device_id> devices; // worn
    std::string visit_code;
    std::string language = {};
};

// home("h1").at(31.2, 121.5).door("3-501").has("box1")
class home {
public:
    explicit home(std::string id) { row.id = {std::move(id)}; }
    home& in(std::string area) { return row.area = {std::move(area)}, *this; }
    home& at(domain::position const& place) { return row.place = place, *this; }
    home& nowhere() { return row.place.reset(), *this; }
    home& roughly(std::string street) { return row.rough_place = std::move(street), *this; }
    home& door(std::string text) { return row.door = std::move(text), *this; }
    home& notes(std::string text) { return row.access_notes = std::move(text), *this; }
    home& flagged(std::string what) { return row.flags.push_back(std::move(what)), *this; }
    home& has(std::string device) { return row.devices.push_back({std::move(device)}), *this; }

    home_row row;
};

// resident("r1").at_home("h1").wears("w1"); a home that the city doesn't know yet is built.
class resident {
public:
    explicit resident(std::string id) { row.id = {std::move(id)}; }
    resident& at_home(std::string id) { return row.home = {std::move(id)}, *this; }
    resident& wears(std::string device) {
        return row.devices.push_back({std::move(device)}), *this;
    }
    resident& synthetic() { return row.synthetic = true, *this; }
    resident& speaks(std::string what) { return row.language = std::move(what), *this; }
    resident& high_risk() { return row.high_risk = true, *this; }
    resident& named(std::string text) { return row.name = std::move(text), *this; }
    resident& phone(std::string text) { return row.phone = std::move(text), *this; }
    resident& with_code(std::string digits) { return row.visit_code = std::move(digits), *this; }

    resident_row row;
};

// worker("k1").of("p1").from("s1").certified("first_aid"). Without more words: of provider "p1",
// from the newest station, at the usual place, on duty round the clock.
class worker {
public:
    explicit worker(std::string id);
    worker& of(std::string provider) { return row.provider = {std::move(provider)}, *this; }
    worker& from(std::string site) { return row.site = std::move(site), *this; }
    worker& at(domain::position const& place) { return row.place = place, *this; }
    worker& unseen() { return row.place.reset(), *this; }
    worker& certified(std::string what);
    worker& on_duty(int from_minute, int until_minute);
    worker& rated(double stars) { return row.rating = stars, *this; }
    worker& who_is(domain::responder_kind kind) { return row.kind = kind, *this; }
    worker& synthetic() { return row.synthetic = true, *this; }
    worker& with_a_partner() { return row.people = 2, *this; }
    worker& with_key_of(std::string home) { return row.homes.push_back(std::move(home)), *this; }
    worker& whose_company_is_asked() { return row.by_company = true, *this; }
    worker& wears(std::string device) { return devices.push_back({std::move(device)}), *this; }

    domain::worker row;
    std::vector<domain::device_id> devices; // his own button
};

// The registry of a town, told in the words of the field; memory_record lives on it, and the
// contract tests write it into PostgreSQL.
class city {
public:
    city& with_centre(std::string id, int opens = 0, int closes = 1440);
    // Brings an area of its own, "310000" + id.
    city& with_station(std::string id, int opens = 0, int closes = 1440);
    city& with(home what);
    city& with(resident what);
    city& with(worker what);
    city& with_device(std::string id); // registered, bound to nobody

    home_row const* find(domain::home_id const& id) const;

    std::int64_t version = 1;
    std::vector<app::area> areas;
    std::vector<app::site> sites;
    std::vector<home_row> homes;
    std::vector<resident_row> residents;
    std::vector<domain::device_id> unbound_devices;
    std::vector<domain::worker> workers;
    std::vector<std::pair<domain::device_id, domain::worker_id>> workers_buttons;

private:
    void add_site(std::string id, domain::site_level level, domain::area_id area, int opens,
                  int closes);
    domain::site_id above_ = {"city"}; // of the next station
};

inline constexpr auto city_area = "310000";

// Area 310000 with the city's desk "city", which never closes.
city a_city();

} // namespace linli::tests
