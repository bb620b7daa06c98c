#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "domain/signal.hpp"

namespace linli::tests::load {

using steady = std::chrono::steady_clock;
using moment = steady::time_point;

// How a device behaves.
enum class temper : std::uint8_t {
    patient,   // sends again until it has its receipt; presses anew when its alert is closed
    trembling, // sends again until it has its receipt; presses anew at any time
    once,      // never sends again: what the broker took and lost shows only here
};

constexpr bool resends(temper t) {
    return t != temper::once;
}

// What the field knows of one event.
struct press {
    domain::event_id event;
    temper sender = temper::patient;
    moment pressed_at;
    std::optional<moment> taken_at;  // by the broker
    int broker_said = 0;             // with its first acknowledgement: 0, or MQTT 5's reason
    std::optional<moment> stored_at; // our first receipt
    int receipts = 0;
    int sendings = 0;
};

enum class victim : std::uint8_t { server, database, broker };
enum class aim : std::uint8_t { any_time, at_a_message, while_starting };

struct death {
    victim who = victim::server;
    aim how = aim::any_time;
    moment at;
};

struct reply_counts {
    long sent = 0; // each once
    long resent = 0;
    long answered = 0;
    long refused = 0; // among the answers
};

// What happened outside the server, as those outside saw it. Any thread.
class ledger {
public:
    ledger() : began_at_(steady::now()) {}

    void pressed(domain::event_id const& event, temper sender);
    void sent(domain::event_id const& event);
    void taken(domain::event_id const& event, int broker_said);
    void receipted(domain::event_id const& event);

    void replied();
    void replied_again();
    void answered(bool refused);

    void died(victim who, aim how);
    void got_ready(steady::duration after_return);
    void told_late(std::size_t committed_and_not_told);

    std::vector<domain::event_id> without_receipt() const;
    bool has_receipts_until(moment when) const; // who resends, for what was pressed before
    bool is_settled() const; // who resends has its receipt, who replied has his answer

    std::vector<press> presses() const;
    std::vector<death> deaths() const;
    std::vector<steady::duration> returns() const; // from each one's return until all was ready
    reply_counts replies() const;
    long kills_before_telling() const;
    long events_told_late() const;
    moment began_at() const { return began_at_; }

private:
    press* find(domain::event_id const& event);

    moment const began_at_;
    mutable std::mutex mutex_; // of all below
    std::vector<press> presses_;
    std::unordered_map<std::string, std::size_t> by_event_;
    std::size_t unreceipted_ = 0; // of those that resend
    std::vector<death> deaths_;
    std::vector<steady::duration> returns_;
    reply_counts replies_;
    long kills_before_telling_ = 0;
    long events_told_late_ = 0;
};

} // namespace linli::tests::load
