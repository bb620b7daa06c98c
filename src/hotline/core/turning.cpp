#include "hotline/core/turning.hpp"

#include <set>

#include "hotline/core/sdp.hpp"

namespace linli::hotline {

namespace {

constexpr int service_unavailable = 503; // the edge then rings the duty telephone

} // namespace

leg* turning::find(leg_id const& id) {
    auto const at = std::ranges::find_if(c_.legs, [&](leg const& l) { return l.what.leg == id; });
    return at == c_.legs.end() ? nullptr : &*at;
}

leg* turning::in_state(leg_id const& id, leg_state is) {
    auto* const l = find(id);
    return l && l->is == is ? l : nullptr;
}

// Whoever has a session of its own with a leg in it.
leg* turning::whose(session_number session) {
    auto const at = std::ranges::find(c_.legs, session, &leg::session);
    return at == c_.legs.end() ? nullptr : &*at;
}

leg const* turning::who_talks() const {
    auto const at = std::ranges::find_if(c_.legs, is_talking);
    bool const talks = c_.is == call_state::talking && at != c_.legs.end();
    return talks ? &*at : nullptr;
}

void turning::move_to(leg const& l, std::string sdp) {
    c_.moving_to = l.session;
    add(move_caller{std::move(sdp)});
}

void turning::ask_again_to_move() {
    c_.moves_at.reset();
    move_who_waits();
}

// With what he has said last. False: it is what we knew, or nothing that we can use.
bool turning::learn(std::string const& sdp) {
    auto at = learned_place(sdp, c_.from.sdp);
    if (at) c_.from.sdp = std::move(*at);
    return at.has_value();
}

// He speaks from elsewhere than that session knows. It may have nobody else.
void turning::join(session_number session, leg const* with) {
    join_caller joining{session, c_.from.sdp, {}, false};
    joining.leg_sdp = with ? with->sdp : answer_of_nobody(*usable_audio(c_.from.sdp));
    joining.webrtc = with && with->what.webrtc;
    add(std::move(joining));
}

bool turning::may_play() const {
    bool const is_free = !c_.speaking && !is_hearing_consent();
    return (c_.is == call_state::waiting || c_.held) && is_free;
}

void turning::offer(leg& l) {
    l.is = leg_state::offering;
    l.rung_from = c_.from.sdp;
    add(offer_leg{l.session, l.what.leg, c_.from.sdp, l.what.webrtc});
}

void turning::begin_talk(leg& l) {
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

void turning::close(session_number session, leg_id const& talked) {
    dismiss_listeners(session);
    add(close_session{session, talked});
}

void turning::wait() {
    c_.is = call_state::waiting;
    wait_for_duty();
}

void turning::wait_with_music() {
    if (is_nobodys()) return end(ended_by::leg, call_end::hung_up);
    wait();
    start(by_.music, true);
}

// A caller who waits is never left in silence: what follows an announcement is the music.
void turning::start(sound const& what, bool repeat) {
    if (c_.hears) add(stop_sound{c_.session});
    c_.hears = heard_sound{what, repeat, std::nullopt};
    if (c_.speaking) c_.hears->until = now_ + by_.longest_sound; // until we know better
    add(start_sound{c_.session, what, repeat});
}

void turning::stop_hold() {
    c_.held = false;
    c_.hears.reset();
    add(stop_sound{c_.session});
    add(silence_talk{c_.session, false});
    go_on_recording();
}

// We end it.
void turning::drop(leg_id id, leg_end why, int sip_code) {
    auto const* const l = find(id);
    if (has_been_invited(*l)) add(end_leg{id});
    gone(std::move(id), why, sip_code);
}

// It has ended. Its session goes too, unless the caller sends to it.
void turning::gone(leg_id id, leg_end why, int sip_code) {
    auto const at = std::ranges::find_if(c_.legs, [&](auto& l) { return l.what.leg == id; });
    auto const was = std::move(*at);
    c_.legs.erase(at);
    tell(told_leg_gone{id, why, sip_code});
    if (was.role == leg_role::listens) return end_listener(was);
    bool const awaits_him =
        c_.three && c_.three->is == three_state::moving_out && was.session == c_.three->to_session;
    bool const has_caller = (was.session == c_.session && !c_.without_caller) ||
                            was.session == c_.moving_to || awaits_him;
    bool const had_session = was.is != leg_state::queued;
    bool const talked = was.is == leg_state::talking;
    if (!has_caller && had_session) close(was.session, talked ? id : leg_id());
    if (rings_a_leg_first() && !c_.talked_at) return give_up_calling(why, sip_code);
    if (was.is == leg_state::moving && !c_.moving_to) c_.moves_with.clear();
    if (talked && has_caller) leave_talk();
    bool const is_left = c_.is == call_state::waiting && !c_.moving_to && is_nobodys();
    if (is_left) return end(ended_by::leg, call_end::hung_up);
    if (c_.is == call_state::ended) return;
    bool const is_of_three = c_.three && (id == c_.three->first || id == c_.three->third);
    if (is_of_three) three_without(was, why);
    if (was.duty && c_.duty_at == std::nullopt && c_.is == call_state::waiting)
        wait_for_duty(by_.duty_pause);
}

void turning::leave_talk() {
    if (!c_.held) set_recording(false); // the session stays until he is asked to another
    c_.is_recorded = false;
    if (c_.held) stop_hold();
    if (is_hearing_consent()) give_up_consent();
    dismiss_listeners(c_.session);
    wait_with_music();
}

void turning::finish_digits(bool in_time) {
    tell(told_digits{std::move(c_.digits->digits), in_time});
    c_.digits.reset();
}

void turning::rely_on_server() {
    bool const was_doubted = c_.stays_at.has_value();
    c_.stays_at.reset();
    c_.has_come_back = false;
    if (was_doubted && !c_.wants_duty) c_.duty_at.reset();
}

void turning::wait_for_duty(seconds pause) {
    bool const is_alone = !c_.has_server || c_.stays_at;
    bool const rings_duty = (is_alone || c_.wants_duty) && !by_.duty.empty();
    if (rings_duty && c_.is < call_state::talking && !c_.placed) c_.duty_at = now_ + pause;
}

void turning::ring_next_duty() {
    c_.duty_at.reset();
    if (c_.is != call_state::waiting) return wait_for_duty(by_.duty_pause);
    // One duty telephone at a time; and without a server whom it had rung comes first.
    auto const goes_first = [this](leg const& l) {
        return !c_.wants_duty || l.duty || is_taking_over(l);
    };
    if (std::ranges::any_of(c_.legs, goes_first)) return wait_for_duty(by_.duty_pause);
    auto const& phone = by_.duty[c_.duty_rung++ % by_.duty.size()];
    ring what;
    what.leg.value = "+duty-" + std::to_string(c_.duty_rung);
    what.address = phone.address;
    what.timeout = phone.ring_for;
    auto& added = c_.legs.emplace_back(leg{.what = std::move(what), .duty = true});
    added.session = c_.sessions++;
    offer(added);
}

void turning::end(ended_by by, call_end why, leg_id const& hung_up) {
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

void turning::dismiss_caller(call_end why) {
    bool const wanted_so = why == call_end::hung_up;
    bool const has_none = c_.placed && c_.is == call_state::opening;
    if (has_none) return;
    if (c_.is == call_state::opening)
        add(refuse_caller{wanted_so ? temporarily_unavailable : service_unavailable});
    else
        add(end_caller{});
}

void turning::be_over(ended_by by, call_end why) {
    c_.is = call_state::ended;
    c_.ended_at = now_;
    c_.by = by;
    c_.why = why;
    tell(told_ended{by, why, c_.pressed, c_.sip_code});
}

void turning::close_sessions() {
    std::set<session_number> all;
    if (!c_.without_caller) {
        add(close_session{c_.session, c_.session_leg.value_or(leg_id())});
        if (c_.moving_to) all.insert(*c_.moving_to); // its leg may have gone before
        if (c_.three && c_.three->callers != 0) all.insert(c_.three->callers);
        if (c_.three && c_.three->is == three_state::moving_out) all.insert(c_.three->to_session);
    }
    for (auto const& each : c_.legs)
        if (each.is != leg_state::queued) all.insert(each.session);
    all.erase(c_.session);
    for (auto const each : all)
        add(close_session{each, {}});
    if (c_.three) add(close_room{c_.three->room});
    for (auto const& each : c_.legs)
        if (each.role == leg_role::listens) add(close_room{each.session});
}

} // namespace linli::hotline
