#include "simulation/town.hpp"

#include <fmt/core.h>

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

void add_contacts(town& to, dice& chance, std::string const& resident, std::string const& home) {
    using enum domain::channel;
    auto const number = "13" + resident;
    to.numbers.emplace_back(
        number, domain::caller{domain::caller_kind::resident, resident, 0, domain::home_id{home}});
    auto const contacts = static_cast<int>(chance.below(3));
    for (int n = 1; n <= contacts; ++n) {
        tests::known_contact c;
        c.resident = {resident};
        c.place = n;
        c.ways = chance.percent(50) ? std::vector{voice, sms} : std::vector{sms, email};
        c.phone = number + std::to_string(n);
        if (chance.percent(70)) c.email = c.phone + "@example.org";
        if (chance.percent(20)) c.quiet = domain::quiet_hours{1'210, 1'240};
        c.do_not_tell = chance.percent(10);
        to.numbers.emplace_back(c.phone, domain::caller{domain::caller_kind::contact, resident, n,
                                                        domain::home_id{home}});
        to.contacts.push_back(std::move(c));
    }
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
        to.has_couple = to.has_couple || couple;
        for (int who = 0; who < (couple ? 2 : 1); ++who) {
            auto const id = name + std::to_string(who);
            tests::resident resident("r" + id);
            resident.at_home("h" + name).wears("w" + id).named("name " + id).with_code("1234");
            if (chance.percent(20)) resident.high_risk();
            to.registry.with(resident);
            add_device(to, "w" + id, worn);
            add_contacts(to, chance, "r" + id, "h" + name);
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
        if (chance.percent(25)) w.whose_company_is_asked();
        w.rated(static_cast<double>(chance.below(6)));
        to.registry.with(w);
    }
}

// Some have none, or one that no exchange takes.
void add_telephones(town& to, dice& chance) {
    to.speaks = chance.percent(50);
    int count = 0;
    for (auto const& w : to.registry.workers) {
        auto const drawn = chance.below(10);
        if (drawn < 8) to.telephones[w.id] = "1390000000" + std::to_string(++count);
        if (drawn == 8) to.telephones[w.id] = "ask for Li";
    }
    for (auto const& p : to.providers)
        to.switchboards[{p}] = "0931500" + std::to_string(++count);
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
    t.sites = {{{"city"}, {}, "110", "111"}, {{"c1"}, {"city"}, "120", ""}};
    t.registry.with_device("loose1");
    add_device(t, "loose1", worn);
    add_device(t, "stray1", worn);
    add_device(t, "stray2", fixed);
    add_telephones(t, chance);
    return t;
}

namespace {

// A square of some kilometres, longitude first.
domain::zone around(domain::position const& place) {
    auto const [north, east] = std::pair(place.latitude, place.longitude);
    constexpr double reach = 0.02;
    return {"home", domain::zone_kind::home,
            fmt::format("POLYGON(({1} {0},{3} {0},{3} {2},{1} {2},{1} {0}))", north - reach,
                        east - reach, north + reach, east + reach)};
}

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

void agree_on_care(scene& here) {
    auto const& town = here.record.town();
    for (auto const& device : town.unbound_devices)
        here.observation.forgets(device);
    for (auto const& r : town.residents) {
        auto const* home = town.find(r.home);
        for (auto const& device : r.devices) {
            domain::care of;
            of.device = device;
            of.about = {domain::subject_kind::resident, r.id.value};
            if (home && home->place) of.zones.push_back(around(*home->place));
            here.observation.cares(std::move(of));
        }
    }
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
    t.sites = {{{"city"}, {}, "110", "111"}};
    t.telephones = {{{"k1"}, "13900000001"}, {{"k2"}, "13900000002"}, {{"k3"}, "13900000003"}};
    tests::known_contact daughter;
    daughter.resident = {"r1"};
    daughter.ways = {domain::channel::voice, domain::channel::sms};
    daughter.phone = "138";
    t.contacts.push_back(daughter);
    add_device(t, "box1", fixed);
    add_device(t, "stray1", worn);
    return t;
}

} // namespace linli::simulation
