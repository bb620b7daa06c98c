#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "domain/alert.hpp"
#include "domain/call.hpp"
#include "domain/delivery.hpp"
#include "domain/device_command.hpp"
#include "domain/order.hpp"
#include "domain/placed_call.hpp"
#include "domain/recording.hpp"
#include "domain/request.hpp"
#include "simulation/fortune.hpp"

namespace linli::simulation {

// What a run may meet without any row or answer that says so.
enum class rare : std::uint8_t {
    crash_at_an_await,
    crash_while_another_house_lives,
    receiver_changes,
    database_goes,
    database_hangs,
    database_clock_jumps_ahead,
    database_clock_jumps_back,
    machine_clock_is_wrong,
    house_clock_stands_still,
    device_clock_is_years_off,
    device_clock_is_ahead,
    device_tells_no_time,
    device_restarts,
    unsynced_journal_lost,
    mark_in_the_journal_lost,
    press_that_no_database_takes,
    set_aside,
    same_event_again,
    burst_of_presses,
    registry_changes,
    plans_change,
    reply_by_page,
    reply_unreadable,
    worker_calls_for_help,
    branch_office_decides,
    call_told_twice,
    nobody_is_there,
    couple_in_one_home,
    company_is_asked,
    person_told_twice,
    late_accept_is_taken,
    storm_without_a_database,
    repeat_without_a_database,
    no_copy_of_the_registry,
    end_is_told_to_whom_no_plan_told,
    hotline_changes_hands,
    hotline_line_breaks,
    hotline_engine_dies,
    hotline_has_no_line,
    call_is_lost_with_the_engine,
    call_outlives_its_server,
    call_is_withdrawn,
    text_is_not_spoken,
    answer_is_said_to_who_pressed,
    accepted_by_a_key,
    seat_dials,
    visit_outlives_its_alert,
    visit_is_heard_by_itself,
    somebody_needs_120,
    says_120_of_a_visit_that_is_over,
    recording_sealed_for_nothing,
    recordings_disk_is_full,
};

} // namespace linli::simulation

