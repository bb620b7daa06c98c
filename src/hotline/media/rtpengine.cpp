#include "hotline/media/rtpengine.hpp"

#include <algorithm>
#include <fstream>
#include <random>
#include <system_error>
#include <utility>

#include "hotline/core/sdp.hpp"
#include "hotline/media/ng_requests.hpp"
#include "hotline/media/session_name.hpp"
#include "runtime/log.hpp"

namespace linli::hotline {

namespace {

namespace log = runtime::log;
using bencode::dictionary;
using bencode::list;
using bencode::value;
using namespace ng;

constexpr std::int64_t most_listed = 100'000;

list const& items_of(value const& in, std::string_view key) {
    static list const none;
    auto const* const at = in.find(key);
    return at && at->items() ? *at->items() : none;
}

bool is_rtp(value const& stream) {
    auto const& flags = items_of(stream, "flags");
    return std::ranges::any_of(flags, [](value const& flag) { return flag.text() == "RTP"; });
}

// That rtpengine takes the sound of the side with that tag at; 0: it has none.
std::int64_t port_of(value const& answer, std::string_view tag) {
    auto const* const tags = answer.find("tags");
    auto const* const side = tags ? tags->find(tag) : nullptr;
    if (!side) return 0;
    for (auto const& each : items_of(*side, "medias"))
        for (auto const& stream : items_of(each, "streams"))
            if (is_rtp(stream)) return stream.number_of("local port");
    return 0;
}

// What reached rtpengine from the side with that tag.
std::uint64_t packets_from(value const& answer, std::string_view tag) {
    auto const* const tags = answer.find("tags");
    auto const* const side = tags ? tags->find(tag) : nullptr;
    if (!side) return 0;
    std::int64_t sum = 0;
    for (auto const& each : items_of(*side, "medias"))
        for (auto const& stream : items_of(each, "streams"))
            if (auto const* const stats = stream.find("stats"); stats && is_rtp(stream))
                sum += stats->number_of("packets");
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, sum));
}

} // namespace

rtpengine::rtpengine(boost::asio::any_io_executor loop, ng_client& ng, ng_client* mixer,
                     settings with, on_input tell)
    : ng_(ng), mixer_(mixer), with_(std::move(with)), tell_(std::move(tell)), disk_(1),
      work_(std::move(loop)) {}

void rtpengine::add(call_id const& call, step next) {
    auto& queue = queues_[call];
    queue.push_back(std::move(next));
    if (queue.size() == 1) work_.spawn("media of " + call.value, work_through(call));
}

// A step stays in the queue while it is done, so that nobody begins another.
runtime::task<> rtpengine::work_through(call_id call) {
    for (;;) {
        auto& queue = queues_[call];
        auto const next = queue.front();
        auto doing = next();
        co_await std::move(doing);
        queue.pop_front();
        if (queue.empty()) break;
    }
    queues_.erase(call);
}

void rtpengine::open(call_id const& call, open_session what) {
    add(call, [this, call, what = std::move(what)] { return open_now(call, what); });
}

void rtpengine::offer(call_id const& call, offer_caller what) {
    add(call, [this, call, what] { return offer_caller_now(call, what); });
}

void rtpengine::join(call_id const& call, join_caller what) {
    add(call, [this, call, what = std::move(what)] {
        if (what.leg_sdp.empty()) return join_now(call, what);
        return carried(what.leg_sdp) == by::srtp ? join_secure_leg_now(call, what)
                                                 : join_leg_now(call, what);
    });
}

void rtpengine::offer(call_id const& call, offer_leg what) {
    add(call, [this, call, what = std::move(what)] { return offer_now(call, what); });
}

void rtpengine::connect(call_id const& call, connect_leg what) {
    add(call, [this, call, what = std::move(what)] { return connect_now(call, what); });
}

void rtpengine::start(call_id const& call, start_sound what) {
    add(call, [this, call, what = std::move(what)] { return start_now(call, what); });
}

void rtpengine::stop(call_id const& call, stop_sound what) {
    auto asked = from(tag_of(what.to), "stop media", session_name(call, what.session));
    add(call, [this, asked = std::move(asked)] { return tell_rtpengine(asked); });
}

