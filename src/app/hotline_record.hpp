#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "app/record.hpp"
#include "domain/hotline.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// One telephone that was rung for a caller. Times by the clock of whatever rings it; what is told
// once stays.
struct call_attempt {
    domain::call_id call;
    std::string leg;         // unique within the call
    domain::operator_id who; // empty: no seat's telephone
    std::optional<domain::instant> rang_at;
    std::optional<domain::instant> answered_at;
    std::optional<domain::instant> ended_at;
    std::optional<domain::attempt_end> how;
    domain::attempt_role role = domain::attempt_role::takes_caller;
    bool operator==(call_attempt const&) const = default;
};

struct wished {
    domain::uuid id; // made by whoever wishes, so that the same twice is one
    domain::call_id call;
    domain::call_wish what = domain::call_wish::hold;
    domain::operator_id to; // of a transfer or a third: her, or else
    std::string number;     // him; forgotten when it is done
    domain::operator_id by;
    domain::instant at;
    bool operator==(wished const&) const = default;
};

// A call of ours whose end the record doesn't know.
struct running_call {
    domain::call_id id;
    std::string name; // the engine's
    std::string number;
    std::string seat; // who answered
    bool has_answer = false;
    int attempts = 0; // telephones rung so far
    bool operator==(running_call const&) const = default;
};

// How the hotline stands. All seats answer all callers, so it is told as a whole.
struct hotline_now {
    std::int64_t waiting = 0;
    std::optional<domain::instant> longest_since; // the call of whoever has not been answered yet
    std::map<domain::seat_state, int> seats;      // of those that have ever sat down
    // Of the calls that came since the day began and have been answered or are over:
    std::int64_t calls = 0;
    std::int64_t answered = 0;
    std::int64_t answered_in_time = 0;  // domain::answered_within
    std::int64_t abandoned = 0;         // he had waited for domain::gave_up_at_once_within
    std::int64_t abandoned_at_once = 0; // he hadn't: apart, and not among the abandoned
    bool operator==(hotline_now const&) const = default;
};

// What our own hotline keeps beside its calls (app/call_record): seats, telephones rung, wishes.
// Whichever server a page talks with writes; the one that holds the hotline does. PostgreSQL in an
// installation, a twin in memory in tests. All calls may suspend; none throws for an outage.
class hotline_record {
public:
    virtual ~hotline_record() = default;

    // ---- for pages, on any server ----

    // The seat after that (domain::heard). bad_data: there is no such account.
    virtual runtime::task<record_result<domain::hotline_seat>> says(domain::operator_id who,
                                                                    domain::seat_word what,
                                                                    std::set<std::string> languages,
                                                                    domain::instant now) = 0;
    // Away, for somebody who has never said a word.
    virtual runtime::task<record_result<domain::hotline_seat>> seat(domain::operator_id who) = 0;
    // False: there is no such call of ours, or it is over. Twice with the same id: true, and once.
    virtual runtime::task<record_result<bool>> wish(wished const& what) = 0;
    // Her who has answered it and talks now, not whom she has asked to come; empty: nobody.
    virtual runtime::task<record_result<domain::operator_id>> talks_on(domain::call_id id) = 0;
    virtual runtime::task<record_result<hotline_now>> stands_now(domain::instant day_began,
                                                                 domain::instant now) = 0;

    // ---- for whoever holds the hotline ----

    // All that have ever sat down, gone or not.
    virtual runtime::task<record_result<std::vector<domain::hotline_seat>>> seats() = 0;
    virtual runtime::task<record_result<std::vector<running_call>>> running() = 0;

    // How calls and seats stand; of a seat only state, call and since. What stands so already
    // isn't written, and is no news for the desks.
    struct standing {
        std::vector<std::pair<domain::call_id, domain::call_standing>> calls;
        std::vector<domain::hotline_seat> seats;
    };
    virtual runtime::task<record_result<void>> stands(standing const& now) = 0;

    virtual runtime::task<record_result<void>> keep(call_attempt const& what) = 0;

    // Not yet done, oldest first.
    virtual runtime::task<record_result<std::vector<wished>>> wishes() = 0;
    // A refusal is news for the desks.
    virtual runtime::task<record_result<void>>
    done(domain::uuid wish, std::optional<domain::wish_refusal> refused, domain::instant at) = 0;

    // Of whoever calls from that number at that time; `except` is his call itself.
    virtual runtime::task<record_result<domain::caller_facts>>
    facts_of(std::string number, domain::call_id except, domain::instant now) = 0;

    // Of residents and contacts; nothing when there are more than so many.
    virtual runtime::task<record_result<std::optional<std::vector<std::string>>>>
    bound_numbers(std::size_t most) = 0;
};

} // namespace linli::app
