#include "system/load/city.hpp"

#include <string>

namespace linli::tests::load {

namespace {

// A patient one is busy until its alert has been closed: seconds, more in an outage.
constexpr int patient_for_each_press_a_second = 6;
constexpr int providers = 20;
constexpr int workers_for_each_press_a_second = 8;

domain::position place(double north_m, double east_m) {
    constexpr double degree_m = 111'195.0;
    return {36.06 + north_m / degree_m, 103.83 + east_m / degree_m, 0,
            domain::position_source::unknown};
}

void add_inhabitant(city& to, temper of) {
    auto const n = static_cast<int>(to.inhabitants.size()) + 1;
    auto const number = std::to_string(n);
    domain::home_id const home{"h" + number};
    domain::resident_id const resident{"r" + number};
    domain::device_id const device{"w" + number};
    to.rows.homes.push_back({home,
                             {"620102"},
                             "张掖路 " + number + "号",
                             "1单元101",
                             place(30.0 * (n % 60), 30.0 * (n / 60)),
                             ""});
    to.rows.residents.push_back(
        {resident, home, "老人" + number, "00000000000", "", "present", false, ""});
    to.rows.devices.push_back({device, "watch", resident, {}, {}});
    to.inhabitants.push_back({device, of});
}

void add_worker(city& to, int n) {
    auto const number = std::to_string(n);
    app::worker_row w;
    w.id = {"k" + number};
    w.provider = {"c" + std::to_string(1 + n % providers)};
    w.name = "工人" + number;
    w.phone = "00000000";
    w.site = {"s1"};
    w.place = place(40.0 * (n % 45), 40.0 * (n / 45));
    w.certificates = {"first_aid"};
    to.rows.workers.push_back(w);
}

} // namespace

city city_for(int rate) {
    city all;
    all.rows.areas = {{{city_area}, {}, "兰州市", {"city"}},
                      {{"620102"}, {city_area}, "城关区", {"s1"}}};
    all.rows.sites = {
        {{"city"}, "指挥中心", domain::site_level::city, {}, {city_area}, place(0, 0)},
        {{"s1"}, "服务站", domain::site_level::station, {"city"}, {"620102"}, place(0, 0)}};
    for (int n = 0; n < rate * patient_for_each_press_a_second; ++n)
        add_inhabitant(all, temper::patient);
    for (int n = 0; n < rate / 3; ++n) {
        add_inhabitant(all, temper::trembling);
        add_inhabitant(all, temper::once);
    }
    for (int n = 1; n <= providers; ++n)
        all.rows.providers.push_back(
            {{"c" + std::to_string(n)}, "服务" + std::to_string(n), "00000001"});
    for (int n = 1; n <= rate * workers_for_each_press_a_second; ++n)
        add_worker(all, n);
    return all;
}

} // namespace linli::tests::load
