#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// As much of SDP (RFC 4566) as deciding needs; rtpengine rewrites the rest.
namespace linli::hotline {

struct audio_offer {
    int codec = 8;           // payload type of G.711 A-law (8) or µ-law (0), the caller's first
    std::optional<int> dtmf; // payload type of telephone-event (RFC 4733)
    bool operator==(audio_offer const&) const = default;
};

// What of the offer we can answer: G.711, which every trunk and browser has, so that nothing is
// ever transcoded. Nothing: it has no audio, or none of it.
std::optional<audio_offer> usable_audio(std::string_view sdp);

// How the first audio is carried.
enum class carriage : std::uint8_t {
    rtp,
    srtp,  // SDES (RFC 4568), with a key that encrypts
    other, // nothing that a trunk and we speak
};
carriage carriage_of(std::string_view sdp);

// Whether telephones at the trunk, that is all but browsers, speak with us by SRTP.
enum class srtp : std::uint8_t {
    never,
    offered, // who offers it; whom we ring is offered RTP
    always,  // who doesn't is refused
};
bool is_allowed(srtp by, carriage what);

// Where the first audio is to be sent to. Nothing: it has none with a port, or names no address.
struct audio_place {
    std::string address;
    std::uint16_t port = 0;
    bool operator==(audio_place const&) const = default;
};
std::optional<audio_place> place_of_audio(std::string_view sdp);

// Whether who says the one after the other is where he was, with the codecs and the keys that he
// had: a new version of the same. Who only holds, or comes back, is.
bool is_same_place(std::string_view sdp, std::string_view before);

// What we can learn of it, for who has said `before`: where he is now, as of one who speaks and
// hears, since who holds comes back and need not say again where. Nothing: it is what we knew, or
// nothing that we could send to.
std::optional<std::string> learned_place(std::string_view sdp, std::string_view before);

// To who offers something within a dialog in which he has said `before` and we `ours`: that again,
// as an answer to it, without other media, with codecs that he still has, and the other way round
// where he only speaks or only hears. Nothing: we can't have what he wants (a fax, another codec,
// sound in clear in place of SRTP), and all stays as it was.
std::optional<std::string> answer_within(std::string_view offer, std::string_view ours,
                                         std::string_view before);

// One who has it at that port of this machine.
std::string audio_at(audio_offer const& to, std::uint16_t port);

// Our side of the first session, which has no person behind it: an address that takes and throws
// away. rtpengine puts its own in its place.
std::string answer_of_nobody(audio_offer const& to);

// With that key, for who is to be spoken to by SRTP: 30 bytes in base64.
std::string by_srtp(std::string sdp, std::string_view key);

// The same before whom we call has said what he can: A-law, which every trunk has, so that he and
// the seat that waits for him are sure to have the same.
std::string offer_of_nobody();

// Whether somebody can send to it: it has audio with a port. rtpengine without a free port answers
// with less.
bool has_audio_port(std::string_view sdp);

} // namespace linli::hotline
