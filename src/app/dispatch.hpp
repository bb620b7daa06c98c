#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "app/clock.hpp"
#include "app/directory.hpp"
#include "app/foresight.hpp"
#include "app/id_source.hpp"
#include "app/input.hpp"
#include "app/order_numbers.hpp"
#include "app/plan_book.hpp"
#include "app/record.hpp"
#include "app/trace.hpp"
#include "app/turn.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// What became of one input.
struct verdict {
    std::optional<domain::refusal> refused;
    bool set_aside = false; // the database refuses this very input; it is in the server's log
};

// The way into the record, for signals, replies, the desk and the clock alike: read a picture,
// decide in memory, write one transaction; two round trips a batch, however many inputs it has, and
// one for new presses where the picture can be foreseen.
// Nobody holds a lock while deciding: rows carry versions, and a batch that lost a race reads and
// decides again. A batch that the database refuses is halved down to the one bad input.
class dispatch {
public:
    struct ports {
        record& keeper;
        app::clock& clock;
        plan_book& plans;
        id_source& ids;
        encoder encode;
        std::function<void(changes const&)> after_commit; // tell, log, count; must not throw
        // How long this process has to send what it commits before another may: nothing if it
        // sends nothing itself.
        domain::duration outbox_lease{0};
        trace& steps = nobody_traces();
        presuming_record* presuming = nullptr; // the keeper as such; null: nothing is foreseen
    };

    dispatch(ports with, domain::area_id city, domain::minutes utc_offset);

    // Error only `away`: nothing of the batch may be taken as done; try it again as it is. The
    // verdicts lie in the order of the inputs.
    runtime::task<record_result<std::vector<verdict>>> run(std::vector<input> batch);

    // Takes a new picture of the registry, and of everybody's load, when it has changed, when a
    // commit was in doubt, and now and then, because other processes commit as well. Must have
    // succeeded once before the first run().
    runtime::task<record_result<void>> refresh_registry(bool even_if_same);

    // As the registry was lately; true only with the record's consent (foresight).
    void knows(std::shared_ptr<foreseen_devices const> devices) {
        foresight_.knows(std::move(devices));
    }

    // All of that company's people for what this offer is made for, as the ranking has them now;
    // empty if there is no such offer. Nothing is written.
    runtime::task<record_result<std::vector<domain::candidate>>>
    people_for(domain::provider_id const& company, domain::offer_id made);

    bool knows_registry() const { return where_ != nullptr; }

private:
    runtime::task<record_result<std::vector<verdict>>> attempts(std::vector<input> const& batch);
    runtime::task<void> let_losers_go_first();
    runtime::task<record_result<std::vector<verdict>>> attempt(std::vector<input> const& batch);
    runtime::task<record_result<std::vector<verdict>>>
    attempt_or_throw(std::vector<input> const& batch);
    runtime::task<record_result<foresight::picture>> look(std::vector<input> const& batch);
    runtime::task<record_result<void>> commit(changes const& all,
                                              std::vector<presumed_device> const& presumed);
    runtime::task<record_result<std::vector<verdict>>> halve(std::vector<input> batch);
    runtime::task<record_result<std::vector<verdict>>> last_resort(input bad);

    ports with_;
    domain::area_id city_;
    domain::minutes utc_offset_;
    order_numbers numbers_;
    foresight foresight_;
    std::shared_ptr<directory> where_; // a run keeps the one that it began with
    domain::instant loaded_at_;
    bool loads_in_doubt_ = false;

    int losers_ = 0; // of a race, trying again: nobody else begins meanwhile
    std::vector<boost::asio::steady_timer*> behind_losers_;
};

} // namespace linli::app
