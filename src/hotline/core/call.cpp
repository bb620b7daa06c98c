#include "hotline/core/call.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "hotline/core/command_rules.hpp"
#include "hotline/core/sdp.hpp"

namespace linli::hotline {

namespace {

constexpr int request_timeout = 408;
constexpr int temporarily_unavailable = 480; // also of a telephone that is off, or not answered
constexpr int busy_here = 486;
constexpr int request_terminated = 487;
constexpr int busy_everywhere = 600;
constexpr int service_unavailable = 503; // the edge then rings the duty telephone
constexpr unsigned most_tries = 5;       // to have the caller leave the mixer
constexpr seconds tries_again_after{1};

bool takes_caller(leg const& l) {
    return l.role == leg_role::takes_caller;
}

bool is_taking_over(leg const& l) {
    return takes_caller(l) && (l.is == leg_state::connecting || l.is == leg_state::moving);
}

bool is_talking(leg const& l) {
    return takes_caller(l) && l.is == leg_state::talking;
}

bool is_moving(leg const& l) {
    return takes_caller(l) && l.is == leg_state::moving;
}

bool has_been_invited(leg const& l) {
    return l.is >= leg_state::ringing;
}

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

class turning {
public:
    turning(call& c, terms const& by, instant now) : c_(c), by_(by), now_(now) {}

    turn result() && { return std::move(turn_); }

    void begin() {
        tell(told_offered{c_.from.number, c_.from.dialled, c_.from.trunk});
        add(open_session{c_.session, c_.from.sdp});
    }

    // The leg that is to talk with him comes first, so that he never waits for it.
    void place() {
        tell(told_placed{c_.placed->reference, c_.placed->to});
        auto const* const first = std::get_if<ring>(&c_.placed->then);
        if (!first) return add(offer_caller{c_.session});
        c_.from.sdp = offer_of_nobody();
        auto& added = c_.legs.emplace_back(leg{.what = *first});
        added.session = c_.session;
        offer(added);
    }

    void turn_away(int sip_code, call_end why) {
        tell(told_offered{c_.from.number, c_.from.dialled, c_.from.trunk});
        add(refuse_caller{sip_code});
        be_over(ended_by::engine, why);
    }

    // ---- the caller ----

    void on(session_opened const& what) {
        if (c_.is != call_state::opening || rings_a_leg_first()) return;
        if (c_.placed) return begin_calling(what.sdp);
        c_.is = call_state::answering;
        add(answer_caller{what.sdp});
    }

    void on(caller_confirmed const&) {
        if (c_.is != call_state::answering || c_.placed) return;
        c_.answered_at = now_;
        tell(told_answered{});
        wait();
        if (by_.consent)
            say_consent();
        else
            start(by_.greeting, false);
        for (auto& each : c_.legs)
            if (each.is == leg_state::queued) offer(each);
    }

    void on(caller_left const&) {
        bool const has_pressed = c_.speaking && c_.speaking->accepted;
        bool const has_two = c_.three && c_.three->is >= three_state::aside &&
                             find(c_.three->first) && find(c_.three->third) && !c_.without_caller;
        if (has_two) return leave_two();
        end(ended_by::caller, has_pressed ? call_end::pressed : call_end::hung_up);
    }

    void on(caller_moved const&) {
        if (!c_.moving_to) return;
        if (c_.three && c_.three->is == three_state::moving_in) return came_to_mixer();
        if (c_.three && c_.three->is == three_state::moving_out) return came_from_mixer();
        auto const old = std::exchange(c_.session, *std::exchange(c_.moving_to, std::nullopt));
        auto const talked = std::ranges::find_if(c_.legs, is_talking);
        if (talked != c_.legs.end())
            drop(talked->what.leg, leg_end::transferred); // with its session, which is the old one
        else
            close(old, c_.session_leg.value_or(leg_id()));
        c_.session_leg.reset();
        c_.hears.reset(); // it went with the old session
        auto const moving = std::ranges::find_if(c_.legs, is_moving);
        if (moving == c_.legs.end()) return wait_with_music(); // it has hung up meanwhile
        begin_talk(*moving);
    }

    void on(caller_stayed const& what) {
        if (!c_.moving_to) return;
        if (c_.three && c_.three->is == three_state::moving_in) return stayed_out(what.sip_code);
        if (c_.three && c_.three->is == three_state::moving_out) return stayed_in();
        auto const refused = *std::exchange(c_.moving_to, std::nullopt);
        auto const moving = std::ranges::find_if(c_.legs, is_moving);
        if (moving != c_.legs.end())
            drop(moving->what.leg, leg_end::refused, what.sip_code);
        else
            close(refused, {});
    }

    // ---- whom we call ----

    void on(caller_rang const&) {
        if (c_.is == call_state::calling) tell(told_ringing{});
    }

