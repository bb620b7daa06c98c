#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/directory.hpp"
#include "app/plan_book.hpp"
#include "app/record.hpp"
#include "domain/notice.hpp"

namespace linli::app {

// What the house would do if somebody pressed then, and nobody did anything: the turns of a real
// press, one after the other as they come due, on a picture that is written nowhere. So a rule of
// the house can't be another here.

// Where it would be pressed, and the registry as it is now.
struct dry_run_picture {
    registry known;
    device_facts pressed; // of whoever is meant, as of a device of his
    std::optional<home_facts> home;
};

class dry_run_record {
public:
    virtual ~dry_run_record() = default;

    // Of a resident, or of a home where one of those who live there presses a fixed button.
    // Nothing: there is none. Doesn't throw for an outage.
    virtual runtime::task<record_result<std::optional<dry_run_picture>>>
    picture(domain::resident_id const& resident, domain::home_id const& home) = 0;
};

struct dry_run_step {
    domain::seconds after{0};
    std::string what = {}; // countdown, raise, rung, tell, ask, offer; skip: a step not needed
    std::string whom = {}; // a desk's level, an audience, whom to call; of a skip what it was
    std::vector<std::string> who = {}; // sites, workers, companies; people are added
    std::string say = {};
    std::string note = {};                          // why it reaches nobody, or isn't needed
    std::vector<domain::candidate> candidates = {}; // of an offer: who was looked at, and why not
    std::optional<domain::notice> notice = {};      // of a tell
};

struct dry_run {
    domain::priority level = domain::priority::p1;
    std::string plan;                // digest
    std::vector<dry_run_step> steps; // by time
    std::vector<std::string> gaps;   // no_desk_open, no_position, nobody_to_go …
};

// Only for kinds of a device: `is_of_devices`.
dry_run run_dry(plan_book const& plans, dry_run_picture const& seen, domain::alert_kind kind,
                domain::area_id const& city, domain::minutes utc_offset, domain::instant at);

} // namespace linli::app
