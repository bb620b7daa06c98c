#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/record.hpp"
#include "domain/alert.hpp"
#include "domain/ids.hpp"
#include "domain/offer_call.hpp"
#include "domain/placed_call.hpp"
#include "domain/purpose.hpp"
#include "domain/time.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// An offer that is rung, or may be: the worker by his own number, a company that names who goes by
// its own. What he may hear of it is what an offer shows before it is accepted.
struct offer_by_telephone {
    domain::offer_id id;
    domain::provider_id provider;
    domain::worker_id worker; // empty: made to the company
    domain::alert_id alert;
    domain::alert_kind kind = domain::alert_kind::sos;
    domain::purpose what_for = domain::purpose::real;
    bool is_for_colleague = false; // the alert is a worker's own
    std::string rough_place;
    std::uint32_t distance_m = 0;
    std::string number; // empty: nobody knows it any more
    domain::rung_offer stands;
    std::uint32_t calls = 0;          // that there have been
    std::optional<domain::uuid> call; // that isn't over

    bool operator==(offer_by_telephone const&) const = default;
};

// A call that has asked about an offer, and what of it isn't in the order's and the alert's log.
struct offer_call_over {
    domain::uuid call;
    domain::offer_id offer;
    domain::provider_id provider;
    domain::worker_id worker;
    domain::alert_id alert;
    domain::placed_end how = domain::placed_end::lost;
    std::string key; // of `pressed`

    bool operator==(offer_call_over const&) const = default;
};

// What placed_call_record keeps, of those that ask about an offer. PostgreSQL in an installation, a
// twin in memory in tests. All calls may suspend; none throws for an outage.
class offer_call_record {
public:
    virtual ~offer_call_record() = default;

    // Of urgent orders that an alert has made, for people: offers that are open and have a number,
    // and those that a call runs for, however they stand. A call that nobody has taken in its time
    // is over by that.
    virtual runtime::task<record_result<std::vector<offer_by_telephone>>>
    rung(domain::instant now) = 0;

    // Not settled, the oldest first.
    virtual runtime::task<record_result<std::vector<offer_call_over>>> over(int limit) = 0;
    virtual runtime::task<record_result<void>> settled(domain::uuid call, domain::instant at) = 0;
};

} // namespace linli::app
