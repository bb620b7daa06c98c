#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "app/record.hpp"
#include "domain/observation.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// What is known of some devices: whom they tell of, what is agreed, and what is remembered of these
// subjects. A device that nobody has registered, or that is in stock, is not among them.
struct observed {
    std::unordered_map<domain::device_id, domain::care> devices;
    std::vector<domain::dwell> rows;
};

struct due_dwells {
    std::vector<domain::dwell> rows;     // due by now, the longest overdue first
    std::optional<domain::instant> next; // the earliest that is not due yet
};

// While nobody can be heard nobody is missed: his silence is not looked at.
enum class due_rules : std::uint8_t { all, all_but_silence };

// Where it stands how long something has been so. PostgreSQL in an installation, a twin in memory
// in tests. All calls may suspend; none throws for an outage.
class observation_record {
public:
    virtual ~observation_record() = default;

    virtual runtime::task<record_result<observed>>
    read(std::vector<domain::device_id> const& devices) = 0;

    // Of each of these whom it concerns, a device that would tell of it as well. Not one that only
    // a hand or a tap sets going, nor a bed: nobody is missed by those alone.
    virtual runtime::task<record_result<std::vector<domain::device_id>>>
    heirs(std::vector<domain::subject> const& about) = 0;

    virtual runtime::task<record_result<due_dwells>> due(domain::instant now, int limit,
                                                         due_rules of) = 0;

    // Nothing could be heard in between: silences that ran before it have lasted so much less. Each
    // moment counts once: done again, or again until a later time, it adds what is new.
    virtual runtime::task<record_result<void>> unheard(domain::instant from,
                                                       domain::instant until) = 0;

    // Since when the broker is away, as it was written down, if it was still away then or later.
    virtual runtime::task<record_result<std::optional<domain::instant>>>
    deaf_since(domain::instant then) = 0;

    // All or none: a row that has moved on since it was read makes the whole a conflict.
    virtual runtime::task<record_result<void>> keep(std::vector<domain::dwell> const& rows) = 0;
};

} // namespace linli::app
