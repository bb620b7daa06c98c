#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "adapters/journal/journal.hpp"
#include "adapters/mapped/device_book.hpp"
#include "app/clock.hpp"
#include "server/telemetry_lane.hpp"

namespace linli::server {

// Where a cloud's message goes, whether it was pushed or asked for. What calls somebody goes to the
// journal of the signals, and so does what no rule is for; the rest to telemetry's. Any thread.
class push_intake {
public:
    // A cloud that pushes is told to push its measurements again while they have no room. One that
    // is asked has them among its presses, which can't wait for that: they are lost and counted.
    enum class bulk { waits, is_lost };

    push_intake(mapped::device_book const& devices, journal::journal& to, telemetry_lane& lane,
                bulk without_room, app::clock& clock)
        : devices_(devices), journal_(to), bulk_(lane), without_room_(without_room), clock_(clock) {
    }

    struct taken {
        std::function<bool()> make_safe; // none: there is nothing to keep
        bool is_bulk = false;
    };
    // Written down; nothing: not now.
    std::optional<taken> take(std::string_view source, std::string_view body) const;

private:
    mapped::device_book const& devices_;
    journal::journal& journal_;
    telemetry_lane& bulk_;
    bulk const without_room_;
    app::clock& clock_;
};

} // namespace linli::server
