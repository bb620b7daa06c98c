#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/hotline_lines.hpp"
#include "simulation/scene.hpp"
#include "simulation/tapes.hpp"

namespace linli::simulation {

// The hotline's engine, as far as the house begins calls, and whoever it rings. It does each call
// by itself, so a call outlives every server; its end lies on its disk until a server has it in the
// record. It may die, and then its calls are lost. All chance is its own.
class switchboard {
public:
    // Reaches whoever is connected, on his loop; nothing arrives once he is dead.
    using ears = std::function<void(std::function<void(app::hotline_listener&)>)>;
    using connection = std::uint64_t;

    struct house_side {
        // Somebody has pressed the key that says that he has heard it: by its reference.
        std::function<void(std::string const& reference)> heard;
        tapes& recorded;
    };
    switchboard(scene& here, std::uint64_t seed, house_side to)
        : here_(here), chance_(seed), to_(std::move(to)) {}

    // Whoever connects last is heard; the one before hears that the lines went.
    connection connect(ears to);
    void hang_up(connection who); // its server is gone
    bool is_connected(connection who) const { return who == connected_ && ears_; }
    // Since then somebody is connected who has been told how all stands.
    std::optional<domain::instant> stands_since() const { return stands_since_; }

    void command(connection who, std::string const& id, std::string const& call,
                 app::line_command const& what);
    void acknowledge(connection who, std::vector<std::string> const& ended);

    void restarts();    // it dies, and comes up again after a while
    void line_breaks(); // between it and the server
    bool is_idle() const { return running_.empty() && ended_.empty(); }

private:
    enum class stage : std::uint8_t { rings, listens, has_pressed, talks };
    struct running {
        app::place_line what;
        stage is = stage::rings;
        std::uint64_t deed = 0; // the one that is planned for it; older ones are void
        std::string key;
    };

    void place(std::string const& id, app::place_line const& what);
    void say(std::string const& id, std::string const& call);
    void hang_up_call(std::string const& id, std::string const& call);
    void answer(std::string const& id, app::line_refusal why);
    bool repeats(std::string const& id);
    void reconnect_soon();
    void stand();

    // What becomes of a call.
    void plan(std::string const& reference, domain::duration after,
              std::function<void(running&)> what);
    void rings(std::string const& reference, running& one);
    void picks_up(std::string const& reference, running& one);
    void presses(std::string const& reference, running& one);
    void over(std::string const& reference, domain::placed_end how);
    void tell(std::function<void(app::hotline_listener&)> what);
    bool is_kind() const { return here_.now.helpful; }

    scene& here_;
    dice chance_;
    house_side to_;
    ears ears_;
    connection connected_ = 0;
    std::optional<domain::instant> stands_since_;
    bool is_down_ = false;
    std::uint64_t run_ = 1;
    std::uint64_t deeds_ = 0;
    std::uint64_t calls_ = 0;
    std::map<std::string, running> running_;        // by reference
    std::map<std::string, app::line_refusal> said_; // to the commands of this run
    std::map<std::string, app::placed_over> ended_; // by the call's name, on its disk
    std::set<std::string> begun_;                   // references that it has ever rung
};

} // namespace linli::simulation
