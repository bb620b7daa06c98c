#include "hotline/link/messages.hpp"

#include <algorithm>
#include <utility>

#include <google/protobuf/util/time_util.h>

#include "hotline/core/command_rules.hpp"
#include "linli/hotline/v1/hotline.pb.h"

namespace linli::hotline::messages {

namespace {

namespace v1 = ::linli::hotline::v1;
using google::protobuf::Timestamp;
using google::protobuf::util::TimeUtil;

constexpr std::int64_t longest_timeout_s = 3600;

std::string framed(std::string_view body) {
    std::string bytes;
    bytes.reserve(length_bytes + body.size());
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes += static_cast<char>(body.size() >> shift & 0xFFU);
    bytes += body;
    return bytes;
}

std::string framed(v1::FromEngine const& message) {
    return framed(message.SerializeAsString());
}

Timestamp time_of(instant at) {
    return TimeUtil::MicrosecondsToTimestamp(at.time_since_epoch().count());
}

v1::LegEnd wire(leg_end why) {
    switch (why) {
    case leg_end::refused:
        return v1::LEG_END_REFUSED;
    case leg_end::not_answered:
        return v1::LEG_END_NOT_ANSWERED;
    case leg_end::withdrawn:
        return v1::LEG_END_WITHDRAWN;
    case leg_end::answered_elsewhere:
        return v1::LEG_END_ANSWERED_ELSEWHERE;
    case leg_end::transferred:
        return v1::LEG_END_TRANSFERRED;
    case leg_end::hung_up:
        return v1::LEG_END_HUNG_UP;
    case leg_end::lost:
        return v1::LEG_END_LOST;
    case leg_end::no_media:
        return v1::LEG_END_NO_MEDIA;
    case leg_end::call_ended:
        return v1::LEG_END_CALL_ENDED;
    }
    return v1::LEG_END_UNSPECIFIED;
}

v1::EndedBy wire(ended_by by) {
    switch (by) {
    case ended_by::caller:
        return v1::ENDED_BY_CALLER;
    case ended_by::leg:
        return v1::ENDED_BY_LEG;
    case ended_by::server:
        return v1::ENDED_BY_SERVER;
    case ended_by::engine:
        return v1::ENDED_BY_ENGINE;
    }
    return v1::ENDED_BY_UNSPECIFIED;
}

v1::CallEnd wire(call_end why) {
    switch (why) {
    case call_end::hung_up:
        return v1::CALL_END_HUNG_UP;
    case call_end::no_line:
        return v1::CALL_END_NO_LINE;
    case call_end::no_codec:
        return v1::CALL_END_NO_CODEC;
    case call_end::no_media:
        return v1::CALL_END_NO_MEDIA;
    case call_end::media_lost:
        return v1::CALL_END_MEDIA_LOST;
    case call_end::too_long:
        return v1::CALL_END_TOO_LONG;
    case call_end::engine_lost:
        return v1::CALL_END_ENGINE_LOST;
    case call_end::busy:
        return v1::CALL_END_BUSY;
    case call_end::refused:
        return v1::CALL_END_REFUSED;
    case call_end::not_answered:
        return v1::CALL_END_NOT_ANSWERED;
    case call_end::spoken:
        return v1::CALL_END_SPOKEN;
    case call_end::pressed:
        return v1::CALL_END_PRESSED;
    }
    return v1::CALL_END_UNSPECIFIED;
}

v1::Refusal wire(refusal why) {
    switch (why) {
    case refusal::none:
        return v1::REFUSAL_UNSPECIFIED;
    case refusal::unknown_call:
        return v1::REFUSAL_UNKNOWN_CALL;
    case refusal::unknown_leg:
        return v1::REFUSAL_UNKNOWN_LEG;
    case refusal::unknown_sound:
        return v1::REFUSAL_UNKNOWN_SOUND;
    case refusal::not_now:
        return v1::REFUSAL_NOT_NOW;
    case refusal::too_many_legs:
        return v1::REFUSAL_TOO_MANY_LEGS;
    case refusal::no_line:
        return v1::REFUSAL_NO_LINE;
    case refusal::not_understood:
        return v1::REFUSAL_NOT_UNDERSTOOD;
    }
    return v1::REFUSAL_UNSPECIFIED;
}

v1::CallState wire(call_state is) {
    switch (is) {
    case call_state::opening:
    case call_state::answering:
        return v1::CALL_STATE_ARRIVING;
    case call_state::calling:
        return v1::CALL_STATE_CALLING;
    case call_state::waiting:
        return v1::CALL_STATE_WAITING;
    case call_state::talking:
        return v1::CALL_STATE_TALKING;
    case call_state::ended:
        break;
    }
    return v1::CALL_STATE_UNSPECIFIED;
}

v1::LegState wire(leg_state is) {
    switch (is) {
    case leg_state::queued:
    case leg_state::offering:
    case leg_state::ringing:
        return v1::LEG_STATE_RINGING;
    case leg_state::connecting:
    case leg_state::moving:
        return v1::LEG_STATE_CONNECTING;
    case leg_state::talking:
        return v1::LEG_STATE_TALKING;
    }
    return v1::LEG_STATE_UNSPECIFIED;
}

struct news_writer {
    v1::Event& to;

