#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "app/desk.hpp"
#include "simulation/fortune.hpp"
#include "simulation/scene.hpp"
#include "simulation/twin_journal.hpp"

namespace linli::simulation {

using desk_deed = std::function<runtime::task<app::desk::answer>(app::desk&)>;
using desk_answered = std::function<void(app::desk::answer const&)>;

// The server of the real app, on twins of its ports. A crash destroys all that it had in memory,
// wherever its coroutines were; boot() builds it anew on the same record and journal.
class house {
public:
    struct surroundings {
        scene& here;
        fortune& luck;
        twin_journal& journal;
        std::function<void(app::changes const&)> committed;
        std::function<void(app::outbox_row const&)> deliver; // the broker has it
    };
    explicit house(surroundings with);
    ~house();

    void boot(int plan_edition);
    bool is_up() const { return life_ != nullptr; }
    // Its loops run since then; nothing while it is down or waits for the database.
    std::optional<domain::instant> in_charge_since() const;
    bool has_set_aside() const; // something that the record refuses for what it is
    std::uint64_t lives() const { return lives_; }

    // True when it is written down and synced: the broker gets its PUBACK.
    bool arrived(std::vector<app::input> what);
    // Lost without an answer when the house dies.
    void command(desk_deed what, desk_answered answered);

    // Until nothing more can be done at this instant. Afterwards it may be down.
    bool settle(); // true when something was done
    void crash();

private:
    struct life;
    void send(app::outbox_row const& row, std::function<void(bool)> done);

    surroundings with_;
    std::unique_ptr<life> life_;
    std::uint64_t lives_ = 0;
};

} // namespace linli::simulation
