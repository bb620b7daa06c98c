#include "system/house.hpp"

namespace linli::tests {

namespace {

// About 1.1 m north for each 0.00001 degree.
domain::position place(double north_m) {
    return {36.06 + north_m / 111'195.0, 103.83, 0, domain::position_source::unknown};
}

app::worker_row worker(char const* id, char const* provider, double north_m) {
    app::worker_row w;
    w.id = {id};
    w.provider = {provider};
    w.name = std::string("工人") + id;
    w.phone = "00000000";
    w.site = {"s1"};
    w.place = place(north_m);
    w.certificates = {"first_aid"};
    return w;
}

} // namespace

app::registry_rows small_city() {
    app::registry_rows city;
    city.areas = {{{"620100"}, {}, "兰州市", {"city"}}, {{"620102"}, {"620100"}, "城关区", {"s1"}}};
    city.sites = {{{"city"}, "指挥中心", domain::site_level::city, {}, {"620100"}, place(5000)},
                  {{"s1"}, "服务站", domain::site_level::station, {"city"}, {"620102"}, place(0)}};
    city.homes = {{{"h1"}, {"620102"}, "张掖路 5号院", "3单元501", place(0), "敲门要响"},
                  {{"h2"}, {"620102"}, "张掖路 7号院", "1单元101", place(200), ""}};
    city.residents = {{{"r1"}, {"h1"}, "王秀兰", "00011112222", "", "present", false, "听力差"},
                      {{"r2"}, {"h2"}, "李建国", "00011113333", "", "present", false, ""}};
    city.devices = {{{"w1"}, "watch", {"r1"}, {}, {}}, {{"b1"}, "button_box", {}, {"h2"}, {}}};
    city.providers = {{{"c1"}, "安康服务", "00000001"}, {{"c2"}, "邻里服务", "00000002"}};
    city.workers = {worker("k1", "c1", 20), worker("k2", "c2", 1000)};
    return city;
}

void add_boxes(app::registry_rows& city, domain::area_id const& area, int homes) {
    for (int n = 0; n < homes; ++n) {
        auto const number = std::to_string(n);
        city.homes.push_back({{"sh" + number}, area, "张掖路 " + number + "号", "101", {}, ""});
        city.residents.push_back({{"sr" + number},
                                  {"sh" + number},
                                  "赵敏",
                                  "13900001111",
                                  "",
                                  "present",
                                  n % 10 == 0,
                                  ""});
        city.devices.push_back({{"sb" + number}, "button_box", {}, {"sh" + number}, {}});
    }
}

} // namespace linli::tests