void rtpengine::silence(call_id const& call, silence_talk what) {
    auto asked =
        request(what.on ? "block media" : "unblock media", session_name(call, what.session));
    add(call, [this, asked = std::move(asked)] { return tell_rtpengine(asked); });
}

void rtpengine::record(call_id const& call, switch_recording what) {
    add(call, [this, call, what] { return record_now(call, what); });
}

void rtpengine::close(call_id const& call, close_session what) {
    add(call, [this, call, what = std::move(what)] { return close_now(call, what); });
}

void rtpengine::look_at(call_id const& call, session_number session) {
    add(call, [this, call, session] { return look_now(call, session); });
}

void rtpengine::end_leaked(std::function<bool(call_id const&, session_number)> is_known) {
    work_.spawn("leaked sessions", end_leaked_now(std::move(is_known)));
}

runtime::task<> rtpengine::open_now(call_id call, open_session what) {
    auto const name = session_name(call, what.session);
    auto const audio = usable_audio(what.caller_sdp);
    auto offered = from_caller("offer", name);
    offered.emplace("sdp", value(what.caller_sdp));
    speak_to(offered, by::rtp);
    auto const first = co_await ng_.ask(std::move(offered));
    if (!audio || usable_sdp(first, call).empty()) {
        tell_(call, media_refused{what.session});
        co_return;
    }
    auto answered = from_caller("answer", name);
    answered.emplace("to-tag", value(legs_side));
    answered.emplace("sdp", value(answer_of_nobody(*audio)));
    speak_to(answered, carried(what.caller_sdp));
    auto const second = co_await ng_.ask(std::move(answered));
    auto sdp = usable_sdp(second, call);
    if (sdp.empty())
        tell_(call, media_refused{what.session});
    else
        tell_(call, session_opened{std::move(sdp)});
}

// Nobody offers; whom we call will be the one who answers.
runtime::task<> rtpengine::offer_caller_now(call_id call, offer_caller what) {
    auto asked = from(legs_side, "offer", session_name(call, what.session));
    asked.emplace("sdp", value(offer_of_nobody()));
    offer_to(asked, rings(false));
    auto const offered = co_await ng_.ask(std::move(asked));
    auto sdp = usable_sdp(offered, call);
    if (sdp.empty())
        tell_(call, media_refused{what.session});
    else
        tell_(call, session_opened{std::move(sdp)});
}

runtime::task<> rtpengine::join_now(call_id call, join_caller what) {
    auto asked = from(legs_side, "answer", session_name(call, what.session));
    asked.emplace("to-tag", value(callers_side));
    asked.emplace("sdp", value(std::move(what.caller_sdp)));
    speak_to(asked, by::rtp);
    auto const joined = co_await ng_.ask(std::move(asked));
    if (usable_sdp(joined, call).empty())
        tell_(call, media_refused{what.session});
    else
        tell_(call, caller_joined{what.session});
}

// Also who listens and speaks aside is a leg.
by rtpengine::rings(bool webrtc) const {
    if (webrtc) return by::browser;
    return with_.srtp == srtp::always ? by::srtp : by::rtp;
}

// The leg has answered nobody's offer: the caller takes nobody's place by one more of the same
// side, and the leg's answer stays what it was. Neither need be told: their addresses at rtpengine
// are the same.
runtime::task<> rtpengine::join_leg_now(call_id call, join_caller what) {
    auto const name = session_name(call, what.session);
    auto offered = from_caller("offer", name);
    offered.emplace("to-tag", value(legs_side));
    auto const caller = carried(what.caller_sdp);
    offered.emplace("sdp", value(std::move(what.caller_sdp)));
    speak_to(offered, what.webrtc ? by::browser : by::rtp, {value(keeps_ports)});
    auto const first = co_await ng_.ask(std::move(offered));
    auto answered = from_caller("answer", name);
    answered.emplace("to-tag", value(legs_side));
    answered.emplace("sdp", value(std::move(what.leg_sdp)));
    speak_to(answered, caller);
    auto const second = co_await ng_.ask(std::move(answered));
    auto sdp = usable_sdp(second, call);
    if (usable_sdp(first, call).empty() || sdp.empty())
        tell_(call, media_refused{what.session});
    else
        tell_(call, caller_joined{what.session, std::move(sdp)});
}

