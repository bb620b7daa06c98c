#pragma once

#include <functional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "app/dispatch.hpp"
#include "app/recent_traces.hpp"
#include "support/manual_clock.hpp"
#include "support/memory_record.hpp"
#include "support/run_on.hpp"

namespace linli::tests {

// One way into a record in memory: station s1 that never closes, resident r1 in home h1 with watch
// w1, resident r2 in home h2 with box b2, workers k1 and k2 with first aid.
class bench_top {
public:
    // `changes` is done to each plan; `own` are the plans of single residents.
    explicit bench_top(std::function<void(domain::plan&)> const& changes = {},
                       std::vector<domain::plan> const& own = {});
    explicit bench_top(city town, std::function<void(domain::plan&)> const& changes = {},
                       std::vector<domain::plan> const& own = {});

    std::vector<app::verdict> takes(std::vector<app::input> batch);
    app::record_result<std::vector<app::verdict>> tries(std::vector<app::input> batch);

    domain::signal press(std::string const& device, int sequence,
                         domain::signal_kind kind = domain::signal_kind::sos);

    // The due loop looks at the clock, and does all that is due by then.
    void fast_forward(domain::duration by);
    // What the alert's people were told, in order: "contacts:raised".
    std::vector<std::string> notices(domain::alert_id const& id) const;

    domain::alert const& only_alert() const;
    domain::order const& only_order() const;
    std::size_t told(std::string const& destination) const; // rows in the outbox for it
    // What was last said to a provider, and what he answers to it.
    app::offer_news const& news() const { return offers_told.back(); }
    domain::reply says(domain::reply_kind kind) const;

    std::vector<app::offer_news> offers_told;
    boost::asio::io_context loop{1};
    manual_clock clock;
    memory_record record;
    app::plan_book plans;
    app::id_source ids{1};
    app::recent_traces traces{64, clock};
    app::dispatch dispatch;
    std::vector<app::changes> committed;
};

} // namespace linli::tests
