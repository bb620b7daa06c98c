#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "app/outgoing.hpp"
#include "simulation/ledger.hpp"
#include "simulation/roads.hpp"
#include "simulation/scene.hpp"
#include "simulation/services.hpp"

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
    finds_somebody_who_needs_120,
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
        std::function<void(deed, on_answer)> page; // asks a server, whichever answers
        // The device that the order puts into a home: somebody at the door presses it.
        std::function<void(domain::order_id const&)> tries_device;
    };
    provider(domain::provider_id id, links with) : id_(std::move(id)), with_(std::move(with)) {}

    domain::provider_id const& id() const { return id_; }

    void hear(app::offer_news const& what);
    void hear(app::reply_refused const& what);

    // Something that is no reply, to something that is no offer.
    void mumble();
    // One of its workers is in danger himself.
    void call_for_help();
    // Whoever was silent or had forgotten goes on.
    void come_to_senses();
    bool waits() const { return !unanswered_.empty() || !calls_for_help_.empty(); }

private:
    struct seen {
        app::offer_news latest;
        mood how = mood::prompt;
        domain::reply_kind last = domain::reply_kind::decline; // nothing said yet
        int tried = 0;                                         // the device that he installs
    };
    mood any_mood();
    void think(seen& about);
    void go_on(domain::offer_id const& id);
    void turn_round(domain::offer_id const& id);
    bool finds_her_all_the_same(seen const& about);
    void rob();
    void say_soon(domain::offer_id const& id, domain::reply_kind kind, domain::duration least,
                  domain::duration most);
    void say(domain::offer_id const& id, domain::reply_kind kind);
    void name_somebody(domain::offer_id const& id);
    void prove_visit(domain::offer_id const& id);
    void send(domain::reply const& what, domain::duration next_pause);
    void send_by_page(domain::reply const& what);
    void refused(seen& about, domain::reply const& what, domain::refusal why);
    void ask_for_help(domain::event_id const& event, domain::worker_id const& who);
    std::vector<domain::worker_id> own_workers() const;
    void answered(std::string const& reply_id, std::optional<domain::refusal> refused);

    domain::provider_id id_;
    links with_;
    std::map<domain::offer_id, seen> offers_;
    std::map<std::string, domain::reply> unanswered_;
    std::map<std::string, domain::worker_id> calls_for_help_; // by event, unanswered
    std::uint64_t count_ = 0;
};

} // namespace linli::simulation