namespace linli::domain {

template <>
struct names<simulation::rare> {
    static constexpr std::array<std::pair<simulation::rare, std::string_view>, 52> table{{
        {simulation::rare::crash_at_an_await, "crash_at_an_await"},
        {simulation::rare::crash_while_another_house_lives, "crash_while_another_house_lives"},
        {simulation::rare::receiver_changes, "receiver_changes"},
        {simulation::rare::database_goes, "database_goes"},
        {simulation::rare::database_hangs, "database_hangs"},
        {simulation::rare::database_clock_jumps_ahead, "database_clock_jumps_ahead"},
        {simulation::rare::database_clock_jumps_back, "database_clock_jumps_back"},
        {simulation::rare::machine_clock_is_wrong, "machine_clock_is_wrong"},
        {simulation::rare::house_clock_stands_still, "house_clock_stands_still"},
        {simulation::rare::device_clock_is_years_off, "device_clock_is_years_off"},
        {simulation::rare::device_clock_is_ahead, "device_clock_is_ahead"},
        {simulation::rare::device_tells_no_time, "device_tells_no_time"},
        {simulation::rare::device_restarts, "device_restarts"},
        {simulation::rare::unsynced_journal_lost, "unsynced_journal_lost"},
        {simulation::rare::mark_in_the_journal_lost, "mark_in_the_journal_lost"},
        {simulation::rare::press_that_no_database_takes, "press_that_no_database_takes"},
        {simulation::rare::set_aside, "set_aside"},
        {simulation::rare::same_event_again, "same_event_again"},
        {simulation::rare::burst_of_presses, "burst_of_presses"},
        {simulation::rare::registry_changes, "registry_changes"},
        {simulation::rare::plans_change, "plans_change"},
        {simulation::rare::reply_by_page, "reply_by_page"},
        {simulation::rare::reply_unreadable, "reply_unreadable"},
        {simulation::rare::worker_calls_for_help, "worker_calls_for_help"},
        {simulation::rare::branch_office_decides, "branch_office_decides"},
        {simulation::rare::call_told_twice, "call_told_twice"},
        {simulation::rare::nobody_is_there, "nobody_is_there"},
        {simulation::rare::couple_in_one_home, "couple_in_one_home"},
        {simulation::rare::company_is_asked, "company_is_asked"},
        {simulation::rare::person_told_twice, "person_told_twice"},
        {simulation::rare::late_accept_is_taken, "late_accept_is_taken"},
        {simulation::rare::storm_without_a_database, "storm_without_a_database"},
        {simulation::rare::repeat_without_a_database, "repeat_without_a_database"},
        {simulation::rare::no_copy_of_the_registry, "no_copy_of_the_registry"},
        {simulation::rare::end_is_told_to_whom_no_plan_told, "end_is_told_to_whom_no_plan_told"},
        {simulation::rare::hotline_changes_hands, "hotline_changes_hands"},
        {simulation::rare::hotline_line_breaks, "hotline_line_breaks"},
        {simulation::rare::hotline_engine_dies, "hotline_engine_dies"},
        {simulation::rare::hotline_has_no_line, "hotline_has_no_line"},
        {simulation::rare::call_is_lost_with_the_engine, "call_is_lost_with_the_engine"},
        {simulation::rare::call_outlives_its_server, "call_outlives_its_server"},
        {simulation::rare::call_is_withdrawn, "call_is_withdrawn"},
        {simulation::rare::text_is_not_spoken, "text_is_not_spoken"},
        {simulation::rare::answer_is_said_to_who_pressed, "answer_is_said_to_who_pressed"},
        {simulation::rare::accepted_by_a_key, "accepted_by_a_key"},
        {simulation::rare::seat_dials, "seat_dials"},
        {simulation::rare::visit_outlives_its_alert, "visit_outlives_its_alert"},
        {simulation::rare::visit_is_heard_by_itself, "visit_is_heard_by_itself"},
        {simulation::rare::somebody_needs_120, "somebody_needs_120"},
        {simulation::rare::says_120_of_a_visit_that_is_over, "says_120_of_a_visit_that_is_over"},
        {simulation::rare::recording_sealed_for_nothing, "recording_sealed_for_nothing"},
        {simulation::rare::recordings_disk_is_full, "recordings_disk_is_full"},
    }};
};

} // namespace linli::domain

namespace linli::simulation {

// How often each word of an enumeration has come up. Its values count from 0 in the table's order.
template <class Enum>
class tally {
public:
    void add(Enum what) { ++times_[static_cast<std::size_t>(what)]; }

    void tell(std::string const& of, std::map<std::string, std::size_t>& all) const {
        for (auto const& [what, text] : domain::names<Enum>::table)
            all[of + ' ' + std::string(text)] += times_[static_cast<std::size_t>(what)];
    }

private:
    std::array<std::size_t, domain::names<Enum>::table.size()> times_{};
};

// How often each rare thing has happened: a run that never reached a state proves nothing of it.
struct sightings {
    tally<rare> events;
    tally<domain::signal_kind> signals;
    tally<domain::alert_kind> kinds;   // of alerts
    tally<domain::alert_state> alerts; // that an alert has come to
    tally<domain::disposition> endings;
    tally<domain::order_state> orders;
    tally<domain::offer_state> offers;
    tally<domain::request_state> requests;
    tally<domain::log_kind> lines;
    tally<domain::refusal> refusals; // of a desk, a page or a provider
    tally<domain::delivery_state> deliveries;
    tally<domain::notice_reason> letters; // that have gone to a person
    tally<domain::call_outcome> calls;
    tally<domain::command_state> commands; // that one has ended in
    tally<domain::placed_end> placed;      // a call of the house
    tally<domain::recording_state> recordings;

    // By name: "order no_access", "commit in_doubt". Also what has never been.
    std::map<std::string, std::size_t> table(fortune const& luck) const;
};

// Why the simulation can't show it; empty: it should.
std::string_view why_never(std::string const& name);

} // namespace linli::simulation