// A new offer to a leg by SRTP would bring new keys, and it is told nothing. But an answer of the
// caller's to the leg leaves all keys as they are. (With a browser it doesn't do: rtcp-mux goes.)
runtime::task<> rtpengine::join_secure_leg_now(call_id call, join_caller what) {
    auto asked = from(legs_side, "answer", session_name(call, what.session));
    asked.emplace("to-tag", value(callers_side));
    asked.emplace("sdp", value(std::move(what.caller_sdp)));
    speak_to(asked, by::srtp, {value(keeps_ports)});
    auto const joined = co_await ng_.ask(std::move(asked));
    if (usable_sdp(joined, call).empty())
        tell_(call, media_refused{what.session});
    else
        tell_(call, caller_joined{what.session});
}

runtime::task<> rtpengine::offer_now(call_id call, offer_leg what) {
    auto asked = from_caller("offer", session_name(call, what.session));
    bool const has_nobody = what.caller_sdp == offer_of_nobody();
    auto caller = has_nobody ? nobody_at_the_trunk() : std::move(what.caller_sdp);
    asked.emplace("sdp", value(std::move(caller)));
    offer_to(asked, rings(what.webrtc));
    auto const offered = co_await ng_.ask(std::move(asked));
    auto sdp = usable_sdp(offered, call);
    if (sdp.empty())
        tell_(call, media_refused{what.session});
    else
        tell_(call, leg_offered{std::move(what.leg), std::move(sdp)});
}

runtime::task<> rtpengine::connect_now(call_id call, connect_leg what) {
    auto asked = from_caller("answer", session_name(call, what.session));
    asked.emplace("to-tag", value(legs_side));
    asked.emplace("sdp", value(std::move(what.leg_sdp)));
    bool const has_nobody = what.caller_sdp == offer_of_nobody();
    speak_to(asked, has_nobody ? rings(false) : carried(what.caller_sdp));
    auto const connected = co_await ng_.ask(std::move(asked));
    auto sdp = usable_sdp(connected, call);
    if (sdp.empty())
        tell_(call, media_refused{what.session});
    else
        tell_(call, leg_connected{std::move(what.leg), std::move(sdp)});
}

// Before whom we call has answered. A key of nobody's, that he never sees, makes rtpengine offer
// him one.
std::string rtpengine::nobody_at_the_trunk() const {
    if (rings(false) != by::srtp) return offer_of_nobody();
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::random_device dice;
    std::string key;
    for (int i = 0; i < 40; ++i) // 30 bytes
        key += letters[dice() % letters.size()];
    return by_srtp(offer_of_nobody(), key);
}

runtime::task<> rtpengine::start_now(call_id call, start_sound what) {
    constexpr std::int64_t for_ever = 1'000'000;
    auto asked = from(tag_of(what.to), "play media", session_name(call, what.session));
    auto const file = with_.sounds.find(what.what);
    asked.emplace("file", value(file ? file->string() : what.what.value));
    if (what.repeat) asked.emplace("repeat-times", for_ever);
    auto const started = co_await ng_.ask(std::move(asked));
    if (!started || !is_ok(*started)) {
        auto const reason = started ? started->text_of("error-reason") : "silent";
        log::error("sound_not_played",
                   {{"call", call.value}, {"sound", what.what.value}, {"reason", reason}});
        // So that whoever waits for its end doesn't wait for ever.
        tell_(call, playing{what.session, milliseconds(1), true, what.to});
        co_return;
    }
    milliseconds const length(started->number_of("duration"));
    tell_(call, playing{what.session, length, false, what.to});
}

