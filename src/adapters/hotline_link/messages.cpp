#include "adapters/hotline_link/messages.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <google/protobuf/util/time_util.h>

#include "linli/hotline/v1/hotline.pb.h"

namespace linli::hotline_link {

namespace {

namespace v1 = ::linli::hotline::v1;
using google::protobuf::Timestamp;
using google::protobuf::util::TimeUtil;

constexpr std::size_t longest_name = 200;
constexpr std::size_t longest_number = 40;
constexpr std::size_t numbers_in_a_message = 10'000;
constexpr std::int32_t nanos_per_second = 1'000'000'000;

std::string framed(v1::ToEngine const& message) {
    auto const body = message.SerializeAsString();
    std::string bytes;
    bytes.reserve(length_bytes + body.size());
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes += static_cast<char>(body.size() >> shift & 0xFFU);
    return bytes += body;
}

// A time that can't be is the beginning of all time: the record keeps what else is told.
domain::instant time_of(Timestamp const& at) {
    bool const is_possible = at.seconds() >= 0 && at.seconds() <= TimeUtil::kTimestampMaxSeconds &&
                             at.nanos() >= 0 && at.nanos() < nanos_per_second;
    if (!is_possible) return {};
    return domain::instant(domain::duration(TimeUtil::TimestampToMicroseconds(at)));
}

std::string name_of(std::string const& text) {
    return text.substr(0, longest_name);
}

app::line_offered offered_of(v1::Offered const& from) {
    return {from.number().substr(0, longest_number), from.dialled().substr(0, longest_number)};
}

domain::attempt_end end_of(v1::LegEnd why) {
    using domain::attempt_end;
    switch (why) {
    case v1::LEG_END_REFUSED:
        return attempt_end::refused;
    case v1::LEG_END_NOT_ANSWERED:
        return attempt_end::not_answered;
    case v1::LEG_END_WITHDRAWN:
        return attempt_end::withdrawn;
    case v1::LEG_END_ANSWERED_ELSEWHERE:
        return attempt_end::elsewhere;
    case v1::LEG_END_TRANSFERRED:
        return attempt_end::transferred;
    case v1::LEG_END_HUNG_UP:
        return attempt_end::hung_up;
    case v1::LEG_END_NO_MEDIA:
        return attempt_end::no_media;
    case v1::LEG_END_CALL_ENDED:
        return attempt_end::call_ended;
    default: // also what a newer engine says: the caller waits again
        return attempt_end::lost;
    }
}

app::line_refusal refusal_of(v1::Refusal why) {
    using app::line_refusal;
    switch (why) {
    case v1::REFUSAL_UNSPECIFIED:
        return line_refusal::none;
    case v1::REFUSAL_UNKNOWN_CALL:
        return line_refusal::unknown_call;
    case v1::REFUSAL_UNKNOWN_LEG:
        return line_refusal::unknown_leg;
    case v1::REFUSAL_UNKNOWN_SOUND:
        return line_refusal::unknown_sound;
    case v1::REFUSAL_NOT_NOW:
        return line_refusal::not_now;
    case v1::REFUSAL_NO_LINE:
        return line_refusal::no_line;
    default:
        return line_refusal::else_;
    }
}

app::line_event event_of(v1::Event const& from) {
    app::line_event told;
    told.sequence = from.sequence();
    told.call = name_of(from.call());
    told.at = time_of(from.at());
    if (from.of_placed()) return told; // for whoever began it
    switch (from.what_case()) {
    case v1::Event::kOffered:
        told.what = offered_of(from.offered());
        break;
    case v1::Event::kAnswered:
        told.what = app::line_answered{};
        break;
    case v1::Event::kLegRinging:
        told.what = app::leg_rings{name_of(from.leg_ringing().leg())};
        break;
    case v1::Event::kLegAnswered:
        told.what = app::leg_answers{name_of(from.leg_answered().leg())};
        break;
    case v1::Event::kLegGone:
        told.what = app::leg_ends{name_of(from.leg_gone().leg()), end_of(from.leg_gone().why()),
                                  static_cast<int>(from.leg_gone().sip_code())};
        break;
    case v1::Event::kBridged:
        told.what = app::leg_talks{name_of(from.bridged().leg())};
        break;
    case v1::Event::kThirdJoined:
        told.what =
            app::third_joins{name_of(from.third_joined().leg()), from.third_joined().aside()};
        break;
    case v1::Event::kHeld:
        told.what = app::line_held{};
        break;
    case v1::Event::kResumed:
        told.what = app::line_resumed{};
        break;
    case v1::Event::kEnded:
        told.what = app::line_ended{};
        break;
    default:
        break;
    }
    return told;
}

app::leg_state state_of(v1::LegState is) {
    if (is == v1::LEG_STATE_TALKING) return app::leg_state::talks;
    return is == v1::LEG_STATE_CONNECTING ? app::leg_state::connects : app::leg_state::rings;
}

domain::attempt_role role_of(v1::LegRole role) {
    if (role == v1::LEG_ROLE_THIRD) return domain::attempt_role::third;
    return role == v1::LEG_ROLE_LISTENS ? domain::attempt_role::listens
                                        : domain::attempt_role::takes_caller;
}

app::line_state state_of(v1::CallState is) {
    if (is == v1::CALL_STATE_TALKING) return app::line_state::talks;
    return is == v1::CALL_STATE_WAITING ? app::line_state::waits : app::line_state::arrives;
}

app::lines_snapshot snapshot_of(v1::Snapshot const& from) {
    app::lines_snapshot all;
    all.as_of = from.as_of_sequence();
    for (auto const& each : from.calls()) {
        if (each.has_placed()) {
            all.placed.insert(name_of(each.placed().reference()));
            if (each.has_answered_at()) all.heard.insert(name_of(each.placed().reference()));
            continue;
        }
        auto& call = all.calls.emplace_back();
        call.call = name_of(each.id());
        call.offered = offered_of(each.offered());
        call.came_at = time_of(each.came_at());
        if (each.has_talked_at()) call.talked_at = time_of(each.talked_at());
        call.is = state_of(each.state());
        call.is_held = each.held();
        for (auto const& leg : each.legs())
            call.legs.push_back({name_of(leg.id()), leg.address(), state_of(leg.state()),
                                 role_of(leg.role()), leg.aside()});
    }
    return all;
}

app::line_over over_of(v1::EndedCall const& from) {
    app::line_over was;
    was.call = name_of(from.id());
    was.offered = offered_of(from.offered());
    was.came_at = time_of(from.came_at());
    if (from.has_talked_at()) was.talked_at = time_of(from.talked_at());
    was.ended_at = time_of(from.ended_at());
    was.address = name_of(from.address());
    return was;
}

// By which code somebody has refused.
domain::placed_end refused_by(std::uint32_t sip_code) {
    constexpr std::array<std::uint32_t, 5> no_such{404, 410, 484, 485, 604};
    constexpr std::uint32_t of_servers = 500;
    constexpr std::uint32_t of_everybody = 600;
    if (std::ranges::find(no_such, sip_code) != no_such.end())
        return domain::placed_end::no_such_number;
    bool const is_trunks = sip_code >= of_servers && sip_code < of_everybody;
    return is_trunks ? domain::placed_end::failed : domain::placed_end::declined;
}

domain::placed_end placed_end_of(v1::EndedCall const& from) {
    using domain::placed_end;
    if (from.has_talked_at() && from.why() != v1::CALL_END_ENGINE_LOST) return placed_end::talked;
    switch (from.why()) {
    case v1::CALL_END_PRESSED:
        return placed_end::pressed;
    case v1::CALL_END_SPOKEN:
        return placed_end::spoken;
    case v1::CALL_END_HUNG_UP:
        return from.by() == v1::ENDED_BY_SERVER ? placed_end::withdrawn : placed_end::hung_up;
    case v1::CALL_END_BUSY:
        return placed_end::busy;
    case v1::CALL_END_NOT_ANSWERED:
        return placed_end::not_answered;
    case v1::CALL_END_REFUSED:
        return refused_by(from.sip_code());
    case v1::CALL_END_ENGINE_LOST:
        return placed_end::lost;
    default: // no line, no sound; also what a newer engine says
        return placed_end::failed;
    }
}

app::placed_over placed_of(v1::EndedCall const& from) {
    app::placed_over was{name_of(from.id()), name_of(from.placed().reference()),
                         placed_end_of(from)};
    bool const is_by_key = was.how == domain::placed_end::pressed && !from.digits().empty();
    if (is_by_key) was.key = from.digits().back(); // the engine hears none after it
    return was;
}

std::optional<app::placed_news> news_of_placed(v1::Event const& from) {
    if (!from.of_placed()) return std::nullopt;
    auto const& digit = from.digit();
    if (from.has_answered()) return app::placed_news{name_of(from.reference())};
    bool const is_his = from.has_digit() && digit.leg().empty() && digit.digit().size() == 1;
    if (!is_his) return std::nullopt;
    return app::placed_news{name_of(from.reference()), digit.digit()[0]};
}

struct command_writer {
    v1::Command& to;

