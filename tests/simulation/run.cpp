#include "simulation/run.hpp"

#include "simulation/quiet_rules.hpp"
#include "simulation/world.hpp"

namespace linli::simulation {

namespace {

using domain::minutes;
using domain::seconds;

weather foul(dice& chance) {
    weather w;
    w.lost_percent = static_cast<int>(chance.below(30));
    w.doubled_percent = static_cast<int>(chance.below(20));
    w.not_sent_percent = static_cast<int>(chance.below(10));
    w.slowest = chance.between(domain::duration{20'000}, seconds(8));
    w.crash_per_mille = static_cast<int>(chance.below(4));
    w.away_per_mille = static_cast<int>(chance.below(15));
    w.in_doubt_per_mille = static_cast<int>(chance.below(25));
    w.conflict_per_mille = static_cast<int>(chance.below(25));
    w.slow_percent = static_cast<int>(chance.below(20));
    w.slowest_call = chance.between(domain::duration{1'000}, domain::duration{800'000});
    w.longest_down = seconds(20);
    w.allowed_lateness = seconds(30);
    w.helpful = false;
    return w;
}

void something_happens(world& in) {
    auto& chance = in.here().chance;
    auto const drawn = chance.below(100);
    if (drawn < 84) return in.any_device().press_any();
    if (drawn < 90) { // a frightened thumb
        auto& by = in.any_device();
        for (int i = 0; i < 3; ++i)
            by.press(domain::signal_kind::sos);
        return;
    }
    if (drawn < 92) return in.any_device().restart();
    if (drawn < 93) return in.any_provider().mumble();
    if (drawn < 95) {
        auto registry = in.here().record.town();
        change_registry(registry, chance);
        return in.here().record.becomes(std::move(registry));
    }
    if (drawn < 98)
        return in.database_goes_for(chance.between(domain::duration{100'000}, seconds(40)));
    in.plans_change();
    if (in.house().is_up()) in.house().crash();
}

void until_quiet(world& in, weather const& calm) {
    in.weather_is(calm);
    // What the record had refused waits in the journal until somebody restarts the house.
    if (in.house().has_set_aside()) in.house().crash();
    in.people_come_to_senses();
    constexpr minutes patience{240};
    for (minutes waited{0}; waited < patience && !in.is_quiet() && !in.is_broken(); ++waited)
        in.run_for(minutes(1));
    in.run_for(seconds(15)); // what was sent twice comes late, and its answer is on its way then
    for (int i = 0; i < 10 && !in.is_quiet() && !in.is_broken(); ++i)
        in.run_for(seconds(1));
    if (!in.is_broken()) in.check_quiet();
}

void while_nobody_is_there(world& in) {
    auto empty = fair;
    empty.anybody = false;
    in.weather_is(empty);
    in.run_for(minutes(30));
    if (!in.is_broken()) check_all_ring(in.here());
}

} // namespace

outcome run_by_chance(std::uint64_t seed, int steps, std::ostream* tell) {
    dice of_the_town(seed);
    world w(seed ^ 0x9E3779B97F4A7C15U, any_town(of_the_town), tell);
    auto& chance = w.here().chance;
    w.weather_is(foul(chance));
    for (int i = 0; i < steps && !w.is_broken(); ++i) {
        something_happens(w);
        auto const busy = chance.percent(50);
        w.run_for(chance.between(domain::duration{0}, busy ? seconds(2) : seconds(60)));
    }
    if (!w.is_broken() && chance.percent(30)) while_nobody_is_there(w);
    if (!w.is_broken()) until_quiet(w, fair);
    return w.tell_outcome();
}

outcome run_small_evening(people who, std::vector<stroke> const& struck, std::ostream* tell) {
    using enum domain::signal_kind;
    world w(1, small_town(), tell);
    auto quick = fair; // the same touches in less time
    quick.longest_step = seconds(30);
    auto moody = quick;
    moody.helpful = false;
    w.weather_is(who == people::moody ? moody : quick);
    for (auto const& each : struck)
        w.luck().strike(each.point, each.what);
    auto const press = [&](char const* id, domain::signal_kind kind, domain::duration then) {
        if (w.is_broken()) return;
        w.device_called(id).press(kind);
        w.run_for(then);
    };
    press("w1", sos, seconds(2));
    press("w1", sos, seconds(3));
    press("w2", fall, seconds(15));
    press("w3", help_request, seconds(10));
    press("box1", smoke, seconds(10));
    press("stray1", sos, seconds(20));
    press("w1", sos, seconds(30));
    press("w3", battery, seconds(1));
    press("w3", fall, seconds(30));
    press("w3", cleared, seconds(5));
    press("w2", fall_cancelled, seconds(1)); // too late
    press("box1", fall, seconds(10));
    press("box1", fall_cancelled, seconds(5)); // in time, if nothing is open there
    press("w2", sos, seconds(5));
    if (!w.is_broken()) until_quiet(w, quick);
    return w.tell_outcome();
}

} // namespace linli::simulation
