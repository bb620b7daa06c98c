// Three in one talk, and who listens to one.
#include "hotline/core/turning.hpp"

namespace linli::hotline {

namespace {

constexpr unsigned most_tries = 5; // to have the caller leave the mixer
constexpr seconds tries_again_after{1};
constexpr seconds tries_later_after{30}; // while they speak by the mixer

} // namespace

void turning::on(mixed_opened const& what) {
    if (!c_.three || c_.three->is != three_state::opening) return;
    if (what.session != c_.three->callers) return;
    c_.three->is = three_state::moving_in;
    if (!c_.three->at_once) add(start_sound{what.session, by_.music, true});
    c_.moving_to = what.session;
    add(move_caller{what.sdp});
}

void turning::on(mixer_lost const& what) {
    if (c_.three && what.room == c_.three->room) return give_up_mixing();
    auto* const l = whose(what.room);
    if (l && l->role == leg_role::listens) drop(l->what.leg, leg_end::no_media);
}

void turning::on(add_third const& what) {
    if (find(what.what.leg)) return; // told twice
    auto const* const first = who_talks();
    bool const is_two = first && !c_.three && !c_.held && !c_.moving_to;
    auto const rings = [&](leg const& l) { return takes_caller(l) && &l != first; };
    if (!is_two || is_hearing_consent() || std::ranges::any_of(c_.legs, rings))
        return refuse(refusal::not_now);
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

void turning::on(join_third const&) {
    if (!c_.three || c_.three->is != three_state::aside) return refuse(refusal::not_now);
    if (c_.without_caller) return refuse(refusal::not_now);
    join_all();
}

void turning::on(leave const&) {
    bool const may = has_third() && !c_.without_caller && find(c_.three->first);
    if (!may || c_.three->is < three_state::aside) return refuse(refusal::not_now);
    drop(c_.three->first, leg_end::transferred);
}

void turning::on(listen const& what) {
    if (find(what.what.leg)) return; // told twice
    auto const* const to = who_talks();
    if (!to) return refuse(refusal::not_now);
    if (c_.legs.size() >= by_.most_legs) return refuse(refusal::too_many_legs);
    auto const talk = to->session;
    auto& added = c_.legs.emplace_back(leg{.what = what.what, .role = leg_role::listens});
    added.session = c_.sessions++;
    added.listens_to = talk;
    added.is = leg_state::offering;
    add(offer_listener{added.session, talk, added.what.leg, c_.from.sdp, added.what.webrtc});
}

// It has answered, so that whoever leaves now leaves it with the other.
bool turning::has_third() {
    auto const* const third = c_.three ? find(c_.three->third) : nullptr;
    return third && third->is >= leg_state::connecting;
}

bool turning::is_of_three(session_number session) {
    auto const* const first = find(c_.three->first);
    return session == c_.three->callers || (first && session == first->session);
}

// Its session's other side is the mixer, and not the caller.
bool turning::has_mixer_beside(leg const& l) const {
    bool const is_mixed = c_.three && c_.three->is >= three_state::aside;
    return !takes_caller(l) || (is_mixed && l.what.leg == c_.three->first);
}

// While the caller is on his way out of the mixer their session hears it when he has come.
void turning::say_where(leg const& l) {
    if (listens(l)) return add(connect_to_room{l.session, l.what.leg, l.sdp});
    if (!c_.three) return;
    auto& t = *c_.three;
    bool const is_ending = t.is == three_state::moving_out;
    if (is_ending && l.what.leg == t.to) t.to_sdp = l.sdp;
    if (is_ending && (c_.moving_to || !may_stay_mixed())) return;
    if (l.role == leg_role::third)
        add(connect_to_room{l.session, l.what.leg, l.sdp});
    else
        add(mix_leg{l.session, t.room, l.sdp, l.for_caller, l.what.webrtc});
}

void turning::open_mixed_session(leg& third) {
    third.is = leg_state::moving;
    c_.three->is = three_state::opening;
    c_.three->callers = c_.sessions++;
    add(open_mixed{c_.three->callers, c_.three->room, c_.from.sdp});
}

// From here on the mixer has him. One of the two, or both, may have gone meanwhile.
void turning::came_to_mixer(bool from_elsewhere) {
    auto& t = *c_.three;
    c_.moving_to.reset();
    if (from_elsewhere) add(join_mixed{t.callers, t.room, c_.from.sdp});
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
    add(mix_leg{first->session, t.room, first->sdp, first->for_caller, first->what.webrtc});
    if (t.at_once) return join_all();
    add(mix_talk{t.room, {party::leg, party::third}});
    tell(told_third_joined{t.third, true});
}

// He would not: the talk stays what it was.
void turning::stayed_out(int sip_code) {
    c_.moving_to.reset();
    if (!find(c_.three->third)) return forget_three();
    c_.three->is = three_state::opening; // and there it ends
    drop(c_.three->third, leg_end::refused, sip_code);
}

void turning::join_all() {
    stop_music();
    c_.three->is = three_state::joined;
    add(mix_talk{c_.three->room, {party::caller, party::leg, party::third}});
    set_recording(c_.three->records);
    tell(told_third_joined{c_.three->third, false});
}

void turning::stop_music() {
    if (!c_.hears) return;
    c_.hears.reset();
    add(stop_sound{c_.session});
}

// The mixer connects the two until they are without it.
void turning::go_on_with(leg const& whom) {
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

// Of a caller by SRTP their session has forgotten which key it told him, once the mixer was in his
// place: it is asked for another first.
void turning::ask_out() {
    auto& t = *c_.three;
    if (t.tries >= most_tries && !may_stay_mixed())
        return end(ended_by::engine, call_end::media_lost);
    t.again_at.reset();
    ++t.tries;
    if (carriage_of(c_.from.sdp) != carriage::srtp) return ask_out_by({});
    t.again_at = now_ + tries_again_after;
    add(join_caller{t.to_session, c_.from.sdp, t.to_sdp, t.to_webrtc});
}

void turning::ask_out_by(std::string const& sdp) {
    auto& t = *c_.three;
    if (c_.moving_to) return;
    t.again_at.reset();
    if (!sdp.empty()) t.for_caller = sdp;
    c_.moving_to = t.to_session;
    add(move_caller{t.for_caller});
}

// Both ends have asked for something at the same time, as a rule. Who never goes speaks by the
// mixer as long as there is one; she may not have been there yet.
void turning::stayed_in() {
    auto& t = *c_.three;
    c_.moving_to.reset();
    t.again_at = now_ + tries_again_after;
    if (t.tries < most_tries) return;
    if (!may_stay_mixed()) return end(ended_by::engine, call_end::media_lost);
    t.again_at = now_ + tries_later_after;
    auto const& whom = *find(t.to);
    bool const is_first = t.to == t.first;
    if (is_first) add(mix_leg{whom.session, t.room, whom.sdp, whom.for_caller, whom.what.webrtc});
    add(mix_talk{t.room, {party::caller, is_first ? party::leg : party::third}});
}

// A caller by SRTP was given back to their session before he was asked.
bool turning::may_stay_mixed() {
    auto const& t = *c_.three;
    return t.has_mixer && find(t.to) && carriage_of(c_.from.sdp) != carriage::srtp;
}

void turning::came_from_mixer() {
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
void turning::three_without(leg const& was, leg_end why) {
    auto& t = *c_.three;
    auto* const first = find(t.first);
    auto* const third = find(t.third);
    bool const is_mixed = t.is == three_state::aside || t.is == three_state::joined;
    if (c_.without_caller) return end(ended_by::caller, call_end::hung_up);
    if (t.is == three_state::moving_out) return leave_mixer_for_nobody();
    if (was.what.leg == t.first && third && !stays_with_third(why)) {
        auto const id = t.third;
        return drop(id, leg_end::withdrawn);
    }
    if (is_mixed && !first && !third) return wait_alone();
    if (is_mixed) return go_on_with(first ? *first : *third);
    if (t.is != three_state::moving_in && !third) forget_three();
}

// Whom he was to go to is not there any more. On his way he hears the music when he has come.
void turning::leave_mixer_for_nobody() {
    if (c_.moving_to || find(c_.three->to)) return;
    auto const t = *std::exchange(c_.three, std::nullopt);
    close(t.to_session, {});
    add(close_room{t.room});
}

// Who hangs up hands over, as with any telephone. Of who is lost nobody knows whether she would
// have: who only spoke with her goes, and the caller is first in the line.
bool turning::stays_with_third(leg_end why) {
    bool const wanted = why == leg_end::hung_up || why == leg_end::transferred;
    bool const knows_him = c_.three->is == three_state::joined || c_.three->at_once;
    return has_third() && (wanted || knows_him);
}

// He hears music where he is.
void turning::wait_alone() {
    set_recording(false);
    add(close_room{std::exchange(c_.three, std::nullopt)->room});
    wait_with_music();
}

void turning::forget_three() {
    auto const t = *std::exchange(c_.three, std::nullopt);
    if (t.callers != 0) close(t.callers, {});
    add(close_room{t.room});
}

void turning::give_up_mixing() {
    auto& t = *c_.three;
    if (c_.without_caller) return end(ended_by::engine, call_end::media_lost);
    t.has_mixer = false;
    bool const is_mixed = t.is >= three_state::aside;
    if (is_mixed) set_recording(false);
    if (is_mixed && !c_.hears) start(by_.music, true); // until he is where he is heard
    if (t.is == three_state::moving_out) {             // on his way already, or asked a last time
        if (t.again_at) t.again_at = now_;
        t.tries = std::min(t.tries, most_tries - 1);
        return;
    }
    if (find(t.third)) drop(t.third, leg_end::no_media);
}

// He has hung up on two who speak on: with 120 there is more to say.
void turning::leave_two() {
    c_.without_caller = true;
    tell(told_caller_left{});
    if (c_.hears) c_.hears.reset();
    c_.is_recorded = false;
    close(c_.session, {});
    c_.three->is = three_state::joined;
    add(mix_talk{c_.three->room, {party::leg, party::third}});
}

void turning::begin_listening(leg& l) {
    l.is = leg_state::talking;
    add(mix_talk{l.session, {party::caller, party::leg, party::third}});
    tell(told_listening{l.what.leg});
}

void turning::end_listener(leg const& was) {
    add(end_listening{was.listens_to, was.what.leg});
    add(close_session{was.session, {}});
    add(close_room{was.session});
}

void turning::dismiss_listeners(session_number of) {
    auto const is = [&](leg const& l) { return l.role == leg_role::listens && l.listens_to == of; };
    drop_all(is, leg_end::call_ended);
}

} // namespace linli::hotline
