// simulation                              the fixed seeds and every crash (ctest runs this)
// simulation --seed 7 [--steps 120] [--tell]   one run by chance; --tell prints what happens
// simulation --seeds 1000..2000 [--steps 120]  many; prints how fast, and replays of what failed
// simulation --evening [--moody] [--at 41:in_doubt]…  the small evening, with strokes at its points
#include <chrono>
#include <iostream>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "runtime/log.hpp"
#include "simulation/telling.hpp"
#include "simulation/words.hpp"

namespace linli::simulation {

std::string replay_of(people who, std::vector<stroke> const& struck) {
    std::string text = "simulation --evening";
    if (who == people::moody) text += " --moody";
    for (auto const& each : struck)
        text += fmt::format(" --at {}:{}", each.point, domain::to_text(each.what));
    return text;
}

namespace {

struct wish {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    int steps = 120;
    bool tell = false;
    bool evening = false;
    people who = people::helpful;
    bool by_chance = false;
    std::vector<stroke> strokes;
};

stroke read_stroke(std::string const& text) {
    auto const colon = text.find(':');
    auto const what = domain::from_text<fate>(text.substr(colon + 1));
    return {std::stoul(text.substr(0, colon)), what.value()};
}

wish read_wish(std::vector<std::string> const& words) {
    wish w;
    for (std::size_t i = 0; i < words.size(); ++i) {
        auto const value = i + 1 < words.size() ? words[i + 1] : std::string("0");
        if (words[i] == "--tell") w.tell = true;
        if (words[i] == "--evening") w.evening = true;
        if (words[i] == "--moody") w.who = people::moody;
        if (words[i] == "--steps") w.steps = std::stoi(value);
        if (words[i] == "--at") w.strokes.push_back(read_stroke(value));
        if (words[i] != "--seed" && words[i] != "--seeds") continue;
        auto const dots = value.find("..");
        w.by_chance = true;
        w.first = std::stoull(value);
        w.last = dots == value.npos ? w.first : std::stoull(value.substr(dots + 2));
    }
    return w;
}

int one_evening(wish const& w) {
    auto const ended = run_small_evening(w.who, w.strokes, w.tell ? &std::cout : nullptr);
    std::cout << ended.points.size() << " points, " << ended.commits << " commits\n";
    if (!ended.fault) return 0;
    std::cout << "first: " << *ended.fault << '\n';
    return 1;
}

int by_chance(wish const& w) {
    auto const began = std::chrono::steady_clock::now();
    std::size_t signals = 0, commits = 0, points = 0, failed = 0;
    std::uint64_t lives = 0;
    domain::duration lasted{0};
    std::map<std::string, std::size_t> oddities;
    for (auto seed = w.first; seed <= w.last; ++seed) {
        auto const ended = run_by_chance(seed, w.steps, w.tell ? &std::cout : nullptr);
        signals += ended.signals;
        commits += ended.commits;
        points += ended.points.size();
        lives += ended.lives;
        lasted += ended.lasted;
        for (auto const& [what, times] : ended.oddities)
            oddities[what] += times;
        if (!ended.fault) continue;
        ++failed;
        std::cout << replay_of_seed(seed, w.steps) << "   " << *ended.fault << std::endl;
    }
    for (auto const& [what, times] : oddities)
        std::cout << "odd, " << times << " times: " << what << '\n';
    std::chrono::duration<double> const took = std::chrono::steady_clock::now() - began;
    auto const hours = std::chrono::duration<double, std::ratio<3600>>(lasted).count();
    std::cout << fmt::format("{} seeds, {} failed; {} signals, {} commits, {} points, {} lives, "
                             "{:.1f} h in {:.1f} s: {:.0f} signals a minute\n",
                             w.last - w.first + 1, failed, signals, commits, points, lives, hours,
                             took.count(), static_cast<double>(signals) / took.count() * 60);
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
    if (w.evening) return simulation::one_evening(w);
    if (w.by_chance) return simulation::by_chance(w);
    return RUN_ALL_TESTS();
}
