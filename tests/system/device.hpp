#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "adapters/wire/device_words.hpp"
#include "domain/signal.hpp"
#include "domain/telemetry.hpp"
#include "system/inbox_of.hpp"
#include "system/peer.hpp"

namespace linli::tests {

// A watch or a button box at the real broker, with its own credential. It presses, and hears
// receipts.
class device {
public:
    device(std::string id, peer::who const& is);

    // Each is one new event, and returns when the broker has it.
    domain::event_id presses_sos() { return sends(domain::signal_kind::sos); }
    domain::event_id presses_green_key() { return sends(domain::signal_kind::help_request); }
    domain::event_id falls() { return sends(domain::signal_kind::fall); }
    domain::event_id confirms_fall() { return sends(domain::signal_kind::fall_confirmed); }
    domain::event_id cancels_fall() { return sends(domain::signal_kind::fall_cancelled); }
    domain::event_id sends(domain::signal_kind kind);
    domain::event_id sends(domain::signal what); // with what else it says

    // The same press once more, as a device does that has heard nothing.
    void sends_again(domain::event_id const& event);
    // Telemetry, counted apart from signals: one new batch.
    domain::event_id measures(domain::telemetry what);
    domain::event_id measures_pulse(double beats_a_minute);
    void measures_again(domain::event_id const& event); // the same batch, as after a lost PUBACK

    void sends_bytes(std::string const& payload);
    void publishes(std::string const& topic, std::string const& payload);

    void listens_again() { at_broker_.listens_again(); } // after the broker has lost its session

    int broker_said() const { return at_broker_.last_reason(); } // to the last publish; 0 = taken

    // Waits for it.
    void hears(domain::receipt_stage stage, domain::event_id const& event);
    void hears_stored(domain::event_id const& event) {
        hears(domain::receipt_stage::stored, event);
    }

private:
    domain::device_id id_;
    std::uint64_t next_ = 1;
    std::map<domain::event_id, std::string> sent_;
    std::uint64_t next_batch_ = 1;
    std::map<domain::event_id, std::string> measured_;
    inbox_of<wire::seen_receipt> receipts_;
    peer at_broker_;
};

} // namespace linli::tests
