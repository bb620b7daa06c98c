#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "adapters/wire/provider_words.hpp"
#include "system/load/ledger.hpp"
#include "system/load/switchboard.hpp"

namespace linli::tests::load {

// What a provider knows of one offer: the highest version that it has seen counts.
struct heard_offer {
    std::uint32_t version = 0;
    std::optional<domain::offer_state> state;
    domain::provider_id provider;
    int messages = 0;
    int repeated = 0; // the same version again
    int older = 0;    // a lower one after a higher
};

// A provider's system with its workers: most do all of their work, some decline, some say nothing,
// some accept and stay at home. A reply is sent again until it is answered. On the switchboard's
// thread.
class crew {
public:
    crew(switchboard& on, ledger& writes, peer::who const& is, domain::provider_id id,
         std::uint64_t seed, std::function<void()> on_offer);

    std::map<std::string, heard_offer> const& offers() const { return offers_; }

private:
    struct work {
        std::vector<domain::reply_kind> left; // the next one last
        bool held = false;
        bool stood_down = false;
    };

    void hear(std::string_view payload);
    bool note(wire::seen_offer const& news); // whether it is new
    void take_up(wire::seen_offer const& news);
    void take_answer(wire::seen_offer const& answer);
    void go_on(std::string const& offer);
    void reply(std::string const& offer, domain::reply_kind kind);
    void send_later(std::string const& reply_id, steady::duration pause);
    void send_again(std::string const& reply_id, steady::duration paused);
    std::vector<domain::reply_kind> course_of(std::string const& offer) const;

    switchboard& on_;
    ledger& ledger_;
    domain::provider_id const id_;
    std::uint64_t const seed_;
    std::function<void()> const on_offer_;
    int next_reply_ = 1;
    std::map<std::string, heard_offer> offers_;
    std::map<std::string, work> works_;
    std::map<std::string, std::string> unanswered_; // reply id → payload
    loop_peer& at_broker_;
};

} // namespace linli::tests::load
