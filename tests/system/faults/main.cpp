// Breaks the real thing in many ways under load, and holds what the field has seen against the
// record. Exit code: 0 nothing lost, nothing doubled, always well again; 1 otherwise.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <optional>
#include <random>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "runtime/log.hpp"
#include "support/places.hpp"
#include "system/faults/fault_case.hpp"
#include "system/faults/report.hpp"

namespace linli::tests::faults {

namespace {

struct options {
    bool list = false;
    bool report = false;
    bool is_short = false;
    std::vector<std::string> names;
    std::optional<int> times;
    std::optional<std::uint64_t> seed;
    int rate = 30;
    std::string program = linli_program();
    std::filesystem::path results;
};

// With as many faults as are wanted.
std::vector<fault_case> chosen(options const& wanted) {
    std::vector<fault_case> all;
    for (auto each : all_cases()) {
        auto const& few = short_form();
        auto const among_few = std::find_if(few.begin(), few.end(),
                                            [&](auto const& s) { return s.name == each.name; });
        auto const is_named =
            std::find(wanted.names.begin(), wanted.names.end(), each.name) != wanted.names.end();
        if (wanted.names.empty() ? wanted.is_short && among_few == few.end() : !is_named) continue;
        if (wanted.is_short && among_few != few.end()) each.wanted = among_few->times;
        each.wanted = wanted.times.value_or(each.wanted);
        all.push_back(each);
    }
    return all;
}

void list() {
    for (auto const& each : all_cases())
        fmt::print("{:<22}{:>5}  {}{}\n", each.name, each.wanted, each.says,
                   each.needs_root ? " (needs root)" : "");
}

void tell(std::string const& words) {
    fmt::print("{}\n", words);
    std::fflush(stdout);
}

outcome goes_through(trial& t, fault_case const& each, int times) {
    if (each.happen) {
        each.happen(t, times);
        t.is_over();
        return t.ends(times);
    }
    for (int n = 0; n < times; ++n) {
        t.goes_on_for_a_while();
        each.happens(t);
        t.is_over();
    }
    return t.ends(times);
}

outcome one_house(fault_case const& each, int times, circumstances const& among) {
    trial t(std::string(each.name), each.house, among);
    try {
        return goes_through(t, each, times);
    } catch (broken_off const&) {
        t.where().discard();
        throw;
    } catch (std::exception const& e) {
        throw std::runtime_error(
            fmt::format("{}; kept: {}", e.what(), t.where().folder().string()));
    }
}

// A house that never got well is an outcome, too.
outcome tried(fault_case const& each, int times, circumstances const& among) {
    try {
        return one_house(each, times, among);
    } catch (broken_off const&) {
        throw;
    } catch (std::exception const& e) {
        outcome failed;
        failed.name = each.name;
        failed.seed = std::to_string(among.seed);
        failed.faults = times;
        failed.findings.emplace_back(e.what());
        return failed;
    }
}

std::string in_short(outcome const& o) {
    auto text =
        fmt::format("{} × {}: {} signals, lost {}, doubled {}, wrong {}, well after {:.1f} "
                    "s ({:.0f} s)",
                    o.name, o.faults, o.signals, o.lost, o.doubled, o.wrong, o.well_s, o.lasted_s);
    for (auto const& each : o.findings)
        text += "\n  NOT SO: " + each;
    return text;
}

int run(options const& wanted) {
    auto const cases = chosen(wanted);
    auto known = wanted.results.empty() ? std::vector<outcome>{} : read(wanted.results);
    auto const refused = wanted.report ? std::string() : move_apart();
    runtime::log::set_level(runtime::log::level::error); // the operators are in this process
    std::random_device chance;
    for (auto const& each : cases) {
        if (wanted.report || (each.needs_root && !refused.empty())) continue;
        for (auto done = faults_of(each.name, known); done < each.wanted;
             done = faults_of(each.name, known)) {
            auto const times = std::min(each.in_one_house, each.wanted - done);
            tell(fmt::format("{} {}/{}: {}", each.name, done, each.wanted, each.says));
            known.push_back(tried(
                each, times,
                {wanted.program, wanted.rate, wanted.seed.value_or(chance()), wanted.is_short}));
            if (!wanted.results.empty()) append(wanted.results, known.back());
            tell(in_short(known.back()));
        }
    }
    fmt::print("\n{}", report_of(cases, known, refused));
    return all_clean(known) ? 0 : 1;
}

void ask_to_leave(int) {
    asked_to_leave = true;
}

} // namespace

} // namespace linli::tests::faults

int main(int argc, char** argv) {
    using namespace linli::tests::faults;
    CLI::App app{"Breaks the server, the broker, the database and what lies between them, under "
                 "load; tests/system/faults/run builds and starts it. What was tried stands in "
                 "the results and is not tried again."};
    options wanted;
    app.add_flag("--list", wanted.list, "What there is, and how often each is wanted");
    app.add_flag("--report", wanted.report, "Only the table of what is known");
    app.add_option("--case", wanted.names, "Only these")->check([](std::string const& name) {
        auto const& all = all_cases();
        return std::any_of(all.begin(), all.end(), [&](auto const& c) { return c.name == name; })
                   ? std::string()
                   : "no such case: " + name + "; --list names them";
    });
    app.add_option("--times", wanted.times, "So many faults of each case, in all")
        ->check(CLI::PositiveNumber);
    app.add_flag("--short", wanted.is_short, "A few cases that need little time");
    app.add_option("--rate", wanted.rate, "Presses a second")
        ->check(CLI::Range(10, 1000))
        ->capture_default_str();
    app.add_option("--seed", wanted.seed, "Who presses and when it breaks; another one each time");
    app.add_option("--program", wanted.program, "The linli to break")->capture_default_str();
    app.add_option("--results", wanted.results, "Where each house leaves its line");
    CLI11_PARSE(app, argc, argv);
    std::signal(SIGINT, ask_to_leave);
    std::signal(SIGTERM, ask_to_leave);
    try {
        if (wanted.list) return list(), 0;
        return run(wanted);
    } catch (std::exception const& e) {
        std::fprintf(stderr, "faults: %s\n", e.what());
        return 1;
    }
}