    void operator()(told_offered const& what) const {
        auto* const out = to.mutable_offered();
        out->set_number(what.number);
        out->set_dialled(what.dialled);
        out->set_trunk(what.trunk);
    }
    void operator()(told_placed const& what) const {
        to.mutable_placed()->set_reference(what.reference);
        to.mutable_placed()->set_to(what.to);
    }
    void operator()(told_ringing const&) const { to.mutable_ringing(); }
    void operator()(told_answered const&) const { to.mutable_answered(); }
    void operator()(told_announcement_ended const& what) const {
        to.mutable_announcement_ended()->set_sound(what.what.value);
    }
    void operator()(told_leg_ringing const& what) const {
        to.mutable_leg_ringing()->set_leg(what.leg.value);
    }
    void operator()(told_leg_answered const& what) const {
        to.mutable_leg_answered()->set_leg(what.leg.value);
    }
    void operator()(told_leg_gone const& what) const {
        auto* const out = to.mutable_leg_gone();
        out->set_leg(what.leg.value);
        out->set_why(wire(what.why));
        out->set_sip_code(static_cast<std::uint32_t>(what.sip_code));
    }
    void operator()(told_bridged const& what) const {
        to.mutable_bridged()->set_leg(what.leg.value);
    }
    void operator()(told_third_joined const& what) const {
        to.mutable_third_joined()->set_leg(what.leg.value);
        to.mutable_third_joined()->set_aside(what.aside);
    }
    void operator()(told_listening const& what) const {
        to.mutable_listening()->set_leg(what.leg.value);
    }
    void operator()(told_caller_left const&) const { to.mutable_caller_left(); }
    void operator()(told_held const&) const { to.mutable_held(); }
    void operator()(told_resumed const&) const { to.mutable_resumed(); }
    void operator()(told_digit const& what) const {
        to.mutable_digit()->set_digit(std::string(1, what.digit));
        to.mutable_digit()->set_leg(what.leg);
    }
    void operator()(told_digits const& what) const {
        to.mutable_digits_collected()->set_digits(what.digits);
        to.mutable_digits_collected()->set_in_time(what.in_time);
    }
    void operator()(told_media const& what) const {
        auto* const out = to.mutable_media_counted();
        out->set_leg(what.leg.value);
        out->set_packets_from_caller(what.from_caller);
        out->set_packets_from_leg(what.from_leg);
    }
    void operator()(told_ended const& what) const {
        to.mutable_ended()->set_by(wire(what.by));
        to.mutable_ended()->set_why(wire(what.why));
        to.mutable_ended()->set_digits(what.digits);
        to.mutable_ended()->set_sip_code(static_cast<std::uint32_t>(what.sip_code));
    }
};

v1::LegRole wire(leg_role is) {
    switch (is) {
    case leg_role::takes_caller:
        break;
    case leg_role::third:
        return v1::LEG_ROLE_THIRD;
    case leg_role::listens:
        return v1::LEG_ROLE_LISTENS;
    }
    return v1::LEG_ROLE_UNSPECIFIED;
}

// What a running call and an ended one have in common.
template <class Message>
void write_common(call const& c, Message& to) {
    to.set_id(c.from.id.value);
    if (c.placed) {
        to.mutable_placed()->set_reference(c.placed->reference);
        to.mutable_placed()->set_to(c.placed->to);
    } else {
        to.mutable_offered()->set_number(c.from.number);
        to.mutable_offered()->set_dialled(c.from.dialled);
        to.mutable_offered()->set_trunk(c.from.trunk);
    }
    *to.mutable_came_at() = time_of(c.came_at);
    if (c.answered_at) *to.mutable_answered_at() = time_of(*c.answered_at);
    if (c.talked_at) *to.mutable_talked_at() = time_of(*c.talked_at);
}

void write(call const& c, v1::Call& to) {
    write_common(c, to);
    to.set_state(wire(c.is));
    to.set_held(c.held);
    to.set_caller_left(c.without_caller);
    for (auto const& each : c.legs) {
        auto* const out = to.add_legs();
        out->set_id(each.what.leg.value);
        out->set_address(each.what.address);
        out->set_state(wire(each.is));
        out->set_duty(each.duty);
        out->set_role(wire(each.role));
        bool const is_third = c.three && each.what.leg == c.three->third;
        out->set_aside(is_third && c.three->is == three_state::aside);
    }
}

// Nothing, when it is none, negative or beyond all sense.
std::optional<milliseconds> timeout_of(google::protobuf::Duration const& from) {
    auto const s = from.seconds();
    if (s < 0 || from.nanos() < 0 || s > longest_timeout_s) return std::nullopt;
    milliseconds const length(s * 1000 + from.nanos() / 1'000'000);
    return length.count() > 0 ? std::optional(length) : std::nullopt;
}

std::optional<ring> read_ring(v1::Ring const& from) {
    auto const timeout = timeout_of(from.timeout());
    ring what;
    what.leg.value = from.leg();
    what.address = from.address();
    what.webrtc = from.webrtc();
    for (auto const& [name, value] : from.headers())
        what.headers.emplace(name, value);
    if (!timeout || !may_ring(what)) return std::nullopt;
    what.timeout = *timeout;
    return what;
}

std::optional<command> read_add_third(v1::AddThird const& from) {
    auto rung = read_ring(from.ring());
    if (!rung) return std::nullopt;
    return add_third{std::move(*rung), from.at_once()};
}

std::optional<command> read_listen(v1::Listen const& from) {
    auto rung = read_ring(from.ring());
    if (!rung) return std::nullopt;
    return listen{std::move(*rung)};
}

std::optional<command> read_collect(v1::CollectDigits const& from) {
    auto const timeout = timeout_of(from.timeout());
    if (!timeout || from.most() == 0 || from.most() > most_digits || from.end().size() > 1)
        return std::nullopt;
    return collect_digits{from.most(), from.end().empty() ? '\0' : from.end()[0], *timeout};
}

std::optional<speak> read_speak(v1::Speak const& from) {
    auto const pause = timeout_of(from.pause());
    if (!pause) return std::nullopt;
    speak what;
    for (auto const& each : from.sounds())
        what.sounds.push_back({each});
    what.times = from.times();
    what.pause = *pause;
    what.accepts = from.accepts();
    if (!from.thanks().empty()) what.thanks = sound{from.thanks()};
    if (from.has_answer_within()) {
        what.answer_within = timeout_of(from.answer_within());
        if (!what.answer_within) return std::nullopt;
    }
    return what;
}

std::optional<command> read_say(v1::Say const& from) {
    say what;
    for (auto const& each : from.sounds())
        what.sounds.push_back({each});
    if (!may_say(what.sounds)) return std::nullopt;
    return what;
}

std::optional<originate> read_originate(v1::Originate const& from) {
    auto const timeout = timeout_of(from.timeout());
    auto said = from.has_speak() ? read_speak(from.speak()) : std::nullopt;
    auto rung = from.has_connect() ? read_ring(from.connect()) : std::nullopt;
    if (!timeout || (!said && !rung)) return std::nullopt;
    originate what{from.reference(), from.to(), from.from(), *timeout, {}};
    if (rung)
        what.then = std::move(*rung);
    else
        what.then = std::move(*said);
    return may_originate(what) ? std::optional(std::move(what)) : std::nullopt;
}

std::optional<command> read_command(v1::Command const& from) {
    switch (from.what_case()) {
    case v1::Command::kPlay:
        if (!is_sound(from.play().sound())) return std::nullopt;
        return play{{from.play().sound()}, from.play().repeat()};
    case v1::Command::kStopPlaying:
        return stop_playing{};
    case v1::Command::kRing:
        return read_ring(from.ring());
    case v1::Command::kAddThird:
        return read_add_third(from.add_third());
    case v1::Command::kJoinThird:
        return join_third{};
    case v1::Command::kLeave:
        return leave{};
    case v1::Command::kListen:
        return read_listen(from.listen());
    case v1::Command::kWithdraw:
        return withdraw{{from.withdraw().leg()}};
    case v1::Command::kPark:
        return park{};
    case v1::Command::kHold:
        return hold{};
    case v1::Command::kResume:
        return resume{};
    case v1::Command::kCollectDigits:
        return read_collect(from.collect_digits());
    case v1::Command::kRecord:
        return record{from.record().on()};
    case v1::Command::kHangUp:
        return hang_up{};
    case v1::Command::kRingDuty:
        return ring_duty{from.ring_duty().on()};
    case v1::Command::kSay:
        return read_say(from.say());
    case v1::Command::kOriginate: // begins a call, and is none's
    case v1::Command::WHAT_NOT_SET:
        break;
    }
    return std::nullopt;
}

} // namespace

std::string hello(std::string_view run, std::uint64_t events_dropped, instant now) {
    v1::FromEngine message;
    message.mutable_hello()->set_engine(std::string(run));
    message.mutable_hello()->set_events_dropped(events_dropped);
    *message.mutable_hello()->mutable_now() = time_of(now);
    return framed(message);
}

std::string alive(instant now) {
    v1::FromEngine message;
    *message.mutable_alive()->mutable_now() = time_of(now);
    return framed(message);
}

std::string told(event const& what) {
    v1::FromEngine message;
    auto* const out = message.mutable_event();
    out->set_sequence(what.sequence);
    out->set_call(what.call.value);
    *out->mutable_at() = time_of(what.at);
    out->set_of_placed(!what.reference.empty());
    out->set_reference(what.reference);
    std::visit(news_writer{*out}, what.what);
    return framed(message);
}

std::string snapshot(std::vector<call const*> const& calls, std::uint64_t as_of) {
    v1::FromEngine message;
    auto* const out = message.mutable_snapshot();
    out->set_as_of_sequence(as_of);
    for (auto const* const each : calls)
        write(*each, *out->add_calls());
    return framed(message);
}

std::string answered(std::string_view command, answer const& given) {
    v1::FromEngine message;
    message.mutable_answer()->set_id(std::string(command));
    message.mutable_answer()->set_refusal(wire(given.why));
    message.mutable_answer()->set_call(given.begun.value);
    return framed(message);
}

std::string ended_call(call const& c) {
    v1::EndedCall message;
    write_common(c, message);
    if (c.ended_at) {
        *message.mutable_ended_at() = time_of(*c.ended_at);
        message.set_by(wire(c.by));
        message.set_why(wire(c.why));
    }
    message.set_digits(c.pressed);
    message.set_sip_code(static_cast<std::uint32_t>(c.sip_code));
    message.set_leg(c.last_leg);
    message.set_address(c.last_address);
    return message.SerializeAsString();
}

std::string framed_ended_call(std::string_view on_disk) {
    v1::FromEngine message;
    message.mutable_ended_call()->ParseFromArray(on_disk.data(), static_cast<int>(on_disk.size()));
    return framed(message);
}

std::optional<call_on_disk> read_ended_call(std::string_view on_disk) {
    v1::EndedCall message;
    if (!message.ParseFromArray(on_disk.data(), static_cast<int>(on_disk.size())))
        return std::nullopt;
    return call_on_disk{{message.id()}, message.has_ended_at()};
}

std::string engine_lost(std::string_view on_disk, instant at) {
    v1::EndedCall message;
    message.ParseFromArray(on_disk.data(), static_cast<int>(on_disk.size()));
    *message.mutable_ended_at() = time_of(at);
    message.set_by(v1::ENDED_BY_ENGINE);
    message.set_why(v1::CALL_END_ENGINE_LOST);
    return message.SerializeAsString();
}

std::optional<from_server> read(std::string_view body) {
    v1::ToEngine message;
    if (!message.ParseFromArray(body.data(), static_cast<int>(body.size()))) return std::nullopt;
    switch (message.what_case()) {
    case v1::ToEngine::kCommand: {
        auto const& from = message.command();
        if (from.has_originate()) return wanted_call{from.id(), read_originate(from.originate())};
        return wanted{from.id(), {from.call()}, read_command(from)};
    }
    case v1::ToEngine::kAcknowledge: {
        acknowledged what{message.acknowledge().through_sequence(), {}};
        for (auto const& each : message.acknowledge().ended_calls())
            what.ended_calls.push_back({each});
        return what;
    }
    case v1::ToEngine::kBoundNumbers: {
        auto const& from = message.bound_numbers();
        return bound_numbers{from.begins(), {from.numbers().begin(), from.numbers().end()}};
    }
    case v1::ToEngine::kAlive:
    case v1::ToEngine::WHAT_NOT_SET:
        break; // a newer server's word is a sign of life as well
    }
    return is_alive{};
}

std::uint32_t length_of(std::string_view bytes) {
    std::uint32_t length = 0;
    for (std::size_t i = 0; i < length_bytes; ++i)
        length = length << 8U | static_cast<unsigned char>(bytes[i]);
    return length;
}

} // namespace linli::hotline::messages
