#include "bench/whole_city.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <random>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

namespace linli::bench {

namespace fs = std::filesystem;

namespace {

struct county {
    std::string_view code; // GB/T 2260
    std::string_view name;
};

constexpr std::array<county, 12> counties{{{"371302", "兰山区"},
                                           {"371311", "罗庄区"},
                                           {"371312", "河东区"},
                                           {"371321", "沂南县"},
                                           {"371322", "郯城县"},
                                           {"371323", "沂水县"},
                                           {"371324", "兰陵县"},
                                           {"371325", "费县"},
                                           {"371326", "平邑县"},
                                           {"371327", "莒南县"},
                                           {"371328", "蒙阴县"},
                                           {"371329", "临沭县"}}};
// The streets lie on a lattice over the city's 17,000 km², as many lines of them as there are
// counties; homes within two kilometres of theirs.
constexpr double south = 34.45;
constexpr double west = 117.45;
constexpr double lines_apart = 0.14; // degrees
constexpr double line_length = 1.82;
constexpr double street_width = 0.02;

constexpr std::array<std::string_view, 12> surnames{"王", "李", "张", "刘", "陈", "杨",
                                                    "赵", "黄", "周", "吴", "徐", "孙"};
constexpr std::array<std::string_view, 12> given_names{
    "秀英", "桂兰", "玉珍", "淑兰", "桂英", "凤英", "建国", "国强", "志明", "德福", "永福", "长生"};
constexpr std::array<std::string_view, 6> estates{"和平", "团结", "幸福", "新华", "光明", "建设"};
constexpr std::array<std::string_view, 4> relations{"女儿", "儿子", "配偶", "邻居"};

// The standard's distributions differ between libraries; these give the same city everywhere.
class dice {
public:
    explicit dice(std::uint64_t seed) : engine_(seed) {}

