// How what a press costs grows with the city: one thing at a time larger, all else as in the first.
// Started by tests/bench/curve.
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "bench/open_cases.hpp"
#include "bench/receipts.hpp"
#include "bench/report.hpp"
#include "bench/whole_city.hpp"

namespace linli::bench {

using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

constexpr auto settles_within = 3s; // after its copies and readings

struct choices {
    fs::path folder;
    stage::programs with;
    int rate = 50;
    std::size_t presses = 1000;
    std::size_t largest = 200'000; // residents
};

struct point {
    std::string_view of; // what is larger than in the first
    whole_city city;
    std::size_t open = 0; // alerts, with an order each
};

struct figures {
    double p50_ms = 0;
    double p99_ms = 0;
    double own_us = 0; // CPU of a press
    double postgres_us = 0;
    std::size_t missing = 0;
};

std::vector<point> points_for(choices const& c) {
    whole_city const first{.residents = 20'000, .contacts_each = 1};
    std::vector<point> all{{"(the first)", first}};
    auto const add = [&](std::string_view of, auto const& change) {
        auto& made = all.emplace_back(point{of, first});
        change(made);
    };
    for (auto const n : {c.largest / 4, c.largest})
        add("residents", [n](point& p) { p.city.residents = n; });
    for (std::size_t const n : {1'000, 10'000})
        add("open alerts", [n](point& p) { p.open = n; });
    for (std::size_t const n : {15'000, 60'000})
        add("workers", [n](point& p) { p.city.workers = n; });
    for (std::size_t const n : {600, 1'500})
        add("providers", [n](point& p) { p.city.providers = n; });
    for (std::size_t const n : {52, 208})
        add("areas", [n](point& p) { p.city.streets_each = n; });
    return all;
}

std::size_t size_of(point const& p) {
    if (p.of == "residents") return p.city.residents;
    if (p.of == "open alerts") return p.open;
    if (p.of == "workers") return p.city.workers;
    if (p.of == "providers") return p.city.providers;
    return streets_of(p.city);
}

class curve {
public:
    curve(choices const& c, std::string postgres) : choices_(c), postgres_(std::move(postgres)) {}

    int run() {
        fmt::print("{:<12} {:>9} {:>9} {:>9} {:>12} {:>14} {:>8}\n", "larger", "", "p50 ms",
                   "p99 ms", "own us", "PostgreSQL us", "times");
        for (auto const& each : points_for(choices_)) {
            seen_.emplace_back(each, measure(each));
            print(each, seen_.back().second, seen_.front().second);
        }
        std::size_t missing = 0;
        for (auto const& [where, f] : seen_)
            missing += f.missing;
        if (missing > 0) std::cout << missing << " PRESSES HAD NO RECEIPT\n";
        return missing == 0 ? 0 : 1;
    }

private:
    figures measure(point const& at) {
        auto const folder = choices_.folder / std::to_string(seen_.size());
        fs::create_directories(folder);
        stage on(
            folder, choices_.with, postgres_,
            stage::town{.database = fmt::format("linli_bench_{}", seen_.size()),
                        .area = whole_city_area,
                        .write = [&at](fs::path const& to) { write_whole_city(to, at.city); }});
        if (at.open > 0) {
            open_cases(on, at.city.residents, at.open);
            on.comes_back(subject::linli);
        } else {
            on.enter(subject::linli);
        }
        on.says({"supervision_read", "registry_copied"});
        std::this_thread::sleep_for(settles_within);
        auto const f = press(on, at.city.residents - at.open);
        on.leave();
        return f;
    }

    // Of residents who have nothing open.
    figures press(stage& on, std::size_t residents) const {
        load const what{choices_.rate, 2 * static_cast<std::size_t>(choices_.rate),
                        choices_.presses, 1};
        auto const before = on.used();
        auto const seen = press_until_stored(on, residents, what);
        auto const used = on.used() - before;
        auto const each = 1e6 / static_cast<double>(what.warm_up + what.measured);
        return {percentile(seen.ms, 0.5), percentile(seen.ms, 0.99), each * used.subject_s,
                each * used.postgres_s, seen.missing};
    }

    static void print(point const& at, figures const& f, figures const& first) {
        auto const cpu = [](figures const& of) { return of.own_us + of.postgres_us; };
        fmt::print("{:<12} {:>9} {:>9.2f} {:>9.2f} {:>12.0f} {:>14.0f} {:>8.2f}\n", at.of,
                   size_of(at), f.p50_ms, f.p99_ms, f.own_us, f.postgres_us, cpu(f) / cpu(first));
        std::cout << std::flush;
    }

    choices choices_;
    std::string postgres_;
    std::vector<std::pair<point, figures>> seen_;
};

int measure(choices const& c) {
    auto const* postgres = std::getenv("LINLI_TEST_DATABASE");
    if (!postgres) throw std::runtime_error("run tests/bench/curve");
    fs::create_directories(c.folder);
    return curve(c, postgres).run();
}

} // namespace

} // namespace linli::bench

int main(int argc, char** argv) {
    linli::bench::choices c;
    CLI::App app{"What a press costs in larger cities"};
    app.add_option("--folder", c.folder, "For all files of the run")->required();
    app.add_option("--linli", c.with.linli)->required()->check(CLI::ExistingFile);
    app.add_option("--rate", c.rate, "Presses a second")->capture_default_str();
    app.add_option("--presses", c.presses, "In each city")->capture_default_str();
    app.add_option("--largest", c.largest, "Residents of the largest city")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    try {
        return linli::bench::measure(c);
    } catch (std::exception const& e) {
        std::cerr << "bench_curve: " << e.what() << '\n';
        return 1;
    }
}
