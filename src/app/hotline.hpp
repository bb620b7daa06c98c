#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "app/calls.hpp"
#include "app/clock.hpp"
#include "app/hotline_lines.hpp"
#include "app/hotline_record.hpp"
#include "app/id_source.hpp"
#include "domain/hotline_queue.hpp"
#include "runtime/task.hpp"
#include "runtime/work_scope.hpp"

namespace linli::app {

// Our own hotline, while this server holds it: what the lines tell and who sits at a desk go into
// the queue, what the queue wants goes to the lines, and all of it into the record.
//
// Callers don't wait for the record: telephones ring at once, and what has happened is written
// behind, in its order. The lines are told that we have it only when it is written, so whoever
// comes after us is told the rest again, and finds in the snapshot how all stands.
//
// While the record is away seats are believed to be where they were. A talk lasts as long as the
// telephones say, whatever becomes of a page or of us.
class hotline final : public hotline_listener {
public:
    struct ports {
        hotline_record& keeper;
        app::calls& calls;
        hotline_lines& lines;
        app::clock& clock;
        id_source& ids;
        std::function<void(domain::call_id const&)> changed; // the desks are told; must not throw
    };
    struct settings {
        std::string domain; // of the operators' addresses
        std::string trunk;  // of numbers outside
        bool browsers = true;
        std::size_t most_unwritten = 20'000; // beyond it what isn't written is told anew
    };

    hotline(ports with, settings by);

    // Reads where the record stands, however long it is away; before the lines are heard.
    runtime::task<void> begin();
    // Runs until the scope stops.
    void start(runtime::work_scope& tasks);
    // A page has written something.
    void look();
    // A call that she has the house begin (app/call_placer).
    void dials(domain::operator_id const& who);
    void has_dialled(domain::operator_id const& who, bool has_talked);

    void lines_came(std::string const& run) override;
    void line_happened(line_event const& what) override;
    void line_was(line_over const& what) override;
    void lines_stand(lines_snapshot const& what) override;
    void lines_answered(std::string const& command, line_refusal why) override;
    void lines_went() override;

    struct figures {
        bool has_lines = false;
        std::size_t waiting = 0;
        std::size_t talking = 0;
        std::uint64_t came = 0; // since the start
        std::uint64_t answered = 0;
        std::uint64_t answered_in_time = 0;
        std::uint64_t abandoned = 0;
        std::size_t unwritten = 0;
    };
    figures so_far() const;

private:
    // A call that runs, by the lines' name of it.
    struct line {
        domain::call_id id;
        std::string number;
        std::string dialled;
        domain::instant came_at; // by the lines' clock
        domain::caller_facts facts;
        std::optional<domain::instant> facts_at; // they were asked for
        // He joins the queue then, whatever is known of him; nothing: he has.
        std::optional<domain::instant> joins_at;
        // Whoever spoke with him has hung up: if nothing follows he is in the line again then.
        std::optional<domain::instant> back_at;
        bool has_talked = false;
        bool is_held = false;
        std::set<std::string> legs;     // that ring or talk
        std::set<std::string> answered; // he is asked to move to them
        std::string talks;              // that leg
        std::string third;              // who was asked to come to their talk
        domain::third_state third_is = domain::third_state::rings;
        std::set<std::string> listeners;
        int rung = 0; // legs so far: their names are never used again
    };

    // What is to be written, in order.
    struct told {
        domain::call_report what;
        domain::call_id id;
        bool is_missed = false;
    };
    struct happened { // all before it is written
        std::string run;
        std::uint64_t sequence = 0;
    };
    struct was_over {
        std::string call;
    };
    struct wish_ended {
        domain::uuid id;
        domain::call_id of;
        std::optional<domain::wish_refusal> refused;
        domain::instant at;
    };
    using to_write = std::variant<told, call_attempt, happened, was_over, wish_ended>;

