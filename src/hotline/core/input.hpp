#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "hotline/core/words.hpp"

// All that can happen to a call that is there.
namespace linli::hotline {

// ---- SIP ----
struct caller_confirmed {}; // his ACK: both sides know that we have answered
struct caller_moved {       // he sends to the session that we have asked him to
    std::string sdp;        // with which he has said so; empty: as before
};
struct caller_changed { // by a re-INVITE of his own
    std::string sdp;
};
struct caller_stayed { // he refused to
    int sip_code = 0;
};
struct caller_left {}; // by BYE, CANCEL or without a word
// Of a call that we begin.
struct caller_rang {};
struct caller_answered {
    std::string sdp;
};
struct caller_refused {
    int sip_code = 0;
};
struct leg_rang {
    leg_id leg;
};
struct leg_answered {
    leg_id leg;
    std::string sdp;
};
struct leg_refused {
    leg_id leg;
    int sip_code = 0;
};
struct leg_left {
    leg_id leg;
    bool hung_up = false; // by a BYE; else it is lost
};
struct leg_changed { // it is elsewhere, by a re-INVITE of its own
    leg_id leg;
    std::string sdp;
};
struct digit_pressed {
    std::optional<leg_id> leg; // none: by the caller
    char digit = 0;
    std::optional<session_number> session{}; // where it was heard; none: it was told by INFO
};

// ---- media ----
struct session_opened { // the first, with nobody
    std::string sdp;    // for him
};
struct leg_offered {
    leg_id leg;
    std::string sdp; // for the leg
};
struct leg_connected {
    leg_id leg;
    std::string sdp; // for the caller
};
struct caller_joined { // hears and is heard in that session
    session_number session = 0;
    std::string sdp{}; // for him, if it may be another than he was told; empty: it is what it was
};
struct mixed_opened { // the caller's session with the mixer
    session_number session = 0;
    std::string sdp; // for him
};
struct mixer_lost { // what it mixes there nobody hears any more
    session_number room = 0;
};
struct media_refused { // no port left, no answer, no SDP
    session_number session = 0;
};
struct media_lost { // rtpengine knows the session no longer
    session_number session = 0;
};
struct media_heard { // looked at now and then
    session_number session = 0;
    std::uint64_t from_leg = 0; // packets so far
};
struct playing {
    session_number session = 0;
    milliseconds length{0};  // of one turn; 0: unknown
    bool has_failed = false; // it isn't heard; `length` is when to go on
    side to = side::caller;
};
struct media_counted {
    leg_id leg;
    std::uint64_t from_caller = 0;
    std::uint64_t from_leg = 0;
};

// ---- the dispatch server ----
struct play {
    hotline::sound what;
    bool repeat = false;
};
struct stop_playing {};
struct ring {
    leg_id leg;
    std::string address{};
    milliseconds timeout{0};
    std::map<std::string, std::string> headers{};
    bool webrtc = false;
};
struct add_third { // to a talk of two
    ring what;
    bool at_once = false; // all three speak when it answers; else it and the leg do, first
};
struct join_third {}; // all three speak
struct leave {};      // the talk's leg goes; the caller and the third speak on
struct listen {       // to a talk
    ring what;
};
struct withdraw {
    leg_id leg;
};
struct park {};
struct hold {};
struct resume {};
struct collect_digits {
    std::size_t most = 1;
    char end = 0;
    milliseconds timeout{0};
};
struct record {
    bool on = false;
};
struct hang_up {};
struct ring_duty { // our own list, though the server is there
    bool on = false;
};
struct say { // to who has pressed a key and waits for what it has led to
    std::vector<sound> sounds;
};

// ---- a call that we begin ----
struct speak {
    std::vector<sound> sounds; // one after the other, without a pause
    unsigned times = 1;
    milliseconds pause{0}; // after each time; after the last it is how long a key is waited for
    std::string accepts;   // keys: any of them ends it as `pressed`
    std::optional<sound> thanks; // said to who has pressed one
    // So long he waits for `say` first, in silence; the thanks are for who has waited in vain.
    std::optional<milliseconds> answer_within{};
};
struct originate {
    std::string reference; // the server's name for it
    std::string to;        // an address
    std::string from{};    // as whom; empty: as the hotline
    milliseconds timeout{0};
    // Speak to who answers; or ring this leg first, and him when it has answered.
    std::variant<speak, ring> then;
};

// ---- the engine itself ----
struct server_lost {};
struct server_back {};
struct engine_stops {};
struct time_passed {}; // something is due

using command =
    std::variant<play, stop_playing, ring, add_third, join_third, leave, listen, withdraw, park,
                 hold, resume, collect_digits, record, hang_up, ring_duty, say>;
using input =
    std::variant<caller_confirmed, caller_moved, caller_changed, caller_stayed, caller_left,
                 caller_rang, caller_answered, caller_refused, leg_rang, leg_answered, leg_refused,
                 leg_left, leg_changed, digit_pressed, session_opened, leg_offered, leg_connected,
                 caller_joined, mixed_opened, mixer_lost, media_refused, media_lost, media_heard,
                 playing, media_counted, play, stop_playing, ring, add_third, join_third, leave,
                 listen, withdraw, park, hold, resume, collect_digits, record, hang_up, ring_duty,
                 say, server_lost, server_back, engine_stops, time_passed>;

} // namespace linli::hotline