    void on(caller_answered const& what) {
        if (c_.is != call_state::calling) return;
        c_.rings_until.reset();
        c_.is = call_state::answering;
        c_.from.sdp = what.sdp;
        c_.answered_at = now_;
        tell(told_answered{});
        if (!usable_audio(what.sdp)) return end(ended_by::engine, call_end::no_codec);
        join_caller joining{c_.session, what.sdp, {}, false};
        if (!c_.legs.empty()) {
            joining.leg_sdp = c_.legs.front().sdp;
            joining.webrtc = c_.legs.front().what.webrtc;
            add(stop_sound{c_.session, side::leg});
        }
        add(std::move(joining));
    }

    void on(caller_joined const& what) {
        if (!c_.placed || c_.is != call_state::answering || what.session != c_.session) return;
        if (rings_a_leg_first()) return begin_talk(c_.legs.front());
        c_.is = call_state::waiting;
        c_.speaking = speaking{.what = std::get<speak>(c_.placed->then)};
        say_next();
    }

    void on(caller_refused const& what) {
        if (c_.is != call_state::calling) return;
        c_.sip_code = what.sip_code;
        end(ended_by::caller, refused_by(what.sip_code));
    }

    // ---- the legs ----

    void on(leg_offered const& what) {
        auto* const l = in_state(what.leg, leg_state::offering);
        if (!l) return;
        l->is = leg_state::ringing;
        l->ring_until = now_ + std::min<milliseconds>(l->what.timeout, by_.longest_ring);
        add(invite_leg{l->what.leg, l->what.address, l->what.headers, what.sdp});
    }

    void on(leg_rang const& what) {
        if (in_state(what.leg, leg_state::ringing)) tell(told_leg_ringing{what.leg});
    }

    void on(leg_answered const& what) {
        auto* const l = in_state(what.leg, leg_state::ringing);
        if (!l) return;
        bool const is_late = being_transferred() || c_.moving_to;
        if (takes_caller(*l) && is_late) return drop(what.leg, leg_end::answered_elsewhere);
        l->is = leg_state::connecting;
        l->sdp = what.sdp;
        l->ring_until.reset();
        tell(told_leg_answered{what.leg});
        if (l->role == leg_role::third) return add(connect_third{l->session, what.leg, what.sdp});
        if (l->role == leg_role::listens)
            return add(connect_listener{l->session, what.leg, what.sdp});
        add(connect_leg{l->session, what.leg, what.sdp});
        auto const rings = [](leg const& each) {
            return takes_caller(each) && each.is < leg_state::connecting;
        };
        drop_all(rings, leg_end::answered_elsewhere);
    }

    void on(leg_connected const& what) {
        auto* const l = in_state(what.leg, leg_state::connecting);
        if (!l) return;
        l->for_caller = what.sdp;
        if (l->role == leg_role::third) return open_mixed_session(*l);
        if (l->role == leg_role::listens) return begin_listening(*l);
        l->is = leg_state::moving;
        if (c_.is == call_state::opening) { // and so it is whom we call for
            add(start_sound{c_.session, by_.ringing, true, side::leg});
            return begin_calling(what.sdp);
        }
        if (is_hearing_consent())
            c_.moves_with = what.sdp;
        else
            move_to(*l, what.sdp);
    }

    void on(leg_refused const& what) {
        if (!in_state(what.leg, leg_state::ringing)) return;
        gone(what.leg, leg_end::refused, what.sip_code);
    }

    void on(leg_left const& what) {
        auto* const l = find(what.leg);
        if (!l) return;
        bool const ends_it = is_talking(*l) && !being_transferred() && !has_third();
        if (ends_it && what.hung_up) return end(ended_by::leg, call_end::hung_up, what.leg);
        gone(what.leg, what.hung_up ? leg_end::hung_up : leg_end::lost);
    }

    // ---- media ----

    void on(media_refused const& what) {
        bool const has_begun = c_.is == call_state::opening || (c_.placed && !has_joined());
        if (has_begun && what.session == c_.session)
            return end(ended_by::engine, call_end::no_media);
        auto* const l = what.leg.value.empty() ? whose(what.session) : find(what.leg);
        if (l && l->is < leg_state::talking) return drop(l->what.leg, leg_end::no_media);
        if (!what.leg.value.empty()) return;
        if (c_.three && is_of_three(what.session)) return give_up_mixing();
        bool const is_deaf = l && !c_.three && what.session == c_.session; // back from the mixer
        if (is_deaf) end(ended_by::engine, call_end::media_lost);
    }

    void on(media_lost const& what) {
        if (what.session == c_.session && !c_.without_caller)
            return end(ended_by::engine, call_end::media_lost);
        if (auto* const l = whose(what.session)) drop(l->what.leg, leg_end::no_media);
    }

