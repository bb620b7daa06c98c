#include "app/reports.hpp"

#include <algorithm>
#include <unordered_map>

namespace linli::app {

namespace {

void add(night_counts const& more, night_counts& to) {
    to.residents += more.residents;
    to.homes += more.homes;
    to.devices += more.devices;
    to.workers += more.workers;
}

void count_registered(coverage_picture const& seen, night& into) {
    auto& areas = into.areas;
    std::unordered_map<domain::home_id, domain::area_id> area_of;
    for (auto const& each : seen.homes) {
        area_of[each.id] = each.area;
        ++areas[each.area].counts.homes;
    }
    for (auto const& each : seen.residents)
        if (auto const at = area_of.find(each.home); at != area_of.end())
            ++areas[at->second].counts.residents;
    for (auto const& each : seen.devices)
        ++areas[each.area].counts.devices;
    std::unordered_map<std::string, domain::area_id> area_of_site;
    for (auto const& each : seen.known.sites)
        area_of_site[each.id.value] = each.area;
    for (auto const& each : seen.known.workers)
        if (auto const at = area_of_site.find(each.site); at != area_of_site.end())
            ++areas[at->second].counts.workers;
}

using place_of_area = std::pair<domain::area_id const, night::place>;

std::vector<place_of_area const*> places_in(night const& seen, domain::area_id const& area,
                                            bool is_whole) {
    std::vector<place_of_area const*> all;
    for (auto const& each : seen.areas) {
        auto const around = areas_around(seen, each.first);
        if (is_whole || std::ranges::find(around, area) != around.end()) all.push_back(&each);
    }
    return all;
}

} // namespace

night look_at_night(coverage_picture const& seen, coverage_rules const& by, domain::instant now) {
    auto report = find_gaps(seen, by, now);
    night made;
    made.day = report.day;
    made.made_at = now;
    made.counts = {report.residents, report.homes, report.devices, report.workers};
    made.providers = report.providers;
    for (auto const& each : seen.known.areas)
        made.areas[each.code].parent = each.parent;
    count_registered(seen, made);
    for (auto& each : report.gaps) {
        auto const kind = kind_of(each.why);
        auto& place = made.areas[each.area];
        ++place.gaps[kind];
        auto& first = place.first_gaps[kind];
        if (first.size() < most_gaps_told) first.push_back(std::move(each));
    }
    return made;
}

std::vector<domain::area_id> areas_around(night const& seen, domain::area_id area) {
    std::vector<domain::area_id> all;
    while (!area.empty() && all.size() <= seen.areas.size()) {
        all.push_back(area);
        auto const at = seen.areas.find(area);
        area = at == seen.areas.end() ? domain::area_id{} : at->second.parent;
    }
    return all;
}

std::optional<night_part> part_of(night const& seen, domain::area_id const& area,
                                  domain::area_id const& whole, std::optional<gap_kind> kind) {
    bool const is_whole = area == whole;
    if (!is_whole && !seen.areas.contains(area)) return std::nullopt;
    night_part part;
    part.day = seen.day;
    part.made_at = seen.made_at;
    if (is_whole) part.counts = seen.counts;
    if (is_whole) part.providers = seen.providers;
    auto const places = places_in(seen, area, is_whole);
    for (auto const* each : places)
        if (!is_whole) add(each->second.counts, part.counts);
    for (auto const& [each_kind, name] : domain::names<gap_kind>::table) {
        auto& count = part.gaps[each_kind];
        for (auto const* each : places) {
            auto const gaps = each->second.gaps.find(each_kind);
            if (gaps == each->second.gaps.end()) continue;
            count += gaps->second;
            if (kind && *kind != each_kind) continue;
            for (auto const& gap : each->second.first_gaps.at(each_kind))
                if (part.first_gaps.size() < most_gaps_told) part.first_gaps.push_back(gap);
        }
    }
    return part;
}

} // namespace linli::app
