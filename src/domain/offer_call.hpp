#pragma once

#include <cstdint>
#include <optional>

#include "domain/offer.hpp"
#include "domain/order.hpp"
#include "domain/placed_call.hpp"
#include "domain/time.hpp"

// An offer by telephone, beside the one by MQTT: whoever is asked is rung, hears what it is about,
// and answers by a key.
namespace linli::domain {

// How an offer stands, as far as its telephone is concerned.
struct rung_offer {
    offer_state state = offer_state::open;
    instant opened_at;
    instant expires_at;
    bool is_called = false;         // a call of it isn't over
    std::optional<placed_end> last; // how the one before ended
    std::optional<instant> last_at;
};

struct offer_call_times {
    seconds after{5};      // whoever answers his offer by himself needs no call
    seconds again{10};     // after a call that nobody took
    seconds least_left{5}; // of the lease: later he hears of it when it is over
};

enum class offer_call : std::uint8_t {
    leave,     // as it is
    begin,     // to ring
    stop_ring, // unless he has answered: who listens may still take it, as long as nobody has
    end,       // unless he has pressed a key: then he hears what has come of it
};

offer_call decide(rung_offer const& o, offer_call_times const& by, instant now);

// The keys that are offered to him, and what each replies.
inline constexpr char accepts_by_key = '1';
inline constexpr char declines_by_key = '2';
std::optional<reply_kind> reply_by_key(char key);

} // namespace linli::domain
