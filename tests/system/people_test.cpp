// The demo city's people on a real house: nobody is forgotten, and nobody stays on the line.
#include <atomic>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "cli/seat.hpp"
#include "simulate/engine.hpp"
#include "system/house.hpp"

namespace linli::tests {

using simulate::happening_kind;
using namespace std::chrono_literals;

namespace {

// Six workers for two homes, so that nobody has to wait for one.
app::registry_rows well_served_city() {
    auto city = small_city();
    for (auto const* id : {"k3", "k4", "k5", "k6"}) {
        auto another = city.workers[id[1] % 2];
        another.id = {id};
        city.workers.push_back(another);
    }
    return city;
}

std::vector<simulate::button> buttons() {
    return {{{"w1"}, "watch", "h1"}, {{"b1"}, "button_box", "h2"}};
}

// All accept, and are quick.
simulate::day_plan quick_day(std::size_t presses) {
    simulate::day_plan plan;
    plan.boot = 1;
    plan.presses = presses;
    plan.presses_per_minute = 6000;
    plan.time_scale = 0.01;
    plan.accept_percent = 100;
    plan.silent_percent = 0;
    return plan;
}

// Of all processes; the port is the test's own.
std::size_t connections_to(std::uint16_t port) {
    auto const to = fmt::format(":{:04X} 01 ", port); // 01: established
    std::ifstream in("/proc/net/tcp");
    std::size_t count = 0;
    for (std::string line; std::getline(in, line);)
        if (line.find(to) != line.npos) ++count;
    return count;
}

struct people {
    people(house& h, simulate::day_plan plan, bool with_desk,
           std::function<void(simulate::happening const&)> see = {})
        : engine({h.config().mqtt.url, {}, h.secrets()}, buttons(), {{"c1"}, {"c2"}},
                 with_desk ? one_operator(h) : nobody(), plan, std::move(see)) {}

    static std::vector<std::unique_ptr<simulate::desk_person>> nobody() { return {}; }
    static std::vector<std::unique_ptr<simulate::desk_person>> one_operator(house const& h) {
        auto desk = nobody();
        desk.push_back(std::make_unique<cli::seat>(h.config(), "op1"));
        return desk;
    }

    simulate::engine engine;
};

} // namespace

TEST(people, each_press_of_the_script_is_answered_to_the_end) {
    house h(well_served_city());
    h.takes_the_demo_plans();
    people p(h, quick_day(2), true);
    auto const figures = p.engine.run();
    EXPECT_TRUE(figures.all_answered);
    EXPECT_EQ(figures.to_stored.size(), 2U);
    EXPECT_EQ(figures.to_arrived.size(), 2U);
    EXPECT_EQ(figures.counts.count(happening_kind::lost), 0U);
    EXPECT_EQ(figures.counts.count(happening_kind::trouble), 0U);
    EXPECT_EQ(h.count("signal"), 2);
    EXPECT_EQ(h.count("alert where state = 'closed'"), 2);
    EXPECT_EQ(h.count("service_order where state = 'followed_up'"), 2);
}

TEST(people, all_hang_up_when_they_are_stopped) {
    house h(well_served_city());
    auto const before = connections_to(h.broker().port());
    std::atomic<int> told{0};
    simulate::engine* running = nullptr;
    people p(h, quick_day(0), false, [&](simulate::happening const& what) {
        if (what.kind == happening_kind::told_stored && ++told == 20) running->stop();
    });
    running = &p.engine;
    auto const figures = p.engine.run(); // for ever, were it not stopped
    EXPECT_GE(figures.to_stored.size(), 20U);
    EXPECT_EQ(figures.counts.count(happening_kind::lost), 0U);
    EXPECT_EQ(figures.counts.count(happening_kind::trouble), 0U);
    EXPECT_LE(connections_to(h.broker().port()), before);
}

TEST(people, without_a_password_nobody_begins_and_nobody_stays) {
    house h(small_city());
    auto const before = connections_to(h.broker().port());
    std::filesystem::remove(h.secrets() / "d-w1");
    people p(h, quick_day(2), false);
    EXPECT_THROW(p.engine.run(), std::runtime_error);
    EXPECT_LE(connections_to(h.broker().port()), before);
}

} // namespace linli::tests