// What it records says of no packet whose it is but by the port that it came to: they are noted
// beside it, by a thread of its own, since a disk may be slow and a talk must not be.
runtime::task<> rtpengine::record_now(call_id call, switch_recording what) {
    auto const name = session_name(call, what.session);
    if (what.on) {
        auto looking = request("query", name);
        auto const seen = co_await ng_.ask(std::move(looking));
        if (seen && is_ok(*seen))
            work_.spawn("sides of " + name,
                        note_sides(name, port_of(*seen, callers_side), port_of(*seen, legs_side)));
    }
    auto asking = tell_rtpengine(request(what.on ? "start recording" : "stop recording", name));
    co_await std::move(asking);
}

runtime::task<> rtpengine::note_sides(std::string session, std::int64_t caller, std::int64_t leg) {
    auto job = [file = with_.recordings / "sides" / session, caller, leg] {
        std::error_code error;
        std::filesystem::create_directories(file.parent_path(), error);
        std::ofstream into(file);
        into << "caller " << caller << "\nleg " << leg << '\n';
        into.close();
        return into.good();
    };
    auto const written = co_await disk_.run(std::move(job));
    if (!written) log::error("recording_sides_not_written", {{"session", session}});
}

runtime::task<> rtpengine::close_now(call_id call, close_session what) {
    auto const name = session_name(call, what.session);
    if (!what.leg.value.empty()) { // the delete itself would tell nothing
        auto counting = request("query", name);
        auto const counted = co_await ng_.ask(std::move(counting));
        if (counted) {
            auto const caller = packets_from(*counted, callers_side);
            auto const leg = packets_from(*counted, legs_side);
            tell_(call, media_counted{std::move(what.leg), caller, leg});
        }
    }
    auto asked = request("delete", name);
    asked.emplace("delete-delay", std::int64_t{0});
    auto const closed = co_await ng_.ask(std::move(asked));
    if (!closed)
        log::warning("session_not_closed", {{"call", call.value}}); // end_leaked will see it
}

runtime::task<> rtpengine::look_now(call_id call, session_number session) {
    auto asked = request("query", session_name(call, session));
    auto const answered = co_await ng_.ask(std::move(asked));
    // One that is silent may be back in a moment, and the talk goes on meanwhile if it restores it.
    if (!answered) co_return;
    if (is_ok(*answered))
        tell_(call, media_heard{session, packets_from(*answered, legs_side)});
    else
        tell_(call, media_lost{session});
}

runtime::task<>
rtpengine::end_leaked_now(std::function<bool(call_id const&, session_number)> is_known) {
    dictionary asked{{"command", "list"}, {"limit", most_listed}};
    auto const listed = co_await ng_.ask(std::move(asked));
    auto const* const calls = listed ? listed->find("calls") : nullptr;
    if (!calls || !calls->items()) co_return;
    for (auto const& each : *calls->items()) {
        auto const ours = parse_session_name(each.text(), of_any_run);
        if (!ours || queues_.contains(ours->first)) continue; // that one is about to be closed
        auto const& call = ours->first;
        auto const session = ours->second;
        if (!call.value.starts_with(with_.run)) {
            add(call, [this, call, session] { return end_if_nobody_speaks(call, session); });
        } else if (!is_known(call, session)) {
            log::warning("leaked_session_ended", {{"session", each.text()}});
            close(call, {session, {}});
        }
    }
}

// Of an earlier run that has died: who talks, talks on. Whoever waited would hear music for ever,
// and nobody would come; in the silence he hangs up and calls again.
runtime::task<> rtpengine::end_if_nobody_speaks(call_id call, session_number session) {
    auto asked = request("query", session_name(call, session));
    auto const answered = co_await ng_.ask(std::move(asked));
    if (!answered || !is_ok(*answered) || packets_from(*answered, legs_side) > 0) co_return;
    log::warning("session_of_an_earlier_run_ended", {{"call", call.value}});
    auto closing = close_now(call, {session, {}});
    co_await std::move(closing);
}

runtime::task<> rtpengine::tell_rtpengine(dictionary request) {
    auto const what = std::string(request["command"].text());
    auto const answered = co_await ng_.ask(std::move(request));
    if (!answered || !is_ok(*answered)) log::warning("rtpengine_refused", {{"command", what}});
}

} // namespace linli::hotline
