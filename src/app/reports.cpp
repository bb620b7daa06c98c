#include "app/reports.hpp"

#include <algorithm>
#include <unordered_map>

namespace linli::app {

namespace {

bool is_in(night const& seen, domain::area_id const& area, domain::area_id const& wide) {
    auto const around = areas_around(seen, area);
    return std::ranges::find(around, wide) != around.end();
}

} // namespace

std::vector<domain::area_id> areas_around(night const& seen, domain::area_id area) {
    std::vector<domain::area_id> all;
    while (!area.empty() && all.size() <= seen.areas.size()) {
        all.push_back(area);
        auto const at = seen.areas.find(area);
        area = at == seen.areas.end() ? domain::area_id{} : at->second.parent;
    }
    return all;
}

night look_at_night(coverage_picture const& seen, coverage_rules const& by, domain::instant now) {
    night made;
    made.whole = find_gaps(seen, by, now);
    for (auto const& each : seen.known.areas)
        made.areas[each.code].parent = each.parent;
    std::unordered_map<domain::home_id, domain::area_id> area_of;
    for (auto const& each : seen.homes) {
        area_of[each.id] = each.area;
        ++made.areas[each.area].homes;
    }
    for (auto const& each : seen.residents)
        if (auto const at = area_of.find(each.home); at != area_of.end())
            ++made.areas[at->second].residents;
    for (auto const& each : seen.devices)
        ++made.areas[each.area].devices;
    std::unordered_map<std::string, domain::area_id> area_of_site;
    for (auto const& each : seen.known.sites)
        area_of_site[each.id.value] = each.area;
    for (auto const& each : seen.known.workers)
        if (auto const at = area_of_site.find(each.site); at != area_of_site.end())
            ++made.areas[at->second].workers;
    return made;
}

std::optional<coverage_report> part_of(night const& seen, domain::area_id const& area,
                                       domain::area_id const& whole) {
    if (area == whole) return seen.whole;
    if (!seen.areas.contains(area)) return std::nullopt;
    coverage_report part;
    part.day = seen.whole.day;
    part.made_at = seen.whole.made_at;
    for (auto const& [code, place] : seen.areas) {
        if (!is_in(seen, code, area)) continue;
        part.residents += place.residents;
        part.homes += place.homes;
        part.devices += place.devices;
        part.workers += place.workers;
    }
    std::ranges::copy_if(seen.whole.gaps, std::back_inserter(part.gaps),
                         [&](coverage_gap const& each) { return is_in(seen, each.area, area); });
    return part;
}

} // namespace linli::app