    void on(mixed_opened const& what) {
        if (!c_.three || c_.three->is != three_state::opening) return;
        if (what.session != c_.three->callers) return;
        c_.three->is = three_state::moving_in;
        if (!c_.three->at_once) add(start_sound{what.session, by_.music, true});
        c_.moving_to = what.session;
        add(move_caller{what.sdp});
    }

    void on(mixer_lost const&) {
        if (c_.three) give_up_mixing();
    }

    // A browser sends all the time, also when nobody speaks; one whose tab has crashed says no
    // good-bye. Plain telephones may be silent.
    void on(media_heard const& what) {
        auto* const l = whose(what.session);
        if (!l || l->is != leg_state::talking || !l->what.webrtc) return;
        if (c_.held || !l->packets_at || l->packets != what.from_leg) {
            l->packets = what.from_leg;
            l->packets_at = now_;
        } else if (now_ >= *l->packets_at + by_.browser_is_dead_after) {
            drop(l->what.leg, leg_end::lost);
        }
    }

    void on(playing const& what) {
        if (what.session != c_.session || !c_.hears || c_.hears->repeat) return;
        if (c_.consent == consent_state::asked_for) return take_consent(what);
        if (what.length.count() > 0) c_.hears->until = now_ + what.length;
    }

    void on(media_counted const& what) {
        tell(told_media{what.leg, what.from_caller, what.from_leg});
    }

    void on(digit_pressed const& what) {
        tell(told_digit{what.digit, what.leg ? what.leg->value : std::string()});
        if (!what.leg && c_.speaking) return take_key(what.digit);
        if (what.leg || !c_.digits) return;
        if (what.digit == c_.digits->end) return finish_digits(true);
        c_.digits->digits += what.digit;
        if (c_.digits->digits.size() >= c_.digits->most) finish_digits(true);
    }

    // ---- the dispatch server ----

    void on(play const& what) {
        if (!may_play()) return refuse(refusal::not_now);
        start(what.what, what.repeat);
    }

    void on(stop_playing const&) {
        if (!may_play()) return refuse(refusal::not_now);
        start(by_.music, true);
    }

    void on(ring const& what) {
        if (find(what.leg)) return; // told twice
        if ((c_.placed && !c_.talked_at) || c_.three) return refuse(refusal::not_now);
        if (c_.legs.size() >= by_.most_legs) return refuse(refusal::too_many_legs);
        auto& added = c_.legs.emplace_back(leg{.what = what});
        added.session = c_.sessions++;
        if (c_.is >= call_state::waiting) offer(added);
    }

    void on(add_third const& what) {
        if (find(what.what.leg)) return; // told twice
        auto const* const first = who_talks();
        bool const is_two = first && !c_.three && !c_.held && !c_.moving_to;
        auto const rings = [&](leg const& l) { return takes_caller(l) && &l != first; };
        if (!is_two || std::ranges::any_of(c_.legs, rings)) return refuse(refusal::not_now);
        if (c_.legs.size() >= by_.most_legs) return refuse(refusal::too_many_legs);
        c_.three = three_parties{.first = first->what.leg,
                                 .third = what.what.leg,
                                 .room = c_.sessions,
                                 .at_once = what.at_once};
        auto& added = c_.legs.emplace_back(leg{.what = what.what, .role = leg_role::third});
        added.session = c_.sessions++;
        added.is = leg_state::offering;
        add(offer_third{added.session, added.what.leg, c_.from.sdp, added.what.webrtc});
    }

    void on(join_third const&) {
        if (!c_.three || c_.three->is != three_state::aside) return refuse(refusal::not_now);
        if (c_.without_caller) return refuse(refusal::not_now);
        join_all();
    }

    void on(leave const&) {
        bool const may = has_third() && !c_.without_caller && find(c_.three->first);
        if (!may || c_.three->is < three_state::aside) return refuse(refusal::not_now);
        drop(c_.three->first, leg_end::transferred);
    }

    void on(listen const& what) {
        if (find(what.what.leg)) return; // told twice
        auto const* const to = who_talks();
        if (!to) return refuse(refusal::not_now);
        if (c_.legs.size() >= by_.most_legs) return refuse(refusal::too_many_legs);
        auto const session = to->session;
        auto& added = c_.legs.emplace_back(leg{.what = what.what, .role = leg_role::listens});
        added.session = session;
        added.is = leg_state::offering;
        add(offer_listener{session, added.what.leg, added.what.webrtc});
    }

    void on(withdraw const& what) {
        auto const* const l = find(what.leg);
        if (!l) return refuse(refusal::unknown_leg);
        bool const has_him = takes_caller(*l) && l->is >= leg_state::moving; // park, or hang up
        if (has_him) return refuse(refusal::not_now);
        drop(what.leg, leg_end::withdrawn);
    }

