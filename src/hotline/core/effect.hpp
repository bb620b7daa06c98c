#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "hotline/core/words.hpp"

// What is to be done for a call, and what is told of it.
namespace linli::hotline {

// ---- told to the dispatch server ----
struct told_offered {
    std::string number, dialled, trunk;
};
struct told_placed {
    std::string reference, to;
};
struct told_ringing {}; // at whom we call
struct told_answered {};
struct told_announcement_ended {
    sound what;
};
struct told_leg_ringing {
    leg_id leg;
};
struct told_leg_answered {
    leg_id leg;
};
struct told_leg_gone {
    leg_id leg;
    leg_end why{};
    int sip_code = 0;
};
struct told_bridged {
    leg_id leg;
};
struct told_third_joined {
    leg_id leg;
    bool aside = false; // the caller hears music, and they don't hear him
};
struct told_listening {
    leg_id leg;
};
struct told_caller_left {}; // the two others speak on
struct told_held {};
struct told_resumed {};
struct told_digit {
    char digit = 0;
    std::string leg; // empty: the caller
};
struct told_digits {
    std::string digits;
    bool in_time = false;
};
struct told_media {
    leg_id leg;
    std::uint64_t from_caller = 0;
    std::uint64_t from_leg = 0;
};
struct told_ended {
    ended_by by{};
    call_end why{};
    std::string digits; // that the caller has pressed, if we have called him
    int sip_code = 0;   // of `busy` and `refused`
};

using news =
    std::variant<told_offered, told_placed, told_ringing, told_answered, told_announcement_ended,
                 told_leg_ringing, told_leg_answered, told_leg_gone, told_bridged,
                 told_third_joined, told_listening, told_caller_left, told_held, told_resumed,
                 told_digit, told_digits, told_media, told_ended>;

// ---- SIP ----
struct answer_caller {
    std::string sdp;
};
struct refuse_caller {
    int sip_code = 0;
};
struct move_caller { // a re-INVITE
    std::string sdp;
};
struct call_caller { // whom we call: an INVITE
    std::string to, from, sdp;
};
struct end_caller {}; // CANCEL or BYE, whichever fits
struct invite_leg {
    leg_id leg;
    std::string address;
    std::map<std::string, std::string> headers;
    std::string sdp;
};
struct end_leg { // CANCEL or BYE, whichever fits
    leg_id leg;
};

// ---- media ----
struct open_session {
    session_number session = 0;
    std::string caller_sdp;
};
struct offer_caller { // with nobody, to whom we are about to call
    session_number session = 0;
};
struct join_caller { // he has answered, or speaks from elsewhere than before
    session_number session = 0;
    std::string caller_sdp;
    std::string leg_sdp; // of who waits for him in that session; empty: nobody
    bool webrtc = false; // is that leg
};
struct offer_leg {
    session_number session = 0;
    leg_id leg;
    std::string caller_sdp;
    bool webrtc = false;
};
struct connect_leg {
    session_number session = 0;
    leg_id leg;
    std::string leg_sdp;
    std::string caller_sdp;
};
// Three in one talk: each has a session whose other side is the mixer, and the three sides are a
// room of its, by the number of the third's session.
struct offer_third { // makes the room
    session_number session = 0;
    leg_id leg;
    std::string caller_sdp; // whose codec is the room's
    bool webrtc = false;
};
struct connect_to_room {
    session_number session = 0;
    leg_id leg;
    std::string leg_sdp;
};
struct open_mixed { // for the caller
    session_number session = 0;
    session_number room = 0;
    std::string caller_sdp;
};
struct join_mixed { // he speaks from elsewhere than before
    session_number session = 0;
    session_number room = 0;
    std::string caller_sdp;
};
struct mix_leg { // the mixer takes the caller's place in their session
    session_number session = 0;
    session_number room = 0;
    std::string leg_sdp;
    std::string for_caller; // where that place is
    bool webrtc = false;    // is that leg
};
struct mix_talk { // these hear each other, and nobody else anybody
    session_number room = 0;
    std::vector<party> among;
};
struct close_room {
    session_number room = 0;
};
// Who listens has a room, in which the talk's two sides are heard by him and nobody hears him.
struct offer_listener {
    session_number session = 0; // his, and the room's name
    session_number talk = 0;
    leg_id leg;
    std::string caller_sdp; // whose codec is the room's
    bool webrtc = false;
};
struct end_listening {
    session_number talk = 0;
    leg_id leg;
};
struct start_sound { // in place of what that side hears
    session_number session = 0;
    sound what;
    bool repeat = false;
    side to = side::caller;
};
struct stop_sound {
    session_number session = 0;
    side to = side::caller;
};
struct silence_talk { // neither side hears the other
    session_number session = 0;
    bool on = false;
};
struct switch_recording {
    session_number session = 0;
    bool on = false;
};
struct close_session {
    session_number session = 0;
    leg_id leg; // who talked in it, and whose packets are to be told; empty: nobody
};

using effect =
    std::variant<news, answer_caller, refuse_caller, move_caller, call_caller, end_caller,
                 invite_leg, end_leg, open_session, offer_caller, join_caller, offer_leg,
                 connect_leg, offer_third, connect_to_room, open_mixed, join_mixed, mix_leg,
                 mix_talk, close_room, offer_listener, end_listening, start_sound, stop_sound,
                 silence_talk, switch_recording, close_session>;

} // namespace linli::hotline