    std::size_t below(std::size_t end) { return static_cast<std::size_t>(engine_() % end); }
    bool happens(std::size_t percent) { return below(100) < percent; }
    double offset() { return static_cast<double>(below(20'001)) / 10'000.0 - 1.0; } // -1 to 1
    template <class Range>
    auto const& one_of(Range const& range) {
        return range[below(range.size())];
    }
    std::string name() { return fmt::format("{}{}", one_of(surnames), one_of(given_names)); }

private:
    std::mt19937_64 engine_;
};

// Rows by the million: they wait for the disk a megabyte at a time.
class sheet_file {
public:
    sheet_file(fs::path const& file, std::string_view head) : out_(file, std::ios::binary) {
        text_.append(head);
        text_.push_back('\n');
    }
    ~sheet_file() { flush(); }
    sheet_file(sheet_file const&) = delete;
    sheet_file& operator=(sheet_file const&) = delete;

    template <class... Cells>
    void row(fmt::format_string<Cells...> form, Cells&&... cells) {
        fmt::format_to(fmt::appender(text_), form, std::forward<Cells>(cells)...);
        text_.push_back('\n');
        ++rows_;
        if (text_.size() >= full) flush();
    }
    std::size_t rows() const { return rows_; }

private:
    static constexpr std::size_t full = 1 << 20;

    void flush() {
        out_.write(text_.data(), static_cast<std::streamsize>(text_.size()));
        text_.clear();
    }

    std::ofstream out_;
    fmt::memory_buffer text_;
    std::size_t rows_ = 0;
};

std::string street_code(whole_city const& city, std::size_t street) {
    return fmt::format("{}{:03}", counties[street / city.streets_each].code,
                       street % city.streets_each + 1);
}

struct place {
    double latitude;
    double longitude;
};

place middle_of(whole_city const& city, std::size_t street) {
    auto const apart = line_length / static_cast<double>(city.streets_each);
    return {south + lines_apart * static_cast<double>(street / city.streets_each),
            west + apart * static_cast<double>(street % city.streets_each)};
}

place place_in(whole_city const& city, std::size_t street, dice& d) {
    auto at = middle_of(city, street);
    at.latitude += street_width * d.offset();
    at.longitude += street_width * d.offset();
    return at;
}

// The first and the second of four live together.
std::size_t home_of(std::size_t resident) {
    return resident / 4 * 3 + std::max<std::size_t>(resident % 4, 1) - 1;
}

std::size_t write_areas(fs::path const& folder, whole_city const& city) {
    sheet_file areas(folder / "areas.csv", "code,parent,name,served_by");
    sheet_file sites(folder / "sites.csv",
                     "id,name,level,parent,area,latitude,longitude,opens,closes");
    areas.row("{},,临沂市,city", whole_city_area);
    sites.row("city,指挥中心,city,,{},35.05,118.35,00:00,24:00", whole_city_area);
    for (auto const& each : counties)
        areas.row("{},{},{},", each.code, whole_city_area, each.name);
    for (std::size_t n = 0; n < streets_of(city); ++n) {
        auto const code = street_code(city, n);
        auto const at = middle_of(city, n);
        areas.row("{},{},第{}街道,s{}", code, counties[n / city.streets_each].code,
                  n % city.streets_each + 1, n);
        sites.row("s{},服务站{},station,city,{},{:.6f},{:.6f},00:00,24:00", n, n, code, at.latitude,
                  at.longitude);
    }
    return areas.rows() + sites.rows();
}

std::size_t write_homes(fs::path const& folder, whole_city const& city) {
    dice d(city.seed);
    sheet_file homes(folder / "homes.csv",
                     "id,area,rough_place,door,latitude,longitude,access_notes");
    for (std::size_t n = 0; n < homes_of(city); ++n) {
        auto const street = d.below(streets_of(city));
        auto const at = place_in(city, street, d);
        auto const estate = d.one_of(estates);
        homes.row("H{:07},{},{}社区{}号楼,{}单元{}01,{:.6f},{:.6f},{}", n,
                  street_code(city, street), estate, d.below(40) + 1, d.below(4) + 1,
                  d.below(6) + 1, at.latitude, at.longitude, d.happens(10) ? "敲门要响" : "");
    }
    return homes.rows();
}

std::size_t write_residents(fs::path const& folder, whole_city const& city) {
    dice d(city.seed + 1);
    sheet_file residents(folder / "residents.csv",
                         "id,home,name,phone,id_number,status,high_risk,notes");
    sheet_file devices(folder / "devices.csv", "id,kind,resident,home");
    for (std::size_t n = 0; n < city.residents; ++n) {
        auto const id = resident_name(n);
        residents.row("{},H{:07},{},000{:08},,present,{},{}", id, home_of(n), d.name(), n,
                      d.happens(5) ? "yes" : "no", d.happens(10) ? "听力差" : "");
        devices.row("{},watch,{},", device_of(n), id);
    }
    return residents.rows() + devices.rows();
}

std::size_t write_contacts(fs::path const& folder, whole_city const& city) {
    if (city.contacts_each == 0) return 0;
    dice d(city.seed + 2);
    sheet_file contacts(folder / "contacts.csv", "resident,place,name,relation,phone");
    for (std::size_t n = 0; n < city.residents; ++n)
        for (std::size_t place = 1; place <= city.contacts_each; ++place)
            contacts.row("{},{},{},{},0001{:07}", resident_name(n), place, d.name(),
                         d.one_of(relations), n % 10'000'000);
    return contacts.rows();
}

std::size_t write_workers(fs::path const& folder, whole_city const& city) {
    dice d(city.seed + 3);
    sheet_file providers(folder / "providers.csv", "id,name,phone");
    for (std::size_t n = 0; n < city.providers; ++n)
        providers.row("c{:03},沂蒙服务{},00000001", n, n);
    sheet_file workers(
        folder / "workers.csv",
        "id,provider,name,phone,site,latitude,longitude,certificates,from,until,rating");
    for (std::size_t n = 0; n < city.workers; ++n) {
        auto const street = n % streets_of(city);
        auto const at = place_in(city, street, d);
        workers.row("k{:05},c{:03},{},00000000,s{},{:.6f},{:.6f},first_aid,00:00,24:00,4.5", n,
                    n % city.providers, d.name(), street, at.latitude, at.longitude);
    }
    return providers.rows() + workers.rows();
}

} // namespace

std::size_t streets_of(whole_city const& city) {
    return counties.size() * city.streets_each;
}
std::size_t homes_of(whole_city const& city) {
    return city.residents == 0 ? 0 : home_of(city.residents - 1) + 1;
}
std::string device_of(std::size_t resident) {
    return fmt::format("8613{:011}", resident);
}
std::string resident_name(std::size_t resident) {
    return fmt::format("R{:07}", resident);
}

std::size_t write_whole_city(fs::path const& folder, whole_city const& city) {
    if (city.providers == 0 && city.workers > 0)
        throw std::invalid_argument("workers without a provider");
    fs::create_directories(folder);
    return write_areas(folder, city) + write_homes(folder, city) + write_residents(folder, city) +
           write_contacts(folder, city) + write_workers(folder, city);
}

} // namespace linli::bench
