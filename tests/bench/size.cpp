// What the size of a city costs: its import, its memory, its start, and a press in it beside the
// same press in a small one. Started by tests/bench/size.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <pqxx/pqxx>

#include "bench/receipts.hpp"
#include "bench/report.hpp"
#include "bench/whole_city.hpp"

namespace linli::bench {

using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

constexpr auto settles_within = 8s; // after its copies and readings: allocators give back
constexpr double megabyte = 1 << 20;

struct choices {
    fs::path folder;
    stage::programs with;
    std::vector<std::size_t> residents{10'000, 2'160'000};
    std::size_t contacts_each = 0;
    int turns = 3;
    int rate = 50;
    std::size_t presses = 1000;
};

double seconds_of(steady::duration d) {
    return std::chrono::duration<double>(d).count();
}

// One city with its server, database and broker.
struct candidate {
    std::size_t residents = 0;
    std::size_t rows = 0;
    std::unique_ptr<stage> on;
    double start_s = 0;      // until it hears presses
    double supervised_s = 0; // until all devices are supervised and the registry is copied
    std::size_t bytes = 0;
    std::vector<double> p50_ms; // by turns
    std::vector<double> p99_ms;
    std::size_t missing = 0;
};

class size_benchmark {
public:
    size_benchmark(choices const& c, std::string postgres)
        : choices_(c), postgres_(std::move(postgres)) {}

    int run() {
        for (auto const residents : choices_.residents)
            make(residents);
        for (int turn = 1; turn <= choices_.turns; ++turn)
            for (auto& each : cities_)
                measure(each, turn);
        report();
        std::size_t missing = 0;
        for (auto const& each : cities_)
            missing += each.missing;
        return missing == 0 ? 0 : 1;
    }

private:
    void make(std::size_t residents) {
        auto& city = cities_.emplace_back();
        city.residents = residents;
        auto const folder = choices_.folder / std::to_string(residents);
        fs::create_directories(folder);
        city.on = std::make_unique<stage>(
            folder, choices_.with, postgres_,
            stage::town{.database = fmt::format("linli_bench_{}", residents),
                        .area = whole_city_area,
                        .write = [&](fs::path const& to) {
                            city.rows =
                                write_whole_city(to, {.residents = residents,
                                                      .contacts_each = choices_.contacts_each});
                        }});
        know_the_devices(*city.on);
        auto const took = seconds_of(city.on->imported_in());
        std::cout << fmt::format("{:>9} residents: {} rows imported in {:.1f} s, {:.0f} rows/s, "
                                 "with {:.0f} MB at most",
                                 residents, city.rows, took, static_cast<double>(city.rows) / took,
                                 static_cast<double>(city.on->import_memory()) / megabyte)
                  << std::endl;
    }

    // As in the second night: in the first one the supervision writes a row for each.
    static void know_the_devices(stage const& of) {
        pqxx::connection c(of.linli_database());
        pqxx::nontransaction in(c);
        in.exec("insert into device_health (device, known_since, at_broker, broker_said_at,"
                " battery_at, door) select id, now(), 'none', 'epoch', 'epoch', '' from device");
        in.exec("vacuum analyze device_health");
    }

    void measure(candidate& city, int turn) {
        auto const began = steady::now();
        city.on->enter(subject::linli);
        city.start_s = seconds_of(steady::now() - began);
        city.on->says({"supervision_read", "registry_copied"});
        city.supervised_s = seconds_of(steady::now() - began);
        std::this_thread::sleep_for(settles_within);
        city.bytes = memory(city.on->pid());
        load const what{choices_.rate, 2 * static_cast<std::size_t>(choices_.rate),
                        choices_.presses, static_cast<std::uint64_t>(turn)};
        auto const seen = press_until_stored(*city.on, city.residents, what);
        auto const& ms = seen.ms;
        city.missing += seen.missing;
        city.p50_ms.push_back(percentile(ms, 0.5));
        city.p99_ms.push_back(percentile(ms, 0.99));
        if (!city.on->survives()) throw std::runtime_error("linli has ended by itself");
        city.on->leave();
        std::cout << fmt::format("turn {} {:>9} residents: hears presses after {:.2f} s, "
                                 "supervises after {:.1f} s, {:.0f} MB; press to receipt p50 "
                                 "{:.2f} p99 {:.2f} ms, missing {}",
                                 turn, city.residents, city.start_s, city.supervised_s,
                                 static_cast<double>(city.bytes) / megabyte, city.p50_ms.back(),
                                 city.p99_ms.back(), seen.missing)
                  << std::endl;
    }

    // The ratios are taken within each turn.
    void report() const {
        std::cout << fmt::format("\n{:>10} {:>11} {:>9} {:>9} {:>8} {:>9} {:>8} {:>9}\n",
                                 "residents", "rows/s in", "hears s", "watch s", "MB", "B/device",
                                 "p99 ms", "p99 ratio");
        auto const& small = cities_.front();
        for (auto const& each : cities_) {
            std::vector<double> ratios;
            for (std::size_t n = 0; n < each.p99_ms.size(); ++n)
                ratios.push_back(each.p99_ms[n] / small.p99_ms[n]);
            auto const more = static_cast<double>(each.residents - small.residents);
            auto const bytes = static_cast<double>(each.bytes) - static_cast<double>(small.bytes);
            std::cout << fmt::format(
                "{:>10} {:>11.0f} {:>9.2f} {:>9.1f} {:>8.0f} {:>9.0f} {:>8.2f} {:>9.2f}\n",
                each.residents, static_cast<double>(each.rows) / seconds_of(each.on->imported_in()),
                each.start_s, each.supervised_s, static_cast<double>(each.bytes) / megabyte,
                more > 0 ? bytes / more : 0, median(each.p99_ms), median(ratios));
        }
    }

    choices choices_;
    std::string postgres_;
    std::deque<candidate> cities_;
};

int measure(choices const& c) {
    auto const* postgres = std::getenv("LINLI_TEST_DATABASE");
    if (!postgres) throw std::runtime_error("run tests/bench/size");
    return size_benchmark(c, postgres).run();
}

} // namespace

} // namespace linli::bench

int main(int argc, char** argv) {
    linli::bench::choices c;
    CLI::App app{"What the size of a city costs"};
    app.add_option("--folder", c.folder, "For all files of the run")->required();
    app.add_option("--linli", c.with.linli)->required()->check(CLI::ExistingFile);
    app.add_option("--residents", c.residents, "Of each city; the first is what others are held to")
        ->capture_default_str();
    app.add_option("--contacts", c.contacts_each, "Of each resident")->capture_default_str();
    app.add_option("--turns", c.turns)->capture_default_str();
    app.add_option("--rate", c.rate, "Presses a second")->capture_default_str();
    app.add_option("--presses", c.presses, "A turn")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    try {
        return linli::bench::measure(c);
    } catch (std::exception const& e) {
        std::cerr << "bench_size: " << e.what() << '\n';
        return 1;
    }
}