    void on(park const&) {
        auto const* const l = who_talks();
        if (!l || c_.three) return refuse(refusal::not_now);
        drop(l->what.leg, leg_end::withdrawn);
    }

    void on(hold const&) {
        if (c_.is != call_state::talking || c_.three) return refuse(refusal::not_now);
        if (std::exchange(c_.held, true)) return;
        pause_recording();
        add(silence_talk{c_.session, true});
        start(by_.music, true);
        tell(told_held{});
    }

    void on(resume const&) {
        if (c_.is != call_state::talking) return refuse(refusal::not_now);
        if (!c_.held) return;
        stop_hold();
        tell(told_resumed{});
    }

    void on(collect_digits const& what) {
        if (c_.placed && !c_.talked_at) return refuse(refusal::not_now);
        c_.digits =
            collecting{{}, std::max<std::size_t>(1, what.most), what.end, now_ + what.timeout};
    }

    void on(record const& what) {
        bool const may_be = c_.consent == consent_state::heard || !what.on;
        bool const is_two = c_.is == call_state::talking && !c_.three && !c_.held;
        if (!is_two || !may_be) return refuse(refusal::not_now);
        set_recording(what.on);
    }

    void on(ring_duty const& what) {
        c_.wants_duty = what.on;
        c_.duty_at.reset();
        if (what.on) return wait_for_duty(seconds(0));
        auto const is_ringing = [](leg const& l) { return l.duty && l.is < leg_state::connecting; };
        drop_all(is_ringing, leg_end::withdrawn);
    }

    void on(hang_up const&) { end(ended_by::server, call_end::hung_up); }

    // ---- time, and whether there is a server ----

    void on(server_lost const&) {
        c_.has_server = false;
        wait_for_duty();
    }

    void on(server_back const&) {
        c_.has_server = true;
        c_.wants_duty = false;
        c_.duty_at.reset();
    }

    void on(engine_stops const&) { end(ended_by::engine, call_end::hung_up); }

    void on(time_passed const&) {
        if (now_ >= c_.ends_at) return end(ended_by::engine, call_end::too_long);
        auto const is_late = [this](leg const& l) { return l.ring_until && now_ >= *l.ring_until; };
        drop_all(is_late, leg_end::not_answered, request_timeout);
        if (c_.is == call_state::ended) return; // it was for that leg
        if (c_.rings_until && now_ >= *c_.rings_until) return stop_calling();
        if (c_.digits && now_ >= c_.digits->until) finish_digits(false);
        if (c_.hears && c_.hears->until && now_ >= *c_.hears->until) {
            tell(told_announcement_ended{c_.hears->what});
            if (is_hearing_consent()) return end_consent();
            if (c_.speaking) return say_next();
            start(by_.music, true);
        }
        if (c_.speaking && c_.speaking->pause_until && now_ >= *c_.speaking->pause_until)
            return say_again();
        if (c_.duty_at && now_ >= *c_.duty_at) ring_next_duty();
        if (c_.three && c_.three->again_at && now_ >= *c_.three->again_at) ask_out();
    }

private:
    void add(effect what) { turn_.effects.push_back(std::move(what)); }
    void tell(news what) { add(effect(std::move(what))); }
    void refuse(refusal why) { turn_.refused = why; }

    leg* find(leg_id const& id) {
        auto const at =
            std::ranges::find_if(c_.legs, [&](leg const& l) { return l.what.leg == id; });
        return at == c_.legs.end() ? nullptr : &*at;
    }

    leg* in_state(leg_id const& id, leg_state is) {
        auto* const l = find(id);
        return l && l->is == is ? l : nullptr;
    }

    // Whoever has a session of its own with a leg in it.
    leg* whose(session_number session) {
        auto const is = [&](leg const& l) {
            return l.session == session && l.role != leg_role::listens;
        };
        auto const at = std::ranges::find_if(c_.legs, is);
        return at == c_.legs.end() ? nullptr : &*at;
    }

    leg const* who_talks() const {
        auto const at = std::ranges::find_if(c_.legs, is_talking);
        bool const talks = c_.is == call_state::talking && at != c_.legs.end();
        return talks ? &*at : nullptr;
    }

    bool being_transferred() const { return std::ranges::any_of(c_.legs, is_taking_over); }

    // ---- a call that we begin ----

    bool rings_a_leg_first() const {
        return c_.placed && std::holds_alternative<ring>(c_.placed->then);
    }

    bool has_joined() const { return c_.is >= call_state::waiting; }

    void begin_calling(std::string sdp) {
        c_.is = call_state::calling;
        c_.rings_until = now_ + std::min<milliseconds>(c_.placed->timeout, by_.longest_ring);
        add(call_caller{c_.placed->to, c_.placed->from, std::move(sdp)});
    }

    void stop_calling() {
        add(end_caller{});
        end(ended_by::caller, call_end::not_answered);
    }

