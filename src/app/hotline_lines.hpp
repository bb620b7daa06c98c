#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/hotline.hpp"
#include "domain/placed_call.hpp"
#include "domain/time.hpp"

// What holds the hotline's lines: picks up, plays, rings whom it is told, connects. It is another
// process (linli-hotline), and either may die without the other. Calls bear its names here.
namespace linli::app {

// ---- what it tells ----

struct line_offered {   // somebody calls; it has picked up by itself
    std::string number; // empty: withheld
    std::string dialled;
};
struct line_answered {}; // he hears us
struct leg_rings {
    std::string leg;
};
struct leg_answers {
    std::string leg;
};
struct leg_ends {
    std::string leg;
    domain::attempt_end how = domain::attempt_end::lost;
    int sip_code = 0; // of `refused`
};
struct leg_talks { // with the caller
    std::string leg;
};
struct third_joins { // the talk's leg, aside or with the caller
    std::string leg;
    bool is_aside = false;
};
struct line_held {};
struct line_resumed {};
struct line_ended {};
struct line_tells_else {}; // what isn't for us

struct line_event {
    std::uint64_t sequence = 0;
    std::string call;
    domain::instant at; // by its clock
    std::variant<line_tells_else, line_offered, line_answered, leg_rings, leg_answers, leg_ends,
                 leg_talks, third_joins, line_held, line_resumed, line_ended>
        what;
};

enum class line_state : std::uint8_t { arrives, waits, talks };
enum class leg_state : std::uint8_t { rings, connects, talks };

struct line_leg {
    std::string leg;
    std::string address;
    leg_state is = leg_state::rings;
    domain::attempt_role role = domain::attempt_role::takes_caller;
    bool is_aside = false; // a third that talks with the leg alone
};
struct line_now {
    std::string call;
    line_offered offered;
    domain::instant came_at;
    std::optional<domain::instant> talked_at;
    line_state is = line_state::arrives;
    bool is_held = false;
    std::vector<line_leg> legs;
};
struct lines_snapshot {
    std::uint64_t as_of = 0;
    std::vector<line_now> calls;       // that came to us
    std::set<std::string> placed = {}; // the references of those that we began
    std::set<std::string> heard = {};  // of these: he has answered
};

// Kept on its disk until we have acknowledged it.
struct line_over {
    std::string call;
    line_offered offered;
    domain::instant came_at;
    std::optional<domain::instant> talked_at;
    domain::instant ended_at;
    std::string address; // of whoever spoke last
};

// The same of a call that we began.
struct placed_over {
    std::string call;
    std::string reference;
    domain::placed_end how = domain::placed_end::lost;
    std::string key = {}; // of `pressed`
};

// What happens meanwhile to whom we called.
struct placed_news {
    std::string reference;
    char key = 0; // that he has pressed; 0: he has answered
};

enum class line_refusal : std::uint8_t {
    none,
    unknown_call,
    unknown_leg,
    unknown_sound,
    not_now,
    no_line, // of those for calls that we begin
    else_,
};
std::string_view to_text(line_refusal why);

// Whoever hears it. On the loop; none may throw.
class hotline_listener {
public:
    virtual ~hotline_listener() = default;

    // It is there: what ended and happened while nobody heard comes next, then the snapshot. `run`
    // is another after it was restarted.
    virtual void lines_came(std::string const& run) = 0;
    virtual void lines_clock(domain::instant) {} // what it shows; from time to time
    virtual void line_happened(line_event const& what) = 0;
    virtual void line_was(line_over const& what) = 0;
    // For whoever begins calls, and nobody else: neither they nor their events are in the rest.
    virtual void placed_was(placed_over const&) {}
    virtual void placed_happened(placed_news const&) {}
    virtual void lines_stand(lines_snapshot const& what) = 0;
    virtual void lines_answered(std::string const& command, line_refusal why) = 0;
    virtual void lines_went() = 0;
};

// ---- what it is told ----

struct line_plays {
    std::string sound;
};
struct ring_leg {
    std::string leg;
    std::string address; // sip:user@domain
    domain::seconds timeout{0};
    std::map<std::string, std::string> headers; // X-… only
    bool webrtc = false;
};
struct withdraw_leg { // also a third that talks
    std::string leg;
};
struct add_third_leg {
    ring_leg whom;
};
struct join_third_line {};
struct leave_line {};
struct listen_leg {
    ring_leg who;
};
struct ring_duty { // its own list, one after the other, until somebody answers or it is off
    bool on = true;
};
struct speak_line {
    std::vector<std::string> sounds; // one after the other
    unsigned times = 1;
    domain::seconds pause{0}; // after each time
    std::string accepts;      // keys, any of which ends it
    std::string thanks;       // for whoever has pressed one
    // So long he waits for `say_line` first; 0: nothing is said in answer.
    domain::seconds answer_within{0};
};
struct say_line { // what the key has led to; then it ends
    std::vector<std::string> sounds;
};
struct place_line { // a call that we begin; it has no name before it is answered
    std::string reference;
    std::string to; // sip:NUMBER@domain
    domain::seconds timeout{0};
    std::variant<speak_line, ring_leg> then; // the leg is rung first
};
struct park_line {};
struct hold_line {};
struct resume_line {};
struct hang_up_line {};

using line_command = std::variant<line_plays, ring_leg, withdraw_leg, add_third_leg,
                                  join_third_line, leave_line, listen_leg, ring_duty, park_line,
                                  hold_line, resume_line, hang_up_line, place_line, say_line>;

class hotline_lines {
public:
    virtual ~hotline_lines() = default;

    // All return at once. While it is away nothing of it arrives; then a snapshot comes before
    // anything else. The same id twice is done once. A call that we began is named by its
    // reference.
    virtual void command(std::string id, std::string call, line_command what) = 0;
    virtual void acknowledge(std::uint64_t through, std::vector<std::string> ended_calls) = 0;
    // Those whose calls have lines of their own; in place of those of before.
    virtual void bound_numbers(std::vector<std::string> const& all) = 0;
    // Hangs up and comes again: what we have not acknowledged is told anew.
    virtual void start_over() = 0;
};

} // namespace linli::app
