#pragma once

#include <functional>
#include <vector>

#include "app/input.hpp"
#include "domain/telemetry.hpp"
#include "simulation/scene.hpp"

namespace linli::simulation {

// Devices and providers reach the house, and it reaches them, through a broker that keeps what it
// has (persistent sessions, QoS 1). Before the broker a message may be lost; on any way it may be
// late, doubled and overtaken.
class roads {
public:
    // Whichever server receives has written it down and synced it.
    struct doors {
        std::function<bool(std::vector<app::input> const&)> signals;
        std::function<bool(domain::telemetry const&)> telemetry;
    };
    roads(scene& here, doors to) : here_(here), to_(std::move(to)) {}

    enum class care : std::uint8_t { may_be_lost, kept };

    // `written_down` is called when the house has acknowledged it, perhaps more than once.
    void to_house(app::input what, care how, std::function<void()> written_down);
    // The bulk, by its own lane. The device keeps nothing of it.
    void to_house(domain::telemetry what, std::function<void()> written_down);
    // From the house's broker to its destination.
    void deliver(std::function<void()> hear, care how);

private:
    void travel(care how, std::function<void()> arrive);
    void knock(std::function<bool()> const& hand_over, std::function<void()> const& written_down);

    scene& here_;
    doors to_;
};

} // namespace linli::simulation
