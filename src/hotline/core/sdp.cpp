#include "hotline/core/sdp.hpp"

#include <algorithm>
#include <array>
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
    std::string_view direction;         // empty: both
    std::string_view ice;               // of a=ice-ufrag
    bool operator==(audio_section const&) const = default;
};

constexpr std::array<std::string_view, 4> directions{"sendrecv", "sendonly", "recvonly",
                                                     "inactive"};

std::string_view without_end(std::string_view line) {
    return line.substr(0, line.find_last_not_of(blanks) + 1);
}

// Of an attribute's line; empty: it says none.
std::string_view direction_in(std::string_view line) {
    line = without_end(line);
    if (!line.starts_with("a=")) return {};
    bool const is_one = std::ranges::find(directions, line.substr(2)) != directions.end();
    return is_one ? line.substr(2) : std::string_view();
}

// Without its end, which is taken off as well.
std::string_view next_line(std::string_view& text) {
    auto const line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    return line;
}

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
    constexpr std::string_view rtpmap = "a=rtpmap:", crypto = "a=crypto:", ice = "a=ice-ufrag:";
    if (line.starts_with(rtpmap)) take_rtpmap(line.substr(rtpmap.size()), into);
    if (line.starts_with(crypto)) into.keys.push_back(without_end(line.substr(crypto.size())));
    if (line.starts_with(ice)) into.ice = without_end(line.substr(ice.size()));
    if (auto const direction = direction_in(line); !direction.empty()) into.direction = direction;
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
    audio_section of_all; // what stands before the first medium
    bool is_before = true;
    while (!sdp.empty()) {
        auto const line = next_line(sdp);
        if (line.starts_with("m=")) {
            if (found && found->port > 0) return found;
            is_before = false;
            found = begin_section(line.substr(2));
            if (!found) continue;
            found->address = of_all.address;
            found->direction = of_all.direction;
            found->ice = of_all.ice;
        }
        auto* const into = found ? &*found : is_before ? &of_all : nullptr;
        if (!into) continue; // of another medium
        if (line.starts_with("c=")) into->address = address_in(line.substr(2));
        take_attribute(line, *into);
    }
    return found && found->port > 0 ? found : std::nullopt;
}

// Where who speaks and hears is, whatever he does just now.
std::optional<audio_section> place_in(std::string_view sdp) {
    auto audio = first_audio(sdp);
    if (audio) audio->direction = audio->ice = {};
    return audio;
}

std::string_view other_side_of(std::string_view direction) {
    if (direction == "sendonly") return "recvonly";
    if (direction == "recvonly") return "sendonly";
    return direction == "inactive" ? direction : "sendrecv";
}

// "1 AES_CM_128_HMAC_SHA1_80", before "inline:…".
std::string_view suite_of(std::string_view key) {
    return key.substr(0, key.find(' ', key.find(' ') + 1));
}

bool is_carried_alike(std::string_view offer, std::string_view ours, std::string_view before) {
    auto const theirs = *first_audio(offer), own = *first_audio(ours);
    auto const was = first_audio(before);
    auto const by = carriage_of(offer);
    if (was && carriage_of(before) != by) return false;               // it was agreed upon
    if (by == carriage::other) return !was || was->ice == theirs.ice; // a browser's
    if (by == carriage::rtp) return true;
    auto const has = [&](std::string_view key) { return suite_of(key) == suite_of(own.keys[0]); };
    return !own.keys.empty() && std::ranges::any_of(theirs.keys, has);
}

// Those of ours that he has as well, by the same numbers.
std::vector<int> codecs_of_both(audio_section const& ours, audio_section const& theirs) {
    constexpr int first_dynamic = 96; // what such a number means each SDP says itself
    std::vector<int> both;
    for (auto const type : ours.payload_types) {
        bool const means_keys = ours.dtmf == type && theirs.dtmf == type;
        bool const has_it =
            std::ranges::find(theirs.payload_types, type) != theirs.payload_types.end();
        if (has_it && (type < first_dynamic || means_keys)) both.push_back(type);
    }
    bool const has_g711 = std::ranges::any_of(both, [](int t) { return t == alaw || t == ulaw; });
    return has_g711 ? both : std::vector<int>();
}

