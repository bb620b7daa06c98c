#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "app/record.hpp"
#include "domain/erasure.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// Empty: whatever it is.
struct erasure_question {
    std::optional<domain::area_id> within; // of the home that he lives in, or lived in
    std::optional<domain::resident_id> of;
    std::optional<domain::erasure_state> state;
    std::uint32_t page = 1;
    std::uint32_t per_page = 50; // at most most_erasures_a_page
};
inline constexpr std::uint32_t most_erasures_a_page = 100;

struct erasure_page {
    std::vector<domain::erasure> all; // those that wait, the oldest first; then the newest first
    std::uint32_t total = 0;
};

// Whose data shall go, and its going. What stays of somebody is his id, the codes of what happened
// and when, and that he was erased: the chains of the log hold as they did, since they take the
// digest of what is sealed. Each step is told to the access log with it. PostgreSQL in an
// installation, a twin in memory in tests. All calls may suspend; none throws for an outage.
class erasure_record {
public:
    virtual ~erasure_record() = default;

    virtual runtime::task<record_result<domain::erasure_standing>>
    standing_of(domain::resident_id const& who) = 0;

    // `conflict`: it was asked for meanwhile, or there is no such resident.
    virtual runtime::task<record_result<void>> ask(domain::erasure const& what) = 0;
    // It stays written down that it was asked for. `conflict`: it isn't any more, or it is done.
    virtual runtime::task<record_result<void>> withdraw(domain::resident_id const& who,
                                                        domain::withdrawn_erasure const& how) = 0;

    // The keys and the registry's rows of him go, in one transaction that looks at the obstacles
    // again: `conflict` if there is one, or if it isn't asked for. His home goes with him if nobody
    // else lives there.
    virtual runtime::task<record_result<void>> erase(domain::resident_id const& who,
                                                     domain::operator_id const& confirmed_by,
                                                     domain::instant now) = 0;

    // What lies in clear under an id (places, telemetry, whose number rang) goes after that, a few
    // rows at a time; answers how many went. Nothing more: it is written down as cleared.
    virtual runtime::task<record_result<std::size_t>> clear(domain::resident_id const& who,
                                                            domain::instant now, int limit) = 0;

    // Those that are done stay; they are ids.
    virtual runtime::task<record_result<erasure_page>> list(erasure_question const& what) = 0;
    // Whose keys have gone and whose rows haven't all.
    virtual runtime::task<record_result<std::vector<domain::resident_id>>> uncleared() = 0;
};

} // namespace linli::app
