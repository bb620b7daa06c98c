// Runs the three in turn on one stage and prints what was seen. Started by tests/bench/latency.
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <stdexcept>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "bench/report.hpp"

namespace linli::bench {

namespace {

namespace fs = std::filesystem;

struct rate_choice {
    int a_second;
    std::size_t presses;
};

struct choices {
    fs::path folder;
    stage::programs with;
    int turns = 5;
    // 30 s after a press its plan has more to do, which no floor has; tests/bench/due is for that.
    std::vector<std::string> rates{"50:1300", "500:10000"};
    std::size_t flood = 20'000;
    std::vector<std::string> only;
};

rate_choice parse_rate(std::string const& text) {
    auto const colon = text.find(':');
    if (colon == text.npos) throw std::runtime_error("a rate is RATE:PRESSES, not " + text);
    return {std::stoi(text.substr(0, colon)), std::stoul(text.substr(colon + 1))};
}

std::vector<subject> order_in(int turn, choices const& c) {
    std::vector<subject> order;
    for (std::size_t n = 0; n < subjects.size(); ++n) {
        auto const each = subjects[(n + static_cast<std::size_t>(turn)) % subjects.size()];
        auto const chosen = std::find(c.only.begin(), c.only.end(), name_of(each)) != c.only.end();
        if (c.only.empty() || chosen) order.push_back(each);
    }
    return order;
}

class benchmark {
public:
    benchmark(choices const& c, std::string const& postgres)
        : choices_(c), stage_(c.folder, c.with, postgres) {}

    int run() {
        for (int turn = 1; turn <= choices_.turns; ++turn) {
            for (auto const& rate : choices_.rates)
                for (auto const each : order_in(turn, choices_))
                    measure(turn, parse_rate(rate), each);
            if (choices_.flood > 0)
                for (auto const each : order_in(turn, choices_))
                    flood_once(turn, each);
        }
        print(measured_, floods_);
        return lost_ == 0 ? 0 : 1;
    }

private:
    void measure(int turn, rate_choice const& rate, subject which) {
        constexpr std::size_t warm_up_s = 2;
        load const what{rate.a_second, warm_up_s * static_cast<std::size_t>(rate.a_second),
                        rate.presses, static_cast<std::uint64_t>(turn)};
        stage_.enter(which);
        auto const before = stage_.used();
        measurement m{rate.a_second, turn, which, what.warm_up + what.measured, {}, {}};
        m.seen = press_at_rate(what, stage_.user("b-load"), stage_.user("b-ear"), root_of(which));
        m.used = stage_.used() - before;
        leave(which);
        lost_ += m.seen.missing;
        std::cout << line_of(m) << std::endl;
        measured_.push_back(std::move(m));
    }

    void flood_once(int turn, subject which) {
        constexpr std::size_t under_way = 500;
        stage_.enter(which);
        auto const got = flood(choices_.flood, under_way, stage_.user("b-load"),
                               stage_.user("b-ear"), root_of(which));
        leave(which);
        std::cout << fmt::format("turn {} flood  {:<8} {:.0f} orders/s", turn, name_of(which), got)
                  << std::endl;
        floods_.push_back({turn, which, got});
    }

    void leave(subject which) {
        if (!stage_.survives())
            throw std::runtime_error(fmt::format("{} has ended by itself", name_of(which)));
        stage_.leave();
    }

    choices choices_;
    stage stage_;
    std::vector<measurement> measured_;
    std::vector<flood_measurement> floods_;
    std::size_t lost_ = 0;
};

int measure(choices const& c) {
    auto const* postgres = std::getenv("LINLI_TEST_DATABASE");
    if (!postgres) throw std::runtime_error("run tests/bench/latency");
    fs::create_directories(c.folder);
    return benchmark(c, postgres).run();
}

} // namespace

} // namespace linli::bench

int main(int argc, char** argv) {
    linli::bench::choices c;
    CLI::App app{"Linli's latency beside its floor's"};
    app.add_option("--folder", c.folder, "For all files of the run")->required();
    app.add_option("--linli", c.with.linli)->required()->check(CLI::ExistingFile);
    app.add_option("--floor", c.with.floor)->required()->check(CLI::ExistingFile);
    app.add_option("--turns", c.turns)->capture_default_str();
    app.add_option("--rates", c.rates, "RATE:PRESSES …")->capture_default_str();
    app.add_option("--flood", c.flood, "Presses of the closed flood; 0 = none")
        ->capture_default_str();
    app.add_option("--only", c.only, "Of \"floor A\", \"floor B\", \"linli\"");
    CLI11_PARSE(app, argc, argv);
    try {
        return linli::bench::measure(c);
    } catch (std::exception const& e) {
        std::cerr << "bench_latency: " << e.what() << '\n';
        return 1;
    }
}
