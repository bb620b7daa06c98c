// A call that we begin: for a seat that waits for it, or with words of ours.
#include "hotline/core/turning.hpp"

#include "hotline/core/command_rules.hpp"
#include "hotline/core/sdp.hpp"

namespace linli::hotline {

namespace {

constexpr int busy_here = 486;
constexpr int request_terminated = 487;
constexpr int busy_everywhere = 600;

// What a SIP code means that whom we ring has refused by.
call_end refused_by(int sip_code) {
    switch (sip_code) {
    case busy_here:
    case busy_everywhere:
        return call_end::busy;
    case request_timeout:
    case temporarily_unavailable:
    case request_terminated:
        return call_end::not_answered;
    default:
        return call_end::refused;
    }
}

} // namespace

void turning::on(caller_rang const&) {
    if (c_.is == call_state::calling) tell(told_ringing{});
}

void turning::on(caller_answered const& what) {
    if (c_.is != call_state::calling) return;
    c_.rings_until.reset();
    c_.is = call_state::answering;
    c_.from.sdp = what.sdp;
    c_.answered_at = now_;
    tell(told_answered{});
    bool const is_ours = by_.srtp != srtp::always || carriage_of(what.sdp) == carriage::srtp;
    if (!usable_audio(what.sdp) || !is_ours) return end(ended_by::engine, call_end::no_codec);
    join_caller joining{c_.session, what.sdp, {}, false};
    if (!c_.legs.empty()) {
        joining.leg_sdp = c_.legs.front().sdp;
        joining.webrtc = c_.legs.front().what.webrtc;
        add(stop_sound{c_.session, side::leg});
    }
    add(std::move(joining));
}

void turning::on(caller_joined const& what) {
    bool const may_return = c_.three && c_.three->is == three_state::moving_out;
    if (may_return && what.session == c_.three->to_session) return ask_out_by(what.sdp);
    if (!c_.placed || c_.is != call_state::answering || what.session != c_.session) return;
    if (rings_a_leg_first()) {
        begin_talk(c_.legs.front());
        if (by_.consent && by_.records_placed) say_consent();
        return;
    }
    c_.is = call_state::waiting;
    c_.speaking = speaking{.what = std::get<speak>(c_.placed->then)};
    say_next();
}

void turning::on(caller_refused const& what) {
    if (c_.is != call_state::calling) return;
    c_.sip_code = what.sip_code;
    end(ended_by::caller, refused_by(what.sip_code));
}

bool turning::rings_a_leg_first() const {
    return c_.placed && std::holds_alternative<ring>(c_.placed->then);
}

// They have spoken, and nobody has him any more: he stands in no line where anybody would come.
bool turning::is_nobodys() const {
    return rings_a_leg_first() && c_.talked_at && std::ranges::all_of(c_.legs, listens);
}

void turning::begin_calling(std::string sdp) {
    c_.is = call_state::calling;
    c_.rings_until = now_ + std::min<milliseconds>(c_.placed->timeout, by_.longest_ring);
    add(call_caller{c_.placed->to, c_.placed->from, std::move(sdp)});
}

void turning::stop_calling() {
    add(end_caller{});
    end(ended_by::caller, call_end::not_answered);
}

void turning::say_next() {
    auto& s = *c_.speaking;
    if (s.accepted && s.answer.empty()) return end(ended_by::engine, call_end::pressed);
    if (s.accepted) {
        auto const next = std::move(s.answer.front());
        s.answer.erase(s.answer.begin());
        return start(next, false);
    }
    if (s.next < s.what.sounds.size()) return start(s.what.sounds[s.next++], false);
    c_.hears.reset();
    ++s.said;
    s.pause_until = now_ + s.what.pause;
}

void turning::say_again() {
    auto& s = *c_.speaking;
    if (s.said >= s.what.times) return end(ended_by::engine, call_end::spoken);
    s.pause_until.reset();
    s.next = 0;
    say_next();
}

void turning::take_key(char digit) {
    auto& s = *c_.speaking;
    if (s.accepted) return;
    if (c_.pressed.size() < most_digits) c_.pressed += digit;
    if (s.what.accepts.find(digit) == std::string::npos) return;
    s.accepted = true;
    s.pause_until.reset();
    if (!s.what.answer_within) return say_thanks();
    s.answer_until = now_ + *s.what.answer_within;
    if (c_.hears) add(stop_sound{c_.session});
    c_.hears.reset();
}

void turning::say_thanks() {
    auto& s = *c_.speaking;
    s.answer_until.reset();
    if (!s.what.thanks) return say_next();
    start(*s.what.thanks, false);
}

void turning::on(say const& what) {
    if (!c_.speaking || !c_.speaking->answer_until) return refuse(refusal::not_now);
    c_.speaking->answer_until.reset();
    c_.speaking->answer = what.sounds;
    say_next();
}

// The leg that he was to talk with has gone before he could.
void turning::give_up_calling(leg_end why, int sip_code) {
    c_.sip_code = sip_code;
    if (why == leg_end::withdrawn) return end(ended_by::server, call_end::hung_up);
    if (why == leg_end::no_media) return end(ended_by::engine, call_end::no_media);
    bool const has_refused = why == leg_end::refused || why == leg_end::not_answered;
    end(ended_by::leg, has_refused ? refused_by(sip_code) : call_end::hung_up);
}

} // namespace linli::hotline
