#include "support/city.hpp"

#include <algorithm>

namespace linli::tests {

domain::position north_of(domain::position const& from, double metres) {
    constexpr double metres_a_degree = 111'195.08;
    auto place = from;
    place.latitude += metres / metres_a_degree;
    return place;
}

worker::worker(std::string id) {
    row.id = {std::move(id)};
    row.provider = {"p1"};
    row.place = usual_place;
}

worker& worker::certified(std::string what) {
    row.certificates.push_back(std::move(what));
    return *this;
}

worker& worker::on_duty(int from_minute, int until_minute) {
    row.from_minute = from_minute;
    row.until_minute = until_minute;
    return *this;
}

city a_city() {
    city town;
    town.areas.push_back({{city_area}, {}, {"city"}});
    app::site desk;
    desk.id = {"city"};
    desk.level = domain::site_level::city;
    desk.area = {city_area};
    town.sites.push_back(desk);
    return town;
}

void city::add_site(std::string id, domain::site_level level, domain::area_id area, int opens,
                    int closes) {
    app::site s;
    s.id = {std::move(id)};
    s.level = level;
    s.parent = above_;
    s.area = std::move(area);
    s.place = usual_place;
    s.opens = opens;
    s.closes = closes;
    sites.push_back(std::move(s));
}

city& city::with_centre(std::string id, int opens, int closes) {
    above_ = {"city"};
    add_site(id, domain::site_level::centre, {city_area}, opens, closes);
    above_ = {std::move(id)};
    return *this;
}

city& city::with_station(std::string id, int opens, int closes) {
    areas.push_back({{city_area + id}, {city_area}, {id}});
    add_site(std::move(id), domain::site_level::station, areas.back().code, opens, closes);
    return *this;
}

city& city::with(home what) {
    if (what.row.area.empty()) what.row.area = areas.back().code;
    homes.push_back(std::move(what.row));
    return *this;
}

city& city::with(resident what) {
    if (!find(what.row.home)) with(home(what.row.home.value));
    residents.push_back(std::move(what.row));
    return *this;
}

city& city::with(worker what) {
    if (what.row.site.empty()) what.row.site = sites.back().id.value;
    for (auto& each : what.devices)
        workers_buttons.emplace_back(std::move(each), what.row.id);
    workers.push_back(std::move(what.row));
    return *this;
}

city& city::with_device(std::string id) {
    unbound_devices.push_back({std::move(id)});
    return *this;
}

home_row const* city::find(domain::home_id const& id) const {
    auto const at =
        std::find_if(homes.begin(), homes.end(), [&](home_row const& h) { return h.id == id; });
    return at == homes.end() ? nullptr : &*at;
}

} // namespace linli::tests
