#include "simulate/demo_city.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "adapters/files/csv.hpp"

namespace linli::simulate {

namespace {

// What the resident tells a worker at the end of a visit; made up, like all of the city.
std::string demo_code(std::size_t number) {
    return fmt::format("{:04}", (number + 1) * 7919 % 10'000);
}

struct street {
    std::string_view code; // GB/T 2260 and its extension, 9 digits
    std::string_view name;
    double latitude;
    double longitude;
    bool has_station = true; // else its district's centre serves it
};

struct district {
    std::string_view code;
    std::string_view name;
    std::string_view centre; // of the 3 in 1+3+N
    std::vector<street> streets;
};

// Positions are near enough for distances of a demo, not for a map of the city.
std::vector<district> const& districts() {
    static std::vector<district> const all{
        {"620102",
         "城关区",
         "centre-chengguan",
         {{"620102001", "酒泉路街道", 36.0560, 103.8330},
          {"620102002", "张掖路街道", 36.0615, 103.8255},
          {"620102004", "临夏路街道", 36.0600, 103.8165},
          {"620102006", "五泉街道", 36.0440, 103.8290},
          {"620102007", "白银路街道", 36.0545, 103.8225},
          {"620102008", "皋兰路街道", 36.0490, 103.8400},
          {"620102009", "广武门街道", 36.0600, 103.8440},
          {"620102013", "火车站街道", 36.0385, 103.8450},
          {"620102014", "拱星墩街道", 36.0410, 103.8790},
          {"620102016", "团结新村街道", 36.0480, 103.8560},
          {"620102020", "渭源路街道", 36.0515, 103.8620},
          {"620102021", "盐场路街道", 36.0790, 103.8520}}},
        {"620103",
         "七里河区",
         "centre-qilihe",
         {{"620103001", "西园街道", 36.0560, 103.8040},
          {"620103002", "西湖街道", 36.0620, 103.7990},
          {"620103003", "建兰路街道", 36.0640, 103.7860},
          {"620103004", "敦煌路街道", 36.0680, 103.7660},
          {"620103005", "西站街道", 36.0670, 103.7560},
          {"620103006", "晏家坪街道", 36.0470, 103.7750},
          {"620103008", "土门墩街道", 36.0830, 103.7290}}},
        {"620105",
         "安宁区",
         "centre-anning",
         {{"620105001", "培黎街道", 36.0960, 103.7380},
          {"620105002", "安宁西路街道", 36.1030, 103.7200},
          {"620105004", "十里店街道", 36.0910, 103.7600},
          {"620105005", "孔家崖街道", 36.0870, 103.7690},
          {"620105006", "银滩路街道", 36.0990, 103.7050, false}}}};
    return all;
}

constexpr std::array<std::string_view, 40> surnames{
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱",
    "高", "林", "何", "郭", "马", "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于",
    "董", "萧", "程", "曹", "袁", "邓", "许", "傅", "沈", "曾", "彭", "魏"};
// Of people born in the forties and fifties; the younger ones further down.
constexpr std::array<std::string_view, 24> womens_names{
    "秀英", "桂兰", "玉珍", "淑兰", "桂英", "凤英", "玉兰", "淑珍", "秀兰", "玉梅", "素芳", "翠花",
    "惠兰", "月英", "淑华", "菊香", "秀珍", "金凤", "玉英", "桂芳", "兰英", "素珍", "春梅", "巧玲"};
constexpr std::array<std::string_view, 24> mens_names{
    "建国", "国强", "志明", "德福", "永福", "长生", "国华", "玉山", "振华", "文山", "福生", "建军",
    "兴旺", "学文", "志强", "保国", "金山", "万福", "世昌", "明德", "光明", "培林", "忠义", "正义"};
constexpr std::array<std::string_view, 16> younger_names{
    "伟", "敏", "静",   "丽",   "军",   "洋",   "艳",   "磊",
    "娟", "涛", "晓梅", "海燕", "志远", "雪琴", "小龙", "雅婷"};
constexpr std::array<std::string_view, 14> communities{"和平", "团结", "幸福", "新华", "光明",
                                                       "建设", "兴隆", "永昌", "民主", "长安",
                                                       "友谊", "青年", "文化", "工农"};
constexpr std::array<std::string_view, 12> companies{
    "甘棠养老服务", "金城助老服务",     "黄河邻里照护", "白塔山居家服务",
    "五泉康养",     "兰馨家政",         "雁滩便民服务", "百合护理",
    "安宁桃源家政", "中山桥急救志愿队", "西站维修服务", "水车餐饮配送"};
constexpr std::array<std::string_view, 6> relations{"女儿", "儿子", "配偶", "孙女", "侄子", "邻居"};

// The standard's distributions differ between libraries; these give the same city everywhere.
class dice {
public:
    explicit dice(std::uint64_t seed) : engine_(seed) {}

    std::size_t below(std::size_t end) { return static_cast<std::size_t>(engine_() % end); }
    bool happens(std::size_t percent) { return below(100) < percent; }
    // From -1 to 1.
    double offset() { return (static_cast<double>(below(20001)) - 10000.0) / 10000.0; }

    template <class Range>
    auto const& one_of(Range const& range) {
        return range[below(range.size())];
    }

private:
    std::mt19937_64 engine_;
};

struct community {
    std::string code; // 12 digits
    std::string name;
    std::string site;
    double latitude;
    double longitude;
};

constexpr std::size_t most_bands = 12;       // of those at high risk
constexpr std::size_t homes_an_infrared = 4; // of those with a sensor; the others smell smoke

struct home {
    std::string id;
    bool is_couple = false;
    std::string latitude;
    std::string longitude;
};

class table_file {
public:
    table_file(std::filesystem::path const& folder, std::string const& name,
               std::vector<std::string> const& header)
        : path_(folder / name), out_(path_, std::ios::binary | std::ios::trunc) {
        out_ << "\xEF\xBB\xBF"
             << files::csv_line(header); // with BOM, or Excel takes it for GB18030
    }

    void add(std::vector<std::string> const& cells) {
        out_ << files::csv_line(cells);
        ++rows_;
    }

    // How many rows there are, on disk.
    std::size_t close() {
        out_.close();
        if (!out_)
            throw std::runtime_error(
                fmt::format("{}: can't be written: is the disk full?", path_.string()));
        return rows_;
    }

private:
    std::filesystem::path path_;
    std::ofstream out_;
    std::size_t rows_ = 0;
};

class city_writer {
public:
    city_writer(std::filesystem::path folder, demo_city const& city)
        : folder_(std::move(folder)), city_(city), dice_(city.seed) {}

    demo_city_counts write() {
        std::filesystem::create_directories(folder_);
        write_areas();
        write_sites();
        write_homes();
        write_residents();
        write_devices();
        write_providers();
        write_workers();
        write_zones();
        write_silences();
        return counts_;
    }

private:
    void write_areas();
    void write_sites();
    void write_homes();
    void write_residents();
    void write_devices();
    void write_providers();
    void write_workers();
    void add_neighbours(table_file& workers);
    void write_zones();
    void write_silences();
    void add_contacts(table_file& contacts, std::string const& resident, std::string_view surname);

    // Rings nowhere: no Chinese number begins with 000.
    std::string phone() { return fmt::format("000{:08}", dice_.below(100'000'000)); }

    // About `metres` around the middle.
    std::string latitude(double middle, double metres) {
        return fmt::format("{:.6f}", middle + dice_.offset() * metres / 111'000);
    }
    std::string longitude(double middle, double metres) {
        return fmt::format("{:.6f}", middle + dice_.offset() * metres / 89'700); // at 36° north
    }

    std::filesystem::path folder_;
    demo_city city_;
    dice dice_;
    demo_city_counts counts_;
    std::vector<community> communities_;
    std::vector<home> homes_;
    std::vector<std::string> residents_;
    std::vector<std::string> high_risk_;
    std::vector<std::string> infrared_;                      // homes
    std::vector<std::pair<std::string, home const*>> bands_; // who wanders, and from where
};

std::string station_of(std::string_view street_code) {
    return fmt::format("station-{}", street_code);
}

void city_writer::write_areas() {
    constexpr std::size_t communities_a_street = 4;
    table_file areas(folder_, "areas.csv", {"code", "parent", "name", "served_by"});
    areas.add({demo_city_area, "", "兰州市", "city-command"});
    for (auto const& d : districts()) {
        areas.add(
            {std::string(d.code), demo_city_area, std::string(d.name), std::string(d.centre)});
        for (auto const& s : d.streets) {
            auto const served_by = s.has_station ? station_of(s.code) : std::string(d.centre);
            areas.add({std::string(s.code), std::string(d.code), std::string(s.name), served_by});
            auto const first = dice_.below(communities.size());
            for (std::size_t n = 0; n < communities_a_street; ++n) {
                community made{fmt::format("{}{:03}", s.code, n + 1),
                               fmt::format("{}社区", communities[(first + n) % communities.size()]),
                               served_by, s.latitude + dice_.offset() * 0.004,
                               s.longitude + dice_.offset() * 0.005};
                areas.add({made.code, std::string(s.code), made.name, ""});
                communities_.push_back(std::move(made));
            }
        }
    }
    counts_.areas = areas.close();
}

void city_writer::write_sites() {
    table_file sites(
        folder_, "sites.csv",
        {"id", "name", "level", "parent", "area", "latitude", "longitude", "opens", "closes"});
    sites.add({"city-command", "兰州市12349指挥中心", "city", "", demo_city_area, "36.061100",
               "103.834300", "00:00", "24:00"});
    for (auto const& d : districts()) {
        auto const& middle = d.streets.front();
        sites.add({std::string(d.centre), fmt::format("{}综合服务中心", d.name), "centre",
                   "city-command", std::string(d.code), latitude(middle.latitude, 500),
                   longitude(middle.longitude, 500), "00:00", "24:00"});
        // Stations close at night: then the centre rings at once.
        for (auto const& s : d.streets) {
            if (!s.has_station) continue;
            sites.add({station_of(s.code), fmt::format("{}服务站", s.name), "station",
                       std::string(d.centre), std::string(s.code), latitude(s.latitude, 300),
                       longitude(s.longitude, 300), "07:00", "21:00"});
        }
    }
    counts_.sites = sites.close();
}

void city_writer::write_homes() {
    table_file homes(folder_, "homes.csv",
                     {"id", "area", "rough_place", "door", "latitude", "longitude", "access_notes",
                      "address_verified", "address_verified_by", "key_holder", "key_tested"});
    constexpr std::array<std::string_view, 6> notes{"门口有钥匙盒，密码问物业", "耳背，请用力敲门",
                                                    "家里有狗，请先打电话",     "电梯只到6层",
                                                    "钥匙在对门邻居家",         "门禁找门卫"};
    constexpr std::array<std::string_view, 4> holders{"neighbour", "property", "key_box",
                                                      "station"};
    dice papers(city_.seed + 1); // of its own: what was there before stays as it was
    for (std::size_t people = 0; people < city_.residents;) {
        auto const& where = dice_.one_of(communities_);
        home made{fmt::format("H{:06}", homes_.size() + 1), dice_.happens(22), "", ""};
        made.is_couple = made.is_couple && people + 2 <= city_.residents;
        people += made.is_couple ? 2 : 1;
        auto const building = 1 + dice_.below(30);
        auto const floor = 1 + dice_.below(7);
        auto const door =
            fmt::format("{}单元{}{:02}室", 1 + dice_.below(4), floor, 1 + dice_.below(3));
        made.latitude = latitude(where.latitude, 350);
        made.longitude = longitude(where.longitude, 350);
        bool const verified = papers.happens(85);
        bool const has_key = papers.happens(55);
        auto const visited =
            fmt::format("2026-{:02}-{:02}", 1 + papers.below(10), 1 + papers.below(28));
        homes.add({made.id, where.code, fmt::format("{}{}号楼", where.name, building), door,
                   made.latitude, made.longitude,
                   dice_.happens(30) ? std::string(dice_.one_of(notes)) : "",
                   verified ? visited : "", verified ? where.site : "",
                   has_key ? std::string(papers.one_of(holders)) : "",
                   has_key && papers.happens(70) ? visited : ""});
        homes_.push_back(std::move(made));
    }
    counts_.homes = homes.close();
}

void city_writer::write_residents() {
    table_file residents(
        folder_, "residents.csv",
        {"id", "home", "name", "phone", "id_number", "status", "high_risk", "notes", "visit_code"});
    table_file contacts(folder_, "contacts.csv",
                        {"resident", "place", "name", "relation", "phone"});
    constexpr std::array<std::string_view, 6> notes{
        "高血压，服药", "糖尿病", "心脏支架", "髋关节置换术后", "轻度认知障碍", "独居，每日问候"};
    for (auto const& each : homes_) {
        for (int person = 0; person < (each.is_couple ? 2 : 1); ++person) {
            auto const id = fmt::format("R{:06}", residents_.size() + 1);
            bool const is_woman = each.is_couple ? person == 0 : dice_.happens(60);
            auto const surname = dice_.one_of(surnames);
            auto const given = is_woman ? dice_.one_of(womens_names) : dice_.one_of(mens_names);
            bool const is_high_risk = dice_.happens(12);
            residents.add({id, each.id, fmt::format("{}{}", surname, given), phone(), "",
                           dice_.happens(2) ? "hospital" : "present", is_high_risk ? "yes" : "no",
                           dice_.happens(50) ? std::string(dice_.one_of(notes)) : "",
                           demo_code(residents_.size())});
            add_contacts(contacts, id, surname);
            residents_.push_back(id);
            if (is_high_risk) high_risk_.push_back(id);
            if (is_high_risk && bands_.size() < most_bands) bands_.emplace_back(id, &each);
        }
    }
    counts_.residents = residents.close();
    counts_.contacts = contacts.close();
}

void city_writer::add_contacts(table_file& contacts, std::string const& resident,
                               std::string_view surname) {
    auto const count = 1 + dice_.below(2);
    for (std::size_t n = 1; n <= count; ++n)
        contacts.add({resident, fmt::format("{}", n),
                      fmt::format("{}{}", surname, dice_.one_of(younger_names)),
                      std::string(dice_.one_of(relations)), phone()});
}

// 1.05 devices a resident: a button box in each home, watches on those at high risk and then on
// others, smoke detectors for the rest.
void city_writer::write_devices() {
    table_file devices(folder_, "devices.csv", {"id", "kind", "resident", "home"});
    auto const wanted = residents_.size() * 105 / 100;
    std::size_t made = 0;
    for (auto const& each : homes_)
        devices.add({fmt::format("b{:06}", ++made), "button_box", "", each.id});
    std::size_t watches = 0;
    auto const add_watch = [&](std::string const& wearer) {
        bool const wanders = watches < bands_.size(); // the first at high risk
        devices.add({fmt::format("w{:06}", ++watches), wanders ? "band" : "watch", wearer, ""});
        ++made;
    };
    for (auto const& each : high_risk_)
        add_watch(each);
    for (std::size_t at = 0; at < residents_.size() && made + homes_.size() / 50 < wanted; ++at)
        if (!std::ranges::binary_search(high_risk_, residents_[at]) && at % 3 == 0)
            add_watch(residents_[at]);
    for (std::size_t at = 0; at < homes_.size() && made < wanted; ++at, ++made) {
        bool const watched = at % homes_an_infrared == 0;
        devices.add({fmt::format("{}{:06}", watched ? 'i' : 's', at + 1),
                     watched ? "infrared" : "smoke", "", homes_[at].id});
        if (watched) infrared_.push_back(homes_[at].id);
    }
    counts_.devices = devices.close();
}

// A yard around the home of each who wanders, and for all of them the same piece of river.
void city_writer::write_zones() {
    constexpr std::string_view square = "[[[{0:.6f},{1:.6f}],[{2:.6f},{1:.6f}],[{2:.6f},{3:.6f}],"
                                        "[{0:.6f},{3:.6f}],[{0:.6f},{1:.6f}]]]";
    auto const path = folder_ / "zones.geojson";
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out << R"({"type":"FeatureCollection","features":[)";
    auto const add = [&](std::string const& who, std::string_view name, std::string_view kind,
                         double west, double south, double east, double north) {
        out << (counts_.zones++ == 0 ? "\n" : ",\n") << R"({"type":"Feature","properties":)"
            << fmt::format(R"({{"resident":"{}","name":"{}","kind":"{}"}})", who, name, kind)
            << R"(,"geometry":{"type":"Polygon","coordinates":)"
            << fmt::format(fmt::runtime(square), west, south, east, north) << "}}";
    };
    constexpr double yard = 0.004; // degrees: some 400 m to each side
    for (auto const& [who, from] : bands_) {
        auto const latitude = std::stod(from->latitude);
        auto const longitude = std::stod(from->longitude);
        add(who, "yard", "home", longitude - yard, latitude - yard, longitude + yard,
            latitude + yard);
        add(who, "river", "forbidden", 103.80, 36.0655, 103.86, 36.0680);
    }
    out << "\n]}\n";
    out.close();
    if (!out)
        throw std::runtime_error(
            fmt::format("{}: can't be written: is the disk full?", path.string()));
}

void city_writer::write_silences() {
    table_file silences(folder_, "silences.csv", {"home", "from", "until", "longest_min"});
    for (auto const& each : infrared_)
        silences.add({each, "07:00", "21:00", "300"});
    counts_.silences = silences.close();
}

std::string provider_name(std::size_t number) {
    auto const name = companies[number % companies.size()];
    auto const round = number / companies.size();
    return round == 0 ? std::string(name) : fmt::format("{}{}", name, round + 1);
}

void city_writer::write_providers() {
    table_file providers(folder_, "providers.csv", {"id", "name", "phone"});
    for (std::size_t n = 0; n < city_.providers; ++n)
        providers.add({fmt::format("c{}", n + 1), provider_name(n), phone()});
    counts_.providers = providers.close();
}

// One home in twenty has somebody next door with a key, who answers for a provider's volunteers.
void city_writer::add_neighbours(table_file& workers) {
    constexpr std::size_t one_in = 20;
    for (std::size_t n = 0; n < homes_.size(); n += one_in) {
        workers.add(
            {fmt::format("n{:04}", n / one_in + 1), fmt::format("c{}", n % city_.providers + 1),
             fmt::format("{}{}", dice_.one_of(surnames), dice_.one_of(younger_names)), phone(), "",
             "", "", "", "06:00", "22:00", "", "neighbour", "1", homes_[n].id});
    }
}

void city_writer::write_workers() {
    table_file workers(folder_, "workers.csv",
                       {"id", "provider", "name", "phone", "site", "latitude", "longitude",
                        "certificates", "from", "until", "rating", "kind", "people", "homes"});
    struct shift {
        std::string_view from, until;
    };
    // A third by night, over midnight; a few live near by and always may be asked.
    constexpr std::array<shift, 6> shifts{{{"07:00", "19:00"},
                                           {"08:00", "20:00"},
                                           {"07:00", "21:00"},
                                           {"19:00", "07:00"},
                                           {"20:00", "08:00"},
                                           {"00:00", "24:00"}}};
    constexpr std::array<std::string_view, 8> certificates{"first_aid",
                                                           "first_aid elder_care",
                                                           "first_aid elder_care",
                                                           "first_aid nurse",
                                                           "elder_care",
                                                           "first_aid repair",
                                                           "health_card",
                                                           "first_aid elder_care health_card"};
    for (std::size_t n = 0; n < city_.workers; ++n) {
        // In turn, so that no street is without anybody in a small city.
        auto const& where = communities_[(n * 7) % communities_.size()];
        auto const hours = shifts[n % shifts.size()];
        workers.add({fmt::format("e{:04}", n + 1), fmt::format("c{}", n % city_.providers + 1),
                     fmt::format("{}{}", dice_.one_of(surnames), dice_.one_of(younger_names)),
                     phone(), where.site, latitude(where.latitude, 600),
                     longitude(where.longitude, 600), std::string(dice_.one_of(certificates)),
                     std::string(hours.from), std::string(hours.until),
                     dice_.happens(10)
                         ? ""
                         : fmt::format("{:.1f}", 3.5 + 0.1 * static_cast<double>(dice_.below(16))),
                     "worker", "1", ""});
    }
    if (city_.workers > 0) add_neighbours(workers);
    counts_.workers = workers.close();
}

} // namespace

demo_city_counts write_demo_city(std::filesystem::path const& folder, demo_city const& city) {
    if (city.providers == 0 && city.workers != 0)
        throw std::invalid_argument("workers need a provider");
    return city_writer(folder, city).write();
}

} // namespace linli::simulate
