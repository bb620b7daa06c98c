#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/ids.hpp"
#include "domain/named.hpp"
#include "domain/notice.hpp"
#include "domain/time.hpp"

namespace linli::domain {

// A way to a person, the one that wakes somebody first.
enum class channel : std::uint8_t { voice, sms, email, webhook };

template <>
struct names<channel> {
    static constexpr std::array<std::pair<channel, std::string_view>, 4> table{{
        {channel::voice, "voice"},
        {channel::sms, "sms"},
        {channel::email, "email"},
        {channel::webhook, "webhook"},
    }};
};

enum class delivery_state : std::uint8_t {
    queued,
    sent,      // the gateway has taken it
    delivered, // the receiver has it
    failed,
};

template <>
struct names<delivery_state> {
    static constexpr std::array<std::pair<delivery_state, std::string_view>, 4> table{{
        {delivery_state::queued, "queued"},
        {delivery_state::sent, "sent"},
        {delivery_state::delivered, "delivered"},
        {delivery_state::failed, "failed"},
    }};
};

// What came of one sending.
enum class sending : std::uint8_t {
    accepted,    // the gateway has taken it
    confirmed,   // and the receiver has it
    refused,     // it never will: a wrong number, a wrong password
    unreachable, // not now
    silent,      // no answer within the deadline: nobody knows whether it went
};

using delivery_id = record_id<struct delivery_tag>;

// One notice to one person by one channel. It says who by a reference ("contact:r1/2",
// "duty_phone:s1"), never by name or number.
struct delivery {
    delivery_id id; // goes with each sending, so that a gateway knows the second one again
    uuid notice;    // the outbox row that it came from
    domain::notice about;
    std::string who;
    channel by = channel::sms;
    std::vector<channel> others; // to try when this one fails, in order
    delivery_state state = delivery_state::queued;
    std::string reason; // why it failed: a code
    std::uint32_t attempts = 0;
    instant since;                 // when it should go at first
    std::optional<instant> due_at; // never empty while queued
    // A digest of a contact's number when he was meant: his place in the list may be another's by
    // the time that it goes. Empty: nobody's, or not known.
    std::string number = {};

    bool operator==(delivery const&) const = default;
};

struct delivery_outcome {
    delivery next;
    bool by_another = false; // the next channel takes over
};

// Temporary trouble is tried again, at growing distances; with another channel left only twice,
// because somebody waits. Silence goes to the other channel at once: one told twice is better than
// one not told.
delivery_outcome decide(delivery const& current, sending what, std::string const& reason,
                        instant now);

// When nobody wants to be woken for less than an emergency; minutes of the local day.
struct quiet_hours {
    int from = 0;
    int until = 0;

    bool operator==(quiet_hours const&) const = default;
};

// Now, or the end of the quiet hours. P1 knows none.
instant first_time(std::optional<quiet_hours> const& quiet, priority level, instant now,
                   minutes utc_offset);

} // namespace linli::domain
