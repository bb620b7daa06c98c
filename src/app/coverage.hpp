#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/record.hpp"
#include "domain/complaint.hpp"
#include "domain/named.hpp"
#include "domain/place.hpp"
#include "domain/time.hpp"

namespace linli::app {

// What help cannot reach tonight, why, and who must mend it: asked before the night, while there is
// still somebody to do it. Pure: a picture of the registry goes in, gaps come out.

// ------------------------------------------------------------------ the picture

struct coverage_home {
    domain::home_id id;
    domain::area_id area;
    std::optional<domain::position> place;
    bool address_verified = false; // somebody stood before the door
    bool key_held = false;
    std::optional<std::chrono::sys_days> key_tested;
};

struct coverage_resident {
    domain::resident_id id;
    domain::home_id home;
    int contacts = 0;
};

struct coverage_device { // worn by a resident or fixed in a home
    domain::device_id id;
    domain::area_id area;
    std::optional<domain::instant> heard; // its last word, or the last day of its telemetry
};

struct coverage_provider {
    domain::provider_id id;
    int workers = 0;
    std::int64_t offers = 0;
    std::optional<domain::instant> replied; // the last offer that somebody accepted or declined
};

struct coverage_complaint { // whose answer nobody has accepted yet
    domain::complaint_id id;
    domain::area_id area;
    domain::instant due_at;
};

// A home in which nobody is present by the registry: its silence is nobody's business.
struct coverage_pause {
    domain::home_id home;
    domain::area_id area;
    domain::instant moved; // there, last
    int days_moved = 0;    // of the last three
};

struct coverage_picture {
    registry known; // areas, sites and workers
    std::vector<coverage_home> homes;
    std::vector<coverage_resident> residents; // those who still live there
    std::vector<coverage_device> devices;
    std::vector<coverage_provider> providers;
    std::vector<coverage_complaint> complaints;
    std::vector<coverage_pause> pauses; // of those with a sensor
    bool has_synthetic = true;          // somebody is registered whose presses prove the whole way
};

struct coverage_rules {
    domain::area_id city;
    domain::minutes utc_offset{480};
    std::string certificate; // what who goes to an emergency must have; empty: nothing
    int contacts = 3;
    double reach_m = 3000;
    std::chrono::days silent_after{3};
    std::chrono::days key_test_holds{365};
    std::chrono::days pause_holds{30};
    int days_moved = 3; // who only feeds the cat comes less often
};

// ------------------------------------------------------------------ what comes out

enum class gap_kind : std::uint8_t {
    plan,
    address,
    key,
    desk,
    responder,
    device,
    provider,
    loop,
    complaint,
};

enum class gap_reason : std::uint8_t {
    few_contacts,
    paused_but_moving,
    paused_for_long,
    no_position,
    address_unverified,
    no_key,
    key_never_tested,
    key_test_too_old,
    no_desk_open,
    nobody_to_go,
    device_never_heard,
    device_silent,
    provider_never_tested,
    provider_never_replied,
    no_synthetic_resident,
    complaint_overdue,
};

gap_kind kind_of(gap_reason why);

enum class mender_kind : std::uint8_t { site, provider, area_officer, supervisor };

struct mender {
    mender_kind kind = mender_kind::area_officer;
    std::string id; // of the site or provider; the area's code

    auto operator<=>(mender const&) const = default;
};

struct time_range {
    domain::instant from;
    domain::instant until;

    bool operator==(time_range const&) const = default;
};

struct coverage_gap {
    gap_reason why = gap_reason::few_contacts;
    std::string subject;  // "resident:R1", "home:H1", "area:620102001", "device:w1", "provider:c1",
                          // "complaint:0190…"
    domain::area_id area; // a provider's is the city
    mender who;
    int figure = 0;                       // contacts, or offers without a reply
    std::optional<domain::instant> since; // last heard, last tested, last moved; due
    std::vector<time_range> hours;        // with nobody on duty, in the coming week

    bool operator==(coverage_gap const&) const = default;
};

struct coverage_report {
    std::chrono::sys_days day; // local
    domain::instant made_at;
    int residents = 0;
    int homes = 0;
    int devices = 0;
    int providers = 0;
    int workers = 0;
    std::vector<coverage_gap> gaps; // by kind, then area, then subject

    std::map<gap_kind, int> counts() const; // every kind, also those without a gap
};

coverage_report find_gaps(coverage_picture const& seen, coverage_rules const& by,
                          domain::instant now);

std::chrono::sys_days local_day(domain::instant now, domain::minutes utc_offset);

} // namespace linli::app

namespace linli::domain {

template <>
struct names<app::gap_kind> {
    static constexpr std::array<std::pair<app::gap_kind, std::string_view>, 9> table{{
        {app::gap_kind::plan, "plan"},
        {app::gap_kind::address, "address"},
        {app::gap_kind::key, "key"},
        {app::gap_kind::desk, "desk"},
        {app::gap_kind::responder, "responder"},
        {app::gap_kind::device, "device"},
        {app::gap_kind::provider, "provider"},
        {app::gap_kind::loop, "loop"},
        {app::gap_kind::complaint, "complaint"},
    }};
};

template <>
struct names<app::gap_reason> {
    static constexpr std::array<std::pair<app::gap_reason, std::string_view>, 16> table{{
        {app::gap_reason::few_contacts, "few_contacts"},
        {app::gap_reason::paused_but_moving, "paused_but_moving"},
        {app::gap_reason::paused_for_long, "paused_for_long"},
        {app::gap_reason::no_position, "no_position"},
        {app::gap_reason::address_unverified, "address_unverified"},
        {app::gap_reason::no_key, "no_key"},
        {app::gap_reason::key_never_tested, "key_never_tested"},
        {app::gap_reason::key_test_too_old, "key_test_too_old"},
        {app::gap_reason::no_desk_open, "no_desk_open"},
        {app::gap_reason::nobody_to_go, "nobody_to_go"},
        {app::gap_reason::device_never_heard, "device_never_heard"},
        {app::gap_reason::device_silent, "device_silent"},
        {app::gap_reason::provider_never_tested, "provider_never_tested"},
        {app::gap_reason::provider_never_replied, "provider_never_replied"},
        {app::gap_reason::no_synthetic_resident, "no_synthetic_resident"},
        {app::gap_reason::complaint_overdue, "complaint_overdue"},
    }};
};

template <>
struct names<app::mender_kind> {
    static constexpr std::array<std::pair<app::mender_kind, std::string_view>, 4> table{{
        {app::mender_kind::site, "site"},
        {app::mender_kind::provider, "provider"},
        {app::mender_kind::area_officer, "area_officer"},
        {app::mender_kind::supervisor, "supervisor"},
    }};
};

} // namespace linli::domain
