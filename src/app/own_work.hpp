#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/clock.hpp"
#include "app/dispatch.hpp"
#include "app/outgoing.hpp"
#include "app/record.hpp"
#include "domain/visit_proof.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// Whose offers: a worker's, or all of a provider when `worker` is empty.
struct own_scope {
    domain::provider_id provider;
    domain::worker_id worker;

    bool operator==(own_scope const&) const = default;
};

// What he has left there so far, as his page shows it again.
struct own_proof {
    domain::proof_kind what = domain::proof_kind::photo;
    bool holds = true;
    std::string note;

    bool operator==(own_proof const&) const = default;
};

// An offer as whoever may go sees it on his page, with where its order stands.
struct own_offer {
    offer_news news; // with the visit only while it is his to go there
    domain::order_state order = domain::order_state::offered;
    std::uint32_t order_version = 0;
    std::optional<domain::instant> due_at; // of an order that he holds: when the house asks where
                                           // he is, also whether he has turned round
    domain::worker_id goes;                // empty while a company names nobody
    std::string worker_name;
    bool is_installation = false;
    bool is_heard = false;         // its device, by a desk, since he came
    std::vector<own_proof> proofs; // while he holds the order
};

// One of a company's people, as its registry rows name him.
struct own_person {
    domain::worker_id id;
    std::string name;
    std::string phone;

    bool operator==(own_person const&) const = default;
};

// What the matching says of him, for one order.
struct own_candidate {
    domain::candidate who;
    std::string name;
    std::string phone;
};

// Whom to ring from the door at an installation.
struct own_contact {
    domain::resident_id resident;
    int place = 1;
    std::string name;
    std::string relation;
    std::string phone;

    bool operator==(own_contact const&) const = default;
};

// What he is told of an offer and its order; without the visit, the street and the name.
own_offer told_of(domain::offer const& made, domain::order const& of);
// The door may be read only while it is his to go to; by a company, of whom it has named.
bool may_read_door(own_offer const& line);
// It is the company's to say who goes: it was asked itself, or he hasn't set out yet.
bool may_name(own_offer const& line);

class own_work_reading {
public:
    virtual ~own_work_reading() = default;

    // What waits for an answer and what is under way, and before it the offers in `known` whatever
    // became of them, as far as they are within the scope. At most `most_offers` and as many as are
    // in `known`; what waits comes before what is under way, and the newest first.
    static constexpr int most_offers = 200;
    virtual runtime::task<record_result<std::vector<own_offer>>>
    offers_of(own_scope const& whose, std::vector<domain::offer_id> const& known) = 0;

    // That one, whatever became of it; nothing if it isn't within the scope. Who says something
    // about it doesn't queue behind the pages that look.
    virtual runtime::task<record_result<std::optional<own_offer>>> find(own_scope const& whose,
                                                                        domain::offer_id which) = 0;

    // Of everybody at that order's home; without those who must not be told anything.
    virtual runtime::task<record_result<std::vector<own_contact>>>
    contacts_at(domain::order_id of) = 0;

    // Everybody who works for it, by id.
    virtual runtime::task<record_result<std::vector<own_person>>>
    people_of(domain::provider_id const& company) = 0;
};

// What a worker's page asks for, again and again on a bad network: one answer at once, or when
// something of his has changed.
class own_work {
public:
    own_work(own_work_reading& from, dispatch& to, clock& time);
    ~own_work();

    struct answer {
        std::vector<own_offer> offers; // held ones first, then open ones by the end of their lease
        std::string etag;              // another one whenever anything in `offers` is
        domain::instant now;
    };
    // Waits while the etag stays `seen`, until `until` at the latest; then it answers all the same.
    runtime::task<record_result<answer>> look(own_scope whose, std::vector<domain::offer_id> known,
                                              std::string seen, domain::instant until);

    // Whom his company could send, as the matching ranks them at this moment.
    struct people {
        bool is_offered = false;   // to his company
        bool may_be_named = false; // now; else `all` is empty
        std::vector<own_candidate> all;
    };
    runtime::task<record_result<people>> people_for(own_scope whose, domain::offer_id of);

    // What he answers to one of these offers. Refused as `unknown` when it is not his: whether
    // there is such an offer is nobody else's business; as `not_yours` when a worker names
    // another; as `unfit` when a manager names somebody who must not go there.
    runtime::task<record_result<verdict>> say(own_scope whose, domain::reply what);

    // While he is there with a device, and while it is his; else nothing.
    runtime::task<record_result<std::optional<std::vector<own_contact>>>>
    contacts(own_scope whose, domain::offer_id of);

    runtime::task<record_result<verdict>> call_for_help(worker_sos what);

    // Wakes those who wait for what this commit has changed; never waits itself.
    void committed(changes const& what);
    // Another server has committed something: everybody looks again, for all hints of a second
    // once.
    void hinted();

private:
    class waiter;
    runtime::task<record_result<answer>> read(own_scope const& whose,
                                              std::vector<domain::offer_id> const& known);
    runtime::task<record_result<bool>> is_fit(own_scope const& whose, domain::reply const& what);

    own_work_reading& from_;
    dispatch& to_;
    clock& time_;
    std::vector<waiter*> waiting_;
    domain::instant looks_at_; // for a hint's sake; it may be still to come
};

} // namespace linli::app
