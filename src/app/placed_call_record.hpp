#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "app/record.hpp"
#include "domain/ids.hpp"
#include "domain/placed_call.hpp"
#include "domain/priority.hpp"
#include "domain/time.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// A wish that the house may call somebody. Whichever server has it writes it; the one that holds
// the hotline does it.
struct placed_call {
    domain::uuid id;
    std::string key;          // the same wish twice has the same
    domain::operator_id seat; // connected with the number; empty: it is spoken to
    std::string number;
    std::string text; // spoken; names a resident, so it is sealed, and forgotten at the end
    std::string language;
    std::string reference; // what it is about: a delivery, an alert, a request, a call
    domain::instant asked_at;
    domain::instant begin_by;                      // later nobody waits for it
    domain::priority level = domain::priority::p1; // who comes first, when places are few
    // Of one that asks whether somebody takes an order: by which keys he says so domain/offer_call
    // knows, the text has told him, and what comes of it is said to him.
    domain::offer_id offer = {};
    std::string noted = {}; // said to him if we can't, sealed as the text is
    bool operator==(placed_call const&) const = default;
};

struct open_call {
    placed_call what;
    bool is_taken = false; // by whoever holds the hotline, or held it: it may run
};

struct placed_state {
    domain::uuid id;
    bool has_begun = false; // the engine rings
    std::optional<domain::placed_end> ended;
    bool operator==(placed_state const&) const = default;
};

struct placed_ending {
    domain::placed_end how;
    domain::instant at;
    std::string key = {};  // that he has pressed
    std::string name = {}; // the engine's, of the call; empty: it never had one
};

// PostgreSQL in an installation, a twin in memory in tests. All calls may suspend; none throws for
// an outage.
class placed_call_record {
public:
    virtual ~placed_call_record() = default;

    // ---- for whoever wants one ----

    // Answers the id that it is kept by: of the first with that key.
    virtual runtime::task<record_result<domain::uuid>> ask(placed_call const& what) = 0;
    // How these stand. One that nobody has taken in its time is over by that: `not_begun`.
    virtual runtime::task<record_result<std::vector<placed_state>>>
    states(std::vector<domain::uuid> const& ids, domain::instant now) = 0;

    // ---- for whoever holds the hotline ----

    // Not over, the most urgent first, and of those the oldest.
    virtual runtime::task<record_result<std::vector<open_call>>> open() = 0;
    // False: it is over, or too late. After it nobody else takes it for not begun.
    virtual runtime::task<record_result<bool>> take(domain::uuid id, domain::instant now) = 0;
    virtual runtime::task<record_result<void>> begun(domain::uuid id, domain::instant at) = 0;
    // Number and text go with it. The first end stays.
    virtual runtime::task<record_result<void>> ended(domain::uuid id,
                                                     placed_ending const& what) = 0;
    // At most so many of those that were over before then, and of which no recording is kept; says
    // how many.
    virtual runtime::task<record_result<std::size_t>> forget(domain::instant before, int limit) = 0;
};

} // namespace linli::app
