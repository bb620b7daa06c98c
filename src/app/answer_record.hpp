#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "app/record.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// A shift and the night after it: so long a telephone may be without a network and say again then
// what it said before.
inline constexpr domain::hours answers_kept_for{24};

// Commands that bear a key of their sender's, and what was answered: whoever asks again because he
// heard nothing hears the same, also from another server. A command is kept before anything comes
// of it, so one that nobody knows the end of is known to be in doubt. PostgreSQL in an
// installation, a twin in memory in tests. All calls may suspend; none throws for an outage.
class answer_record {
public:
    virtual ~answer_record() = default;

    struct command {
        domain::operator_id who;
        std::string key;     // his own, of one press of a button
        std::string request; // all that was asked
        domain::instant since;
    };
    struct answer {
        unsigned status = 0;
        std::string body;

        bool operator==(answer const&) const = default;
    };
    enum class standing : std::uint8_t {
        fresh,    // nobody has asked it before
        answered, // with `said`
        in_doubt, // it was begun, and may have been done
        another,  // by this key something else was asked
    };
    struct found {
        standing how = standing::fresh;
        answer said = {};
    };
    // Of two that begin the same at once, one is fresh.
    virtual runtime::task<record_result<found>> begin(command const& what) = 0;
    // The answer that is kept first stays.
    virtual runtime::task<record_result<void>> end(command const& what, answer const& said) = 0;
    // What was begun before then; how many went, at most `limit`.
    virtual runtime::task<record_result<std::size_t>> forget(domain::instant before, int limit) = 0;
};

} // namespace linli::app
