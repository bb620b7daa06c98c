#include "adapters/http/trace_json.hpp"

#include <boost/json.hpp>

namespace linli::http {

namespace json = boost::json;

namespace {

std::int64_t number_of(domain::instant at) {
    return at.time_since_epoch().count();
}

domain::instant instant_of(json::value const& number) {
    return domain::instant(domain::duration(number.to_number<std::int64_t>()));
}

std::optional<domain::instant> maybe_instant(json::object const& in, std::string_view name) {
    auto const* found = in.if_contains(name);
    if (!found) return std::nullopt;
    return instant_of(*found);
}

std::string text_of(json::object const& in, std::string_view name) {
    auto const& found = in.at(name).as_string();
    return std::string(found.data(), found.size());
}

std::uint32_t count_of(json::object const& in, std::string_view name) {
    return in.at(name).to_number<std::uint32_t>();
}

json::object message_json(app::message_trace const& m) {
    json::object one{{"to", m.to}, {"what", m.what}, {"tries", m.tries}};
    one["put"] = number_of(m.put);
    if (m.published) one["published"] = number_of(*m.published);
    if (m.acknowledged) one["acknowledged"] = number_of(*m.acknowledged);
    return one;
}

app::message_trace message_of(json::object const& from) {
    return {.to = text_of(from, "to"),
            .what = text_of(from, "what"),
            .put = instant_of(from.at("put")),
            .published = maybe_instant(from, "published"),
            .acknowledged = maybe_instant(from, "acknowledged"),
            .tries = count_of(from, "tries")};
}

app::event_trace trace_of(json::object const& from) {
    app::event_trace all;
    all.event = text_of(from, "event");
    all.door = text_of(from, "door");
    auto const& steps = from.at("steps").as_object();
    for (std::size_t n = 0; n < all.at.size(); ++n)
        all.at[n] = maybe_instant(steps, domain::to_text(static_cast<app::trace_step>(n)));
    all.tries = count_of(from, "tries");
    all.batch = count_of(from, "batch");
    all.repeats = count_of(from, "repeats");
    for (auto const& each : from.at("messages").as_array())
        all.messages.push_back(message_of(each.as_object()));
    all.messages_left_out = count_of(from, "messages_left_out");
    return all;
}

} // namespace

std::string to_json(app::event_trace const& what) {
    json::object steps;
    for (std::size_t n = 0; n < what.at.size(); ++n)
        if (what.at[n])
            steps[domain::to_text(static_cast<app::trace_step>(n))] = number_of(*what.at[n]);
    json::array messages;
    for (auto const& each : what.messages)
        messages.push_back(message_json(each));
    json::object all{{"event", what.event},
                     {"door", what.door},
                     {"tries", what.tries},
                     {"batch", what.batch},
                     {"repeats", what.repeats}};
    all["steps"] = std::move(steps);
    all["messages"] = std::move(messages);
    all["messages_left_out"] = what.messages_left_out;
    return json::serialize(all);
}

std::optional<app::event_trace> read_trace(std::string_view text) {
    try {
        return trace_of(json::parse(text).as_object());
    } catch (std::exception const&) { // not JSON, or another version's
        return std::nullopt;
    }
}

std::string trace_target(std::string_view event) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string target = "/trace?event=";
    for (auto const c : event) {
        bool const is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
                              c == ':';
        if (is_plain) {
            target += c;
            continue;
        }
        auto const byte = static_cast<unsigned char>(c);
        target += '%';
        target += digits[byte / 16U];
        target += digits[byte % 16U];
    }
    return target;
}

} // namespace linli::http
