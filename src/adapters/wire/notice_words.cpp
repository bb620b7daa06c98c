#include "adapters/wire/notice_words.hpp"

#include <boost/json.hpp>
#include <boost/system/errc.hpp>

namespace linli::wire {

namespace json = boost::json;

namespace {

std::string text(json::object const& from, std::string_view key) {
    auto const* value = from.if_contains(key);
    auto const* found = value ? value->if_string() : nullptr;
    return found ? std::string(found->data(), found->size()) : std::string{};
}

template <class E>
bool word(json::object const& from, std::string_view key, E& into) {
    auto const value = domain::from_text<E>(text(from, key));
    if (value) into = *value;
    return value.has_value();
}

bool read_words(json::object const& from, domain::notice& into) {
    return word(from, "why", into.why) && word(from, "to", into.to) &&
           word(from, "kind", into.kind);
}

bool read_numbers(json::object const& from, domain::notice& into) {
    auto const* level = from.if_contains("level");
    auto const* at = from.if_contains("at");
    if (!level || !level->is_int64() || !at || !at->is_int64()) return false;
    if (level->get_int64() < 1 || level->get_int64() > 4) return false;
    into.level = static_cast<domain::priority>(level->get_int64());
    into.at = domain::instant(domain::duration(at->get_int64()));
    return true;
}

} // namespace

std::string encode_notice(domain::notice const& n) {
    json::object const all{{"alert", to_string(n.alert)},
                           {"event", n.event.value},
                           {"why", to_text(n.why)},
                           {"to", to_text(n.to)},
                           {"kind", to_text(n.kind)},
                           {"level", static_cast<int>(n.level)},
                           {"resident", n.resident.value},
                           {"home", n.home.value},
                           {"area", n.area.value},
                           {"site", n.site.value},
                           {"at", n.at.time_since_epoch().count()}};
    return json::serialize(all);
}

boost::system::result<domain::notice> read_notice(std::string_view of) {
    auto const bad = make_error_code(boost::system::errc::invalid_argument);
    boost::system::error_code error;
    auto const parsed = json::parse(json::string_view(of.data(), of.size()), error);
    if (error) return error;
    auto const* from = parsed.if_object();
    if (!from) return bad;
    domain::notice n;
    auto const alert = domain::parse_uuid(text(*from, "alert"));
    if (!alert || !read_words(*from, n) || !read_numbers(*from, n)) return bad;
    n.alert = {*alert};
    n.event = {text(*from, "event")};
    n.resident = {text(*from, "resident")};
    n.home = {text(*from, "home")};
    n.area = {text(*from, "area")};
    n.site = {text(*from, "site")};
    return n;
}

} // namespace linli::wire
