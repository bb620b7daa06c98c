// simulation                              the fixed seeds and a share of every crash (ctest)
// simulation --seed 7 [--steps 120] [--tell]   one run by chance; --tell prints what happens
// simulation --seeds 1000..2000 [--steps 120]  many; prints how fast, and replays of what failed
// simulation --from 1000 --every 2 --minutes 5 [--out FILE]   a worker of tests/simulation/run
// simulation --table FILE…                what these workers have seen, added up
// simulation --every-crash                all strokes at the small evening
// simulation --evening [--moody, --called] [--at 41:in_doubt] [--at await:977]…   one of them
#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "runtime/log.hpp"
#include "simulation/sightings.hpp"
#include "simulation/strokes.hpp"
#include "simulation/telling.hpp"
#include "simulation/words.hpp"

namespace linli::simulation {

std::string replay_of(people who, std::vector<stroke> const& struck) {
    std::string text = "simulation --evening";
    if (who == people::moody) text += " --moody";
    if (who == people::called) text += " --called";
    for (auto const& each : struck) {
        if (each.at_await)
            text += fmt::format(" --at await:{}", each.point);
        else
            text += fmt::format(" --at {}:{}", each.point, domain::to_text(each.what));
    }
    return text;
}

namespace {

using stopwatch = std::chrono::steady_clock;

struct wish {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::uint64_t every = 1;
    double minutes = 0; // 0: until the last seed
    int steps = usual_steps;
    bool tell = false;
    bool evening = false;
    bool every_crash = false;
    people who = people::helpful;
    bool by_chance = false;
    std::string out;
    std::vector<std::string> tables;
    std::vector<stroke> strokes;
};

stroke read_stroke(std::string const& text) {
    auto const colon = text.find(':');
    auto const after = text.substr(colon + 1);
    if (text.starts_with("await")) return {std::stoul(after), fate::crash_before, true};
    return {std::stoul(text.substr(0, colon)), domain::from_text<fate>(after).value()};
}

void read_seeds(wish& w, std::string const& value) {
    auto const dots = value.find("..");
    w.by_chance = true;
    w.first = std::stoull(value);
    w.last = dots == value.npos ? w.first : std::stoull(value.substr(dots + 2));
}

wish read_wish(std::vector<std::string> const& words) {
    wish w;
    for (std::size_t i = 0; i < words.size(); ++i) {
        auto const value = i + 1 < words.size() ? words[i + 1] : std::string("0");
        if (words[i] == "--tell") w.tell = true;
        if (words[i] == "--evening") w.evening = true;
        if (words[i] == "--every-crash") w.every_crash = true;
        if (words[i] == "--moody") w.who = people::moody;
        if (words[i] == "--called") w.who = people::called;
        if (words[i] == "--steps") w.steps = std::stoi(value);
        if (words[i] == "--every") w.every = std::stoull(value);
        if (words[i] == "--minutes") w.minutes = std::stod(value);
        if (words[i] == "--out") w.out = value;
        if (words[i] == "--table") w.tables.assign(words.begin() + 1, words.end());
        if (words[i] == "--at") w.strokes.push_back(read_stroke(value));
        if (words[i] == "--seed" || words[i] == "--seeds") read_seeds(w, value);
        if (words[i] != "--from") continue;
        w.by_chance = true;
        w.first = std::stoull(value);
        w.last = std::numeric_limits<std::uint64_t>::max();
    }
    return w;
}

// What many runs come to.
struct sum {
    std::size_t seeds = 0;
    std::size_t failed = 0;
    std::size_t signals = 0;
    std::size_t commits = 0;
    std::uint64_t steps = 0;
    std::uint64_t lives = 0;
    domain::duration lasted{0};
    std::map<std::string, std::size_t> seen;
    std::map<std::string, std::size_t> oddities;

