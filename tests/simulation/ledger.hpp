#pragma once

#include <map>
#include <string>

#include "app/outgoing.hpp"
#include "simulation/scene.hpp"

namespace linli::simulation {

// What the world outside knows and has been told; the record must agree with it.
class ledger {
public:
    explicit ledger(scene& here) : here_(here) {}

    void pressed(domain::signal const& what, bool resends);
    void written_down(domain::event_id const& which); // the broker got its PUBACK
    void heard(app::receipt const& what);
    void heard(app::offer_news const& what);
    void answered(std::string const& reply_id, std::optional<domain::refusal> refused);

    std::size_t presses() const { return events_.size(); }

    // When the house is quiet and the roads have been fair for long.
    void check_all_arrived();

private:
    struct press {
        bool resends = true;
        bool written_down = false;
        bool heard_stored = false;
    };
    struct offer {
        std::uint32_t version = 0;
        domain::offer_state state = domain::offer_state::open;
        std::map<std::uint32_t, domain::offer_state> versions;
    };
    void check_offers();

    scene& here_;
    std::map<std::string, press> events_;
    std::map<domain::offer_id, offer> offers_; // as their providers see them
    std::map<std::string, std::optional<domain::refusal>> answers_;
};

} // namespace linli::simulation
