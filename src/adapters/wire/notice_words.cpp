#include "adapters/wire/notice_words.hpp"

#include <optional>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace linli::wire {

namespace {

namespace json = boost::json;

json::string_view word(std::string_view text) {
    return {text.data(), text.size()};
}

std::string text(json::object const& from, char const* key) {
    auto const* found = from.if_contains(key);
    auto const* value = found ? found->if_string() : nullptr;
    return value ? std::string(value->data(), value->size()) : std::string();
}

std::optional<std::int64_t> number(json::object const& from, char const* key) {
    auto const* found = from.if_contains(key);
    auto const* value = found ? found->if_int64() : nullptr;
    return value ? std::optional(*value) : std::nullopt;
}

template <class E>
bool take(json::object const& from, char const* key, E& into) {
    auto const found = domain::from_text<E>(text(from, key));
    if (found) into = *found;
    return found.has_value();
}

bool take_level(json::object const& from, domain::priority& into) {
    auto const level = number(from, "level");
    if (!level || *level < 1 || *level > 4) return false;
    into = static_cast<domain::priority>(*level);
    return true;
}

} // namespace

std::string encode_notice(domain::notice const& n) {
    json::object o;
    o["alert"] = to_string(n.alert);
    o["event"] = n.event.value;
    o["why"] = word(to_text(n.why));
    o["to"] = word(to_text(n.to));
    o["kind"] = word(to_text(n.kind));
    o["level"] = static_cast<int>(n.level);
    o["resident"] = n.resident.value;
    o["home"] = n.home.value;
    o["area"] = n.area.value;
    o["site"] = n.site.value;
    o["at"] = n.at.time_since_epoch().count();
    return json::serialize(o);
}

domain::result<domain::notice> read_notice(std::string_view from) {
    json::error_code error;
    auto const value = json::parse(word(from), error);
    if (error || !value.is_object()) return domain::refusal::unknown;
    auto const& o = value.get_object();
    domain::notice n;
    auto const alert = domain::parse_uuid(text(o, "alert"));
    auto const at = number(o, "at");
    if (!alert || !at || !take(o, "why", n.why) || !take(o, "to", n.to) ||
        !take(o, "kind", n.kind) || !take_level(o, n.level))
        return domain::refusal::unknown;
    n.alert = {*alert};
    n.event = {text(o, "event")};
    n.resident = {text(o, "resident")};
    n.home = {text(o, "home")};
    n.area = {text(o, "area")};
    n.site = {text(o, "site")};
    n.at = domain::instant(domain::duration(*at));
    return n;
}

} // namespace linli::wire
