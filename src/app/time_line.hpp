#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/recent_traces.hpp"
#include "app/trace_record.hpp"

namespace linli::app {

// Who does a step; further down the way from the button to the door.
enum class time_line_of : std::uint8_t { signal, alert, request, order, message };

struct time_line_entry {
    domain::instant at;
    std::optional<domain::duration> after; // since the entry before
    time_line_of of = time_line_of::signal;
    std::string step; // "received", "committed", "raised", "offered", "published"
    std::string what; // by whom, to whom, why
};

struct missing_step {
    std::string what;
    std::optional<domain::instant> due_at; // when the house does something about it by itself

    bool operator==(missing_step const&) const = default;
};

// One event from the button to the door.
struct time_line {
    std::string event;
    bool is_remembered = false; // by the server's memory: to the microsecond
    bool is_recorded = false;
    std::optional<domain::instant> happened_at; // by the device's clock, which may be wrong
    std::vector<std::string> heading;           // what it is, and what has come of it
    std::vector<time_line_entry> entries;       // oldest first
    std::vector<missing_step> missing;          // what has not been done yet
};

// What the server remembers and what the record holds, as one: both are by the house clock. Of an
// alert that the event has joined, only what came after it.
time_line make_time_line(std::string const& event, std::optional<event_trace> const& remembered,
                         std::optional<recorded_trace> const& recorded);

} // namespace linli::app

template <>
struct linli::domain::names<linli::app::time_line_of> {
    using of = linli::app::time_line_of;
    static constexpr std::array<std::pair<of, std::string_view>, 5> table{{
        {of::signal, "signal"},
        {of::alert, "alert"},
        {of::request, "request"},
        {of::order, "order"},
        {of::message, "message"},
    }};
};
