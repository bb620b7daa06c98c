#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "app/clock.hpp"
#include "app/hotline_lines.hpp"
#include "app/placed_call_record.hpp"
#include "app/speech.hpp"
#include "runtime/task.hpp"
#include "runtime/work_scope.hpp"

namespace linli::app {

// Calls that the house begins, on the server that holds the hotline: reads what is wished, has its
// text spoken, tells the lines, and writes what has come of it. The engine does each by itself and
// keeps its end until it is acknowledged, which is when the record has it: a call survives us, and
// is never rung twice for the same wish. On the loop.
class call_placer final : public hotline_listener {
public:
    struct ports {
        placed_call_record& keeper;
        hotline_lines& lines;
        app::speech& speech;
        app::clock& time;
        // Her telephone has a call that she has asked for, or no longer; must not throw.
        std::function<void(domain::operator_id const&)> dials = {};
        std::function<void(domain::operator_id const&, bool has_talked)> has_dialled = {};
        // Whoever is asked about an offer has pressed a key, and waits for `answer`; must not
        // throw.
        std::function<void(placed_call const&, char key)> pressed = {};
    };
    struct settings {
        std::string domain;             // of the operators' addresses
        std::string trunk;              // of numbers; empty: the same
        bool browsers = true;           // are the operators' telephones
        domain::seconds rings_for{35};  // whoever is spoken to; a mailbox comes later, mostly
        domain::seconds seat_rings{20}; // she has just asked for it
        domain::seconds pause{6};       // for the key, after each time that it was said
        unsigned times = 2;
        domain::seconds answers_within{6}; // whoever has pressed a key waits so long
        std::chrono::days keep_for{90};    // what became of each
    };

    call_placer(ports with, settings how) : with_(with), how_(std::move(how)) {}

    // Runs until the scope stops, and lives longer.
    void start(runtime::work_scope& tasks);

    // A wish has been written on this server; those of others are found each second.
    void look();

    // Says to whoever has pressed what has come of it; then the call ends.
    void answer(domain::uuid const& id, std::string text);
    // Nobody need hear it any more. `if_unheard`: unless he listens already. Whoever has pressed
    // a key is not cut short.
    void withdraw(domain::uuid const& id, bool if_unheard);

    void lines_came(std::string const&) override {}
    void line_happened(line_event const&) override {}
    void line_was(line_over const&) override {}
    void lines_stand(lines_snapshot const& what) override;
    void lines_answered(std::string const& command, line_refusal why) override;
    void lines_went() override { stands_ = false; }
    void placed_was(placed_over const& what) override;
    void placed_happened(placed_news const& what) override;

private:
    struct placing {
        placed_call what;
        bool is_told = false;  // the lines are
        bool is_heard = false; // he has answered
    };
    struct ending {
        domain::uuid id;
        domain::placed_end how = domain::placed_end::failed;
        std::string call; // to acknowledge; empty: the lines know of none
        domain::instant at;
        std::string key = {};
    };
    struct beginning {
        domain::uuid id;
        domain::instant at;
    };

    runtime::task<void> run();
    runtime::task<void> forget_old();
    runtime::task<void> write();
    runtime::task<void> take_up();
    runtime::task<void> place(domain::uuid id);
    runtime::task<bool> speak(placed_call what);
    runtime::task<void> say(domain::uuid id, std::string text);
    void runs(domain::uuid const& id, placing what);
    void frees_seat(domain::uuid const& id, domain::placed_end how);
    bool is_over(domain::uuid const& id) const;
    bool may_still_run(placed_call const& what) const;
    void forget_words(domain::uuid const& id);
    void tell(domain::uuid const& id);
    void end(domain::uuid const& id, domain::placed_end how);
    line_command command_of(placed_call const& what) const;
    speak_line words_of(placed_call const& what) const;

    ports with_;
    settings how_;
    bell bell_; // ends run()'s wait
    runtime::work_scope* tasks_ = nullptr;
    bool stands_ = false;          // the lines are there and have said what runs
    std::set<std::string> placed_; // the references that ran then
    std::set<std::string> heard_;  // and were answered
    std::map<domain::uuid, placing> running_;
    std::deque<beginning> begun_;
    std::deque<ending> ended_;
    bool has_news_ = false; // for run()
};

std::string spoken_name(domain::uuid const& of);
std::string noted_name(domain::uuid const& of);    // for whoever has waited in vain
std::string answered_name(domain::uuid const& of); // what the key has led to

} // namespace linli::app
