#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/ids.hpp"
#include "domain/place.hpp"
#include "domain/signal.hpp"
#include "domain/subject.hpp"
#include "domain/time.hpp"

namespace linli::domain {

// How long something has been so about a subject: a value over its limit, a wearer outside, a home
// in silence. What lasts long enough becomes a signal; what is over for long enough is noted, once.
// What goes on is told again after a while: a person may have closed its alert, of which a row
// hears nothing. It stands in the record, so that a restart does not begin the time anew.
struct dwell {
    subject about;
    std::string rule;                // "heart_rate.high", "outside", "silence": no colon
    device_id device;                // judged last
    bool told = false;               // it has become a signal and is not over
    std::optional<instant> since;    // the contrary of `told` has been so; nothing: as it was told
    std::optional<instant> began_at; // told: since when it has been so
    std::optional<instant> again_at; // told: what is so from then on is told again
    instant last_at;                 // of the newest measurement that was judged
    double value = 0;                // in words of the rule
    std::optional<position> place;
    std::optional<instant> due_at; // when it has lasted long enough, if nothing comes between
    std::uint32_t version = 0;     // of the stored row; 0 = not stored yet

    bool operator==(dwell const&) const = default;
};

// What one measurement says. Undecided, within the hysteresis or too inexact, ends no time that
// runs and begins none.
enum class finding : std::uint8_t { no, yes, undecided };

struct dwell_times {
    duration to_begin{0}; // so long until it becomes a signal
    duration to_end{0};   // so long until it counts as over
    // What is told is told again after it has lasted as long again, but not before this; 0: never.
    duration again{0};
    bool time_tells_again = false; // else a measurement does
};

struct crossing {
    bool began = false; // or it goes on; else it ended
    instant since;      // names it: the same, whichever server finds it and however often

    bool operator==(crossing const&) const = default;
};

// A measurement of `at`. One that is no newer than the last says nothing: late, or told again.
std::optional<crossing> judge(dwell& d, finding says, device_id const& by, instant at,
                              dwell_times const& times);

// Time alone: silence proves nothing, so what was so when last heard of is taken to have lasted.
std::optional<crossing> look(dwell& d, instant now, dwell_times const& times);

// Nothing is told, and no time runs.
void forget(dwell& d);

// Whether the record must know. What is calm, and was, costs no row.
bool is_worth_keeping(dwell const& before, dwell const& after);

// "w1:o:heart_rate.high:<since>": an event that no device has numbered, because the house observed
// it.
event_id observed_event_id(device_id const& device, std::string_view rule, crossing const& what);
bool is_observed(event_id const& id);

} // namespace linli::domain
