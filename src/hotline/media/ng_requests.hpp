#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <boost/system/result.hpp>

#include "hotline/core/effect.hpp"
#include "hotline/core/sdp.hpp"
#include "hotline/media/bencode.hpp"
#include "runtime/log.hpp"

// What requests to rtpengine have in common, and its answers.
namespace linli::hotline::ng {

using bencode::dictionary;
using bencode::list;
using bencode::value;

// The tags that rtpengine knows the two sides of a session by.
inline constexpr std::string_view callers_side = "caller";
inline constexpr std::string_view legs_side = "leg";

// Without it rtpengine sends from another port of its own once the other side is another, and a
// browser takes nothing from there.
inline constexpr std::string_view keeps_ports = "port-latching";

inline dictionary request(std::string_view command, std::string name) {
    return {{"command", value(command)}, {"call-id", value(std::move(name))}};
}

inline dictionary from(std::string_view tag, std::string_view command, std::string name) {
    auto asked = request(command, std::move(name));
    asked.emplace("from-tag", value(tag));
    return asked;
}

inline dictionary from_caller(std::string_view command, std::string name) {
    return from(callers_side, command, std::move(name));
}

inline std::string_view tag_of(side who) {
    return who == side::caller ? callers_side : legs_side;
}

inline void add_plain(dictionary& to) {
    to.emplace("transport-protocol", "RTP/AVP");
    to.emplace("ICE", "remove");
    to.emplace("rtcp-mux", list{"demux"});
    to.emplace("replace", list{"origin", "session-connection"});
}

// A browser. We let it begin DTLS: it has the certificate's fingerprint from the offer already.
inline void add_webrtc(dictionary& to) {
    to.emplace("transport-protocol", "UDP/TLS/RTP/SAVPF");
    to.emplace("ICE", "force");
    to.emplace("DTLS", "passive");
    to.emplace("rtcp-mux", list{"offer"});
    to.emplace("SDES", list{"off"});
    to.emplace("replace", list{"origin", "session-connection"});
}

// Whoever gets the answer's SDP is spoken to like that; and once it is learned where he speaks from
// whose SDP this is, nobody else can speak into his talk.
inline void speak_to(dictionary& to, bool is_browser, list flags = {}) {
    flags.emplace_back("strict source");
    to.emplace("flags", value(std::move(flags)));
    if (is_browser)
        add_webrtc(to);
    else
        add_plain(to);
}

inline bool is_ok(value const& answer) {
    return answer.text_of("result") == "ok";
}

// Without an SDP that somebody can send to, an "ok" is none: rtpengine without ports says it too.
inline std::string usable_sdp(boost::system::result<value> const& answer, call_id const& of) {
    std::string sdp;
    if (!answer) {
        runtime::log::error("rtpengine_silent", {{"call", of.value}});
        return sdp;
    }
    sdp = std::string(answer->text_of("sdp"));
    if (is_ok(*answer) && has_audio_port(sdp)) return sdp;
    runtime::log::error(
        "rtpengine_refused",
        {{"call", of.value}, {"reason", std::string(answer->text_of("error-reason"))}});
    return {};
}

} // namespace linli::hotline::ng
