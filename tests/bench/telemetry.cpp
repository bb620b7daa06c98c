// Telemetry until it stands in the database, beside what the broker alone hands on; through a
// server that is killed; and a press beside it. Started by tests/bench/telemetry.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <pqxx/pqxx>

#include "bench/city.hpp"
#include "bench/report.hpp"
#include "linli/v1/telemetry.pb.h"

namespace linli::bench {

using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

constexpr auto silence_limit = 30s;
constexpr auto look_every = 200ms;
constexpr double share_beside_presses = 0.7;

struct choices {
    fs::path folder;
    stage::programs with;
    int turns = 3;
    std::size_t messages = 150'000;
    int presses_a_second = 50;
    std::size_t presses = 1000;
};

double seconds_since(steady::time_point then) {
    return std::chrono::duration<double>(steady::now() - then).count();
}

// What a watch tells every few minutes: seven values, none of which alarms anybody.
std::string measurements(int home, std::uint64_t boot, std::uint64_t sequence) {
    v1::Telemetry message;
    message.mutable_event()->set_boot(boot);
    message.mutable_event()->set_sequence(sequence);
    auto& sample = *message.add_samples();
    sample.mutable_at()->set_seconds(std::time(nullptr));
    for (auto const& [code, value] :
         {std::pair{"8867-4", 72.0}, {"9279-1", 16.0}, {"2708-6", 97.0}, {"8310-5", 36.6}}) {
        auto& each = *sample.add_vitals();
        each.set_code(code);
        each.set_value(value);
    }
    auto const at = place_of_home(home);
    sample.mutable_position()->set_latitude(at.latitude);
    sample.mutable_position()->set_longitude(at.longitude);
    sample.mutable_position()->set_accuracy_m(20);
    sample.mutable_position()->set_source(v1::POSITION_SOURCE_GPS);
    sample.set_battery_percent(80);
    return message.SerializeAsString();
}

std::string topic_of(std::string_view root, int home) {
    return fmt::format("{}/v1/d/d-{}/telemetry", root, device_name(home));
}

// All watches, one after the other. Each run has a boot of its own, so no event comes twice.
class watches {
public:
    watches(broker_user const& are, std::string_view root, std::uint64_t boot)
        : says_(are), root_(root), boot_(boot) {}

    void tell() {
        auto const home = static_cast<int>(told_ % homes);
        says_.says(topic_of(root_, home), measurements(home, boot_, ++told_));
        constexpr std::size_t between_looks = 32;
        if (told_ % between_looks == 0) says_.hears_what_is_there();
    }
    void wait_until(steady::time_point when) { says_.waits_until(when); }
    std::size_t told() const { return told_; }

private:
    speaker says_;
    std::string_view root_;
    std::uint64_t boot_;
    std::size_t told_ = 0;
};

// Beside something else: so many a second until the end of this.
class background {
public:
    background(broker_user const& are, std::uint64_t boot, double a_second)
        : thread_([this, are, boot, a_second] { tell(are, boot, a_second); }) {}
    ~background() {
        if (thread_.joinable()) ends();
    }
    // Answers how many it has told.
    std::size_t ends() {
        ends_ = true;
        thread_.join();
        return told_;
    }
    background(background const&) = delete;
    background& operator=(background const&) = delete;

private:
    void tell(broker_user const& are, std::uint64_t boot, double a_second) {
        watches all(are, root_of(subject::linli), boot);
        auto const start = steady::now();
        while (!ends_) {
            auto const due = static_cast<std::size_t>(a_second * seconds_since(start));
            while (all.told() < due)
                all.tell();
            all.wait_until(steady::now() + 5ms);
        }
        told_ = all.told();
    }

