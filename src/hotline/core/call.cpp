#include "hotline/core/call.hpp"

#include <algorithm>
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

bool is_taking_over(leg const& l) {
    return l.is == leg_state::connecting || l.is == leg_state::moving;
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
        end(ended_by::caller, has_pressed ? call_end::pressed : call_end::hung_up);
    }

    void on(caller_moved const&) {
        if (!c_.moving_to) return;
        auto const old = std::exchange(c_.session, *std::exchange(c_.moving_to, std::nullopt));
        auto const talked = std::ranges::find(c_.legs, leg_state::talking, &leg::is);
        if (talked != c_.legs.end())
            drop(talked->what.leg, leg_end::transferred); // with its session, which is the old one
        else
            add(close_session{old, c_.session_leg.value_or(leg_id())});
        c_.session_leg.reset();
        c_.hears.reset(); // it went with the old session
        auto const moving = std::ranges::find(c_.legs, leg_state::moving, &leg::is);
        if (moving == c_.legs.end()) return wait_with_music(); // it has hung up meanwhile
        begin_talk(*moving);
    }

    void on(caller_stayed const& what) {
        if (!c_.moving_to) return;
        auto const refused = *std::exchange(c_.moving_to, std::nullopt);
        auto const moving = std::ranges::find(c_.legs, leg_state::moving, &leg::is);
        if (moving != c_.legs.end())
            drop(moving->what.leg, leg_end::refused, what.sip_code);
        else
            add(close_session{refused, {}});
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
        if (being_transferred() || c_.moving_to) return drop(what.leg, leg_end::answered_elsewhere);
        l->is = leg_state::connecting;
        l->sdp = what.sdp;
        l->ring_until.reset();
        add(connect_leg{l->session, what.leg, what.sdp});
        tell(told_leg_answered{what.leg});
        auto const rings = [](leg const& each) { return each.is < leg_state::connecting; };
        drop_all(rings, leg_end::answered_elsewhere);
    }

    void on(leg_connected const& what) {
        auto* const l = in_state(what.leg, leg_state::connecting);
        if (!l) return;
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
        bool const talked = l->is == leg_state::talking;
        if (talked && what.hung_up && !being_transferred())
            return end(ended_by::leg, call_end::hung_up, what.leg);
        gone(what.leg, what.hung_up ? leg_end::hung_up : leg_end::lost);
    }

    // ---- media ----

    void on(media_refused const& what) {
        bool const has_begun = c_.is == call_state::opening || (c_.placed && !has_joined());
        if (has_begun && what.session == c_.session)
            return end(ended_by::engine, call_end::no_media);
        auto const l = std::ranges::find(c_.legs, what.session, &leg::session);
        if (l != c_.legs.end() && l->is < leg_state::talking) drop(l->what.leg, leg_end::no_media);
    }

    void on(media_lost const& what) {
        if (what.session == c_.session) return end(ended_by::engine, call_end::media_lost);
        auto const l = std::ranges::find(c_.legs, what.session, &leg::session);
        if (l != c_.legs.end()) drop(l->what.leg, leg_end::no_media);
    }

    // A browser sends all the time, also when nobody speaks; one whose tab has crashed says no
    // good-bye. Plain telephones may be silent.
    void on(media_heard const& what) {
        auto const l = std::ranges::find(c_.legs, leg_state::talking, &leg::is);
        if (l == c_.legs.end() || l->session != what.session || !l->what.webrtc) return;
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
        if (c_.placed && !c_.talked_at) return refuse(refusal::not_now);
        if (c_.legs.size() >= by_.most_legs) return refuse(refusal::too_many_legs);
        auto& added = c_.legs.emplace_back(leg{.what = what});
        added.session = c_.sessions++;
        if (c_.is >= call_state::waiting) offer(added);
    }

    void on(withdraw const& what) {
        auto const* const l = find(what.leg);
        if (!l) return refuse(refusal::unknown_leg);
        if (l->is >= leg_state::moving) return refuse(refusal::not_now); // park, or hang up
        drop(what.leg, leg_end::withdrawn);
    }

    void on(park const&) {
        auto const l = std::ranges::find(c_.legs, leg_state::talking, &leg::is);
        if (l == c_.legs.end()) return refuse(refusal::not_now);
        drop(l->what.leg, leg_end::withdrawn);
    }

    void on(hold const&) {
        if (c_.is != call_state::talking) return refuse(refusal::not_now);
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
        if (c_.is != call_state::talking || c_.held || !may_be) return refuse(refusal::not_now);
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
        bool const has_caller = was.session == c_.session || was.session == c_.moving_to;
        bool const had_session = was.is != leg_state::queued;
        bool const talked = was.is == leg_state::talking;
        if (!has_caller && had_session) add(close_session{was.session, talked ? id : leg_id()});
        if (rings_a_leg_first() && !c_.talked_at) return give_up_calling(why, sip_code);
        if (was.is == leg_state::moving && !c_.moving_to) c_.moves_with.clear();
        if (talked && has_caller) leave_talk();
        if (was.duty && c_.duty_at == std::nullopt && c_.is == call_state::waiting)
            wait_for_duty(by_.duty_pause);
    }

    void leave_talk() {
        if (!c_.held) set_recording(false); // the session stays until he is asked to another
        c_.is_recorded = false;
        if (c_.held) stop_hold();
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
        if (by != ended_by::caller) dismiss_caller(why);
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
        add(close_session{c_.session, c_.session_leg.value_or(leg_id())});
        for (auto const& each : c_.legs)
            if (each.is != leg_state::queued && each.session != c_.session)
                add(close_session{each.session, {}});
        auto const is_moving = [this](leg const& l) { return l.session == c_.moving_to; };
        if (c_.moving_to && std::ranges::none_of(c_.legs, is_moving))
            add(close_session{*c_.moving_to, {}}); // its leg has gone before
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
    sooner(c.rings_until);
    if (c.speaking) sooner(c.speaking->pause_until);
    return first;
}

} // namespace linli::hotline