    void operator()(app::line_plays const& what) const { to.mutable_play()->set_sound(what.sound); }
    void operator()(app::ring_leg const& what) const { write(what, *to.mutable_ring()); }
    static void write(app::ring_leg const& what, v1::Ring& out) {
        out.set_leg(what.leg);
        out.set_address(what.address);
        *out.mutable_timeout() = TimeUtil::SecondsToDuration(what.timeout.count());
        for (auto const& [name, value] : what.headers)
            (*out.mutable_headers())[name] = value;
        out.set_webrtc(what.webrtc);
    }
    void operator()(app::speak_line const& what) const {
        auto& out = *to.mutable_originate()->mutable_speak();
        for (auto const& each : what.sounds)
            out.add_sounds(each);
        out.set_times(what.times);
        *out.mutable_pause() = TimeUtil::SecondsToDuration(what.pause.count());
        out.set_accepts(what.accepts);
        out.set_thanks(what.thanks);
        if (what.answer_within.count() > 0)
            *out.mutable_answer_within() = TimeUtil::SecondsToDuration(what.answer_within.count());
    }
    void operator()(app::place_line const& what) const {
        auto& out = *to.mutable_originate();
        out.set_reference(what.reference);
        out.set_to(what.to);
        *out.mutable_timeout() = TimeUtil::SecondsToDuration(what.timeout.count());
        if (auto const* const leg = std::get_if<app::ring_leg>(&what.then))
            write(*leg, *out.mutable_connect());
        else
            (*this)(std::get<app::speak_line>(what.then));
    }
    void operator()(app::withdraw_leg const& what) const {
        to.mutable_withdraw()->set_leg(what.leg);
    }
    void operator()(app::add_third_leg const& what) const {
        write(what.whom, *to.mutable_add_third()->mutable_ring());
    }
    void operator()(app::join_third_line const&) const { to.mutable_join_third(); }
    void operator()(app::leave_line const&) const { to.mutable_leave(); }
    void operator()(app::listen_leg const& what) const {
        write(what.who, *to.mutable_listen()->mutable_ring());
    }
    void operator()(app::ring_duty const& what) const { to.mutable_ring_duty()->set_on(what.on); }
    void operator()(app::say_line const& what) const {
        for (auto const& each : what.sounds)
            to.mutable_say()->add_sounds(each);
    }
    void operator()(app::park_line const&) const { to.mutable_park(); }
    void operator()(app::hold_line const&) const { to.mutable_hold(); }
    void operator()(app::resume_line const&) const { to.mutable_resume(); }
    void operator()(app::hang_up_line const&) const { to.mutable_hang_up(); }
};

} // namespace

std::size_t length_of(std::string_view bytes) {
    std::size_t length = 0;
    for (char const each : bytes.substr(0, length_bytes))
        length = length << 8U | static_cast<unsigned char>(each);
    return length;
}

heard hear(std::string_view body, app::hotline_listener& tell) {
    v1::FromEngine said;
    if (body.size() > largest || !said.ParseFromArray(body.data(), static_cast<int>(body.size())))
        return heard::not_understood;
    switch (said.what_case()) {
    case v1::FromEngine::kHello:
        tell.lines_came(name_of(said.hello().engine()));
        if (said.hello().has_now()) tell.lines_clock(time_of(said.hello().now()));
        return heard::hello;
    case v1::FromEngine::kEvent:
        tell.line_happened(event_of(said.event()));
        if (auto const news = news_of_placed(said.event())) tell.placed_happened(*news);
        return heard::news;
    case v1::FromEngine::kSnapshot:
        tell.lines_stand(snapshot_of(said.snapshot()));
        return heard::snapshot;
    case v1::FromEngine::kEndedCall:
        if (said.ended_call().has_placed())
            tell.placed_was(placed_of(said.ended_call()));
        else
            tell.line_was(over_of(said.ended_call()));
        return heard::news;
    case v1::FromEngine::kAnswer:
        tell.lines_answered(said.answer().id(), refusal_of(said.answer().refusal()));
        return heard::news;
    case v1::FromEngine::kAlive:
        if (said.alive().has_now()) tell.lines_clock(time_of(said.alive().now()));
        return heard::alive;
    case v1::FromEngine::WHAT_NOT_SET:
        break;
    }
    return heard::nothing;
}

std::string alive() {
    v1::ToEngine message;
    message.mutable_alive();
    return framed(message);
}

std::string command(std::string const& id, std::string const& call, app::line_command const& what) {
    v1::ToEngine message;
    auto& out = *message.mutable_command();
    out.set_id(id);
    out.set_call(call);
    std::visit(command_writer{out}, what);
    return framed(message);
}

std::string acknowledge(std::uint64_t through, std::vector<std::string> const& ended_calls) {
    v1::ToEngine message;
    message.mutable_acknowledge()->set_through_sequence(through);
    for (auto const& each : ended_calls)
        message.mutable_acknowledge()->add_ended_calls(each);
    return framed(message);
}

std::vector<std::string> bound_numbers(std::vector<std::string> const& all) {
    std::vector<std::string> messages;
    for (std::size_t from = 0; from == 0 || from < all.size(); from += numbers_in_a_message) {
        v1::ToEngine message;
        auto& out = *message.mutable_bound_numbers();
        out.set_begins(from == 0);
        auto const until = std::min(all.size(), from + numbers_in_a_message);
        for (auto i = from; i < until; ++i)
            out.add_numbers(all[i]);
        messages.push_back(framed(message));
    }
    return messages;
}

} // namespace linli::hotline_link