    std::atomic<bool> ends_ = false;
    std::size_t told_ = 0; // once it has ended
    std::thread thread_; // last: it uses the other
};

struct turn_figures {
    double relayed = 0; // a second
    double stored = 0;
    double through_kill = 0;
    usage used; // by what was stored without a kill
    latencies quiet;
    latencies beside;
    double kept_up_with = 0; // of what was told beside the presses
};

class telemetry_benchmark {
public:
    telemetry_benchmark(choices const& c, std::string const& postgres)
        : choices_(c), stage_(c.folder, c.with, postgres) {}

    int run() {
        for (int turn = 1; turn <= choices_.turns; ++turn)
            take_turn(turn);
        report();
        return is_whole_ ? 0 : 1;
    }

private:
    void take_turn(int turn) {
        turn_figures f;
        f.relayed = relay();
        f.stored = store(false, f.used);
        f.through_kill = store(true, f.used);
        auto const rate = share_beside_presses * f.stored;
        enter();
        f.quiet = press(turn);
        stage_.leave();
        enter();
        {
            background all(stage_.user("b-crowd"), ++boot_, rate);
            auto const start = steady::now();
            f.beside = press(turn);
            f.kept_up_with = static_cast<double>(stored()) / (rate * seconds_since(start));
            wait_for(all.ends()); // else its rest would be counted in the next turn
        }
        stage_.leave();
        is_whole_ = is_whole_ && f.quiet.missing + f.beside.missing == 0;
        std::cout << fmt::format("turn {}: relayed {:.0f}/s, stored {:.0f}/s, with a kill -9 "
                                 "{:.0f}/s; press p99 {:.2f} ms, beside {:.0f}/s {:.2f} ms",
                                 turn, f.relayed, f.stored, f.through_kill,
                                 percentile(f.quiet.ms, 0.99), rate, percentile(f.beside.ms, 0.99))
                  << std::endl;
        turns_.push_back(std::move(f));
    }

    void enter() {
        stage_.enter(subject::linli);
        stage_.says({"telemetry_subscribed"});
    }

    // From client to client by the broker alone, QoS 1 on both sides.
    double relay() {
        auto const user = stage_.user("b-floor");
        std::atomic<std::size_t> heard = 0;
        listener const ear(user, "floor/v1/d/+/telemetry",
                           [&heard](std::string_view, std::string_view) { ++heard; });
        watches all(user, root_of(subject::floor), ++boot_);
        auto const start = steady::now();
        while (all.told() < choices_.messages)
            all.tell();
        auto const limit = steady::now() + silence_limit;
        while (heard < choices_.messages && steady::now() < limit)
            all.wait_until(steady::now() + 5ms);
        if (heard < choices_.messages) throw std::runtime_error("the broker has lost telemetry");
        return static_cast<double>(choices_.messages) / seconds_since(start);
    }

    // From the first word until the last row is there. Killed when a third is stored.
    double store(bool with_kill, usage& used) {
        enter();
        auto const before = stage_.used();
        watches all(stage_.user("b-crowd"), root_of(subject::linli), ++boot_);
        auto const start = steady::now();
        while (all.told() < choices_.messages)
            all.tell();
        if (with_kill) {
            wait_for(choices_.messages / 3, &all);
            stage_.dies();
            stage_.comes_back(subject::linli);
        }
        wait_for(choices_.messages, &all);
        auto const took = seconds_since(start);
        count(all.told());
        if (!with_kill) used = stage_.used() - before;
        stage_.leave();
        return static_cast<double>(choices_.messages) / took;
    }

    void wait_for(std::size_t rows, watches* says = nullptr) {
        auto limit = steady::now() + silence_limit;
        for (std::size_t before = 0; before < rows && steady::now() < limit;) {
            if (says)
                says->wait_until(steady::now() + look_every);
            else
                std::this_thread::sleep_for(look_every);
            auto const now = stored();
            if (now > before) limit = steady::now() + silence_limit;
            before = now;
        }
    }

    std::size_t stored() const {
        return static_cast<std::size_t>(stage_.rows_of_linli("telemetry_seen"));
    }

