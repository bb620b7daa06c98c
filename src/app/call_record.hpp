#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/record.hpp"
#include "domain/call.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// A call, and whose number it is: all of them, because only a person can say who speaks.
struct known_call {
    domain::call what;
    std::vector<domain::caller> who;
    std::set<domain::call_event> on_alert; // those that its alert's log holds
};

struct call_decision {
    domain::call_id id;
    domain::call_outcome outcome = domain::call_outcome::no_case;
    domain::operator_id who; // empty: the house
    std::string reason;
    std::optional<domain::alert_id> alert; // that it joins
    domain::event_id event;                // of the signal by which it has opened something
};

// The calls to the hotline. PostgreSQL in an installation, a twin in memory in tests. All calls may
// suspend; none throws for an outage.
class call_record {
public:
    virtual ~call_record() = default;

    // With what was told in it; `fresh` and `line` are for one that is new.
    virtual runtime::task<record_result<known_call>>
    take(domain::call_report const& told, domain::call_id fresh, domain::area_id line) = 0;
    virtual runtime::task<record_result<std::optional<known_call>>> find(domain::call_id id) = 0;

    // The newest real alert of that home which is open and was raised no further from then than
    // domain::joins_within.
    virtual runtime::task<record_result<std::optional<domain::alert_id>>>
    alert_near(domain::home_id home, domain::instant then) = 0;

    // False: it has become something else meanwhile (domain::may_become).
    virtual runtime::task<record_result<bool>> decide(call_decision const& what) = 0;
    virtual runtime::task<record_result<void>>
    is_on_alert(domain::call_id id, std::set<domain::call_event> const& events) = 0;
};

} // namespace linli::app
