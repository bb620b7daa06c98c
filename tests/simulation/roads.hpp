#pragma once

#include <functional>
#include <vector>

#include "simulation/house.hpp"
#include "simulation/scene.hpp"

namespace linli::simulation {

// Devices and providers reach the house, and it reaches them, through a broker that keeps what it
// has (persistent sessions, QoS 1). Before the broker a message may be lost; on any way it may be
// late, doubled and overtaken.
class roads {
public:
    roads(scene& here, house& to) : here_(here), to_(to) {}

    enum class care : std::uint8_t { may_be_lost, kept };

    // `written_down` is called when the house has acknowledged it, perhaps more than once.
    void to_house(app::input what, care how, std::function<void()> written_down);
    // From the house's broker to its destination.
    void deliver(std::function<void()> hear, care how);

private:
    void travel(care how, std::function<void()> arrive);
    void knock(app::input const& what, std::function<void()> const& written_down);

    scene& here_;
    house& to_;
};

} // namespace linli::simulation
