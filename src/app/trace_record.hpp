#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/overview.hpp"
#include "app/record.hpp"
#include "domain/delivery.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// What stands in the outbox, not sent yet.
struct waiting_message {
    std::string to;
    std::string what; // the row's key: an event, an offer, a notice's "contacts:raised"
    domain::instant due_at;
    std::uint32_t attempts = 0;

    bool operator==(waiting_message const&) const = default;
};

// Somebody who is still to be told.
struct waiting_notice {
    std::string who; // "contact:r1/2"
    domain::channel by = domain::channel::sms;
    domain::instant due_at;

    bool operator==(waiting_notice const&) const = default;
};

// All that the record knows of an event and of what has come of it: ids and codes, no words about a
// person.
struct recorded_trace {
    domain::signal_kind kind = domain::signal_kind::unreadable;
    domain::device_id device;
    std::string door;
    domain::subject about;
    std::optional<domain::instant> happened_at; // by the device's clock
    domain::instant received_at;
    domain::instant decided_at; // as its commit was decided: the time of its lines in the log
    std::optional<domain::alert> alert; // that it opened or joined
    std::optional<domain::request> request;
    std::vector<domain::order> orders; // of those, oldest first
    std::vector<domain::offer> offers; // of these, oldest first
    std::vector<log_line_seen> log;    // of all of them, oldest first, at most 500
    std::vector<waiting_message> messages;
    std::vector<waiting_notice> notices;
};

// What becomes of an event, for people. PostgreSQL in an installation, a twin in memory in tests.
// May suspend; doesn't throw for an outage.
class trace_record {
public:
    virtual ~trace_record() = default;

    virtual runtime::task<record_result<std::optional<recorded_trace>>>
    trace_of(domain::event_id const& event) = 0;
};

} // namespace linli::app
