#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/record.hpp"
#include "domain/call.hpp"
#include "domain/recording.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// A call of our own hotline, by the engine's name of it: one that came, or one that an operator had
// us begin, which is known once it is over.
struct recorded_call {
    domain::call_id id;
    bool is_over = false;
    std::optional<domain::recording_state> state; // nothing: no recording of it is known yet
    bool operator==(recorded_call const&) const = default;
};

// What was made of its pieces. `key` opens the file, and lies nowhere but sealed in the record.
struct sealed_recording {
    std::string file; // its name
    std::string key;
    domain::instant begun_at;
    domain::duration length{0};
    std::uint64_t bytes = 0; // of what is played
    int pieces = 0;
    bool operator==(sealed_recording const&) const = default;
};

struct kept_recording {
    domain::recording_state state = domain::recording_state::recording;
    sealed_recording what; // without a key: it can't be opened
    std::string whose;     // resident:ID or home:ID; empty: the house's, or not sealed yet
    bool operator==(kept_recording const&) const = default;
};

// The recordings of the hotline's calls. PostgreSQL in an installation, a twin in memory in tests.
// All calls may suspend; none throws for an outage.
class recording_record {
public:
    virtual ~recording_record() = default;

    // Nothing: the record hasn't heard of that call.
    virtual runtime::task<record_result<std::optional<recorded_call>>> find(std::string name) = 0;

    // It is being recorded. Twice is once.
    virtual runtime::task<record_result<void>> begun(domain::call_id id, domain::instant now) = 0;
    // For whoever the call is about by now, else for the house. False: one is sealed already, or
    // gone, and nothing has changed. Whose keys are destroyed, of him nothing is kept: gone.
    virtual runtime::task<record_result<bool>> seal(domain::call_id id,
                                                    sealed_recording const& what) = 0;
    virtual runtime::task<record_result<void>> failed(domain::call_id id, int pieces) = 0;

    // Those of decided calls that were the house's become whoever's they are; how many are settled.
    // Whose keys this server can't open, although they are there, is passed by.
    virtual runtime::task<record_result<std::size_t>> adopt(int limit) = 0;

    // Whose keys are destroyed, and their files not yet.
    virtual runtime::task<record_result<std::vector<std::string>>> to_remove(int limit) = 0;
    virtual runtime::task<record_result<void>> removed(std::string file) = 0;
    // Of these files those that no recording is in.
    virtual runtime::task<record_result<std::vector<std::string>>>
    unknown_of(std::vector<std::string> files) = 0;

    // ---- for pages, on any server ----

    // The calls of that alert or request, or that call itself, and those that were begun about it,
    // as far as they were recorded; oldest first.
    virtual runtime::task<record_result<std::vector<std::pair<domain::call_id, kept_recording>>>>
    kept_of(domain::uuid one) = 0;
};

} // namespace linli::app