    void say_next() {
        auto& s = *c_.speaking;
        if (s.accepted) return end(ended_by::engine, call_end::pressed);
        if (s.next < s.what.sounds.size()) return start(s.what.sounds[s.next++], false);
        c_.hears.reset();
        ++s.said;
        s.pause_until = now_ + s.what.pause;
    }

    void say_again() {
        auto& s = *c_.speaking;
        if (s.said >= s.what.times) return end(ended_by::engine, call_end::spoken);
        s.pause_until.reset();
        s.next = 0;
        say_next();
    }

    void take_key(char digit) {
        auto& s = *c_.speaking;
        if (s.accepted) return;
        if (c_.pressed.size() < most_digits) c_.pressed += digit;
        if (s.what.accepts.find(digit) == std::string::npos) return;
        s.accepted = true;
        s.pause_until.reset();
        if (!s.what.thanks) return say_next();
        start(*s.what.thanks, false);
    }

    // The leg that he was to talk with has gone before he could.
    void give_up_calling(leg_end why, int sip_code) {
        c_.sip_code = sip_code;
        if (why == leg_end::withdrawn) return end(ended_by::server, call_end::hung_up);
        if (why == leg_end::no_media) return end(ended_by::engine, call_end::no_media);
        bool const has_refused = why == leg_end::refused || why == leg_end::not_answered;
        end(ended_by::leg, has_refused ? refused_by(sip_code) : call_end::hung_up);
    }

    // ---- what is recorded ----

    bool is_hearing_consent() const {
        return c_.consent == consent_state::asked_for || c_.consent == consent_state::being_said;
    }

    void say_consent() {
        c_.consent = consent_state::asked_for;
        start(*by_.consent, false);
        c_.hears->until = now_ + by_.longest_consent; // until we know better
    }

    // A life may hang on the talk: it waits for words of a few seconds, and for no others.
    void take_consent(playing const& what) {
        bool const can_be_waited_for = what.length <= by_.longest_consent;
        if (what.has_failed || !can_be_waited_for)
            c_.consent = consent_state::not_heard;
        else
            c_.consent = consent_state::being_said;
        if (what.length.count() > 0) c_.hears->until = now_ + what.length;
        if (what.has_failed) start(by_.greeting, false);
        if (c_.consent == consent_state::not_heard) move_who_waits();
    }

    void end_consent() {
        bool const is_heard = c_.consent == consent_state::being_said;
        c_.consent = is_heard ? consent_state::heard : consent_state::not_heard;
        start(by_.greeting, false);
        move_who_waits();
    }

    void move_who_waits() {
        auto const moving = std::ranges::find(c_.legs, leg_state::moving, &leg::is);
        auto const sdp = std::exchange(c_.moves_with, {});
        if (!sdp.empty() && moving != c_.legs.end()) move_to(*moving, sdp);
    }

    void move_to(leg const& l, std::string sdp) {
        c_.moving_to = l.session;
        add(move_caller{std::move(sdp)});
    }

    void set_recording(bool on) {
        if (std::exchange(c_.is_recorded, on) != on) add(switch_recording{c_.session, on});
    }

    // What she says while he hears music is for somebody else.
    void pause_recording() {
        if (c_.is_recorded) add(switch_recording{c_.session, false});
    }

    void go_on_recording() {
        if (c_.is_recorded) add(switch_recording{c_.session, true});
    }

    bool may_play() const {
        bool const is_free = !c_.speaking && !is_hearing_consent();
        return (c_.is == call_state::waiting || c_.held) && is_free;
    }

    void offer(leg& l) {
        l.is = leg_state::offering;
        add(offer_leg{l.session, l.what.leg, c_.from.sdp, l.what.webrtc});
    }

    void begin_talk(leg& l) {
        l.is = leg_state::talking;
        c_.is = call_state::talking;
        c_.session_leg = l.what.leg;
        c_.held = false;
        c_.wants_duty = false;
        c_.duty_at.reset();
        if (!c_.talked_at) c_.talked_at = now_;
        c_.last_leg = l.what.leg.value;
        c_.last_address = l.what.address;
        tell(told_bridged{l.what.leg});
        c_.is_recorded = false; // it was another session
        if (c_.consent == consent_state::heard) set_recording(true);
    }

    // ---- three in one talk ----

    // It has answered, so that whoever leaves now leaves it with the other.
    bool has_third() {
        auto const* const third = c_.three ? find(c_.three->third) : nullptr;
        return third && third->is >= leg_state::connecting;
    }

    bool is_of_three(session_number session) {
        auto const* const first = find(c_.three->first);
        return session == c_.three->callers || (first && session == first->session);
    }