    void add(outcome const& one) {
        ++seeds;
        failed += one.fault ? 1U : 0U;
        signals += one.signals;
        commits += one.commits;
        steps += one.steps;
        lives += one.lives;
        lasted += one.lasted;
        for (auto const& [what, times] : one.seen)
            seen[what] += times;
        for (auto const& [what, times] : one.oddities)
            oddities[what] += times;
    }
};

// Rarest first, because these are what one looks for.
void print_table(std::map<std::string, std::size_t> const& seen) {
    std::vector<std::pair<std::size_t, std::string>> rows;
    for (auto const& [what, times] : seen)
        rows.emplace_back(times, what);
    std::sort(rows.begin(), rows.end());
    for (auto const& [times, what] : rows)
        std::cout << fmt::format("{:>12} {}{}{}\n", times, what, times == 0 ? "   never: " : "",
                                 times == 0 ? why_never(what) : "");
}

void write_table(std::string const& path, sum const& all) {
    std::ofstream to(path);
    for (auto const& [what, times] : all.seen)
        to << times << ' ' << what << '\n';
}

int add_tables(std::vector<std::string> const& paths) {
    std::map<std::string, std::size_t> all;
    for (auto const& path : paths) {
        std::ifstream from(path);
        std::size_t times = 0;
        std::string what;
        while (from >> times && from.ignore() && std::getline(from, what))
            all[what] += times;
    }
    print_table(all);
    return 0;
}

std::string figures(sum const& all, double seconds) {
    auto const hours = std::chrono::duration<double, std::ratio<3600>>(all.lasted).count();
    return fmt::format("{} seeds, {} failed; {} signals, {} commits, {} steps, {} lives, "
                       "{:.1f} h in {:.1f} s: {:.0f} signals a minute",
                       all.seeds, all.failed, all.signals, all.commits, all.steps, all.lives, hours,
                       seconds, static_cast<double>(all.signals) / seconds * 60);
}

int by_chance(wish const& w) {
    constexpr double say_every_s = 10;
    auto const began = stopwatch::now();
    auto const since = [&] {
        return std::chrono::duration<double>(stopwatch::now() - began).count();
    };
    sum all;
    double said = 0;
    auto seed = w.first;
    for (; seed <= w.last && (w.minutes == 0 || since() < w.minutes * 60); seed += w.every) {
        auto const ended = run_by_chance(seed, w.steps, w.tell ? &std::cout : nullptr);
        all.add(ended);
        if (ended.fault)
            std::cout << replay_of_seed(seed, w.steps) << "   " << *ended.fault << std::endl;
        if (w.minutes == 0 || since() < said + say_every_s) continue;
        said = since();
        std::cout << fmt::format("seed {}: ", seed) << figures(all, said) << std::endl;
    }
    for (auto const& [what, times] : all.oddities)
        std::cout << "odd, " << times << " times: " << what << '\n';
    if (w.out.empty()) {
        print_table(all.seen);
    } else {
        write_table(w.out, all);
        std::cout << "next seed: " << seed << '\n';
    }
    std::cout << figures(all, since()) << std::endl;
    return all.failed == 0 ? 0 : 1;
}

int one_evening(wish const& w) {
    auto const ended = run_small_evening(w.who, w.strokes, w.tell ? &std::cout : nullptr);
    std::cout << ended.points.size() << " points, " << ended.awaits << " awaits, " << ended.commits
              << " commits\n";
    if (!ended.fault) return 0;
    std::cout << "first: " << *ended.fault << '\n';
    return 1;
}

int every_crash() {
    std::size_t tried = 0, failed = 0;
    for (auto const who : {people::helpful, people::moody, people::called}) {
        auto const undisturbed = run_small_evening(who, {});
        for (auto const& each : all_strokes(undisturbed)) {
            ++tried;
            auto const ended = run_small_evening(who, {each});
            if (!ended.fault) continue;
            ++failed;
            std::cout << replay_of(who, {each}) << "   " << *ended.fault << std::endl;
        }
    }
    std::cout << tried << " strokes, " << failed << " failed\n";
    return failed == 0 ? 0 : 1;
}

} // namespace

} // namespace linli::simulation

int main(int argc, char** argv) {
    using namespace linli;
    ::testing::InitGoogleTest(&argc, argv);
    auto const w = simulation::read_wish({argv + 1, argv + argc});
    // A simulated outage is no news.
    runtime::log::redirection const quiet([&w](std::string_view line) {
        if (w.tell) std::cout << line << '\n';
    });
    if (!w.tables.empty()) return simulation::add_tables(w.tables);
    if (w.every_crash) return simulation::every_crash();
    if (w.evening) return simulation::one_evening(w);
    if (w.by_chance) return simulation::by_chance(w);
    return RUN_ALL_TESTS();
}
