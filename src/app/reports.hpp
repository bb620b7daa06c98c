#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/coverage.hpp"
#include "app/record.hpp"
#include "app/report_period.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// ------------------------------------------------------------------ tonight

// Nobody reads more gaps of one kind at once.
inline constexpr std::size_t most_gaps_told = 500;

struct night_counts {
    int residents = 0;
    int homes = 0;
    int devices = 0;
    int workers = 0;
};

// What help can't reach, laid out so that an area is told its own without a look at all of it.
struct night {
    struct place {
        domain::area_id parent; // empty: the root, or not imported
        night_counts counts;    // of this area alone
        std::map<gap_kind, int> gaps;
        std::map<gap_kind, std::vector<coverage_gap>> first_gaps; // most_gaps_told of each kind
    };
    std::chrono::sys_days day; // local
    domain::instant made_at;
    night_counts counts; // of the whole, also of what lies in no area
    int providers = 0;
    std::map<domain::area_id, place> areas;
};

night look_at_night(coverage_picture const& seen, coverage_rules const& by, domain::instant now);

// An area and all that it lies in.
std::vector<domain::area_id> areas_around(night const& seen, domain::area_id area);

struct night_part {
    std::chrono::sys_days day; // local
    domain::instant made_at;
    night_counts counts;
    int providers = 0;            // they are the whole installation's
    std::map<gap_kind, int> gaps; // every kind
    std::vector<coverage_gap>
        first_gaps; // of one kind, or of all: by kind, then area, then subject
};

// Of an area and all below it; nothing if there is no such area. `whole` is the installation's.
std::optional<night_part> part_of(night const& seen, domain::area_id const& area,
                                  domain::area_id const& whole, std::optional<gap_kind> kind);

// ------------------------------------------------------------------ the street's report

enum class figure_unit : std::uint8_t { count, ratio, seconds };

// A count; a median of `all` seconds; or `of` parts of `all`.
struct report_figure {
    std::string name;
    figure_unit unit = figure_unit::count;
    double value = 0;
    std::uint32_t of = 0;
    std::uint32_t all = 0;

    bool operator==(report_figure const&) const = default;
};

struct report_line {
    domain::area_id area;
    std::string area_name;
    bool is_own = false; // what lies in the area itself and in none of its parts
    std::vector<report_figure> figures;
};

struct service_report {
    domain::area_id area;
    std::vector<domain::area_id> areas; // its own and all that it lies in
    std::string area_name;
    std::string period;
    domain::instant made_at;
    std::vector<report_line> lines;   // the area's, then its parts'; the parts' add up to it
    std::vector<std::string> missing; // what the record doesn't carry
};

// ------------------------------------------------------------------ the hotline's

// The whole, the lines by which it was called (its queues), and the seats.
enum class hotline_part : std::uint8_t { whole, line, seat };

struct hotline_line {
    hotline_part part = hotline_part::whole;
    std::string name; // the line that was called; the seat's user
    std::vector<report_figure> figures;
};

// Of all stretches of 24 hours that end in the period, the one with the smallest share answered in
// time. One that reaches over two periods belongs to that in which it ends.
struct worst_day {
    domain::instant from;
    domain::instant until; // without it
    std::uint32_t answered_in_time = 0;
    std::uint32_t calls = 0;

    bool operator==(worst_day const&) const = default;
};

// Of the calls to our own hotline that came in the period and have been answered or are over; older
// ones than are kept are in no report.
//  - A wait is from the call's coming to our lines until somebody talks with him (telephony.md 9:
//    Bridged - Offered), by the clock of whatever holds the lines.
//  - Within 15 s (GB/T 33358: 95 % in any 24 hours), 60 s (TSA: 97.5 % a month) and 180 s (TSA:
//    99 %): of all calls, so whoever gave up counts as not answered.
//  - Abandoned: over without an answer. Whoever gave up before 5 s is told apart, and not among
//    them.
//  - Occupancy of a seat: talking and wrapping up, of the time that it wasn't away.
struct hotline_report {
    domain::area_id area;
    std::vector<domain::area_id> areas; // its own and all that it lies in
    std::string area_name;
    std::string period;
    domain::instant made_at;
    std::vector<hotline_line> lines;
    std::optional<worst_day> worst; // nothing: there was no call
};

// ------------------------------------------------------------------ where they come from

// Both cost a city seconds, so they have a connection and a thread of their own, and one at a time
// goes. Neither throws for an outage.
class report_record {
public:
    virtual ~report_record() = default;

    virtual runtime::task<record_result<night>> look(coverage_rules const& by,
                                                     domain::instant now) = 0;
    // Nothing: there is no such area.
    virtual runtime::task<record_result<std::optional<service_report>>>
    service(domain::area_id const& of, report_period const& during, domain::instant now) = 0;
    virtual runtime::task<record_result<std::optional<hotline_report>>>
    hotline(domain::area_id const& of, report_period const& during, domain::instant now) = 0;
};

} // namespace linli::app

namespace linli::domain {

template <>
struct names<app::figure_unit> {
    static constexpr std::array<std::pair<app::figure_unit, std::string_view>, 3> table{{
        {app::figure_unit::count, "count"},
        {app::figure_unit::ratio, "ratio"},
        {app::figure_unit::seconds, "seconds"},
    }};
};

template <>
struct names<app::hotline_part> {
    static constexpr std::array<std::pair<app::hotline_part, std::string_view>, 3> table{{
        {app::hotline_part::whole, "whole"},
        {app::hotline_part::line, "line"},
        {app::hotline_part::seat, "seat"},
    }};
};

} // namespace linli::domain
