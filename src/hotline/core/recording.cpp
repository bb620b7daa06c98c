// What is recorded, and that he has heard that it is.
#include "hotline/core/turning.hpp"

namespace linli::hotline {

void turning::on(record const& what) {
    bool const may_be = c_.consent == consent_state::heard || !what.on;
    bool const is_free = !c_.three && !c_.held && !is_hearing_consent();
    bool const is_two = c_.is == call_state::talking && is_free;
    if (!is_two || !may_be) return refuse(refusal::not_now);
    set_recording(what.on);
}

bool turning::is_hearing_consent() const {
    return c_.consent == consent_state::asked_for || c_.consent == consent_state::being_said;
}

// Whom we have called hears it when she for whom we called is there already: neither hears the
// other meanwhile, and she hears the same words, so that she knows when to speak.
void turning::say_consent() {
    c_.consent = consent_state::asked_for;
    if (c_.is == call_state::talking) {
        add(silence_talk{c_.session, true});
        add(start_sound{c_.session, *by_.consent, false, side::leg});
    }
    start(*by_.consent, false);
    c_.hears->until = now_ + by_.longest_consent; // until we know better
}

// A life may hang on the talk: it waits for words of a few seconds, and for no others.
void turning::take_consent(playing const& what) {
    bool const can_be_waited_for = what.length <= by_.longest_consent;
    bool const is_over = what.has_failed || !can_be_waited_for;
    if (is_over && c_.is == call_state::talking) return begin_talk_after_consent(false);
    if (what.has_failed || !can_be_waited_for)
        c_.consent = consent_state::not_heard;
    else
        c_.consent = consent_state::being_said;
    if (what.length.count() > 0) c_.hears->until = now_ + what.length;
    if (what.has_failed) start(by_.greeting, false);
    if (c_.consent == consent_state::not_heard) move_who_waits();
}

void turning::end_consent() {
    bool const is_heard = c_.consent == consent_state::being_said;
    if (c_.is == call_state::talking) return begin_talk_after_consent(is_heard);
    c_.consent = is_heard ? consent_state::heard : consent_state::not_heard;
    start(by_.greeting, false);
    move_who_waits();
}

void turning::begin_talk_after_consent(bool is_heard) {
    give_up_consent();
    if (is_heard) c_.consent = consent_state::heard;
    set_recording(is_heard);
    move_who_waits();
}

void turning::give_up_consent() {
    c_.consent = consent_state::not_heard;
    c_.hears.reset();
    add(stop_sound{c_.session});
    add(stop_sound{c_.session, side::leg});
    add(silence_talk{c_.session, false});
}

void turning::move_who_waits() {
    auto const moving = std::ranges::find(c_.legs, leg_state::moving, &leg::is);
    auto const sdp = std::exchange(c_.moves_with, {});
    if (!sdp.empty() && moving != c_.legs.end()) move_to(*moving, sdp);
}

void turning::set_recording(bool on) {
    if (std::exchange(c_.is_recorded, on) != on) add(switch_recording{c_.session, on});
}

// What she says while he hears music is for somebody else.
void turning::pause_recording() {
    if (c_.is_recorded) add(switch_recording{c_.session, false});
}

void turning::go_on_recording() {
    if (c_.is_recorded) add(switch_recording{c_.session, true});
}

} // namespace linli::hotline
