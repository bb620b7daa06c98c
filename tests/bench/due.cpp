// How late the house does what is due, with few orders open and with very many, and how long after
// it was killed it goes on. Started by tests/bench/due.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <pqxx/pqxx>

#include "bench/open_cases.hpp"
#include "bench/report.hpp"
#include "bench/whole_city.hpp"

namespace linli::bench {

using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

constexpr auto silence_limit = 60s;
constexpr auto settles_within = 20s; // its clocks set, and at its start all read that there is
constexpr auto warm_up = 2s;

struct choices {
    fs::path folder;
    stage::programs with;
    std::vector<std::size_t> open{10'000, 100'000};
    int turns = 3;
    std::size_t a_second = 100; // become due
    int seconds = 30;
};

double ms_of(steady::duration d) {
    return std::chrono::duration<double, std::milli>(d).count();
}

// A house with so many open orders. The nth becomes due n / a_second after the first.
class house {
public:
    house(choices const& c, std::string const& postgres, std::size_t open)
        : choices_(c), open_(open),
          stage_(folder_of(c, open), c.with, postgres,
                 {.database = fmt::format("linli_bench_{}", open),
                  .area = whole_city_area,
                  .write = [open](fs::path const& to) {
                      write_whole_city(to, {.residents = open + 1, .contacts_each = 0});
                  }}) {}

    std::size_t open() const { return open_; }

    struct figures {
        std::vector<double> late_ms; // sorted
        double back_ms = 0;          // from the new process's start to the first new offer
        std::size_t missing = 0;
        double own_s = 0;
        double postgres_s = 0;
    };
    figures measure() {
        open_cases(stage_, open_ + 1, open_);
        ear provider(stage_.user("b-ear"), root_of(subject::linli), open_);
        set_clocks();
        stage_.comes_back(subject::linli);
        std::this_thread::sleep_until(first_due_);
        auto const before = stage_.used();
        auto const measured = choices_.a_second * static_cast<std::size_t>(choices_.seconds);
        wait_until_heard(provider, measured);
        auto const used = stage_.used() - before;
        figures f;
        f.own_s = used.subject_s;
        f.postgres_s = used.postgres_s;
        auto const first = choices_.a_second * static_cast<std::size_t>(warm_up / 1s);
        for (auto n = first; n < measured; ++n)
            if (provider.at(n) == steady::time_point{})
                ++f.missing;
            else
                f.late_ms.push_back(ms_of(provider.at(n) - due(n)));
        std::sort(f.late_ms.begin(), f.late_ms.end());
        f.back_ms = kill(provider);
        stage_.leave();
        return f;
    }

private:
    static fs::path folder_of(choices const& c, std::size_t open) {
        auto const folder = c.folder / std::to_string(open);
        fs::create_directories(folder);
        return folder;
    }

    steady::time_point due(std::size_t order) const {
        return first_due_ + order * std::chrono::nanoseconds(1s) / choices_.a_second;
    }

    // What the house does at its start isn't measured.
    void set_clocks() {
        first_due_ = steady::now() + settles_within;
        auto const wall = std::chrono::system_clock::now() + (first_due_ - steady::now());
        auto const us =
            std::chrono::duration_cast<std::chrono::microseconds>(wall.time_since_epoch());
        pqxx::connection c(stage_.linli_database());
        pqxx::nontransaction(c).exec(fmt::format(
            "update service_order set due_at = instant_of({}) + substr(number, 2)::int *"
            " interval '1 second' / {} where number like 'B%'",
            us.count(), choices_.a_second));
    }

    void wait_until_heard(ear const& provider, std::size_t last) const {
        auto const limit = due(last) + silence_limit;
        while (provider.at(last) == steady::time_point{} && steady::now() < limit)
            std::this_thread::sleep_for(20ms);
    }

    // What became due before its death may only be the rest of its outbox.
    double kill(ear const& provider) {
        auto const died = steady::now();
        stage_.dies();
        auto const began = steady::now();
        stage_.comes_back(subject::linli);
        std::size_t first = 0;
        while (due(first) < died)
            ++first;
        auto const last = std::min(open_, first + 10 * choices_.a_second);
        auto const limit = steady::now() + silence_limit;
        while (steady::now() < limit) {
            std::this_thread::sleep_for(5ms);
            auto at = steady::time_point::max();
            for (auto n = first; n < last; ++n)
                if (provider.at(n) != steady::time_point{}) at = std::min(at, provider.at(n));
            if (at != steady::time_point::max()) return ms_of(at - began);
        }
        return ms_of(silence_limit);
    }

    choices choices_;
    std::size_t open_;
    stage stage_;
    steady::time_point first_due_;
};

void print(house const& of, std::vector<house::figures> const& all) {
    auto const median_of = [&](auto const& what) {
        std::vector<double> values;
        for (auto const& each : all)
            values.push_back(what(each));
        return median(std::move(values));
    };
    auto const late = [](double share) {
        return [share](house::figures const& f) { return percentile(f.late_ms, share); };
    };
    fmt::print("{:>9} {:>9.1f} {:>9.1f} {:>9.1f} {:>12.0f} {:>9.1f} {:>9.1f}\n", of.open(),
               median_of(late(0.5)), median_of(late(0.99)), median_of(late(1)),
               median_of([](auto const& f) { return f.back_ms; }),
               median_of([](auto const& f) { return f.own_s; }),
               median_of([](auto const& f) { return f.postgres_s; }));
}

int measure(choices const& c) {
    auto const* postgres = std::getenv("LINLI_TEST_DATABASE");
    if (!postgres) throw std::runtime_error("run tests/bench/due");
    std::vector<std::unique_ptr<house>> houses;
    for (auto const open : c.open)
        houses.push_back(std::make_unique<house>(c, postgres, open));
    std::vector<std::vector<house::figures>> seen(houses.size());
    std::size_t missing = 0;
    for (int turn = 1; turn <= c.turns; ++turn)
        for (std::size_t n = 0; n < houses.size(); ++n) {
            auto const& f = seen[n].emplace_back(houses[n]->measure());
            missing += f.missing;
            std::cout << fmt::format(
                             "turn {} {:>7} open: late p50 {:.1f} p99 {:.1f} ms, back after "
                             "{:.0f} ms, missing {}",
                             turn, houses[n]->open(), percentile(f.late_ms, 0.5),
                             percentile(f.late_ms, 0.99), f.back_ms, f.missing)
                      << std::endl;
        }
    fmt::print("\n{:>9} {:>9} {:>9} {:>9} {:>12} {:>9} {:>9}\n", "open", "late p50", "p99", "max",
               "killed: back", "own CPU s", "postgres");
    for (std::size_t n = 0; n < houses.size(); ++n)
        print(*houses[n], seen[n]);
    return missing == 0 ? 0 : 1;
}

} // namespace

} // namespace linli::bench

int main(int argc, char** argv) {
    linli::bench::choices c;
    CLI::App app{"How late the house does what is due"};
    app.add_option("--folder", c.folder, "For all files of the run")->required();
    app.add_option("--linli", c.with.linli)->required()->check(CLI::ExistingFile);
    app.add_option("--open", c.open, "Orders")->capture_default_str();
    app.add_option("--turns", c.turns)->capture_default_str();
    app.add_option("--rate", c.a_second, "Orders that become due a second")->capture_default_str();
    app.add_option("--seconds", c.seconds, "A turn")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    try {
        return linli::bench::measure(c);
    } catch (std::exception const& e) {
        std::cerr << "bench_due: " << e.what() << '\n';
        return 1;
    }
}
