#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "domain/dwell.hpp"
#include "domain/signal.hpp"
#include "domain/telemetry.hpp"
#include "domain/thresholds.hpp"

namespace linli::domain {

// What somebody's own limits replace: both sides, an empty one is none.
struct own_limit {
    vital_sign what = vital_sign::heart_rate;
    std::optional<double> low;
    std::optional<double> high;
    std::optional<seconds> lasting; // empty: as for everybody

    bool operator==(own_limit const&) const = default;
};

// Whom a device tells of, and what is agreed for him or for the home.
struct care {
    device_id device;
    subject about; // resident or home; others are not observed
    // Whether somebody is there to be missed. It pauses silence, water and bed and nothing else: a
    // pulse is a pulse in the hospital's garden, too.
    bool is_present = true;
    std::vector<own_limit> limits;
    std::vector<zone> zones;
    std::vector<day_part> parts; // of the home's day; empty: as for everybody

    bool operator==(care const&) const = default;
};

inline constexpr std::string_view observed_door = "observation";

// What the house makes of telemetry: each measurement is judged by what is agreed, each time that
// runs is a row, and what lasts long enough becomes a signal. The same telemetry on the same rows
// gives the same signals, with the same events.
class observation {
public:
    // `rows`: of all subjects that are going to be observed.
    observation(thresholds const& agreed, minutes utc_offset, std::vector<dwell> rows);

    void take(care const& of, telemetry const& what);
    // A row whose due time may have come.
    void look(care const& of, std::string const& rule, instant now);
    // Nobody is cared for by this device any more: its time ends without a word.
    void forget(subject const& about, std::string const& rule);

    std::vector<signal> const& signals() const { return signals_; }
    std::vector<dwell> changed() const; // the rows that the record must know

private:
    void take_vitals(care const& of, telemetry const& what);
    void take_news2(care const& of, telemetry const& what);
    void take_fixes(care const& of, telemetry const& what);
    void take_fix(care const& of, position const& where, instant at, instant received);
    void take_activities(care const& of, telemetry const& what);
    void take_motion(care const& of, activity const& what, instant at);
    void take_water(care const& of, activity const& what, instant at);
    void take_bed(care const& of, activity const& what, instant at);
    void look_at_silence(care const& of, dwell& row, instant now);
    void look_at_bed(care const& of, dwell& row, instant now);

    dwell& row_of(subject const& about, std::string const& rule, device_id const& device);
    dwell_times times_of(care const& of, std::string const& rule) const;
    inactivity_profile profile_of(care const& of) const;
    bool is_agreed(care const& of, std::string const& rule) const;
    std::optional<vital_limit> limit_of(care const& of, vital_sign what) const;
    void say(dwell const& row, crossing const& what, instant now, std::string extra = {});
    std::string local(instant at) const;

    thresholds const& agreed_;
    minutes const utc_offset_;
    using key = std::pair<subject, std::string>;
    std::map<key, dwell> before_;
    std::map<key, dwell> rows_;
    std::vector<signal> signals_;
};

} // namespace linli::domain
