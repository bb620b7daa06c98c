#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/audience.hpp"
#include "domain/ids.hpp"
#include "domain/matching.hpp"
#include "domain/named.hpp"
#include "domain/priority.hpp"
#include "domain/time.hpp"

namespace linli::domain {

enum class alert_kind : std::uint8_t {
    sos,
    fall,
    smoke,
    gas,
    water,
    inactivity,
    fence,
    bed,
    removed,
    vitals,
    unreadable,
    unknown_device,
    clock_jump,
    outage,
    check_in_missed, // a worker's: no word from where he went, and no open alert that hears it
    no_access,       // nobody opens to a visit that no open alert hears
    needs_120,       // who is there says so
    visit_failed,    // at the door, of a visit that no open alert hears
    help_request,    // never an alert: names the plan of the ring-back
    cause_visit,     // never an alert: names the plan of the visit that looks for a cause
    installation,    // never an alert: names the plan of the visit that puts a device into a home
    booking,         // never an alert: names the plan of life services that were booked
};

template <>
struct names<alert_kind> {
    static constexpr std::array<std::pair<alert_kind, std::string_view>, 22> table{{
        {alert_kind::sos, "sos"},
        {alert_kind::fall, "fall"},
        {alert_kind::smoke, "smoke"},
        {alert_kind::gas, "gas"},
        {alert_kind::water, "water"},
        {alert_kind::inactivity, "inactivity"},
        {alert_kind::fence, "fence"},
        {alert_kind::bed, "bed"},
        {alert_kind::removed, "removed"},
        {alert_kind::vitals, "vitals"},
        {alert_kind::unreadable, "unreadable"},
        {alert_kind::unknown_device, "unknown_device"},
        {alert_kind::clock_jump, "clock_jump"},
        {alert_kind::outage, "outage"},
        {alert_kind::check_in_missed, "check_in_missed"},
        {alert_kind::no_access, "no_access"},
        {alert_kind::needs_120, "needs_120"},
        {alert_kind::visit_failed, "visit_failed"},
        {alert_kind::help_request, "help_request"},
        {alert_kind::cause_visit, "cause_visit"},
        {alert_kind::installation, "installation"},
        {alert_kind::booking, "booking"},
    }};
};

// Told by a visit, and by no device.
constexpr bool is_of_visits(alert_kind kind) {
    return kind == alert_kind::check_in_missed || kind == alert_kind::no_access ||
           kind == alert_kind::needs_120 || kind == alert_kind::visit_failed;
}

// What can be about a person or a home; the others are the house's own, or no alerts.
constexpr bool is_of_devices(alert_kind kind) {
    return kind < alert_kind::unreadable;
}

// The three levels of the "1+3+N" tree of sites.
enum class site_level : std::uint8_t { station, centre, city };

template <>
struct names<site_level> {
    static constexpr std::array<std::pair<site_level, std::string_view>, 3> table{{
        {site_level::station, "station"},
        {site_level::centre, "centre"},
        {site_level::city, "city"},
    }};
};

// One rung of "who answers": the seats of that site ring, or, with `tell`, a person's telephone;
// unanswered after `wait`, the next rung.
struct answer_rung {
    site_level desk = site_level::station;
    seconds wait{30};
    std::optional<audience> tell = {}; // in place of a desk: shift_leader or duty_phone

    bool operator==(answer_rung const&) const = default;
};

// What the house can't do itself and asks of the operator: a duty that stays on the alert until she
// says that it is done.
enum class ask : std::uint8_t {
    ring_back, // device, then home, then mobile (field-rules 9)
    dial_120,
    dial_110,
    dial_119,
    property_guard, // 物业
    committee,      // 居委值班
    key_holder,
};

template <>
struct names<ask> {
    static constexpr std::array<std::pair<ask, std::string_view>, 7> table{{
        {ask::ring_back, "ring_back"},
        {ask::dial_120, "120"},
        {ask::dial_110, "110"},
        {ask::dial_119, "119"},
        {ask::property_guard, "property_guard"},
        {ask::committee, "committee"},
        {ask::key_holder, "key_holder"},
    }};
};

// A step is not needed once an operator has claimed the alert, or has handled it; or as long as one
// is free to claim it: `free` is for the second emergency of the only operator (field-rules 24).
enum class step_unless : std::uint8_t { never, claimed, handled, free };

template <>
struct names<step_unless> {
    static constexpr std::array<std::pair<step_unless, std::string_view>, 4> table{{
        {step_unless::never, "never"},
        {step_unless::claimed, "claimed"},
        {step_unless::handled, "handled"},
        {step_unless::free, "free"},
    }};
};

// What the house does by itself so long after the raise. Either tells somebody or asks the operator
// for something.
struct plan_step {
    seconds after{0};
    std::optional<audience> tell = {};
    std::optional<ask> asks = {};
    std::string say = {}; // the words to read out when she dials
    step_unless unless = step_unless::never;
    int from_minute = 0;     // of the local day; from > until runs over midnight,
    int until_minute = 1440; // equal: never

