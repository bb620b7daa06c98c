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
    w.not_told_percent = static_cast<int>(chance.below(40));
    w.slowest = chance.between(domain::duration{20'000}, seconds(8));
    w.crash_per_mille = static_cast<int>(chance.below(3));
    w.crash_per_million_awaits = static_cast<int>(chance.below(150));
    w.away_per_mille = static_cast<int>(chance.below(15));
    w.hang_per_mille = static_cast<int>(chance.below(3));
    w.in_doubt_per_mille = static_cast<int>(chance.below(25));
    w.conflict_per_mille = static_cast<int>(chance.below(25));
    w.slow_percent = static_cast<int>(chance.below(20));
    w.slowest_call = chance.between(domain::duration{1'000}, domain::duration{800'000});
    w.longest_down = seconds(20);
    w.longest_step = chance.between(seconds(10), minutes(5)); // so that some arrive meanwhile
    w.allowed_lateness = seconds(45);
    w.helpful = false;
    return w;
}

// How much happens at once: an ordinary night, a busy one, or a storm.
struct tempo {
    int busy_percent = 50;
    domain::duration busy_pause = seconds(2);
    domain::duration quiet_pause = seconds(60);
    int pressing_at_once = 1;
};

tempo any_tempo(dice& chance) {
    auto const drawn = chance.below(10);
    if (drawn < 2) return {};
    if (drawn < 7)
        return {.busy_percent = 90,
                .busy_pause = seconds(1),
                .quiet_pause = seconds(20),
                .pressing_at_once = 4};
    return {.busy_percent = 98,
            .busy_pause = domain::duration{300'000},
            .quiet_pause = seconds(20),
            .pressing_at_once = 12};
}

void people_press(world& in, tempo const& how) {
    auto& chance = in.here().chance;
    auto const together = 1 + chance.below(static_cast<std::uint64_t>(how.pressing_at_once));
    for (std::uint64_t i = 0; i < together; ++i)
        in.any_device().press_any();
    if (chance.percent(40)) in.any_device().measure();
}

void a_frightened_thumb(world& in) {
    auto& by = in.any_device();
    in.here().saw(rare::burst_of_presses);
    for (int i = 0; i < 3; ++i)
        by.press(domain::signal_kind::sos);
}

void registry_changes(world& in) {
    auto& here = in.here();
    auto registry = here.record.town();
    change_registry(registry, here.chance);
    here.saw(rare::registry_changes);
    here.record.becomes(std::move(registry));
    agree_on_care(here);
}

void something_happens(world& in, tempo const& how) {
    auto& chance = in.here().chance;
    if (in.here().speaks && chance.per_mille(40)) return in.hotline_has_trouble();
    auto const drawn = chance.below(1000);
    if (drawn < 800) return people_press(in, how);
    if (drawn < 850) return a_frightened_thumb(in);
    if (drawn < 870) return in.any_device().restart();
    if (drawn < 890) return in.any_device().lose_time();
    if (drawn < 930) return in.hotline().somebody_calls();
    if (drawn < 937) return in.any_provider().call_for_help();
    if (drawn < 944) return in.any_provider().mumble();
    if (drawn < 960) return registry_changes(in);
    if (drawn < 970)
        return in.database_goes_for(chance.between(domain::duration{100'000}, seconds(40)));
    if (drawn < 978)
        return in.database_hangs_for(chance.between(domain::duration{100'000}, seconds(20)));
    if (drawn < 986) return in.clocks_jump();
    if (drawn < 992) return in.receiver_changes();
    if (drawn < 996) in.plans_change();
    in.any_server_crashes();
}

void until_quiet(world& in, weather const& calm) {
    in.weather_is(calm);
    in.restart_after_a_jump();
    in.restart_those_with_something_set_aside();
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
    in.here().saw(rare::nobody_is_there);
    in.weather_is(empty);
    in.restart_after_a_jump();
    in.run_for(minutes(30));
    if (!in.is_broken()) check_all_ring(in.here());
}

outcome run_once(std::uint64_t seed, int steps, std::ostream* tell, bool listens) {
    dice of_the_town(seed);
    auto there = any_town(of_the_town);
    bool const has_couple = there.has_couple;
    world w({.seed = seed ^ 0x9E3779B97F4A7C15U,
             .of = std::move(there),
             .servers = of_the_town.percent(40) ? 2 : 1,
             .tell = tell,
             .listens = listens});
    if (has_couple) w.here().saw(rare::couple_in_one_home);
    auto& chance = w.here().chance;
    w.weather_is(foul(chance));
    auto const how = any_tempo(chance);
    for (int i = 0; i < steps && !w.is_broken(); ++i) {
        something_happens(w, how);
        auto const busy = chance.percent(how.busy_percent);
        w.run_for(chance.between(domain::duration{0}, busy ? how.busy_pause : how.quiet_pause));
    }
    if (!w.is_broken() && chance.percent(30)) while_nobody_is_there(w);
    if (!w.is_broken()) until_quiet(w, fair);
    return w.tell_outcome();
}

outcome small_evening_once(people who, std::vector<stroke> const& struck, std::ostream* tell,
                           bool listens) {
    using enum domain::signal_kind;
    auto there = small_town();
    there.speaks = who == people::called;
    world w({.seed = 1, .of = std::move(there), .servers = 1, .tell = tell, .listens = listens});
    auto quick = fair; // the same touches in less time
    quick.longest_step = seconds(30);
    quick.by_telephone = who == people::called;
    auto moody = quick;
    moody.helpful = false;
    w.weather_is(who == people::moody ? moody : quick);
    for (auto const& each : struck) {
        if (each.at_await)
            w.luck().strike_await(each.point);
        else
            w.luck().strike(each.point, each.what);
    }
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
    w.hotline().somebody_calls();
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

} // namespace

outcome run_by_chance(std::uint64_t seed, int steps, std::ostream* tell) {
    auto ended = run_once(seed, steps, tell, false);
    if (ended.fault && !tell) ended = run_once(seed, steps, tell, true);
    return ended;
}

outcome run_small_evening(people who, std::vector<stroke> const& struck, std::ostream* tell) {
    auto ended = small_evening_once(who, struck, tell, false);
    if (ended.fault && !tell) ended = small_evening_once(who, struck, tell, true);
    return ended;
}

} // namespace linli::simulation
