#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hotline/core/effect.hpp"
#include "hotline/core/input.hpp"
#include "hotline/core/sdp.hpp"
#include "hotline/core/words.hpp"

// One call: what is known of it, and what each thing that happens makes of it. Plain functions of
// state, input and time; whoever has the sockets does what they say.
namespace linli::hotline {

struct duty_phone {
    std::string address;
    seconds ring_for{25};
};

struct terms {
    sound greeting{"greeting"};
    sound music{"music"};       // repeated whenever a caller has nobody and nothing else to hear
    sound ringing{"ringing"};   // to a seat that waits until whom we call has answered
    seconds longest_sound{120}; // of what is spoken to whom we call
    // Said to who calls before anything else; talks are recorded when he has heard it. None: none
    // is. Whoever answers meanwhile waits for its end, so long at most.
    std::optional<sound> consent;
    seconds longest_consent{8};
    bool records_placed = false; // also talks with whom we have called: he hears the same words
    seconds longest_call{4 * 3600};
    seconds longest_ring{120};
    std::size_t most_legs = 8;
    // While the dispatch server is away: whoever has waited so long rings the duty telephones, one
    // after the other, again and again.
    seconds duty_after{10};
    seconds duty_pause{2};
    std::vector<duty_phone> duty;
    seconds browser_is_dead_after{20}; // that nothing has come from
    hotline::srtp srtp = hotline::srtp::offered;
};

enum class call_state : std::uint8_t {
    opening,   // rtpengine is asked for the caller's session
    calling,   // we call him, and he hasn't answered
    answering, // he hears that we have answered, or we that he has; not yet each other
    waiting,   // he hears music or an announcement
    talking,
    ended,
};

enum class leg_state : std::uint8_t {
    queued,     // until the caller's ACK
    offering,   // rtpengine is asked for its session
    ringing,    // invited
    connecting, // has answered; rtpengine is told
    moving,     // the caller is asked to send to their session
    talking,
};

struct leg {
    ring what;
    leg_state is = leg_state::queued;
    session_number session = 0;
    std::optional<instant> ring_until{};
    bool duty = false;
    leg_role role = leg_role::takes_caller;
    session_number listens_to = 0;       // of who listens: the talk's session
    std::string rung_from{};             // where the caller was then
    std::string sdp{};                   // with which it has answered, or said later where it is
    std::string for_caller{};            // where he sends to, to speak with it
    bool was_asked_again = false;        // the caller, to do so
    std::uint64_t packets = 0;           // that have come from it
    std::optional<instant> packets_at{}; // when they last were more than before
};

// Three in one talk, from asking the third until the caller is with one of the others alone.
enum class three_state : std::uint8_t {
    asking,     // the third rings; the talk of two goes on
    opening,    // it has answered; rtpengine is asked for the caller's session with the mixer
    moving_in,  // the caller is asked to send there
    aside,      // the caller hears music there, the other two speak
    joined,     // all three speak
    moving_out, // the caller is asked to send to the session of whom he speaks on with
};

struct three_parties {
    three_state is = three_state::asking;
    leg_id first, third;
    session_number room = 0;    // the third's session
    session_number callers = 0; // his with the mixer; 0: none yet
    bool at_once = false;
    bool records = false; // what is spoken with him
    // Of moving_out: to whom. He may have gone before the caller has come.
    leg_id to{};
    session_number to_session = 0;
    std::string to_sdp{}, for_caller{};
    bool to_webrtc = false;
    bool has_mixer = true; // that is heard
    unsigned tries = 0;
    std::optional<instant> again_at{};
};

// Of the announcement that talks are recorded.
enum class consent_state : std::uint8_t {
    none,
    asked_for, // rtpengine is asked to say it
    being_said,
    heard,
    not_heard, // it couldn't be said, or is too long to wait for: nothing is recorded
};

struct heard_sound {
    sound what;
    bool repeat = false;
    std::optional<instant> until;
};

struct collecting {
    std::string digits;
    std::size_t most = 1;
    char end = 0;
    instant until;
};

struct speaking {
    speak what;
    std::size_t next = 0; // of the sounds
    unsigned said = 0;    // times
    std::optional<instant> pause_until{};
    bool accepted = false; // a key that was asked for
    std::optional<instant> answer_until{};
    std::vector<sound> answer{}; // what of it hasn't been said
};

struct arrival {
    call_id id;
    std::string number; // empty: withheld
    std::string dialled;
    std::string trunk;
    std::string sdp;
};

struct call {
    arrival from;
    std::optional<originate> placed; // we have begun it; then `from` has no number
    call_state is = call_state::opening;
    instant came_at;
    std::optional<instant> answered_at;
    std::optional<instant> talked_at;
    std::optional<instant> ended_at;
    ended_by by{};
    call_end why{};
    std::string last_leg, last_address; // who has spoken, and where
    std::string pressed;                // by whom we have called
    int sip_code = 0;

    session_number session = 0;              // that the caller sends to
    std::optional<leg_id> session_leg;       // who has talked to him in it
    std::optional<session_number> moving_to; // that he is asked to send to
    session_number sessions = 1;             // that there have been
    std::vector<leg> legs;
    std::optional<heard_sound> hears;
    consent_state consent = consent_state::none;
    // The SDP that he is asked by when he has heard it, or at that time; empty: nobody waits.
    std::string moves_with;
    std::optional<instant> moves_at;
    bool is_recorded = false; // what is spoken now
    std::optional<collecting> digits;
    std::optional<hotline::speaking> speaking;
    std::optional<instant> rings_until; // of whom we call
    std::optional<three_parties> three;
    bool without_caller = false; // he has hung up on the two others
    bool held = false;
    bool has_server = true;
    bool wants_duty = false; // the server, of our own list
    std::optional<instant> duty_at;
    // Of a server that was away and is there again: as long as it hasn't stayed until then, nor had
    // anybody rung for him, the duty telephones ring as without one.
    std::optional<instant> stays_at;
    bool has_come_back = false; // since he could rely on it
    std::size_t duty_rung = 0;
    instant ends_at;
};

struct turn {
    std::vector<effect> effects; // in this order
    refusal refused = refusal::none;
};

// The new call. `has_server`: whether the dispatch server is there.
turn begin(call& c, arrival from, bool has_server, terms const& by, instant now);

// The new call that we begin.
turn place(call& c, call_id id, originate what, bool has_server, terms const& by, instant now);

// The call that is not let in.
turn turn_away(call& c, arrival from, int sip_code, call_end why, instant now);

// An input that doesn't fit the state (a late answer, a leg that has gone) changes nothing.
turn take(call& c, input const& what, terms const& by, instant now);

// When time_passed is to be taken, at the latest.
std::optional<instant> due(call const& c);

} // namespace linli::hotline
