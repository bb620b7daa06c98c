#include "adapters/files/zone_file.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include <boost/json.hpp>
#include <fmt/core.h>

namespace linli::files {

namespace {

namespace json = boost::json;

constexpr std::size_t longest_name = 32;
constexpr std::size_t most_points = 1000; // a border, not a survey
constexpr std::size_t most_problems = 1000;

std::string text_in(json::object const& in, std::string_view key) {
    auto const* found = in.if_contains(key);
    auto const* text = found ? found->if_string() : nullptr;
    return text ? std::string(*text) : std::string();
}

std::optional<double> number_of(json::value const& v) {
    json::error_code none;
    auto const number = v.to_number<double>(none);
    if (none) return std::nullopt;
    return number;
}

// "(103.83 36.06,…)"; nothing if a point is none.
std::optional<std::string> ring_of(json::value const& v, std::size_t& points) {
    auto const* all = v.if_array();
    if (!all || all->empty()) return std::nullopt;
    std::string text;
    for (auto const& each : *all) {
        auto const* point = each.if_array();
        if (!point || point->size() < 2 || ++points > most_points) return std::nullopt;
        auto const longitude = number_of((*point)[0]);
        auto const latitude = number_of((*point)[1]);
        if (!longitude || !latitude) return std::nullopt;
        text += fmt::format("{}{} {}", text.empty() ? "" : ",", *longitude, *latitude);
    }
    return '(' + text + ')';
}

std::optional<std::string> shape_of(json::object const& geometry) {
    auto const* rings = geometry.if_contains("coordinates");
    auto const* all = rings ? rings->if_array() : nullptr;
    if (text_in(geometry, "type") != "Polygon" || !all || all->empty()) return std::nullopt;
    std::string text;
    std::size_t points = 0;
    for (auto const& each : *all) {
        auto const ring = ring_of(each, points);
        if (!ring) return std::nullopt;
        text += (text.empty() ? "" : ",") + *ring;
    }
    return "POLYGON(" + text + ')';
}

// Numbers and brackets of "POLYGON((103.83 36.06,…),(…))", one after the other.
class wkt_text {
public:
    explicit wkt_text(std::string_view text) : rest_(text) {}

    bool takes(std::string_view what) {
        skip_blanks();
        if (!rest_.starts_with(what)) return false;
        rest_.remove_prefix(what.size());
        return true;
    }
    std::optional<double> number() {
        skip_blanks();
        double value = 0;
        auto const [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
        if (error != std::errc{} || !std::isfinite(value)) return std::nullopt;
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
        return value;
    }
    bool is_over() {
        skip_blanks();
        return rest_.empty();
    }

private:
    void skip_blanks() {
        rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
    }
    std::string_view rest_;
};

using ring = std::vector<std::pair<double, double>>; // longitude, latitude

std::optional<ring> ring_in(wkt_text& text, std::size_t& points) {
    ring all;
    if (!text.takes("(")) return std::nullopt;
    do {
        auto const longitude = text.number();
        auto const latitude = text.number();
        if (!longitude || !latitude || ++points > most_points) return std::nullopt;
        all.emplace_back(*longitude, *latitude);
    } while (text.takes(","));
    if (!text.takes(")")) return std::nullopt;
    return all;
}

std::optional<std::vector<ring>> rings_of(std::string_view wkt) {
    wkt_text text(wkt);
    std::vector<ring> all;
    std::size_t points = 0;
    if (!text.takes("POLYGON") || !text.takes("(")) return std::nullopt;
    do {
        auto one = ring_in(text, points);
        if (!one) return std::nullopt;
        all.push_back(std::move(*one));
    } while (text.takes(","));
    if (!text.takes(")") || !text.is_over()) return std::nullopt;
    return all;
}

class features {
public:
    zone_reading take(json::array const& all) && {
        for (std::size_t at = 0; at < all.size(); ++at) {
            where_ = fmt::format("features[{}]", at);
            auto const* feature = all[at].if_object();
            if (feature)
                take(*feature);
            else
                add("", "", "no feature", "remove it");
            if (read_.problems.size() < most_problems) continue;
            add("", "", "so many mistakes up to here that the rest was not read",
                "mend these first");
            break;
        }
        return std::move(read_);
    }

private:
    void take(json::object const& feature) {
        static json::object const nothing;
        auto const part = [&](std::string_view key) -> json::object const& {
            auto const* found = feature.if_contains(key);
            auto const* object = found ? found->if_object() : nullptr;
            return object ? *object : nothing;
        };
        app::zone_row row;
        auto const& told = part("properties");
        row.resident = {text_in(told, "resident")};
        row.zone.name = text_in(told, "name");
        auto const kind = text_in(told, "kind");
        auto const known = domain::from_text<domain::zone_kind>(kind);
        auto const problems = read_.problems.size();
        if (row.resident.empty())
            add(".properties.resident", "", "missing", "give the resident's id");
        if (!is_zone_name(row.zone.name))
            add(".properties.name", row.zone.name, "no name",
                "1 to 32 of the letters a-z and A-Z, digits, _ and -");
        else if (!seen_.emplace(row.resident.value, row.zone.name).second)
            add(".properties.name", row.zone.name, "twice for this resident", "rename one");
        if (!known) add(".properties.kind", kind, "unknown", "one of home, regular, forbidden");
        row.zone.kind = known.value_or(domain::zone_kind::home);
        take_shape(part("geometry"), row.zone);
        if (read_.problems.size() == problems) read_.zones.push_back(std::move(row));
    }

