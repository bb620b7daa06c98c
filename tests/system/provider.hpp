#pragma once

#include <optional>
#include <string>

#include "adapters/wire/provider_words.hpp"
#include "system/inbox_of.hpp"
#include "system/peer.hpp"

namespace linli::tests {

// A provider's system at the real broker, with its own credential. It hears offers and replies for
// its workers.
class provider {
public:
    provider(std::string id, peer::who const& is);

    // Waits for the next message that fits, and takes it.
    wire::seen_offer gets_offer(); // an open one
    wire::seen_offer hears(domain::offer_state state, std::string const& offer);

    // Replies and waits for the answer.
    wire::seen_offer replies(domain::reply_kind kind, std::string const& offer,
                             std::string const& reason = {});
    wire::seen_offer accepts(wire::seen_offer const& o) {
        return replies(domain::reply_kind::accept, o.offer);
    }
    wire::seen_offer declines(wire::seen_offer const& o, std::string const& reason) {
        return replies(domain::reply_kind::decline, o.offer, reason);
    }

    std::size_t waiting() const { return news_.all().size(); }

private:
    domain::provider_id id_;
    int next_reply_ = 1;
    inbox_of<wire::seen_offer> news_;
    peer at_broker_;
};

} // namespace linli::tests