    void open_mixed_session(leg& third) {
        third.is = leg_state::moving;
        c_.three->is = three_state::opening;
        c_.three->callers = c_.sessions++;
        add(open_mixed{c_.three->callers, c_.three->room, c_.from.sdp});
    }

    // From here on the mixer has him. One of the two, or both, may have gone meanwhile.
    void came_to_mixer() {
        auto& t = *c_.three;
        c_.moving_to.reset();
        t.records = c_.is_recorded;
        set_recording(false); // the session that he leaves
        auto const old = std::exchange(c_.session, t.callers);
        c_.session_leg.reset();
        c_.hears.reset();
        if (!t.at_once) c_.hears = heard_sound{by_.music, true, std::nullopt};
        if (!find(t.first)) close(old, t.first);
        auto* const first = find(t.first);
        auto* const third = find(t.third);
        if (third) third->is = leg_state::talking;
        t.is = three_state::aside;
        if (!first && !third) return wait_alone();
        if (!first) return go_on_with(*third);
        if (!third) return go_on_with(*first);
        add(mix_leg{first->session, t.room, first->sdp, first->what.webrtc});
        if (t.at_once) return join_all();
        add(mix_talk{t.room, {party::leg, party::third}});
        tell(told_third_joined{t.third, true});
    }

    // He would not: the talk stays what it was.
    void stayed_out(int sip_code) {
        c_.moving_to.reset();
        if (!find(c_.three->third)) return forget_three();
        c_.three->is = three_state::opening; // and there it ends
        drop(c_.three->third, leg_end::refused, sip_code);
    }

    void join_all() {
        stop_music();
        c_.three->is = three_state::joined;
        add(mix_talk{c_.three->room, {party::caller, party::leg, party::third}});
        set_recording(c_.three->records);
        tell(told_third_joined{c_.three->third, false});
    }

    void stop_music() {
        if (!c_.hears) return;
        c_.hears.reset();
        add(stop_sound{c_.session});
    }

    // The mixer connects the two until they are without it.
    void go_on_with(leg const& whom) {
        auto& t = *c_.three;
        t.is = three_state::moving_out;
        t.to = whom.what.leg;
        t.to_session = whom.session;
        t.to_sdp = whom.sdp;
        t.to_webrtc = whom.what.webrtc;
        t.for_caller = whom.for_caller;
        if (t.has_mixer) {
            stop_music();
            add(mix_talk{t.room, {party::caller, t.to == t.first ? party::leg : party::third}});
            set_recording(t.records);
        }
        ask_out();
    }

    void ask_out() {
        c_.three->again_at.reset();
        ++c_.three->tries;
        c_.moving_to = c_.three->to_session;
        add(move_caller{c_.three->for_caller});
    }

    // Both ends have asked for something at the same time, as a rule.
    void stayed_in() {
        c_.moving_to.reset();
        if (c_.three->tries >= most_tries) return end(ended_by::engine, call_end::media_lost);
        c_.three->again_at = now_ + tries_again_after;
    }

    void came_from_mixer() {
        auto const t = *std::exchange(c_.three, std::nullopt);
        c_.moving_to.reset();
        close(std::exchange(c_.session, t.to_session), {});
        c_.is_recorded = false;
        c_.hears.reset();
        add(join_caller{t.to_session, c_.from.sdp, t.to_sdp, t.to_webrtc});
        add(close_room{t.room});
        c_.session_leg = t.to;
        auto* const whom = find(t.to);
        if (!whom) return wait_with_music();
        whom->role = leg_role::takes_caller;
        if (t.to == t.third) return begin_talk(*whom);
        set_recording(t.records);
    }

    // A leg of the talk has gone, or its third has.
    void three_without(leg const& was, leg_end why) {
        auto& t = *c_.three;
        auto* const first = find(t.first);
        auto* const third = find(t.third);
        bool const is_mixed = t.is == three_state::aside || t.is == three_state::joined;
        if (c_.without_caller) return end(ended_by::caller, call_end::hung_up);
        if (t.is == three_state::moving_out) return;
        if (was.what.leg == t.first && third && !stays_with_third(why)) {
            auto const id = t.third;
            return drop(id, leg_end::withdrawn);
        }
        if (is_mixed && !first && !third) return wait_alone();
        if (is_mixed) return go_on_with(first ? *first : *third);
        if (t.is != three_state::moving_in && !third) forget_three();
    }

    // Who hangs up hands over, as with any telephone. Of who is lost nobody knows whether she would
    // have: who only spoke with her goes, and the caller is first in the line.
    bool stays_with_third(leg_end why) {
        bool const wanted = why == leg_end::hung_up || why == leg_end::transferred;
        bool const knows_him = c_.three->is == three_state::joined || c_.three->at_once;
        return has_third() && (wanted || knows_him);
    }

    // He hears music where he is.
    void wait_alone() {
        set_recording(false);
        add(close_room{std::exchange(c_.three, std::nullopt)->room});
        wait_with_music();
    }

