// Calls for help while a city comes back at once, beside the same calls in quiet. Started by
// tests/bench/storm.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <set>
#include <stdexcept>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <sys/resource.h>

#include "bench/city.hpp"
#include "bench/report.hpp"
#include "system/crowd.hpp"

namespace linli::bench {

using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

constexpr auto patience = 120s; // for a crowd's receipts, and for its telemetry to be stored
constexpr auto look_every = 5ms;
constexpr std::size_t warm_up = 2; // calls

struct choices {
    fs::path folder;
    stage::programs with;
    int turns = 5;
    std::size_t devices = 8000;
    std::size_t calls = 20;
    int rate = 10; // calls a second
};

struct storm_turn {
    std::vector<double> quiet_ms; // press to offer, sorted
    std::vector<double> storm_ms;
    std::size_t answered = 0; // of the crowd, when the last call had its offer
    double storm_s = 0;       // until the crowd had all its receipts
    std::size_t lost = 0;     // calls, receipts, telemetry
};

// Each device of the crowd, and the broker, has a socket.
void check_open_files(std::size_t devices) {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    std::cout << "open files: at most " << limit.rlim_cur << " a process\n";
    if (devices + 100 > limit.rlim_cur)
        throw std::runtime_error("too few open files for so many devices: ulimit -n");
}

template <class Condition>
bool comes_true(Condition is) {
    auto const limit = steady::now() + patience;
    while (!is()) {
        if (steady::now() > limit) return false;
        std::this_thread::sleep_for(look_every);
    }
    return true;
}

class storm_benchmark {
public:
    storm_benchmark(choices const& c, std::string const& postgres)
        : choices_(c), stage_(c.folder, c.with, postgres) {}

    int run() {
        for (int turn = 1; turn <= choices_.turns; ++turn)
            turns_.push_back(measure(turn));
        report();
        std::size_t lost = 0;
        for (auto const& each : turns_)
            lost += each.lost;
        return lost == 0 ? 0 : 1;
    }

private:
    storm_turn measure(int turn) {
        storm_turn seen;
        stage_.enter(subject::linli);
        auto const quiet = call(turn);
        leave();
        stage_.enter(subject::linli);
        meets_the_crowd();
        auto const began = steady::now();
        tests::crowd back(members(), choices_.devices);
        auto const stormy = call(turn);
        seen.answered = back.receipts();
        comes_true([&] { return back.receipts() >= choices_.devices; });
        seen.storm_s = std::chrono::duration<double>(steady::now() - began).count();
        auto const kept = static_cast<long>(2 * choices_.devices);
        bool const all_kept = comes_true([&] { return stage_.rows_of_linli("telemetry") >= kept; });
        seen.lost = quiet.missing + stormy.missing + choices_.devices -
                    std::min(back.receipts(), choices_.devices) + (all_kept ? 0 : 1);
        leave();
        seen.quiet_ms = quiet.ms;
        seen.storm_ms = stormy.ms;
        std::cout << fmt::format(
                         "turn {}  quiet p50 {:6.2f} max {:7.2f} ms   storm p50 {:6.2f} max "
                         "{:7.2f} ms   {} of {} devices answered at the last offer, all "
                         "after {:.1f} s   lost {}",
                         turn, percentile(seen.quiet_ms, 0.5), percentile(seen.quiet_ms, 1),
                         percentile(seen.storm_ms, 0.5), percentile(seen.storm_ms, 1),
                         seen.answered, choices_.devices, seen.storm_s, seen.lost)
                  << std::endl;
        return seen;
    }

    latencies call(int turn) {
        load const what{choices_.rate, warm_up, choices_.calls, static_cast<std::uint64_t>(turn)};
        return press_at_rate(what, stage_.user("b-load"), stage_.user("b-ear"),
                             root_of(subject::linli));
    }

    // So that what is repeated in the storm has been heard before.
    void meets_the_crowd() {
        tests::crowd first(members());
        if (!comes_true([&] { return first.receipts() >= choices_.devices; }))
            throw std::runtime_error("the crowd did not get its receipts in quiet");
    }

    // Whoever calls isn't among them: a receipt is then for what was repeated.
    std::vector<tests::crowd::member> members() const {
        std::set<int> callers;
        for (std::size_t n = 0; n < warm_up + choices_.calls; ++n)
            callers.insert(home_of_press(n));
        std::vector<tests::crowd::member> all;
        for (int home = 0; all.size() < choices_.devices; ++home)
            if (!callers.contains(home)) all.push_back(member_at(home));
        return all;
    }

    tests::crowd::member member_at(int home) const {
        auto const as = stage_.user("b-crowd");
        auto const device = device_name(home);
        return {device,
                {.url = fmt::format("tcp://127.0.0.1:{}", as.port),
                 .user = as.name,
                 .password = as.password,
                 .ca_file = {},
                 .client_id = "d-" + device}};
    }

    void leave() {
        if (!stage_.survives()) throw std::runtime_error("linli has ended by itself");
        stage_.leave();
    }

    void report() const {
        std::vector<double> quiet;
        std::vector<double> storm;
        for (auto const& each : turns_) {
            quiet.insert(quiet.end(), each.quiet_ms.begin(), each.quiet_ms.end());
            storm.insert(storm.end(), each.storm_ms.begin(), each.storm_ms.end());
        }
        std::sort(quiet.begin(), quiet.end());
        std::sort(storm.begin(), storm.end());
        std::cout << "\npress to offer, all turns      p50      p95      max   ms\n";
        for (auto const& [name, all] : {std::pair{"quiet", &quiet}, std::pair{"storm", &storm}})
            std::cout << fmt::format("  {:<24} {:>8.2f} {:>8.2f} {:>8.2f}   of {} calls\n", name,
                                     percentile(*all, 0.5), percentile(*all, 0.95),
                                     percentile(*all, 1), all->size());
        std::cout << fmt::format("  storm / quiet            {:>8.2f} {:>8.2f} {:>8.2f}\n",
                                 percentile(storm, 0.5) / percentile(quiet, 0.5),
                                 percentile(storm, 0.95) / percentile(quiet, 0.95),
                                 percentile(storm, 1) / percentile(quiet, 1));
    }

    choices choices_;
    stage stage_;
    std::vector<storm_turn> turns_;
};

int measure(choices const& c) {
    auto const* postgres = std::getenv("LINLI_TEST_DATABASE");
    if (!postgres) throw std::runtime_error("run tests/bench/storm");
    fs::create_directories(c.folder);
    check_open_files(c.devices);
    return storm_benchmark(c, postgres).run();
}

} // namespace

} // namespace linli::bench

int main(int argc, char** argv) {
    linli::bench::choices c;
    CLI::App app{"Calls for help in a storm of reconnections, beside quiet ones"};
    app.add_option("--folder", c.folder, "For all files of the run")->required();
    app.add_option("--linli", c.with.linli)->required()->check(CLI::ExistingFile);
    app.add_option("--turns", c.turns)->capture_default_str();
    app.add_option("--devices", c.devices, "That come back at once")
        ->check(CLI::Range(1, linli::bench::homes / 2))
        ->capture_default_str();
    app.add_option("--calls", c.calls, "A turn, in quiet and in the storm")->capture_default_str();
    app.add_option("--rate", c.rate, "Calls a second")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    try {
        return linli::bench::measure(c);
    } catch (std::exception const& e) {
        std::cerr << "bench_storm: " << e.what() << '\n';
        return 1;
    }
}