    void take_shape(json::object const& geometry, domain::zone& into) {
        auto const shape = shape_of(geometry);
        if (!shape)
            return add(".geometry", "", "no polygon of at most 1000 points",
                       "draw one polygon: [[[longitude, latitude], …]]");
        into.shape = *shape;
        if (auto why = domain::problem_of_shape(*shape); !why.empty())
            add(".geometry", "", std::move(why), "draw it again; longitude comes first");
    }

    void add(std::string_view part, std::string value, std::string what, std::string remedy) {
        read_.problems.push_back(
            {where_ + std::string(part), std::move(value), std::move(what), std::move(remedy)});
    }

    zone_reading read_;
    std::string where_;
    std::set<std::pair<std::string, std::string>> seen_;
};

json::array coordinates_of(std::string_view wkt) {
    json::array rings;
    for (auto const& each : rings_of(wkt).value_or(std::vector<ring>())) {
        json::array points;
        for (auto const& [longitude, latitude] : each)
            points.push_back(json::array{longitude, latitude});
        rings.push_back(std::move(points));
    }
    return rings;
}

} // namespace

bool is_zone_name(std::string_view text) {
    auto const fits = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '-'; };
    return !text.empty() && text.size() <= longest_name && std::ranges::all_of(text, fits);
}

std::optional<std::string> plain_shape(std::string_view wkt) {
    auto const rings = rings_of(wkt);
    if (!rings) return std::nullopt;
    std::string text;
    for (auto const& each : *rings) {
        text += text.empty() ? "(" : ",(";
        for (auto const& point : each)
            text += fmt::format("{}{} {}", &point == &each.front() ? "" : ",", point.first,
                                point.second);
        text += ')';
    }
    return "POLYGON(" + text + ')';
}

std::string zones_text(std::vector<written_zone> const& zones) {
    json::array features;
    for (auto const& each : zones)
        features.push_back(
            {{"type", "Feature"},
             {"properties",
              {{"resident", each.resident}, {"name", each.name}, {"kind", each.kind}}},
             {"geometry", {{"type", "Polygon"}, {"coordinates", coordinates_of(each.shape)}}}});
    return json::serialize(
        json::object{{"type", "FeatureCollection"}, {"features", std::move(features)}});
}

zone_reading parse_zones(std::string_view text) {
    json::error_code broken;
    auto const root = json::parse({text.data(), text.size()}, broken);
    auto const* collection = broken ? nullptr : root.if_object();
    auto const* listed = collection ? collection->if_contains("features") : nullptr;
    auto const* all = listed ? listed->if_array() : nullptr;
    if (all) return features().take(*all);
    zone_reading none;
    none.problems.push_back({"", "", broken ? "no JSON: " + broken.message() : "no features",
                             "save it as a GeoJSON FeatureCollection"});
    return none;
}

} // namespace linli::files
