#pragma once

#include "app/trace_record.hpp"
#include "support/memory_deliveries.hpp"
#include "support/memory_record.hpp"

namespace linli::tests {

// The twin of the traces on PostgreSQL, in memory: what a memory_record and its deliveries hold.
class memory_traces final : public app::trace_record {
public:
    memory_traces(memory_record const& of, memory_deliveries const& told) : of_(of), told_(told) {}

    runtime::task<app::record_result<std::optional<app::recorded_trace>>>
    trace_of(domain::event_id const& event) override;

private:
    void add_work(app::stored_signal const& of, app::recorded_trace& into) const;
    void add_log(app::recorded_trace& into) const;
    void add_log(domain::uuid const& chain, std::string const& name,
                 app::recorded_trace& into) const;
    void add_waiting(domain::event_id const& event, app::recorded_trace& into) const;

    memory_record const& of_;
    memory_deliveries const& told_;
};

} // namespace linli::tests
