#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/carrier.hpp"
#include "domain/device_command.hpp"
#include "domain/telemetry.hpp"
#include "simulation/dark.hpp"
#include "simulation/fortune.hpp"
#include "simulation/scene.hpp"
#include "simulation/services.hpp"
#include "simulation/switchboard.hpp"
#include "simulation/tapes.hpp"
#include "simulation/twin_inbox.hpp"

namespace linli::simulation {

// A server of the real app, on twins of its ports. A crash destroys all that it had in memory,
// wherever its coroutines were; boot() builds it anew on the same record and its own journal.
class house {
public:
    struct surroundings {
        scene& here;
        fortune& luck;
        std::function<void(app::changes const&)> committed;
        std::function<void(app::outbox_row const&)> deliver; // the broker has it
        std::function<void(app::letter const&)> carried;     // somebody's telephone has it
        std::function<void(app::letter const&)> to_speak;    // our own voice is to tell it
        // A gateway was asked to tell it without a database, and said that it has; and whom the
        // server has noted as told.
        std::function<void(std::uint64_t life, app::letter const&, bool took)> rung_in_the_dark;
        dark_book::hearer booked;
        tapes& recorded;
    };
    house(std::string name, surroundings with);
    ~house();

    void boot(int plan_edition);
    bool is_up() const { return life_ != nullptr; }
    // Its loops run since then; nothing while it is down or waits for the database.
    std::optional<domain::instant> in_charge_since() const;
    std::optional<domain::instant> now() const; // by its own clock, while it is up
    bool has_set_aside() const;                 // something that the record refuses for what it is
    bool has_read_everything() const { return journal_.is_empty() && telemetry_.is_empty(); }
    // Whom it rang without a database stands on their alerts.
    bool has_told_whom_it_rang() const { return book_.is_empty(); }
    std::vector<domain::signal> waiting() const; // in its journal, for the record
    std::uint64_t lives() const { return lives_; }
    std::string const& name() const { return name_; }

    // True when it is written down and synced: the broker gets its PUBACK.
    bool arrived(std::vector<app::input> what);
    bool arrived(domain::telemetry what);
    // Lost without an answer when the house dies.
    void ask(deed what, on_answer said);

    // Until nothing more can be done at this instant. Afterwards it may be down.
    bool settle(); // true when something was done
    void crash();

    // The hotline, as the database's lock gives and takes it: it is told which time of holding
    // ends.
    void take_hotline(switchboard& board);
    void lay_down_hotline(std::uint64_t time);
    bool holds_hotline() const;
    std::uint64_t times_held() const { return times_held_; }
    bool holds_a_seat() const; // her telephone has a call that she has asked for
    std::size_t sounds() const { return sounds_.size(); }

    void fast_forward(domain::duration by);
    std::optional<domain::instant> next_waited_for() const; // of the true time

private:
    struct life;
    // Into that journal, and synced, unless it dies before; `ring` says that something is there.
    template <class What>
    bool write_down(twin_journal<What>& into, What what, std::function<void()> const& ring);
    void send(app::outbox_row const& row, std::function<void(bool)> done);
    void reach(domain::device_command const& what,
               std::function<void(std::optional<domain::command_state>)> gone);
    void carry(app::letter what, std::function<void(app::carried)> done);
    runtime::task<std::optional<app::registry_copy>> last_copy();

    std::string const name_;
    surroundings with_;
    signal_journal journal_;
    telemetry_journal telemetry_;
    dark_book book_;
    std::optional<app::registry_copy> copy_;
    std::unique_ptr<life> life_;
    std::uint64_t lives_ = 0;
    std::set<std::string> sounds_; // that were spoken for calls
    std::uint64_t times_held_ = 0; // the hotline
};

} // namespace linli::simulation
