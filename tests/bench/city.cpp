#include "bench/city.hpp"

#include <array>
#include <charconv>
#include <fstream>
#include <random>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "linli/v1/signal.pb.h"
#include "support/places.hpp"

namespace linli::bench {

namespace fs = std::filesystem;

namespace {

constexpr double south = 36.00;
constexpr double west = 103.70;
constexpr double height = 0.10;
constexpr double width = 0.20;
constexpr std::uint64_t boot = 1;

std::vector<place> scattered(int count, std::uint64_t seed) {
    std::mt19937_64 engine(seed);
    auto const share = [&] { return static_cast<double>(engine() % 1'000'001) / 1e6; };
    std::vector<place> all;
    for (int n = 0; n < count; ++n) {
        auto const up = share();
        all.push_back({south + height * up, west + width * share()});
    }
    return all;
}

// The line that begins with `key` gets another value.
std::string with_value(std::string text, std::string_view key, std::string_view value) {
    auto const begins = text.find(fmt::format("\n{} =", key)) + 1;
    auto const ends = text.find('\n', begins);
    return text.replace(begins, ends - begins, fmt::format("{} = {}", key, value));
}

std::string with_each_wait(std::string text, std::string_view value) {
    constexpr std::string_view key = "\nwait_s = ";
    for (auto at = text.find(key); at != text.npos; at = text.find(key, at + 1)) {
        auto const begins = at + key.size();
        text.replace(begins, text.find('\n', begins) - begins, value);
    }
    return text;
}

} // namespace

place place_of_home(int home) {
    static auto const all = scattered(homes, 1);
    return all.at(static_cast<std::size_t>(home));
}
place place_of_worker(int worker) {
    static auto const all = scattered(workers, 2);
    return all.at(static_cast<std::size_t>(worker));
}
std::string device_name(int home) {
    return fmt::format("w{:05}", home);
}
std::string worker_name(int worker) {
    return fmt::format("k{:04}", worker);
}
std::string provider_name(int worker) {
    return fmt::format("c{:02}", worker % providers);
}
std::string signal_topic(std::string_view root, int home) {
    return fmt::format("{}/v1/d/d-{}/signal", root, device_name(home));
}
std::string offers_topic(std::string_view root, std::string_view provider) {
    return fmt::format("{}/v1/p/p-{}/offers", root, provider);
}

std::string press_payload(int home, std::uint64_t press) {
    v1::Signal message;
    message.mutable_event()->set_boot(boot);
    message.mutable_event()->set_sequence(press);
    message.set_kind(v1::SIGNAL_KIND_SOS);
    message.mutable_happened_at()->set_seconds(1'780'000'000);
    auto const at = place_of_home(home);
    message.mutable_position()->set_latitude(at.latitude);
    message.mutable_position()->set_longitude(at.longitude);
    message.mutable_position()->set_accuracy_m(20);
    message.mutable_position()->set_source(v1::POSITION_SOURCE_GPS);
    message.set_battery_percent(80);
    return message.SerializeAsString();
}

std::string event_name(int home, std::uint64_t press) {
    return fmt::format("{}:{}:{}", device_name(home), boot, press);
}

std::uint64_t press_of(std::string_view event) {
    std::uint64_t press = 0;
    auto const digits = event.substr(event.rfind(':') + 1);
    std::from_chars(digits.data(), digits.data() + digits.size(), press);
    return press;
}

void write_registry(fs::path const& folder) {
    fs::create_directories(folder);
    std::ofstream(folder / "areas.csv") << "code,parent,name,served_by\n"
                                           "620100,,兰州市,city\n"
                                           "620102,620100,城关区,s1\n";
    std::ofstream(folder / "sites.csv")
        << "id,name,level,parent,area,latitude,longitude,opens,closes\n"
           "city,指挥中心,city,,620100,36.06,103.83,00:00,24:00\n"
           "s1,服务站,station,city,620102,36.05,103.80,00:00,24:00\n";
    std::ofstream home_rows(folder / "homes.csv");
    std::ofstream resident_rows(folder / "residents.csv");
    std::ofstream device_rows(folder / "devices.csv");
    home_rows << "id,area,rough_place,door,latitude,longitude,access_notes\n";
    resident_rows << "id,home,name,phone,id_number,status,high_risk,notes\n";
    device_rows << "id,kind,resident,home\n";
    for (int n = 0; n < homes; ++n) {
        auto const at = place_of_home(n);
        fmt::print(home_rows, "h{0:05},620102,和平社区{1}号楼,3单元501,{2:.6f},{3:.6f},敲门要响\n",
                   n, n % 100, at.latitude, at.longitude);
        fmt::print(resident_rows, "r{0:05},h{0:05},王秀兰,000{0:08},,present,no,听力差\n", n);
        fmt::print(device_rows, "{},watch,r{:05},\n", device_name(n), n);
    }
    std::ofstream provider_rows(folder / "providers.csv");
    provider_rows << "id,name,phone\n";
    for (int n = 0; n < providers; ++n)
        fmt::print(provider_rows, "{},安康服务{},00000001\n", provider_name(n), n);
    std::ofstream worker_rows(folder / "workers.csv");
    worker_rows
        << "id,provider,name,phone,site,latitude,longitude,certificates,from,until,rating\n";
    for (int n = 0; n < workers; ++n) {
        auto const at = place_of_worker(n);
        fmt::print(worker_rows, "{},{},工人,00000000,s1,{:.6f},{:.6f},first_aid,00:00,24:00,4.5\n",
                   worker_name(n), provider_name(n), at.latitude, at.longitude);
    }
}

void write_plans(fs::path const& folder) {
    fs::copy(tests::shipped_config("plans"), folder, fs::copy_options::recursive);
    std::ifstream in(folder / "sos.toml");
    std::string text{std::istreambuf_iterator<char>(in), {}};
    text = with_value(std::move(text), "offer", "\"now\"");
    text = with_value(std::move(text), "offers_at_once", "1");
    text = with_value(std::move(text), "offer_lease_s", "600");
    // As long as a plan may wait: the fewer rungs are climbed, the more alike the subjects' work.
    std::ofstream(folder / "sos.toml") << with_each_wait(std::move(text), "45");
}

} // namespace linli::bench
