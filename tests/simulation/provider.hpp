#pragma once

#include <map>
#include <string>

#include "app/outgoing.hpp"
#include "simulation/ledger.hpp"
#include "simulation/roads.hpp"
#include "simulation/scene.hpp"

namespace linli::simulation {

// How a worker takes one offer.
enum class mood : std::uint8_t {
    prompt,
    late, // accepts when the offer has expired
    silent,
    declines,
    twice,   // says everything twice
    no_show, // accepts and does not go
    at_a_locked_door,
    fails_at_the_door,
    forgets, // goes, and never says that he has finished
    robs,    // answers an offer that is somebody else's
};

// A provider's office with its workers: replies again until it has an answer, as the protocol asks.
class provider {
public:
    struct links {
        scene& here;
        roads& by;
        ledger& book;
    };
    provider(domain::provider_id id, links with) : id_(std::move(id)), with_(with) {}

    domain::provider_id const& id() const { return id_; }

    void hear(app::offer_news const& what);
    void hear(app::reply_refused const& what);

    // Something that is no reply, to something that is no offer.
    void mumble();
    // Whoever was silent or had forgotten goes on.
    void come_to_senses();
    bool waits() const { return !unanswered_.empty(); }

private:
    struct seen {
        app::offer_news latest;
        mood how = mood::prompt;
        domain::reply_kind last = domain::reply_kind::decline; // nothing said yet
    };
    mood any_mood();
    void think(seen& about);
    void go_on(domain::offer_id const& id);
    void turn_round(domain::offer_id const& id);
    void rob();
    void say_soon(domain::offer_id const& id, domain::reply_kind kind, domain::duration least,
                  domain::duration most);
    void say(domain::offer_id const& id, domain::reply_kind kind);
    void send(domain::reply const& what, domain::duration next_pause);
    void answered(std::string const& reply_id, std::optional<domain::refusal> refused);

    domain::provider_id id_;
    links with_;
    std::map<domain::offer_id, seen> offers_;
    std::map<std::string, domain::reply> unanswered_;
    std::uint64_t count_ = 0;
};

} // namespace linli::simulation
