#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "domain/signal.hpp"
#include "simulation/ledger.hpp"
#include "simulation/roads.hpp"
#include "simulation/scene.hpp"

namespace linli::simulation {

// A watch, a button box or a sensor: sends what it has again and again, with growing pauses, until
// it hears that the house has stored it.
class device {
public:
    struct links {
        scene& here;
        roads& by;
        ledger& book;
    };
    device(domain::device_id id, std::vector<domain::signal_kind> kinds, links with)
        : id_(std::move(id)), kinds_(std::move(kinds)), with_(with) {}

    domain::device_id const& id() const { return id_; }

    void press(domain::signal_kind kind);
    void press_any(); // of what it can report
    // A maker's box without event ids: says it once.
    void mutter(domain::signal_kind kind);
    void measure(); // its bulk: pulse, place, charge
    void restart();
    // Its clock jumps: by seconds, hours or years, forward and back, or it tells none at all.
    void lose_time();

    void hear(app::receipt const& what);
    bool waits() const { return !waiting_.empty(); }

private:
    domain::signal signal_of(domain::signal_kind kind, domain::event_id event) const;
    void send(domain::signal const& what, domain::duration next_pause);

    domain::device_id id_;
    std::vector<domain::signal_kind> kinds_;
    links with_;
    std::optional<domain::duration> ahead_{0}; // its clock of the true time; nothing: it has none
    std::uint64_t boot_ = 1;
    std::uint64_t sequence_ = 0;
    std::uint64_t muttered_ = 0;                    // such a name has no boot
    std::map<std::string, domain::signal> waiting_; // for their receipt
};

} // namespace linli::simulation