    struct asked { // of the lines
        std::string call;
        std::string leg; // of a ring for the caller
        std::string third;
        std::string listener;
        std::optional<domain::uuid> wish;
    };

    // hotline.cpp: what happens
    struct hearing;
    static domain::hotline_caller caller_of(line const& of);
    line& line_of(std::string const& name, line_offered const& from, domain::instant came_at);
    line* known(std::string const& name);
    void over(std::string const& name, domain::instant at);
    void start_over();
    void rebuild(lines_snapshot const& what);
    void rebuild(line_now const& one);
    void join(line& who);
    void act();
    void does(domain::ring_seat const& what);
    void does(domain::stop_ringing const& what);
    void does(domain::say_place const& what);
    void does(domain::ring_duty_list const& what);
    void does(domain::stop_duty_list const& what);
    void ring(std::string const& call, line& of, std::string leg, std::string address,
              std::string command);
    ring_leg telephone_of(line const& of, std::string leg, std::string address) const;
    void report_ringing(std::string const& call, line const& of);
    void report(std::string const& call, line const& of, domain::call_event what,
                domain::instant at, std::string seat = {});
    std::string command_id();

    // hotline_wishes.cpp
    void grant(std::vector<wished> const& all);
    void grant(wished const& one, std::string const& call, line& of);
    void transfer(wished const& one, std::string const& call, line& of);
    void add_third(wished const& one, std::string const& call, line& of);
    void becomes_third(line& of, std::string const& leg);
    void listen(wished const& one, std::string const& call, line& of);
    std::string address_of(wished const& one) const;
    std::string rings_already(line const& of, domain::operator_id const& who) const;
    void third_ended(line& of, std::string const& leg, bool was_refused);
    void end_wish(domain::uuid id, domain::call_id of, std::optional<domain::wish_refusal> refused);

    // hotline_keeping.cpp: time and the record
    runtime::task<void> keep_time();
    runtime::task<void> watch();
    runtime::task<void> write();
    runtime::task<void> until_there_is_something();
    runtime::task<bool> write_first();
    runtime::task<bool> write_standing();
    runtime::task<record_result<void>> one(told what);
    runtime::task<void> ask_facts();
    runtime::task<void> keep_numbers();
    runtime::task<void> tell_bound_numbers();
    void take_due();
    void take(std::vector<domain::hotline_seat> const& all);
    void show();
    domain::instant next_due() const;

    ports with_;
    settings by_;
    bell bell_; // something has changed: ends the waits of hotline_keeping.cpp
    domain::hotline_queue queue_;

    std::set<domain::operator_id> dialling_;

    std::map<std::string, line> lines_;
    std::map<domain::call_id, std::string> names_; // the lines'
    std::set<std::string> over_; // whose end is on its way into the record by what happened
    std::map<std::string, running_call> before_; // us, and not heard of since
    // The newest of those that are over: what happened to them may be told once more.
    std::map<std::string, line> past_;
    std::deque<std::string> past_in_order_;

    std::string run_;
    std::uint64_t heard_through_ = 0; // of that run
    bool is_there_ = false;
    bool stands_ = false; // the snapshot has come
    bool has_stood_ = false;
    std::map<std::string, asked> asked_;

    std::deque<to_write> writes_;
    std::uint64_t starts_over_ = 0; // how often they were dropped, to be told anew
    std::size_t may_be_unwritten_;  // before it is done once more
    std::map<domain::call_id, domain::call_standing> shown_; // as the record has it
    std::map<domain::call_id, domain::call_standing> to_show_;
    std::map<domain::operator_id, domain::hotline_seat> seats_; // as the record had them last
    std::map<domain::operator_id, domain::hotline_seat> seats_to_show_;
    std::optional<domain::instant> reads_since_; // the record answers; nothing: it is away
    std::set<domain::uuid> wishes_;              // that are under way
    std::optional<domain::instant> numbers_at_;
    std::vector<std::string> numbers_;
    bool look_now_ = false;
    figures counted_;
};

} // namespace linli::app