// A medium's first line that says: not that one.
std::string refused_medium(std::string_view rest) {
    auto const kind = std::string(next_word(rest));
    next_word(rest); // its port
    return "m=" + kind + " 0" + std::string(without_end(rest)) + "\r\n";
}

// "a=rtpmap:101 …" or "a=fmtp:101 …" of a codec that isn't among them.
bool is_of_another_codec(std::string_view line, std::vector<int> const& codecs) {
    for (std::string_view const begin : {"a=rtpmap:", "a=fmtp:"}) {
        if (!line.starts_with(begin)) continue;
        auto rest = line.substr(begin.size());
        auto const type = number_of(next_word(rest), largest_payload_type);
        return !type || std::ranges::find(codecs, *type) == codecs.end();
    }
    return false;
}

// Ours, in two parts: what stands before the media, and the first sound that has a port.
struct own_parts {
    std::string of_all, sound;
};

own_parts parts_of(std::string_view ours, std::vector<int> const& codecs) {
    own_parts parts;
    auto* into = &parts.of_all;
    while (!ours.empty()) {
        auto const line = without_end(next_line(ours));
        if (line.starts_with("m=")) {
            auto const section = begin_section(line.substr(2));
            bool const is_it = parts.sound.empty() && section && section->port > 0;
            into = is_it ? &parts.sound : nullptr;
            if (!is_it) continue;
            parts.sound =
                "m=audio " + std::to_string(section->port) + ' ' + std::string(section->transport);
            for (auto const type : codecs)
                parts.sound += ' ' + std::to_string(type);
            parts.sound += "\r\n";
        } else if (into && direction_in(line).empty() && !is_of_another_codec(line, codecs)) {
            // Who answers says which of the two begins DTLS; we let the browser, as at first.
            *into += line == "a=setup:actpass" ? "a=setup:passive" : line;
            *into += "\r\n";
        }
    }
    return parts;
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
    return place_in(sdp) == place_in(before);
}

std::optional<std::string> learned_place(std::string_view sdp, std::string_view before) {
    auto const at = place_of_audio(sdp);
    bool const is_nowhere = at && (at->address == "0.0.0.0" || at->address == "::"); // an old hold
    if (is_nowhere || !usable_audio(sdp) || is_same_place(sdp, before)) return std::nullopt;
    auto const was = carriage_of(before);
    if (was != carriage::other && carriage_of(sdp) != was) return std::nullopt; // agreed upon
    std::string kept;
    while (!sdp.empty()) {
        auto const from = sdp;
        auto const line = next_line(sdp);
        if (direction_in(line).empty()) kept += from.substr(0, from.size() - sdp.size());
    }
    return kept;
}

std::optional<std::string> answer_within(std::string_view offer, std::string_view ours,
                                         std::string_view before) {
    auto const theirs = first_audio(offer);
    auto const own = first_audio(ours);
    if (!theirs || !own || !is_carried_alike(offer, ours, before)) return std::nullopt;
    auto const codecs = codecs_of_both(*own, *theirs);
    if (codecs.empty()) return std::nullopt;
    auto const parts = parts_of(ours, codecs);
    auto const sound = parts.sound + "a=" + std::string(other_side_of(theirs->direction)) + "\r\n";
    auto answer = parts.of_all;
    bool has_sound = false;
    while (!offer.empty()) {
        auto const line = next_line(offer);
        if (!line.starts_with("m=")) continue;
        auto const section = begin_section(line.substr(2));
        bool const is_it = !has_sound && section && section->port > 0;
        has_sound |= is_it;
        answer += is_it ? sound : refused_medium(line.substr(2));
    }
    return answer;
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
