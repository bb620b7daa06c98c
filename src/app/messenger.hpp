#pragma once

#include <functional>

#include "app/outgoing.hpp"

namespace linli::app {

// Carries one row to its destination. `done` comes on the loop: true when the other side's broker
// has it, false when it could not be sent now.
class messenger {
public:
    virtual ~messenger() = default;
    virtual void send(outbox_row const& row, std::function<void(bool)> done) = 0;
};

} // namespace linli::app
