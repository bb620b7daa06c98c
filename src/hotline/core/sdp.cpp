#include "hotline/core/sdp.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace linli::hotline {

namespace {

constexpr int ulaw = 0;
constexpr int alaw = 8;
constexpr int largest_payload_type = 127;
constexpr std::string_view blanks = " \t\r";

std::optional<int> number_of(std::string_view text, int most) {
    int value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    bool const whole = error == std::errc() && end == text.data() + text.size();
    return whole && value >= 0 && value <= most ? std::optional(value) : std::nullopt;
}

std::string_view next_word(std::string_view& text) {
    auto const begin = text.find_first_not_of(blanks);
    text.remove_prefix(begin == text.npos ? text.size() : begin);
    auto const word = text.substr(0, text.find_first_of(blanks));
    text.remove_prefix(word.size());
    return word;
}

struct audio_section {
    int port = 0;
    std::string_view transport;
    std::string_view address;
    std::vector<int> payload_types;
    std::optional<int> dtmf;
    std::vector<std::string_view> keys; // of a=crypto (RFC 4568)
    bool operator==(audio_section const&) const = default;
};

// "audio 49170 RTP/AVP 8 0 101", behind "m=".
std::optional<audio_section> begin_section(std::string_view rest) {
    if (next_word(rest) != "audio") return std::nullopt;
    audio_section begun;
    auto const port = next_word(rest);
    begun.port = number_of(port.substr(0, port.find('/')), 65'535).value_or(0);
    begun.transport = next_word(rest);
    for (auto word = next_word(rest); !word.empty(); word = next_word(rest))
        if (auto const type = number_of(word, largest_payload_type))
            begun.payload_types.push_back(*type);
    return begun;
}

// "101 telephone-event/8000", behind "a=rtpmap:".
void take_rtpmap(std::string_view rest, audio_section& into) {
    auto const type = number_of(next_word(rest), largest_payload_type);
    if (type && next_word(rest).starts_with("telephone-event/8000")) into.dtmf = type;
}

void take_attribute(std::string_view line, audio_section& into) {
    constexpr std::string_view rtpmap = "a=rtpmap:", crypto = "a=crypto:";
    if (line.starts_with(rtpmap)) take_rtpmap(line.substr(rtpmap.size()), into);
    if (line.starts_with(crypto)) into.keys.push_back(line.substr(crypto.size()));
}

// "IN IP4 192.0.2.1", behind "c=".
std::string_view address_in(std::string_view rest) {
    next_word(rest);
    next_word(rest);
    auto const address = next_word(rest);
    return address.substr(0, address.find('/'));
}

// The first audio that has a port; a port of 0 refuses it.
std::optional<audio_section> first_audio(std::string_view sdp) {
    std::optional<audio_section> found;
    std::string_view of_all;
    while (!sdp.empty()) {
        auto const line = sdp.substr(0, sdp.find('\n'));
        sdp.remove_prefix(std::min(sdp.size(), line.size() + 1));
        if (line.starts_with("m=")) {
            if (found && found->port > 0) return found;
            found = begin_section(line.substr(2));
            if (found) found->address = of_all;
        }
        if (line.starts_with("c=")) (found ? found->address : of_all) = address_in(line.substr(2));
        if (found) take_attribute(line, *found);
    }
    return found && found->port > 0 ? found : std::nullopt;
}

} // namespace

std::optional<audio_offer> usable_audio(std::string_view sdp) {
    auto const audio = first_audio(sdp);
    if (!audio) return std::nullopt;
    for (auto const type : audio->payload_types)
        if (type == alaw || type == ulaw) return audio_offer{type, audio->dtmf};
    return std::nullopt;
}

// A key "1 NULL_HMAC_SHA1_80 inline:…" proves who speaks and hides nothing.
carriage carriage_of(std::string_view sdp) {
    auto const audio = first_audio(sdp);
    if (!audio) return carriage::other;
    if (audio->transport.starts_with("RTP/AVP")) return carriage::rtp;
    bool const hides = std::ranges::any_of(audio->keys, [](std::string_view key) {
        next_word(key);
        auto const suite = next_word(key);
        return suite.starts_with("AES_") || suite.starts_with("AEAD_AES_");
    });
    return audio->transport == "RTP/SAVP" && hides ? carriage::srtp : carriage::other;
}

bool is_allowed(srtp by, carriage what) {
    if (what == carriage::srtp) return by != srtp::never;
    return what == carriage::rtp && by != srtp::always;
}

std::optional<audio_place> place_of_audio(std::string_view sdp) {
    auto const audio = first_audio(sdp);
    if (!audio || audio->address.empty()) return std::nullopt;
    return audio_place{std::string(audio->address), static_cast<std::uint16_t>(audio->port)};
}

bool is_same_place(std::string_view sdp, std::string_view before) {
    return first_audio(sdp) == first_audio(before);
}

std::string answer_of_nobody(audio_offer const& to) {
    constexpr std::uint16_t discard = 9;
    return audio_at(to, discard);
}

std::string audio_at(audio_offer const& to, std::uint16_t port) {
    auto const codec = std::to_string(to.codec);
    std::string text = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                       "m=audio " +
                       std::to_string(port) + " RTP/AVP " + codec;
    if (to.dtmf) text += " " + std::to_string(*to.dtmf);
    text += "\r\na=rtpmap:" + codec + (to.codec == alaw ? " PCMA/8000\r\n" : " PCMU/8000\r\n");
    if (to.dtmf) {
        auto const dtmf = std::to_string(*to.dtmf);
        text += "a=rtpmap:" + dtmf + " telephone-event/8000\r\na=fmtp:" + dtmf + " 0-15\r\n";
    }
    return text + "a=sendrecv\r\n";
}

std::string by_srtp(std::string sdp, std::string_view key) {
    constexpr std::string_view plain = " RTP/AVP ";
    if (auto const at = sdp.find(plain); at != sdp.npos)
        sdp.replace(at, plain.size(), " RTP/SAVP ");
    return sdp + "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + std::string(key) + "\r\n";
}

std::string offer_of_nobody() {
    constexpr int usual_dtmf = 101;
    return answer_of_nobody({alaw, usual_dtmf});
}

bool has_audio_port(std::string_view sdp) {
    return first_audio(sdp).has_value();
}

} // namespace linli::hotline