    bool operator==(plan_step const&) const = default;
};

enum class go_trouble : std::uint8_t {
    nobody,    // a search found nobody who can go
    no_access, // somebody stands before a locked door, and his time there is over
    other,     // a visit failed, or somebody is late with something
};

template <>
struct names<go_trouble> {
    static constexpr std::array<std::pair<go_trouble, std::string_view>, 3> table{{
        {go_trouble::nobody, "nobody"},
        {go_trouble::no_access, "no_access"},
        {go_trouble::other, "other"},
    }};
};

// One rung of "who goes" after the workers: a person answers a telephone there, so the operator
// calls. Each time the trouble comes up again, the next rung; the last one again and again.
struct go_rung {
    go_trouble when = go_trouble::nobody;
    ask call = ask::committee;
    std::string say = {};
    std::optional<audience> tell = {}; // hears that it has come to this

    bool operator==(go_rung const&) const = default;
};

enum class offer_when : std::uint8_t { now, unless_cleared };

template <>
struct names<offer_when> {
    static constexpr std::array<std::pair<offer_when, std::string_view>, 2> table{{
        {offer_when::now, "now"},
        {offer_when::unless_cleared, "unless_cleared"},
    }};
};

// The order that an alert of this kind brings with it, and the clocks of "who goes".
struct order_plan {
    service_id service{"emergency_attendance"};
    std::string certificate; // what a worker must have; empty = none
    responder_groups responders = usual_responders();
    offer_when when = offer_when::now;
    seconds cleared_window{60};    // unless_cleared: time for an operator to cancel
    int offers_at_once = 1;        // first accept wins
    seconds offer_lease{45};       // silence for this long = the next candidate
    seconds set_out_within{180};   // field-rules 19: no en_route in 3 min = no-show
    seconds ring_back_within{600}; // at the seat: when the ring-back is late …
    seconds ring_back_again{300};  // … and how often somebody hears that it is
    seconds arrive_within{900};    // 15-minute circle
    seconds late_grace{300};       // field-rules 19: slipping by 5 min = offer on
    seconds check_in_after{1200};  // field-rules 16: arrival + 20 min
    seconds no_access_within{300}; // field-rules 18
    seconds retry_unfilled{60};    // nobody found: look again
    seconds confirm_stand_down{120};
    seconds follow_up_within{86400};
    seconds rest_after_visit{600}; // not asked again for so long if somebody else may go
    seconds assign_within{120};    // field-rules 6: the company has taken it and names its worker
    // Completed only when a desk has heard the device since the worker arrived (field-rules 29).
    bool needs_live_press = false;
    seconds offer_before{7200}; // of a booking: its offers go out so long before its window

    bool operator==(order_plan const&) const = default;
};

// Whose plan it is when it is not everybody's. One that is softer than the ordinary plan has two
// signatures and an end; after its last day the ordinary plan holds again (field-rules 13).
struct own_plan {
    resident_id resident;
    std::vector<operator_id> signed_by;
    std::optional<std::chrono::sys_days> until; // its last day, by the local calendar

    bool operator==(own_plan const&) const = default;
};

// The written ladder for one kind of alert. A snapshot (its digest) runs with the alert: editing
// the file never changes a running one. Times marked in config/plans.
struct plan {
    std::string digest; // names the snapshot; of the text that it was read from
    alert_kind kind = alert_kind::sos;
    priority level = priority::p1;
    seconds countdown{0};            // for the wearer to cancel; 0 = raised at once
    std::vector<answer_rung> answer; // never empty; the last one rings again until taken
    seconds claim_lease{900};        // a claim without any action ends after this
    // A P1 that rings at a desk where no console shows it within this goes up at once. 0: off, for
    // desks without pages.
    seconds shown_within{0};
    seconds acknowledge_within{30}; // a new P1 on a claimed alert: rings the holder this long
    seconds burst_window{10};       // presses within this ring once
    seconds handled_review{900};    // handled, outcome unknown: asked again after this
    // Where the wearer is, asked of the device so often while the alert is raised or claimed. 0:
    // off.
    seconds locate_every{0};
    std::optional<order_plan> order;
    std::vector<plan_step> steps; // in the order of their times
    std::vector<go_rung> go;
    std::optional<own_plan> own;

    bool operator==(plan const&) const = default;
};

// What makes `own` softer than `ordinary`: "countdown_s", "answer", "order.offer" … Empty if help
// comes at least as soon. Level, countdown, each rung, the order's offer, each step, who goes.
std::vector<std::string> softened(plan const& own, plan const& ordinary);

} // namespace linli::domain