    void count(std::size_t told) {
        auto const rows = static_cast<std::size_t>(stage_.rows_of_linli("telemetry"));
        if (rows == told) return;
        std::cout << fmt::format("{} messages told, {} rows", told, rows) << std::endl;
        is_whole_ = false;
    }

    latencies press(int turn) {
        auto const rate = static_cast<std::size_t>(choices_.presses_a_second);
        load const what{choices_.presses_a_second, 2 * rate, choices_.presses,
                        static_cast<std::uint64_t>(turn)};
        return press_at_rate(what, stage_.user("b-load"), stage_.user("b-ear"),
                             root_of(subject::linli));
    }

    template <class Figure>
    double median_of(Figure const& what) const {
        std::vector<double> values;
        for (auto const& each : turns_)
            values.push_back(what(each));
        return median(std::move(values));
    }

    void report() const {
        auto const p99 = [](latencies const& of) { return percentile(of.ms, 0.99); };
        fmt::print("\nmedians over {} turns\n", turns_.size());
        fmt::print("  relayed by the broker alone           {:>8.0f} a second\n",
                   median_of([](auto const& t) { return t.relayed; }));
        fmt::print(
            "  stored: a row in PostgreSQL           {:>8.0f} a second, {:.2f} of the relay\n",
            median_of([](auto const& t) { return t.stored; }),
            median_of([](auto const& t) { return t.stored / t.relayed; }));
        fmt::print("  stored, the server killed in between  {:>8.0f} a second\n",
                   median_of([](auto const& t) { return t.through_kill; }));
        auto const each = [&](double usage::*what) {
            return median_of([&](auto const& t) {
                return 1e6 * t.used.*what / static_cast<double>(choices_.messages);
            });
        };
        fmt::print("  CPU of a message: own {:.0f}, PostgreSQL's {:.0f}, the broker's {:.0f} us; "
                   "WAL {:.0f} B\n",
                   each(&usage::subject_s), each(&usage::postgres_s), each(&usage::broker_s),
                   each(&usage::wal_bytes) / 1e6);
        fmt::print("  press to offer, quiet             p99 {:>8.2f} ms\n",
                   median_of([&](auto const& t) { return p99(t.quiet); }));
        fmt::print("  beside {:.0f} % of what is stored     p99 {:>8.2f} ms, {:.2f} times\n",
                   100 * share_beside_presses,
                   median_of([&](auto const& t) { return p99(t.beside); }),
                   median_of([&](auto const& t) { return p99(t.beside) / p99(t.quiet); }));
        fmt::print("  of that telemetry stored meanwhile    {:>8.2f}\n",
                   median_of([](auto const& t) { return t.kept_up_with; }));
        fmt::print("  {}\n", is_whole_ ? "nothing lost, nothing doubled" : "SOMETHING WAS LOST");
    }

    choices choices_;
    stage stage_;
    std::uint64_t boot_ = 0;
    std::vector<turn_figures> turns_;
    bool is_whole_ = true;
};

int measure(choices const& c) {
    auto const* postgres = std::getenv("LINLI_TEST_DATABASE");
    if (!postgres) throw std::runtime_error("run tests/bench/telemetry");
    fs::create_directories(c.folder);
    return telemetry_benchmark(c, postgres).run();
}

} // namespace

} // namespace linli::bench

int main(int argc, char** argv) {
    linli::bench::choices c;
    CLI::App app{"Telemetry until it is stored, and a press beside it"};
    app.add_option("--folder", c.folder, "For all files of the run")->required();
    app.add_option("--linli", c.with.linli)->required()->check(CLI::ExistingFile);
    app.add_option("--turns", c.turns)->capture_default_str();
    app.add_option("--messages", c.messages, "A turn")->capture_default_str();
    app.add_option("--rate", c.presses_a_second, "Presses a second")->capture_default_str();
    app.add_option("--presses", c.presses, "A turn")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    try {
        return linli::bench::measure(c);
    } catch (std::exception const& e) {
        std::cerr << "bench_telemetry: " << e.what() << '\n';
        return 1;
    }
}
