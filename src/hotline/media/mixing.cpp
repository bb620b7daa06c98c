// Three in one talk: each of them has a session whose other side is the mixer. And who listens:
// what a session's two sides send goes to him as well.
#include <algorithm>
#include <array>
#include <utility>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include "hotline/core/party.hpp"
#include "hotline/media/ng_requests.hpp"
#include "hotline/media/rtpengine.hpp"
#include "hotline/media/session_name.hpp"

namespace linli::hotline {

namespace {

namespace log = runtime::log;
using namespace ng;

constexpr milliseconds room_is_looked_at_every{500};

dictionary to_mixer(std::string_view command, std::string room) {
    return {{"command", value(command)}, {"room", value(std::move(room))}};
}

// The mixer is where it says it is; whoever sends from elsewhere isn't it.
list as_mixer() {
    return {value("asymmetric"), value(keeps_ports)};
}

int codec_of(std::string_view sdp) {
    return usable_audio(sdp).value_or(audio_offer()).codec;
}

constexpr std::array listened_to{party::caller, party::leg};

std::string listener_tag(leg_id const& of, party to) {
    return "listens-" + of.value + '-' + std::string(to_text(to));
}

} // namespace

void rtpengine::offer(call_id const& call, offer_third what) {
    add(call, [this, call, what = std::move(what)] { return offer_third_now(call, what); });
}

void rtpengine::connect(call_id const& call, connect_to_room what) {
    add(call, [this, call, what = std::move(what)] { return connect_to_room_now(call, what); });
}

void rtpengine::open(call_id const& call, open_mixed what) {
    add(call, [this, call, what = std::move(what)] { return open_mixed_now(call, what); });
}

void rtpengine::join(call_id const& call, join_mixed what) {
    add(call, [this, call, what = std::move(what)] { return join_mixed_now(call, what); });
}

void rtpengine::mix(call_id const& call, mix_leg what) {
    add(call, [this, call, what = std::move(what)] {
        return carried(what.leg_sdp) == by::srtp ? mix_secure_leg_now(call, what)
                                                 : mix_leg_now(call, what);
    });
}

void rtpengine::mix(call_id const& call, mix_talk what) {
    add(call, [this, call, what = std::move(what)] { return mix_talk_now(call, what); });
}

void rtpengine::close(call_id const& call, close_room what) {
    add(call, [this, call, what] { return close_room_now(call, what); });
}

void rtpengine::offer(call_id const& call, offer_listener what) {
    add(call, [this, call, what = std::move(what)] { return offer_listener_now(call, what); });
}

void rtpengine::end(call_id const& call, end_listening what) {
    for (auto const who : listened_to) {
        auto asked = request("unsubscribe", session_name(call, what.talk));
        asked.emplace("to-tag", value(listener_tag(what.leg, who)));
        add(call, [this, asked = std::move(asked)] { return tell_rtpengine(asked); });
    }
}

// ---- three ----

runtime::task<bool> rtpengine::open_room(call_id call, session_number room) {
    if (!mixer_) co_return false;
    auto asked = to_mixer("open", session_name(call, room));
    auto const opened = co_await mixer_->ask(std::move(asked));
    auto const* const ports = opened ? opened->find("ports") : nullptr;
    if (!ports || !ports->items() || ports->items()->size() != parties) {
        log::error("mixer_refused", {{"call", call.value}, {"answered", opened.has_value()}});
        co_return false;
    }
    auto& made = rooms_[{call, room}];
    for (auto const& each : *ports->items())
        made.push_back(static_cast<std::uint16_t>(each.number().value_or(0)));
    work_.spawn("room of " + call.value, watch_room(call, room));
    co_return true;
}

std::string rtpengine::sdp_of(room_name const& room, party who, audio_offer const& with) const {
    auto const at = rooms_.find(room);
    auto const side = static_cast<std::size_t>(who);
    return at == rooms_.end() ? std::string() : audio_at(with, at->second[side]);
}

runtime::task<bool> rtpengine::send_to(call_id call, session_number room, party who,
                                       std::string sdp, int codec) {
    auto const place = place_of_audio(sdp);
    if (!mixer_ || !place) co_return false;
    auto asked = to_mixer("send", session_name(call, room));
    asked.emplace("party", value(to_text(who)));
    asked.emplace("address", value(place->address));
    asked.emplace("port", std::int64_t{place->port});
    asked.emplace("codec", std::int64_t{codec});
    auto const audio = usable_audio(sdp);
    if (audio && audio->dtmf) asked.emplace("keys", std::int64_t{*audio->dtmf});
    auto const sent = co_await mixer_->ask(std::move(asked));
    co_return sent&& is_ok(*sent);
}

// What the third can is what the caller can: they may come to speak without the mixer.
runtime::task<> rtpengine::offer_third_now(call_id call, offer_third what) {
    auto const audio = usable_audio(what.caller_sdp);
    auto opening = open_room(call, what.session);
    bool const has_room = co_await std::move(opening);
    if (!has_room || !audio) {
        tell_(call, media_refused{what.session});
        co_return;
    }
    auto offering = offer_from_room(call, what.session, what.leg, *audio, what.webrtc);
    co_await std::move(offering);
}

// Behind that leg's session is the room of the same name, and it is the third there.
runtime::task<> rtpengine::offer_from_room(call_id call, session_number room, leg_id leg,
                                           audio_offer audio, bool webrtc) {
    auto asked = from_caller("offer", session_name(call, room));
    asked.emplace("sdp", value(sdp_of({call, room}, party::third, audio)));
    offer_to(asked, rings(webrtc), as_mixer());
    auto const offered = co_await ng_.ask(std::move(asked));
    auto sdp = usable_sdp(offered, call);
    if (sdp.empty())
        tell_(call, media_refused{room});
    else
        tell_(call, leg_offered{std::move(leg), std::move(sdp)});
}

runtime::task<> rtpengine::connect_to_room_now(call_id call, connect_to_room what) {
    auto const codec = codec_of(what.leg_sdp);
    auto asked = from_caller("answer", session_name(call, what.session));
    asked.emplace("to-tag", value(legs_side));
    asked.emplace("sdp", value(std::move(what.leg_sdp)));
    speak_to(asked, by::rtp); // the mixer
    auto const connected = co_await ng_.ask(std::move(asked));
    auto sdp = usable_sdp(connected, call);
    auto sending = send_to(call, what.session, party::third, sdp, codec);
    bool const is_sent = co_await std::move(sending);
    if (!is_sent)
        tell_(call, media_refused{what.session});
    else
        tell_(call, leg_connected{std::move(what.leg), std::move(sdp)});
}

runtime::task<> rtpengine::open_mixed_now(call_id call, open_mixed what) {
    auto const name = session_name(call, what.session);
    auto const audio = usable_audio(what.caller_sdp);
    auto offered = from_caller("offer", name);
    auto const caller = carried(what.caller_sdp);
    offered.emplace("sdp", value(std::move(what.caller_sdp)));
    speak_to(offered, by::rtp);
    auto const first = co_await ng_.ask(std::move(offered));
    auto const to_send = usable_sdp(first, call);
    auto const codec = audio.value_or(audio_offer()).codec;
    auto sending = send_to(call, what.room, party::caller, to_send, codec);
    bool const is_sent = co_await std::move(sending);
    if (!audio || !is_sent) {
        tell_(call, media_refused{what.session});
        co_return;
    }
    auto answered = from_caller("answer", name);
    answered.emplace("to-tag", value(legs_side));
    answered.emplace("sdp", value(sdp_of({call, what.room}, party::caller, *audio)));
    speak_to(answered, caller, as_mixer());
    auto const second = co_await ng_.ask(std::move(answered));
    auto sdp = usable_sdp(second, call);
    if (sdp.empty())
        tell_(call, media_refused{what.session});
    else
        tell_(call, mixed_opened{what.session, std::move(sdp)});
}

// The mixer needn't be told: it speaks with rtpengine, where both have the ports that they had.
runtime::task<> rtpengine::join_mixed_now(call_id call, join_mixed what) {
    auto const name = session_name(call, what.session);
    auto const audio = usable_audio(what.caller_sdp).value_or(audio_offer());
    auto offered = from_caller("offer", name);
    offered.emplace("to-tag", value(legs_side));
    auto const caller = carried(what.caller_sdp);
    offered.emplace("sdp", value(std::move(what.caller_sdp)));
    speak_to(offered, by::rtp, {value(keeps_ports)});
    auto const first = co_await ng_.ask(std::move(offered));
    auto answered = from_caller("answer", name);
    answered.emplace("to-tag", value(legs_side));
    auto mixed = sdp_of({call, what.room}, party::caller, audio);
    answered.emplace("sdp", value(mixed.empty() ? answer_of_nobody(audio) : std::move(mixed)));
    speak_to(answered, caller, as_mixer());
    auto const second = co_await ng_.ask(std::move(answered));
    if (usable_sdp(first, call).empty() || usable_sdp(second, call).empty())
        tell_(call, media_refused{what.session});
}

// As a caller takes nobody's place (join_leg_now): the leg's address at rtpengine stays the same.
runtime::task<> rtpengine::mix_leg_now(call_id call, mix_leg what) {
    auto const name = session_name(call, what.session);
    auto const audio = usable_audio(what.leg_sdp).value_or(audio_offer());
    auto offered = from_caller("offer", name);
    offered.emplace("to-tag", value(legs_side));
    offered.emplace("sdp", value(sdp_of({call, what.room}, party::leg, audio)));
    speak_to(offered, what.webrtc ? by::browser : by::rtp, as_mixer());
    auto const first = co_await ng_.ask(std::move(offered));
    auto answered = from_caller("answer", name);
    answered.emplace("to-tag", value(legs_side));
    answered.emplace("sdp", value(std::move(what.leg_sdp)));
    speak_to(answered, by::rtp);
    auto const second = co_await ng_.ask(std::move(answered));
    auto sdp = usable_sdp(second, call);
    auto sending = send_to(call, what.room, party::leg, std::move(sdp), audio.codec);
    bool const is_sent = co_await std::move(sending);
    if (usable_sdp(first, call).empty() || !is_sent) tell_(call, media_refused{what.session});
}

// As he takes it back (join_secure_leg_now).
runtime::task<> rtpengine::mix_secure_leg_now(call_id call, mix_leg what) {
    auto const audio = usable_audio(what.leg_sdp).value_or(audio_offer());
    auto asked = from(legs_side, "answer", session_name(call, what.session));
    asked.emplace("to-tag", value(callers_side));
    asked.emplace("sdp", value(sdp_of({call, what.room}, party::leg, audio)));
    speak_to(asked, by::srtp, as_mixer());
    auto const taken = co_await ng_.ask(std::move(asked));
    auto sending = send_to(call, what.room, party::leg, what.for_caller, audio.codec);
    bool const is_sent = co_await std::move(sending);
    if (usable_sdp(taken, call).empty() || !is_sent) tell_(call, media_refused{what.session});
}

runtime::task<> rtpengine::mix_talk_now(call_id call, mix_talk what) {
    if (!mixer_) co_return;
    list among;
    for (auto const each : what.among)
        among.emplace_back(to_text(each));
    auto asked = to_mixer("talk", session_name(call, what.room));
    asked.emplace("among", value(std::move(among)));
    auto const done = co_await mixer_->ask(std::move(asked));
    if (!done || !is_ok(*done)) tell_(call, mixer_lost{what.room});
}

runtime::task<> rtpengine::close_room_now(call_id call, close_room what) {
    if (!mixer_ || rooms_.erase({call, what.room}) == 0) co_return;
    auto asked = to_mixer("close", session_name(call, what.room));
    auto const closed = co_await mixer_->ask(std::move(asked));
    if (!closed) log::warning("room_not_closed", {{"call", call.value}}); // it goes by itself
}

// A mixer that has died, hangs or was begun anew mixes nothing: nobody hears anybody.
runtime::task<> rtpengine::watch_room(call_id call, session_number room) {
    auto const loop = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer pause(loop);
    auto const is_open = [this, &call, room] { return rooms_.contains({call, room}); };
    while (is_open()) {
        auto asked = to_mixer("query", session_name(call, room));
        auto const answered = co_await mixer_->ask(std::move(asked));
        bool const is_there = answered && is_ok(*answered);
        if (!is_open()) co_return;
        if (!is_there) {
            log::error("mixer_lost", {{"call", call.value}});
            rooms_.erase({call, room});
            tell_(call, mixer_lost{room});
            co_return;
        }
        pause.expires_after(room_is_looked_at_every);
        auto const [cancelled] = co_await pause.async_wait(runtime::use_task_tuple);
        if (cancelled) co_return;
    }
}

// ---- who listens ----

// What both sides say is mixed in his room, since of two streams a browser plays one (rtpengine
// 10.5, Chromium). What he says goes there too, and from there to nobody.
runtime::task<> rtpengine::offer_listener_now(call_id call, offer_listener what) {
    auto const audio = usable_audio(what.caller_sdp);
    auto opening = open_room(call, what.session);
    bool is_heard = co_await std::move(opening);
    is_heard = is_heard && audio;
    for (std::size_t i = 0; i < listened_to.size() && is_heard; ++i) {
        auto hearing = hear_side(call, what, listened_to[i], *audio);
        is_heard = co_await std::move(hearing);
    }
    if (!is_heard) {
        tell_(call, media_refused{what.session});
        co_return;
    }
    auto offering = offer_from_room(call, what.session, what.leg, *audio, what.webrtc);
    co_await std::move(offering);
}

// What that side of the talk sends goes to the room as well. Without the flag rtpengine 10.5
// refuses an answer that takes less than was offered, as keys that nobody presses for a listener.
runtime::task<bool> rtpengine::hear_side(call_id call, offer_listener what, party who,
                                         audio_offer audio) {
    auto const name = session_name(call, what.talk);
    auto const tag = who == party::caller ? callers_side : legs_side;
    auto asked = from(tag, "subscribe request", name);
    asked.emplace("to-tag", value(listener_tag(what.leg, who)));
    add_telephone(asked, "RTP/AVP");
    auto const offered = co_await ng_.ask(std::move(asked));
    auto sdp = usable_sdp(offered, call);
    auto sending = send_to(call, what.session, who, std::move(sdp), audio.codec);
    bool const is_sent = co_await std::move(sending);
    if (!is_sent) co_return false;
    auto answered = request("subscribe answer", name);
    answered.emplace("to-tag", value(listener_tag(what.leg, who)));
    answered.emplace("sdp", value(sdp_of({call, what.session}, who, audio)));
    answered.emplace("flags", list{"allow-transcoding"});
    auto const connected = co_await ng_.ask(std::move(answered));
    co_return connected&& is_ok(*connected);
}

} // namespace linli::hotline
