#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "app/carrier.hpp"
#include "app/degraded_telling.hpp"
#include "simulation/scene.hpp"

namespace linli::simulation {

// What must hold while the database is away: an emergency that waits on a server's disk is told to
// the duty telephone and to the alarm hook, however many wait with it; and when the database is
// back, its alert says so. What a server had only tried to tell before it died doesn't count.
class dark_rules {
public:
    explicit dark_rules(scene& here) : here_(here) {}

    // A gateway was asked to tell it; `took`: and has said yes.
    void asked(std::string const& server, std::uint64_t life, app::letter const& what, bool took);
    // It is on that server's disk.
    void booked(std::string const& server, std::vector<app::told_degraded> const& told);

    // Once a second, of each server that runs: its life, and what lies in its journal.
    void look(std::string const& server, std::uint64_t life,
              std::vector<domain::signal> const& waiting);
    void lights_are_on();

    // When the house is quiet.
    void check_all_kept();

private:
    using whom = domain::audience; // duty_phone or alarm_hook
    struct hearing {
        domain::device_id device;
        domain::signal_kind kind = domain::signal_kind::sos;
        domain::instant received_at;
        domain::instant at;   // when it was tried last, true time
        bool is_told = false; // else it was only tried
    };
    using telling = std::tuple<std::string, domain::signal_kind, whom>; // of an event, as what
    struct server_in_the_dark {
        std::uint64_t life = 0;
        std::map<std::string, domain::instant> since;  // by event: true time
        std::map<std::string, domain::signal> waiting; // by event
        std::map<telling, hearing> was_tried;
        std::set<std::pair<std::string, whom>> passed_over; // a repeat
    };
    enum class repeat : std::uint8_t { none, of_one_told, of_one_that_waits, of_one_dropped };

    server_in_the_dark& in_its_life(std::string const& server, std::uint64_t life);
    repeat repeat_of(server_in_the_dark const& of, domain::signal const& s, whom to) const;
    void check(server_in_the_dark& of, domain::signal const& s, whom to);

    scene& here_;
    std::map<std::string, server_in_the_dark> servers_;
    std::vector<app::told_degraded> booked_;
};

} // namespace linli::simulation
