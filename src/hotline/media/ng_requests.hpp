#pragma once

#include <cstdint>
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

// What proves who speaks and hides nothing, and what nobody speaks any more.
inline list without_suites(list others = {}) {
    for (auto const* const each : {"no-NULL_HMAC_SHA1_80", "no-NULL_HMAC_SHA1_32",
                                   "no-F8_128_HMAC_SHA1_80", "no-F8_128_HMAC_SHA1_32"})
        others.emplace_back(each);
    return others;
}

inline void add_telephone(dictionary& to, std::string_view transport) {
    to.emplace("transport-protocol", value(transport));
    to.emplace("SDES", value(without_suites()));
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

enum class by : std::uint8_t { rtp, srtp, browser };

// Whoever gets the answer's SDP is spoken to like that; and once it is learned where he speaks from
// whose SDP this is, nobody else can speak into his talk.
inline void speak_to(dictionary& to, by how, list flags = {}) {
    flags.emplace_back("strict source");
    to.emplace("flags", value(std::move(flags)));
    if (how == by::browser)
        add_webrtc(to);
    else
        add_telephone(to, how == by::srtp ? "RTP/SAVP" : "RTP/AVP");
}

// In an offer: the one suite that whoever has SRTP has. Of several, rtpengine 10.5 later forgets
// which it was.
inline void offer_to(dictionary& to, by how, list flags = {}) {
    speak_to(to, how, std::move(flags));
    if (how != by::srtp) return;
    to.emplace("DTLS", "off");
    list others;
    for (auto const* const each :
         {"no-AEAD_AES_256_GCM", "no-AEAD_AES_128_GCM", "no-AES_256_CM_HMAC_SHA1_80",
          "no-AES_256_CM_HMAC_SHA1_32", "no-AES_192_CM_HMAC_SHA1_80", "no-AES_192_CM_HMAC_SHA1_32",
          "no-AES_CM_128_HMAC_SHA1_32"})
        others.emplace_back(each);
    to.insert_or_assign("SDES", value(without_suites(std::move(others))));
}

inline by carried(std::string_view sdp) {
    return carriage_of(sdp) == carriage::srtp ? by::srtp : by::rtp;
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
