#include "hotline/core/call.hpp"

#include <algorithm>
#include <utility>

#include "hotline/core/sdp.hpp"
#include "hotline/core/turning.hpp"

namespace linli::hotline {

namespace {

// Both sides have asked each other for something at the same moment. Whose dialog it is waits for
// 2.1 to 4 s, the other one less (RFC 3261, 14.1).
constexpr int request_pending = 491;
constexpr seconds his_waits{1};
constexpr seconds our_own_waits{3};

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
    sooner(c.stays_at);
    if (c.three) sooner(c.three->again_at);
    sooner(c.rings_until);
    if (c.speaking) sooner(c.speaking->pause_until);
    if (c.speaking) sooner(c.speaking->answer_until);
    sooner(c.moves_at);
    return first;
}

void turning::begin() {
    tell(told_offered{c_.from.number, c_.from.dialled, c_.from.trunk});
    add(open_session{c_.session, c_.from.sdp});
}

// The leg that is to talk with him comes first, so that he never waits for it.
void turning::place() {
    tell(told_placed{c_.placed->reference, c_.placed->to});
    auto const* const first = std::get_if<ring>(&c_.placed->then);
    if (!first) return add(offer_caller{c_.session});
    c_.from.sdp = offer_of_nobody();
    auto& added = c_.legs.emplace_back(leg{.what = *first});
    added.session = c_.session;
    offer(added);
}

void turning::turn_away(int sip_code, call_end why) {
    tell(told_offered{c_.from.number, c_.from.dialled, c_.from.trunk});
    add(refuse_caller{sip_code});
    be_over(ended_by::engine, why);
}

// ---- the caller ----

void turning::on(session_opened const& what) {
    if (c_.is != call_state::opening || rings_a_leg_first()) return;
    if (c_.placed) return begin_calling(what.sdp);
    c_.is = call_state::answering;
    add(answer_caller{what.sdp});
}

void turning::on(caller_confirmed const&) {
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

void turning::on(caller_left const&) {
    bool const has_pressed = c_.speaking && c_.speaking->accepted;
    bool const has_two = c_.three && c_.three->is >= three_state::aside && find(c_.three->first) &&
                         find(c_.three->third) && !c_.without_caller;
    if (has_two) return leave_two();
    end(ended_by::caller, has_pressed ? call_end::pressed : call_end::hung_up);
}

void turning::on(caller_moved const& what) {
    if (!c_.moving_to) return;
    bool const is_elsewhere = learn(what.sdp);
    if (c_.three && c_.three->is == three_state::moving_in) return came_to_mixer(is_elsewhere);
    if (c_.three && c_.three->is == three_state::moving_out) return came_from_mixer();
    auto const old = std::exchange(c_.session, *std::exchange(c_.moving_to, std::nullopt));
    auto const to = std::ranges::find_if(c_.legs, is_moving);
    if (is_elsewhere) join(c_.session, to == c_.legs.end() ? nullptr : &*to);
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

// As to that re-INVITE: the telephone has answered it with what he knows already.
void turning::on(caller_changed const& what) {
    bool const has_none = c_.is < call_state::answering || c_.without_caller;
    if (has_none || !learn(what.sdp)) return;
    bool const is_mixed = c_.three && c_.three->callers != 0 && c_.session == c_.three->callers;
    if (is_mixed) return add(join_mixed{c_.session, c_.three->room, c_.from.sdp});
    join(c_.session, whose(c_.session));
    auto const moving = std::ranges::find_if(c_.legs, is_moving);
    bool const is_asked_there = moving != c_.legs.end() && moving->session != c_.session;
    if (is_asked_there) join(moving->session, &*moving); // it was begun with where he was
}

void turning::on(caller_stayed const& what) {
    if (!c_.moving_to) return;
    if (c_.three && c_.three->is == three_state::moving_in) return stayed_out(what.sip_code);
    if (c_.three && c_.three->is == three_state::moving_out) return stayed_in();
    auto const refused = *std::exchange(c_.moving_to, std::nullopt);
    auto const moving = std::ranges::find_if(c_.legs, is_moving);
    bool const was_glare = what.sip_code == request_pending && moving != c_.legs.end();
    if (was_glare && !std::exchange(moving->was_asked_again, true)) {
        c_.moves_with = moving->for_caller;
        c_.moves_at = now_ + (c_.placed ? our_own_waits : his_waits);
        return;
    }
    if (moving != c_.legs.end())
        drop(moving->what.leg, leg_end::refused, what.sip_code);
    else
        close(refused, {});
}

// ---- the legs ----

void turning::on(leg_offered const& what) {
    auto* const l = in_state(what.leg, leg_state::offering);
    if (!l) return;
    l->is = leg_state::ringing;
    l->ring_until = now_ + std::min<milliseconds>(l->what.timeout, by_.longest_ring);
    add(invite_leg{l->what.leg, l->what.address, l->what.headers, what.sdp});
}

void turning::on(leg_rang const& what) {
    if (in_state(what.leg, leg_state::ringing)) tell(told_leg_ringing{what.leg});
}

void turning::on(leg_answered const& what) {
    auto* const l = in_state(what.leg, leg_state::ringing);
    if (!l) return;
    bool const is_late = being_transferred() || c_.moving_to;
    if (takes_caller(*l) && is_late) return drop(what.leg, leg_end::answered_elsewhere);
    if (!l->what.webrtc && by_.srtp == srtp::always && carriage_of(what.sdp) != carriage::srtp)
        return drop(what.leg, leg_end::no_media); // it would be heard by all on the way
    l->is = leg_state::connecting;
    l->sdp = what.sdp;
    l->ring_until.reset();
    tell(told_leg_answered{what.leg});
    if (!takes_caller(*l)) return add(connect_to_room{l->session, what.leg, what.sdp});
    add(connect_leg{l->session, what.leg, what.sdp, c_.from.sdp});
    auto const rings = [](leg const& each) {
        return takes_caller(each) && each.is < leg_state::connecting;
    };
    drop_all(rings, leg_end::answered_elsewhere);
}

void turning::on(leg_connected const& what) {
    auto* const l = in_state(what.leg, leg_state::connecting);
    if (!l) return;
    l->for_caller = what.sdp;
    if (l->role == leg_role::third) return open_mixed_session(*l);
    if (l->role == leg_role::listens) return begin_listening(*l);
    l->is = leg_state::moving;
    if (!is_same_place(c_.from.sdp, l->rung_from)) join(l->session, l); // he went while it rang
    if (c_.is == call_state::opening) { // and so it is whom we call for
        add(start_sound{c_.session, by_.ringing, true, side::leg});
        return begin_calling(what.sdp);
    }
    if (is_hearing_consent())
        c_.moves_with = what.sdp;
    else
        move_to(*l, what.sdp);
}

void turning::on(leg_refused const& what) {
    if (!in_state(what.leg, leg_state::ringing)) return;
    gone(what.leg, leg_end::refused, what.sip_code);
}

void turning::on(leg_left const& what) {
    auto* const l = find(what.leg);
    if (!l) return;
    bool const ends_it = is_talking(*l) && !being_transferred() && !has_third();
    if (ends_it && what.hung_up) return end(ended_by::leg, call_end::hung_up, what.leg);
    gone(what.leg, what.hung_up ? leg_end::hung_up : leg_end::lost);
}

// As with a caller who has changed; whoever it speaks with need not know. A browser says by ICE
// where it is, and a leg by SRTP is never offered anything anew: of those nothing is learned.
void turning::on(leg_changed const& what) {
    auto* const l = find(what.leg);
    bool const has_answered = l && l->is >= leg_state::connecting && !l->what.webrtc;
    if (!has_answered || carriage_of(what.sdp) != carriage::rtp) return;
    auto at = learned_place(what.sdp, l->sdp);
    if (!at) return;
    l->sdp = std::move(*at);
    if (has_mixer_beside(*l)) return say_where(*l);
    join(l->session, l);
}

// ---- media ----

void turning::on(media_refused const& what) {
    bool const has_begun = c_.is == call_state::opening || (c_.placed && !has_joined());
    if (has_begun && what.session == c_.session) return end(ended_by::engine, call_end::no_media);
    auto* const l = whose(what.session);
    if (l && l->is < leg_state::talking) return drop(l->what.leg, leg_end::no_media);
    if (c_.three && is_of_three(what.session)) return give_up_mixing();
    bool const is_deaf = l && !c_.three && what.session == c_.session; // back from the mixer
    if (is_deaf) end(ended_by::engine, call_end::media_lost);
}

void turning::on(media_lost const& what) {
    if (what.session == c_.session && !c_.without_caller)
        return end(ended_by::engine, call_end::media_lost);
    if (auto* const l = whose(what.session)) drop(l->what.leg, leg_end::no_media);
}

// A browser sends all the time, also when nobody speaks or he is held; one whose tab has crashed
// says no good-bye. Plain telephones may be silent.
void turning::on(media_heard const& what) {
    auto* const l = whose(what.session);
    if (!l || l->is != leg_state::talking || !l->what.webrtc) return;
    if (!l->packets_at || l->packets != what.from_leg) {
        l->packets = what.from_leg;
        l->packets_at = now_;
    } else if (now_ >= *l->packets_at + by_.browser_is_dead_after) {
        drop(l->what.leg, leg_end::lost);
    }
}

void turning::on(playing const& what) {
    bool const hears_it = what.session == c_.session && what.to == side::caller;
    if (!hears_it || !c_.hears || c_.hears->repeat) return;
    if (c_.consent == consent_state::asked_for) return take_consent(what);
    if (what.length.count() > 0) c_.hears->until = now_ + what.length;
}

void turning::on(media_counted const& what) {
    tell(told_media{what.leg, what.from_caller, what.from_leg});
}

void turning::on(digit_pressed const& what) {
    // The mixer says them again to the others, in the caller's place.
    bool const is_his_session =
        what.session == c_.session || (!c_.three && what.session == c_.moving_to);
    if (what.session && !is_his_session) return;
    tell(told_digit{what.digit, what.leg ? what.leg->value : std::string()});
    if (!what.leg && c_.speaking) return take_key(what.digit);
    if (what.leg || !c_.digits) return;
    if (what.digit == c_.digits->end) return finish_digits(true);
    c_.digits->digits += what.digit;
    if (c_.digits->digits.size() >= c_.digits->most) finish_digits(true);
}

// ---- the dispatch server ----

void turning::on(play const& what) {
    if (!may_play()) return refuse(refusal::not_now);
    start(what.what, what.repeat);
}

void turning::on(stop_playing const&) {
    if (!may_play()) return refuse(refusal::not_now);
    start(by_.music, true);
}

void turning::on(ring const& what) {
    if (find(what.leg)) return; // told twice
    if ((c_.placed && !c_.talked_at) || c_.three) return refuse(refusal::not_now);
    if (c_.legs.size() >= by_.most_legs) return refuse(refusal::too_many_legs);
    rely_on_server();
    auto& added = c_.legs.emplace_back(leg{.what = what});
    added.session = c_.sessions++;
    if (c_.is >= call_state::waiting) offer(added);
}

void turning::on(withdraw const& what) {
    auto const* const l = find(what.leg);
    if (!l) return refuse(refusal::unknown_leg);
    bool const has_him = takes_caller(*l) && l->is >= leg_state::moving; // park, or hang up
    if (has_him) return refuse(refusal::not_now);
    drop(what.leg, leg_end::withdrawn);
}

void turning::on(park const&) {
    auto const* const l = who_talks();
    if (!l || c_.three) return refuse(refusal::not_now);
    drop(l->what.leg, leg_end::withdrawn);
}

void turning::on(hold const&) {
    bool const may = c_.is == call_state::talking && !c_.three && !is_hearing_consent();
    if (!may) return refuse(refusal::not_now);
    if (std::exchange(c_.held, true)) return;
    pause_recording();
    add(silence_talk{c_.session, true});
    start(by_.music, true);
    tell(told_held{});
}

void turning::on(resume const&) {
    if (c_.is != call_state::talking) return refuse(refusal::not_now);
    if (!c_.held) return;
    stop_hold();
    tell(told_resumed{});
}

void turning::on(collect_digits const& what) {
    if (c_.placed && !c_.talked_at) return refuse(refusal::not_now);
    c_.digits = collecting{{}, std::max<std::size_t>(1, what.most), what.end, now_ + what.timeout};
}

void turning::on(ring_duty const& what) {
    rely_on_server();
    c_.wants_duty = what.on;
    c_.duty_at.reset();
    if (what.on) return wait_for_duty(seconds(0));
    auto const is_ringing = [](leg const& l) { return l.duty && l.is < leg_state::connecting; };
    drop_all(is_ringing, leg_end::withdrawn);
}

// Whoever has pressed a key hears what it has led to.
void turning::on(hang_up const&) {
    if (c_.speaking && c_.speaking->accepted) return refuse(refusal::not_now);
    end(ended_by::server, call_end::hung_up);
}

// ---- time, and whether there is a server ----

void turning::on(server_lost const&) {
    c_.has_server = false;
    c_.stays_at.reset(); // one that comes and goes is none: what he waits for goes on
    if (!c_.duty_at) wait_for_duty();
}

void turning::on(server_back const&) {
    c_.has_server = true;
    c_.wants_duty = false;
    bool const is_ringing = std::ranges::any_of(c_.legs, &leg::duty);
    if (!c_.duty_at && !is_ringing) return;
    c_.stays_at = now_ + by_.duty_after;
    if (std::exchange(c_.has_come_back, true) || !c_.duty_at) return;
    c_.duty_at = c_.stays_at; // the first time it may ring somebody itself
}

void turning::on(time_passed const&) {
    if (now_ >= c_.ends_at) return end(ended_by::engine, call_end::too_long);
    if (c_.stays_at && now_ >= *c_.stays_at) rely_on_server();
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
    if (c_.speaking && c_.speaking->answer_until && now_ >= *c_.speaking->answer_until)
        return say_thanks();
    if (c_.moves_at && now_ >= *c_.moves_at) ask_again_to_move();
    if (c_.duty_at && now_ >= *c_.duty_at) ring_next_duty();
    if (c_.three && c_.three->again_at && now_ >= *c_.three->again_at) ask_out();
}

} // namespace linli::hotline
