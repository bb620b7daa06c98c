#include "adapters/mqtt/broker_log.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace linli::mqtt {

namespace {

constexpr std::string_view behind_client = " (d"; // "(d0, q1, r0, m1, 'TOPIC', ... (2 bytes))"

// Takes the word off, if the text begins with it.
bool take(std::string_view& text, std::string_view word) {
    if (!text.starts_with(word)) return false;
    text.remove_prefix(word.size());
    return true;
}

// Without the port, which is another each time.
std::string without_port(std::string_view address) {
    return std::string(address.substr(0, address.rfind(':')));
}

std::string between(std::string_view text, std::string_view before, std::string_view behind) {
    auto const start = text.find(before);
    if (start == text.npos) return {};
    text.remove_prefix(start + before.size());
    return std::string(text.substr(0, text.rfind(behind))); // all of it, where a long line was cut
}

// "ADDRESS (0, 5)": MQTT 3 says 4 and 5 of a wrong name or password, MQTT 5 134, 135 and 138.
std::optional<std::string> turned_away(std::string_view rest) {
    constexpr std::array<std::string_view, 5> words{" (0, 4)", " (0, 5)", " (0, 134)", " (0, 135)",
                                                    " (0, 138)"};
    auto const fits = [&](std::string_view each) { return rest.ends_with(each); };
    auto const* const word = std::ranges::find_if(words, fits);
    if (word == words.end()) return std::nullopt;
    rest.remove_suffix(word->size());
    return std::string(rest);
}

// "12 PUBLISH"
std::optional<refusal> left_out(std::string_view rest) {
    refusal many;
    many.is_named = false;
    auto const number = std::from_chars(rest.data(), rest.data() + rest.size(), many.times);
    if (number.ec != std::errc()) return std::nullopt;
    rest.remove_prefix(static_cast<std::size_t>(number.ptr - rest.data()));
    constexpr std::array<std::pair<std::string_view, refusal::of>, 3> kinds{
        {{" PUBLISH", refusal::of::publish},
         {" CONNACK", refusal::of::sign_in},
         {" connection", refusal::of::connection}}};
    for (auto const& [word, what] : kinds) {
        if (rest != word) continue;
        many.what = what;
        return many;
    }
    return std::nullopt;
}

} // namespace

std::optional<refusal> broker_log::read(std::string_view line) {
    constexpr std::string_view behind_time = ": ";
    auto const at = line.find(behind_time);
    if (at == line.npos) return std::nullopt;
    line.remove_prefix(at + behind_time.size());
    if (take(line, "New client connected from ")) signed_in(line);
    if (take(line, "Denied PUBLISH from ")) return denied(line);
    if (take(line, "Left out ")) return left_out(line);
    if (take(line, "No room for a connection"))
        return refusal{refusal::of::connection, {}, {}, {}, {}, 1, false};
    if (!take(line, "Sending CONNACK to ")) return std::nullopt;
    auto const address = turned_away(line);
    if (!address) return std::nullopt;
    return refusal{refusal::of::sign_in, {}, {}, *address, {}};
}

// "ADDRESS:PORT as CLIENT (p5, c1, k60, u'USER')."
void broker_log::signed_in(std::string_view rest) {
    constexpr std::string_view as = " as ";
    auto const name = rest.find(as);
    auto const details = rest.rfind(" (p");
    if (name == rest.npos || details == rest.npos || details < name + as.size()) return;
    auto const client = rest.substr(name + as.size(), details - name - as.size());
    clients_.touch(std::string(client)) = {between(rest.substr(details), "u'", "')"),
                                           without_port(rest.substr(0, name))};
}

refusal broker_log::denied(std::string_view rest) {
    auto const end = end_of_client(rest);
    refusal found;
    found.client = rest.substr(0, end);
    found.topic = between(rest.substr(end), "'", "', ... (");
    if (auto const* known = clients_.find(found.client)) {
        found.user = known->user;
        found.address = known->address;
    }
    return found;
}

// Of a client that is known by such a name, the longest one; else where it ends first.
std::size_t broker_log::end_of_client(std::string_view rest) {
    auto end = rest.rfind(behind_client);
    for (; end != rest.npos && end > 0; end = rest.rfind(behind_client, end - 1))
        if (clients_.find(std::string(rest.substr(0, end)))) return end;
    return std::min(rest.find(behind_client), rest.size());
}

} // namespace linli::mqtt
