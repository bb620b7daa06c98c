#include "simulation/town.hpp"

namespace linli::simulation {

namespace {

using enum domain::signal_kind;

// Many times the same word: what comes more often.
std::vector<domain::signal_kind> const worn{sos,
                                            sos,
                                            sos,
                                            sos,
                                            fall,
                                            fall,
                                            fence,
                                            inactivity,
                                            help_request,
                                            fall,
                                            fall_cancelled,
                                            fall_cancelled,
                                            fall_confirmed,
                                            help_request,
                                            removed,
                                            vitals,
                                            cleared,
                                            battery,
                                            online,
                                            test,
                                            unreadable};
std::vector<domain::signal_kind> const fixed{sos,     sos,     smoke,   gas, water,       bed,
                                             cleared, battery, offline, sos, help_request};

void add_device(town& to, std::string id, std::vector<domain::signal_kind> const& kinds) {
    to.devices.push_back({std::move(id), kinds});
}

void add_homes(town& to, dice& chance, int station) {
    auto const homes = 1 + chance.below(3);
    for (std::uint64_t i = 0; i < homes; ++i) {
        auto const name = std::to_string(station) + std::to_string(i);
        auto where = tests::north_of(tests::usual_place, static_cast<double>(chance.below(4'000)));
        tests::home home("h" + name);
        home.roughly("street " + name).door("door " + name).at(where);
        if (chance.percent(10)) home.nowhere();
        bool const has_box = chance.percent(60);
        if (has_box) home.has("b" + name);
        to.registry.with(home);
        if (has_box) add_device(to, "b" + name, fixed);
        bool const couple = chance.percent(50);
        for (int who = 0; who < (couple ? 2 : 1); ++who) {
            auto const id = name + std::to_string(who);
            tests::resident resident("r" + id);
            resident.at_home("h" + name).wears("w" + id).named("name " + id);
            if (chance.percent(20)) resident.high_risk();
            to.registry.with(resident);
            add_device(to, "w" + id, worn);
        }
    }
}

void add_workers(town& to, dice& chance, int station) {
    auto const workers = 1 + chance.below(2);
    for (std::uint64_t i = 0; i < workers; ++i) {
        tests::worker w("k" + std::to_string(station) + std::to_string(i));
        w.of(chance.pick(to.providers));
        w.at(tests::north_of(tests::usual_place, static_cast<double>(chance.below(4'000))));
        if (chance.percent(20)) w.unseen();
        if (chance.percent(70)) w.certified("first_aid");
        if (chance.percent(30)) w.on_duty(480, 1'300);
        w.rated(static_cast<double>(chance.below(6)));
        to.registry.with(w);
    }
}

} // namespace

town any_town(dice& chance) {
    town t;
    t.registry = tests::a_city();
    t.providers = {"p1", "p2", "p3"};
    t.registry.with_centre("c1", chance.percent(50) ? 420 : 0, chance.percent(50) ? 1'260 : 1'440);
    auto const stations = 1 + chance.below(2);
    for (int s = 0; s < static_cast<int>(stations); ++s) {
        auto const closes = chance.percent(50) ? 1'080 : 1'440;
        t.registry.with_station("s" + std::to_string(s), chance.percent(50) ? 480 : 0, closes);
        add_homes(t, chance, s);
        add_workers(t, chance, s);
    }
    t.registry.with(tests::worker("a1").of("p1").certified("first_aid"));
    t.registry.with(tests::worker("a2").of("p2").certified("first_aid"));
    t.registry.with_device("loose1");
    add_device(t, "loose1", worn);
    add_device(t, "stray1", worn);
    add_device(t, "stray2", fixed);
    return t;
}

namespace {

void move_device(tests::city& registry, dice& chance) {
    auto& from = registry.residents[chance.below(registry.residents.size())].devices;
    if (from.empty()) return;
    auto const id = from.back();
    from.pop_back();
    if (chance.percent(20))
        registry.unbound_devices.push_back(id);
    else if (chance.percent(30))
        registry.homes[chance.below(registry.homes.size())].devices.push_back(id);
    else
        registry.residents[chance.below(registry.residents.size())].devices.push_back(id);
}

} // namespace

void change_registry(tests::city& registry, dice& chance) {
    constexpr std::size_t always_there = 2; // a1 and a2, the last
    auto const others = registry.workers.size() - always_there;
    auto const drawn = chance.below(10);
    if (drawn < 4) return move_device(registry, chance);
    if (others == 0 || drawn < 6) return; // the same again
    auto const at = static_cast<std::ptrdiff_t>(chance.below(others));
    if (drawn < 8)
        registry.workers.erase(registry.workers.begin() + at);
    else
        registry.workers[static_cast<std::size_t>(at)].from_minute = 600;
}

town small_town() {
    town t;
    t.registry = tests::a_city();
    t.providers = {"p1", "p2"};
    t.registry.with_centre("c1", 420, 1'380).with_station("s1");
    t.registry.with(tests::home("h1").roughly("street 1").door("3-501").has("box1"));
    t.registry.with(tests::resident("r1").at_home("h1").wears("w1"));
    t.registry.with(tests::resident("r2").at_home("h1").wears("w2"));
    t.registry.with(tests::home("h2").roughly("street 2").door("4-101"));
    t.registry.with(tests::resident("r3").at_home("h2").wears("w3"));
    t.registry.with(tests::worker("k1").of("p1").certified("first_aid"));
    t.registry.with(tests::worker("k2").of("p1").certified("first_aid"));
    t.registry.with(tests::worker("k3").of("p2").certified("first_aid"));
    for (auto const* id : {"w1", "w2", "w3"})
        add_device(t, id, worn);
    add_device(t, "box1", fixed);
    add_device(t, "stray1", worn);
    return t;
}

} // namespace linli::simulation
