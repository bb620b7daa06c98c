#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "hotline/core/call.hpp"

// One turn of a call: what has happened, the call as it is, and what is to be done. Inside core
// only; each of the cpp files that are named here has a part of it.

namespace linli::hotline {

inline constexpr int request_timeout = 408;
inline constexpr int temporarily_unavailable =
    480; // also of a telephone that is off, or not answered

inline bool takes_caller(leg const& l) {
    return l.role == leg_role::takes_caller;
}

inline bool is_taking_over(leg const& l) {
    return takes_caller(l) && (l.is == leg_state::connecting || l.is == leg_state::moving);
}

inline bool is_talking(leg const& l) {
    return takes_caller(l) && l.is == leg_state::talking;
}

inline bool is_moving(leg const& l) {
    return takes_caller(l) && l.is == leg_state::moving;
}

inline bool listens(leg const& l) {
    return l.role == leg_role::listens;
}

inline bool has_been_invited(leg const& l) {
    return l.is >= leg_state::ringing;
}

class turning {
public:
    turning(call& c, terms const& by, instant now) : c_(c), by_(by), now_(now) {}
    turn result() && { return std::move(turn_); }

    // call.cpp: what has happened, and what is commanded
    void begin();
    void place();
    void turn_away(int sip_code, call_end why);
    void on(session_opened const& what);
    void on(caller_confirmed const&);
    void on(caller_left const&);
    void on(caller_moved const& what);
    void on(caller_changed const& what);
    void on(caller_stayed const& what);
    void on(leg_offered const& what);
    void on(leg_rang const& what);
    void on(leg_answered const& what);
    void on(leg_connected const& what);
    void on(leg_refused const& what);
    void on(leg_left const& what);
    void on(leg_changed const& what);
    void on(media_refused const& what);
    void on(media_lost const& what);
    void on(media_heard const& what);
    void on(playing const& what);
    void on(media_counted const& what);
    void on(digit_pressed const& what);
    void on(play const& what);
    void on(stop_playing const&);
    void on(ring const& what);
    void on(withdraw const& what);
    void on(park const&);
    void on(hold const&);
    void on(resume const&);
    void on(collect_digits const& what);
    void on(ring_duty const& what);
    void on(hang_up const&);
    void on(server_lost const&);
    void on(server_back const&);
    void on(engine_stops const&) { end(ended_by::engine, call_end::hung_up); }
    void on(time_passed const&);

    // placed_call.cpp: a call that we begin
    void on(caller_rang const&);
    void on(caller_answered const& what);
    void on(caller_joined const& what);
    void on(caller_refused const& what);
    void on(say const& what);

    // three_people.cpp: three in one talk, and who listens
    void on(mixed_opened const& what);
    void on(mixer_lost const& what);
    void on(add_third const& what);
    void on(join_third const&);
    void on(leave const&);
    void on(listen const& what);

    // recording.cpp: what is recorded
    void on(record const& what);

private:
    // turning.cpp: the steps that all of them take
    void add(effect what) { turn_.effects.push_back(std::move(what)); }
    void tell(news what) { add(effect(std::move(what))); }
    void refuse(refusal why) { turn_.refused = why; }
    leg* find(leg_id const& id);
    leg* in_state(leg_id const& id, leg_state is);
    leg* whose(session_number session);
    leg const* who_talks() const;
    bool being_transferred() const { return std::ranges::any_of(c_.legs, is_taking_over); }
    void move_to(leg const& l, std::string sdp);
    void ask_again_to_move();
    bool may_play() const;
    bool learn(std::string const& sdp);
    void join(session_number session, leg const* with);
    void offer(leg& l);
    void begin_talk(leg& l);
    void close(session_number session, leg_id const& talked);
    void wait();
    void wait_with_music();
    void start(sound const& what, bool repeat);
    void stop_hold();
    void drop(leg_id id, leg_end why, int sip_code = 0);
    template <class Is>
    void drop_all(Is const& is, leg_end why, int sip_code = 0) {
        std::vector<leg_id> all;
        for (auto const& each : c_.legs)
            if (is(each)) all.push_back(each.what.leg);
        for (auto& each : all)
            drop(std::move(each), why, sip_code);
    }
    void gone(leg_id id, leg_end why, int sip_code = 0);
    void leave_talk();
    void finish_digits(bool in_time);
    void wait_for_duty() { wait_for_duty(c_.wants_duty ? seconds(0) : by_.duty_after); }
    void wait_for_duty(seconds pause);
    void ring_next_duty();
    void rely_on_server();
    void end(ended_by by, call_end why, leg_id const& hung_up = {});
    void dismiss_caller(call_end why);
    void be_over(ended_by by, call_end why);
    void close_sessions();

    // recording.cpp: what is recorded
    bool is_hearing_consent() const;
    void say_consent();
    void take_consent(playing const& what);
    void end_consent();
    void move_who_waits();
    void begin_talk_after_consent(bool is_heard);
    void give_up_consent();
    void set_recording(bool on);
    void pause_recording();
    void go_on_recording();

    // three_people.cpp: three in one talk, and who listens
    bool has_third();
    bool is_of_three(session_number session);
    bool has_mixer_beside(leg const& l) const;
    void say_where(leg const& l);
    void open_mixed_session(leg& third);
    void came_to_mixer(bool from_elsewhere);
    void stayed_out(int sip_code);
    void join_all();
    void stop_music();
    void go_on_with(leg const& whom);
    void ask_out();
    void ask_out_by(std::string const& sdp);
    void stayed_in();
    bool may_stay_mixed();
    void leave_mixer_for_nobody();
    void came_from_mixer();
    void three_without(leg const& was, leg_end why);
    bool stays_with_third(leg_end why);
    void wait_alone();
    void forget_three();
    void give_up_mixing();
    void leave_two();
    void begin_listening(leg& l);
    void end_listener(leg const& was);
    void dismiss_listeners(session_number of);

    // placed_call.cpp: a call that we begin
    bool rings_a_leg_first() const;
    bool is_nobodys() const;
    bool has_joined() const { return c_.is >= call_state::waiting; }
    void begin_calling(std::string sdp);
    void stop_calling();
    void say_next();
    void say_again();
    void take_key(char digit);
    void say_thanks();
    void give_up_calling(leg_end why, int sip_code);

    call& c_;
    terms const& by_;
    instant const now_;
    turn turn_;
};

} // namespace linli::hotline