    void forget_three() {
        auto const t = *std::exchange(c_.three, std::nullopt);
        if (t.callers != 0) close(t.callers, {});
        add(close_room{t.room});
    }

    void give_up_mixing() {
        auto& t = *c_.three;
        if (c_.without_caller) return end(ended_by::engine, call_end::media_lost);
        if (t.is == three_state::moving_out) return; // on its way already
        t.has_mixer = false;
        bool const is_mixed = t.is >= three_state::aside;
        if (is_mixed) set_recording(false);
        if (is_mixed && !c_.hears) start(by_.music, true); // until he is where he is heard
        if (find(t.third)) drop(t.third, leg_end::no_media);
    }

    // He has hung up on two who speak on: with 120 there is more to say.
    void leave_two() {
        c_.without_caller = true;
        tell(told_caller_left{});
        if (c_.hears) c_.hears.reset();
        c_.is_recorded = false;
        close(c_.session, {});
        c_.three->is = three_state::joined;
        add(mix_talk{c_.three->room, {party::leg, party::third}});
    }

    // ---- who listens ----

    void begin_listening(leg& l) {
        l.is = leg_state::talking;
        tell(told_listening{l.what.leg});
    }

    void dismiss_listeners(session_number of) {
        auto const is = [&](leg const& l) {
            return l.role == leg_role::listens && l.session == of;
        };
        drop_all(is, leg_end::call_ended);
    }

    void close(session_number session, leg_id const& talked) {
        dismiss_listeners(session);
        add(close_session{session, talked});
    }

    void wait() {
        c_.is = call_state::waiting;
        wait_for_duty();
    }

    void wait_with_music() {
        wait();
        start(by_.music, true);
    }

    // A caller who waits is never left in silence: what follows an announcement is the music.
    void start(sound const& what, bool repeat) {
        if (c_.hears) add(stop_sound{c_.session});
        c_.hears = heard_sound{what, repeat, std::nullopt};
        if (c_.speaking) c_.hears->until = now_ + by_.longest_sound; // until we know better
        add(start_sound{c_.session, what, repeat});
    }

    void stop_hold() {
        c_.held = false;
        c_.hears.reset();
        add(stop_sound{c_.session});
        add(silence_talk{c_.session, false});
        go_on_recording();
    }

    // We end it.
    void drop(leg_id id, leg_end why, int sip_code = 0) {
        auto const* const l = find(id);
        if (has_been_invited(*l)) add(end_leg{id});
        gone(std::move(id), why, sip_code);
    }

    template <class Is>
    void drop_all(Is const& is, leg_end why, int sip_code = 0) {
        std::vector<leg_id> all;
        for (auto const& each : c_.legs)
            if (is(each)) all.push_back(each.what.leg);
        for (auto& each : all)
            drop(std::move(each), why, sip_code);
    }

    // It has ended. Its session goes too, unless the caller sends to it.
    void gone(leg_id id, leg_end why, int sip_code = 0) {
        auto const at = std::ranges::find_if(c_.legs, [&](auto& l) { return l.what.leg == id; });
        auto const was = std::move(*at);
        c_.legs.erase(at);
        tell(told_leg_gone{id, why, sip_code});
        if (was.role == leg_role::listens) return add(end_listening{was.session, id});
        bool const awaits_him = c_.three && c_.three->is == three_state::moving_out &&
                                was.session == c_.three->to_session;
        bool const has_caller = (was.session == c_.session && !c_.without_caller) ||
                                was.session == c_.moving_to || awaits_him;
        bool const had_session = was.is != leg_state::queued;
        bool const talked = was.is == leg_state::talking;
        if (!has_caller && had_session) close(was.session, talked ? id : leg_id());
        if (rings_a_leg_first() && !c_.talked_at) return give_up_calling(why, sip_code);
        if (was.is == leg_state::moving && !c_.moving_to) c_.moves_with.clear();
        if (talked && has_caller) leave_talk();
        bool const is_of_three = c_.three && (id == c_.three->first || id == c_.three->third);
        if (is_of_three) three_without(was, why);
        if (was.duty && c_.duty_at == std::nullopt && c_.is == call_state::waiting)
            wait_for_duty(by_.duty_pause);
    }

    void leave_talk() {
        if (!c_.held) set_recording(false); // the session stays until he is asked to another
        c_.is_recorded = false;
        if (c_.held) stop_hold();
        dismiss_listeners(c_.session);
        wait_with_music();
    }

    void finish_digits(bool in_time) {
        tell(told_digits{std::move(c_.digits->digits), in_time});
        c_.digits.reset();
    }

    void wait_for_duty() { wait_for_duty(by_.duty_after); }

