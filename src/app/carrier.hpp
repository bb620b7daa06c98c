#pragma once

#include <functional>
#include <optional>
#include <string>

#include "domain/delivery.hpp"

namespace linli::app {

// What came in, for whoever is told without the record.
struct waiting_emergency {
    domain::device_id device;
    domain::signal_kind kind = domain::signal_kind::unreadable;
    domain::instant received_at;
    std::optional<domain::instant> happened_at; // the device's clock
    std::string rough_place;
    std::string raw;           // the bytes that could not be read
    bool is_set_aside = false; // the record is there, and refuses it
};

// One sending, with everything that leaves the house.
struct letter {
    domain::channel by = domain::channel::sms;
    std::string key; // the same at each sending: the receiver may ignore the second
    std::string phone;
    std::string email;
    std::string subject;
    std::string text;
    std::string language = {}; // of it; empty: Chinese
    domain::notice about;      // for a machine that listens
    domain::instant at;
    std::optional<waiting_emergency> waits = {}; // of a notice that is `degraded`
};

struct carried {
    domain::sending how = domain::sending::unreachable;
    std::string reason; // a code without blanks, no word of the letter
};

// Carries a letter out of the house. `done` comes on the loop, always, within the channel's
// deadline by the machine's time.
class carrier {
public:
    virtual ~carrier() = default;

    // Whether this installation has such a channel.
    virtual bool carries(domain::channel by) const = 0;
    virtual void carry(letter what, std::function<void(carried)> done) = 0;
};

} // namespace linli::app
