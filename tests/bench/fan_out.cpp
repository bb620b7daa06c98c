// What it costs that many consoles are open: for each of them and each case, and for whoever
// presses meanwhile. Started by tests/bench/fan_out.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <pqxx/pqxx>

#include "bench/consoles_open.hpp"
#include "bench/report.hpp"
#include "support/page_client.hpp"

namespace linli::bench {

namespace {

namespace fs = std::filesystem;

struct choices {
    fs::path folder;
    stage::programs with;
    int turns = 3;
    int rate = 50;
    std::size_t presses = 1000;
    std::vector<std::size_t> consoles{0, 20, 100, 500};
};

// So many consoles, in one turn.
struct part {
    std::size_t consoles = 0;
    latencies offers;
    std::vector<double> shown_ms; // commit to the first console's hearing of it, sorted
    std::size_t not_shown = 0;
    std::size_t messages = 0;
    std::size_t bytes = 0;
    double own_s = 0; // the server's CPU
};

class fan_out {
public:
    fan_out(choices const& c, std::string const& postgres)
        : choices_(c), stage_(c.folder, c.with, postgres, with_a_console()) {
        stage_.adds_user(user, "shift_leader");
    }

    int run() {
        for (int turn = 1; turn <= choices_.turns; ++turn)
            for (auto const count : choices_.consoles)
                take(turn, count);
        report();
        return is_whole_ ? 0 : 1;
    }

private:
    static constexpr auto user = "leader";

    static stage::town with_a_console() {
        auto town = stage::usual_town();
        town.has_console = true;
        return town;
    }

    void take(int turn, std::size_t count) {
        stage_.enter(subject::linli);
        part p;
        p.consoles = count;
        {
            consoles_open all(stage_.console_port(), stage_.authority(), session());
            all.open(count);
            auto const before = stage_.used();
            auto const beats = all.messages();
            p.offers = press(turn);
            p.own_s = (stage_.used() - before).subject_s;
            p.messages = all.messages() - beats;
            p.bytes = all.bytes();
            if (count > 0) compare(all.first_seen(), p);
            all.close();
        }
        stage_.leave();
        is_whole_ = is_whole_ && p.offers.missing == 0 && p.not_shown == 0;
        std::cout << fmt::format("turn {}, {} consoles: press to offer p50 {:.2f}, p99 {:.2f} ms; "
                                 "own CPU {:.2f} s, {} messages",
                                 turn, count, percentile(p.offers.ms, 0.5),
                                 percentile(p.offers.ms, 0.99), p.own_s, p.messages)
                  << std::endl;
        parts_.push_back(std::move(p));
    }

    std::string session() {
        tests::page_client page(stage_.console_port(), stage_.authority(), "127.0.0.1");
        auto const answer = page.post(
            "/v1/session", fmt::format(R"({{"user":"{}","password":"{}"}})", user, stage::secret));
        if (answer.status != 200) throw std::runtime_error("nobody is signed in");
        return page.cookie();
    }

    latencies press(int turn) {
        load const what{choices_.rate, 2 * static_cast<std::size_t>(choices_.rate),
                        choices_.presses, static_cast<std::uint64_t>(turn)};
        return press_at_rate(what, stage_.user("b-load"), stage_.user("b-ear"),
                             root_of(subject::linli));
    }

    void compare(std::map<std::string, std::chrono::system_clock::time_point> const& seen,
                 part& p) const {
        pqxx::connection c(stage_.linli_database());
        pqxx::nontransaction in(c);
        for (auto const& row : in.exec("select a.id, microseconds_of(s.committed_at) from alert a"
                                       " join signal s on s.event = a.first_event")) {
            auto const found = seen.find(row[0].c_str());
            if (found == seen.end()) {
                ++p.not_shown;
                continue;
            }
            auto const at =
                std::chrono::duration<double, std::milli>(found->second.time_since_epoch());
            p.shown_ms.push_back(at.count() - row[1].as<double>() / 1e3);
        }
        std::sort(p.shown_ms.begin(), p.shown_ms.end());
    }

    template <class Figure>
    double median_at(std::size_t count, Figure const& what) const {
        std::vector<double> values;
        for (std::size_t n = 0; n < parts_.size(); ++n)
            if (parts_[n].consoles == count) values.push_back(what(parts_[n], quiet_of(n)));
        return median(std::move(values));
    }

    // The same turn's, with the fewest consoles.
    part const& quiet_of(std::size_t n) const {
        return parts_[n / choices_.consoles.size() * choices_.consoles.size()];
    }

    void report() const {
        auto const cases = static_cast<double>(choices_.presses) + 2.0 * choices_.rate;
        fmt::print("\nmedians over {} turns, {} presses a second, each a new case\n",
                   choices_.turns, choices_.rate);
        fmt::print("consoles   press to offer          to the first  shown        own CPU, us\n"
                   "           p50      p99      ms    p99 times     p50, p99 ms  a console and "
                   "case   messages a console and second\n");
        for (auto const count : choices_.consoles) {
            auto const at = [&](auto const& what) { return median_at(count, what); };
            auto const n = static_cast<double>(std::max<std::size_t>(count, 1));
            fmt::print("{:>8}   {:>6.2f}   {:>6.2f}         {:>6.2f}        {:>6.1f}, {:>6.1f}   "
                       "{:>6.1f}             {:>6.1f}\n",
                       count, at([](auto& p, auto&) { return percentile(p.offers.ms, 0.5); }),
                       at([](auto& p, auto&) { return percentile(p.offers.ms, 0.99); }),
                       at([](auto& p, auto& quiet) {
                           return percentile(p.offers.ms, 0.99) / percentile(quiet.offers.ms, 0.99);
                       }),
                       at([](auto& p, auto&) { return percentile(p.shown_ms, 0.5); }),
                       at([](auto& p, auto&) { return percentile(p.shown_ms, 0.99); }),
                       at([&](auto& p, auto& quiet) {
                           return 1e6 * (p.own_s - quiet.own_s) / (n * cases);
                       }),
                       at([&](auto& p, auto&) {
                           return static_cast<double>(p.messages) * choices_.rate / (n * cases);
                       }));
        }
        fmt::print("{}\n", is_whole_ ? "every case had its offer and came to the console"
                                     : "SOMETHING WAS LOST");
    }

    choices choices_;
    stage stage_;
    std::vector<part> parts_;
    bool is_whole_ = true;
};

int measure(choices const& c) {
    auto const* postgres = std::getenv("LINLI_TEST_DATABASE");
    if (!postgres) throw std::runtime_error("run tests/bench/fan_out");
    fs::create_directories(c.folder);
    return fan_out(c, postgres).run();
}

} // namespace

} // namespace linli::bench

int main(int argc, char** argv) {
    linli::bench::choices c;
    CLI::App app{"Many consoles, and presses beside them"};
    app.add_option("--folder", c.folder, "For all files of the run")->required();
    app.add_option("--linli", c.with.linli)->required()->check(CLI::ExistingFile);
    app.add_option("--turns", c.turns)->capture_default_str();
    app.add_option("--rate", c.rate, "Presses a second")->capture_default_str();
    app.add_option("--presses", c.presses, "With each number of consoles")->capture_default_str();
    app.add_option("--consoles", c.consoles, "How many; the first is what the others compare with")
        ->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    try {
        return linli::bench::measure(c);
    } catch (std::exception const& e) {
        std::cerr << "bench_fan_out: " << e.what() << '\n';
        return 1;
    }
}