    void wait_for_duty(seconds pause) {
        bool const is_ours_to_call = c_.placed && !c_.talked_at;
        bool const rings_duty = (!c_.has_server || c_.wants_duty) && !by_.duty.empty();
        if (rings_duty && c_.is < call_state::talking && !is_ours_to_call)
            c_.duty_at = now_ + pause;
    }

    void ring_next_duty() {
        c_.duty_at.reset();
        if (c_.is != call_state::waiting) return wait_for_duty(by_.duty_pause);
        if (!c_.legs.empty()) return wait_for_duty(by_.duty_pause); // the server had one rung
        auto const& phone = by_.duty[c_.duty_rung++ % by_.duty.size()];
        ring what;
        what.leg.value = "+duty-" + std::to_string(c_.duty_rung);
        what.address = phone.address;
        what.timeout = phone.ring_for;
        auto& added = c_.legs.emplace_back(leg{.what = std::move(what), .duty = true});
        added.session = c_.sessions++;
        offer(added);
    }

    void end(ended_by by, call_end why, leg_id const& hung_up = {}) {
        if (by != ended_by::caller && !c_.without_caller) dismiss_caller(why);
        for (auto const& each : c_.legs) {
            bool const has_left = each.what.leg == hung_up;
            if (has_been_invited(each) && !has_left) add(end_leg{each.what.leg});
            tell(told_leg_gone{each.what.leg, has_left ? leg_end::hung_up : leg_end::call_ended});
        }
        close_sessions();
        c_.legs.clear();
        be_over(by, why);
    }

    void dismiss_caller(call_end why) {
        bool const wanted_so = why == call_end::hung_up;
        bool const has_none = c_.placed && c_.is == call_state::opening;
        if (has_none) return;
        if (c_.is == call_state::opening)
            add(refuse_caller{wanted_so ? temporarily_unavailable : service_unavailable});
        else
            add(end_caller{});
    }

    void be_over(ended_by by, call_end why) {
        c_.is = call_state::ended;
        c_.ended_at = now_;
        c_.by = by;
        c_.why = why;
        tell(told_ended{by, why, c_.pressed, c_.sip_code});
    }

    void close_sessions() {
        std::set<session_number> all;
        if (!c_.without_caller) {
            add(close_session{c_.session, c_.session_leg.value_or(leg_id())});
            if (c_.moving_to) all.insert(*c_.moving_to); // its leg may have gone before
            if (c_.three && c_.three->callers != 0) all.insert(c_.three->callers);
            if (c_.three && c_.three->is == three_state::moving_out)
                all.insert(c_.three->to_session);
        }
        for (auto const& each : c_.legs)
            if (each.is != leg_state::queued && each.role != leg_role::listens)
                all.insert(each.session);
        all.erase(c_.session);
        for (auto const each : all)
            add(close_session{each, {}});
        if (c_.three) add(close_room{c_.three->room});
    }

    call& c_;
    terms const& by_;
    instant const now_;
    turn turn_;
};

} // namespace

turn begin(call& c, arrival from, bool has_server, terms const& by, instant now) {
    c.from = std::move(from);
    c.came_at = now;
    c.ends_at = now + by.longest_call;
    c.has_server = has_server;
    turning t(c, by, now);
    t.begin();
    return std::move(t).result();
}

turn place(call& c, call_id id, originate what, bool has_server, terms const& by, instant now) {
    c.from.id = std::move(id);
    c.placed = std::move(what);
    c.came_at = now;
    c.ends_at = now + by.longest_call;
    c.has_server = has_server;
    turning t(c, by, now);
    t.place();
    return std::move(t).result();
}

turn turn_away(call& c, arrival from, int sip_code, call_end why, instant now) {
    c.from = std::move(from);
    c.came_at = now;
    terms const by;
    turning t(c, by, now);
    t.turn_away(sip_code, why);
    return std::move(t).result();
}

turn take(call& c, input const& what, terms const& by, instant now) {
    if (c.is == call_state::ended) {
        // What a session counted comes after its end.
        auto const* const counted = std::get_if<media_counted>(&what);
        if (!counted) return {};
    }
    turning t(c, by, now);
    std::visit([&](auto const& each) { t.on(each); }, what);
    return std::move(t).result();
}

std::optional<instant> due(call const& c) {
    if (c.is == call_state::ended) return std::nullopt;
    instant first = c.ends_at;
    auto const sooner = [&](std::optional<instant> const& at) {
        if (at) first = std::min(first, *at);
    };
    for (auto const& each : c.legs)
        sooner(each.ring_until);
    if (c.hears) sooner(c.hears->until);
    if (c.digits) sooner(c.digits->until);
    sooner(c.duty_at);
    if (c.three) sooner(c.three->again_at);
    sooner(c.rings_until);
    if (c.speaking) sooner(c.speaking->pause_until);
    return first;
}

} // namespace linli::hotline
