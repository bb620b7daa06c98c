#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

#include "adapters/journal/journal.hpp"
#include "app/auditor.hpp"
#include "app/record.hpp"
#include "app/supervision.hpp"
#include "app/trace.hpp"
#include "runtime/metrics.hpp"

namespace linli::server {

// What the server counts for whoever watches it (/metrics).
class figures {
public:
    explicit figures(runtime::metrics& in);

    void count(app::changes const& committed);
    void took(app::trace_step step, domain::duration how_long); // any thread
    // What is not counted but looked at, when somebody asks.
    struct state {
        journal::figures journal;
        std::size_t outbox_waiting = 0;
        domain::duration due_lateness{0};
        bool database_away = false;
        std::size_t set_aside = 0;
        bool holds_ingest = false;
    };
    void take(state const& now);
    void take(app::supervision::figures const& now);
    void take(app::auditor const& audited);

    runtime::counter signals_received; // written down, before any decision

private:
    runtime::counter signals_committed_;
    runtime::counter alerts_raised_;
    runtime::counter countdowns_began_;
    runtime::counter countdowns_cancelled_;
    runtime::counter orders_opened_;
    runtime::counter offers_made_;
    runtime::counter unfilled_;
    runtime::counter commits_;
    runtime::histogram button_to_commit_;
    runtime::gauge journal_waiting_;
    runtime::gauge journal_bytes_;
    runtime::gauge journal_damaged_;
    runtime::gauge journal_reserve_;
    runtime::counter journal_refused_;
    std::uint64_t refused_counted_ = 0;
    runtime::gauge outbox_waiting_;
    runtime::gauge due_lateness_;
    runtime::gauge database_away_;
    runtime::gauge set_aside_;
    runtime::gauge holds_ingest_;
    runtime::gauge supervised_;
    runtime::gauge offline_;
    runtime::gauge outages_;
    runtime::gauge looks_;
    std::map<app::finding_kind, runtime::gauge> findings_;
    runtime::gauge audits_;
    std::map<app::trace_step, runtime::histogram> steps_;
};

} // namespace linli::server
