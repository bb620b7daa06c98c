#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "domain/hotline.hpp"
#include "domain/priority.hpp"
#include "domain/time.hpp"

namespace linli::domain {

struct hotline_caller {
    call_id id;
    caller_rank rank = caller_rank::other;
    instant since;        // when his call came in
    std::string language; // or dialect; empty: any
};

struct hotline_rules {
    seconds rings_for{15};          // one seat; then it doesn't answer
    seconds engine_is_late{2};      // with the news that it didn't
    seconds asks_again_after{20};   // whoever refused this caller
    seconds waits_for_language{20}; // for somebody on duty who speaks it; an emergency never does
    seconds first_place_after{10};  // he is told which he is in the line
    seconds next_place_after{30};
    seconds duty_list_after{45}; // in the line, whoever sits at a desk
    seconds wraps_up_for{30};    // while no page can say that she is ready
    seconds wraps_up_at_most{120};
};

// How a seat's ringing ended without an answer.
enum class ring_end : std::uint8_t {
    refused,
    no_answer, // she is taken for away until she says that she is ready
};

// What is asked of whatever holds the lines.
struct ring_seat {
    call_id call;
    operator_id who;
    instant until;
    bool operator==(ring_seat const&) const = default;
};
struct stop_ringing {
    call_id call;
    operator_id who;
    bool operator==(stop_ringing const&) const = default;
};
struct say_place {
    call_id call;
    int place = 1; // in the line; 1 is next
    bool operator==(say_place const&) const = default;
};
struct ring_duty_list { // nobody is at a desk, or nobody there takes him
    call_id call;
    bool operator==(ring_duty_list const&) const = default;
};
struct stop_duty_list {
    call_id call;
    bool operator==(stop_duty_list const&) const = default;
};
using hotline_act =
    std::variant<ring_seat, stop_ringing, say_place, ring_duty_list, stop_duty_list>;

struct waiting_caller {
    call_id call;
    caller_rank rank = caller_rank::other;
    int place = 1;
    operator_id ringing; // empty: nobody's telephone
};
struct seat_doing {
    seat_state is = seat_state::ready;
    std::optional<call_id> call;
};

// Who waits on the hotline, who is free to answer, and whose telephone rings next. Each event is
// told as it is heard, twice or for what is over already does no harm; then next() says what to do.
// A caller stays until he hangs up or somebody talks with him.
class hotline_queue {
public:
    explicit hotline_queue(hotline_rules rules = {}) : rules_(rules) {}

    void came(hotline_caller who);
    // He pressed his button meanwhile, or it is known only now who he is.
    void ranked(call_id call, caller_rank rank, std::string language = {});
    void left(call_id call, instant now);

    void is_ready(operator_id who, std::set<std::string> languages, instant now);
    void went(operator_id who, instant now); // off duty, or nothing is heard of her browser
    void none_can_say_ready(instant now);    // no page is heard: whoever wraps up is ready in time
    void ring_ended(call_id call, operator_id const& who, ring_end how, instant now);
    void answered(call_id call, operator_id const& who);
    void duty_list_answered(call_id call);
    // She wraps up, until is_ready() or for the longest time that there is for it.
    void talk_ended(call_id call, instant now);
    void operator_lost(call_id call, instant now); // in a talk, the caller still on his line
    void parked(call_id call, instant now);        // by her: the next of his rank, and she wraps up

    // A call that she has the house begin: nobody rings her telephone meanwhile. After it she wraps
    // up, if anybody spoke.
    void dials(operator_id who);
    void has_dialled(operator_id const& who, bool has_talked, instant now);

    // The talk goes on while another's telephone rings for it; nothing: she isn't ready.
    std::optional<ring_seat> hands_over(call_id call, operator_id const& to, instant now);
    // Nobody: a telephone outside.
    void handed_over(call_id call, std::optional<operator_id> to, instant now);

    // Whom they had rung to come to their talk speaks with them, until she goes or has the talk.
    void third_came(call_id call, operator_id const& who, instant now);
    void third_went(call_id call, operator_id const& who, instant now);

    // What whoever looks anew finds already so; the seats first.
    void found_seat(operator_id who, seat_state is, std::set<std::string> languages, instant since);
    void found_ringing(ring_seat const& what);
    void found_talking(hotline_caller who, std::optional<operator_id> with);

    // What to do now; asked after each event, and at due().
    std::vector<hotline_act> next(instant now);
    std::optional<instant> due(instant now) const;

    std::size_t waiting() const { return callers_.size(); }
    std::size_t talking() const { return talks_.size(); }
    std::vector<waiting_caller> line(); // first the next
    std::map<operator_id, seat_doing> seats() const;
    // Whose telephone rings to take a talk over, or to come to it.
    std::map<call_id, operator_id> handing_over() const;

private:
    // Out of a talk.
    enum class back : std::uint8_t {
        no,
        parked, // before all others of his rank
        lost,   // his operator was: he is the next, whoever waits
    };
    struct waiting_line {
        hotline_caller who;
        instant waits_since; // in the line; this time
        back is = back::no;
        std::optional<ring_seat> rings;
        bool at_duty_list = false;
        std::map<operator_id, instant> asks_again; // who refused him, until then
        std::optional<instant> told_at;
    };
    struct seat {
        seat_state is = seat_state::ready;
        std::optional<call_id> call; // that rings or is talked
        instant since;               // she is that
        std::set<std::string> languages;
    };

    std::vector<waiting_line*> in_order();
    std::optional<operator_id> seat_for(waiting_line const& waits, instant now) const;
    bool waits_for_language(waiting_line const& waits, instant now) const;
    bool is_free(operator_id const& who, seat const& hers) const;
    bool is_anybody_there() const;
    void leave_talk(call_id call, seat_state hers_is, instant now);
    void end_hand_over(call_id call, seat_state hers_is);
    void back_in_line(call_id call, back is, instant now);
    void end_ring(waiting_line& waits, seat_state seat_is);
    void stop_her_ring(seat const& hers);
    void end_late_rings(instant now);
    void end_wrap_ups(instant now, seconds longest);
    void ring_seats(instant now);
    void ring_duty(waiting_line& waits);
    void say_places(instant now);
    instant tells_place_at(waiting_line const& waits) const;

    hotline_rules rules_;
    std::map<call_id, waiting_line> callers_;
    std::map<operator_id, seat> seats_;
    std::set<operator_id> dialling_; // whose telephone a call of their own has
    std::map<call_id, hotline_caller> talks_;
    std::map<call_id, ring_seat> hand_overs_; // of talks
    std::map<call_id, operator_id> thirds_;   // who came to a talk of two
    std::vector<hotline_act> acts_;           // of events, for next()
};

} // namespace linli::domain
