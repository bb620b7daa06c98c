#include "app/directory.hpp"

#include "domain/hours_of_day.hpp"

namespace linli::app {

namespace {

// Trees come from a file of people's making; a loop in one must not hang a night shift.
constexpr int deepest_tree = 16;

bool is_manned(site const& s, int minute) {
    return domain::is_in_hours(minute, s.opens, s.closes);
}

} // namespace

directory::directory(registry from, domain::area_id city, domain::minutes utc_offset)
    : version_(from.version), city_(std::move(city)), utc_offset_(utc_offset), city_desk_{"city"},
      roster_(std::move(from.workers)) {
    for (auto& each : from.areas)
        areas_.emplace(each.code, each);
    for (auto& each : from.sites) {
        if (each.level == domain::site_level::city) city_desk_ = each.id;
        sites_.emplace(each.id, each);
    }
}

int directory::minute_of_day(domain::instant now) const {
    return domain::minute_of_day(now, utc_offset_);
}

site const* directory::serving(domain::area_id code) const {
    for (int depth = 0; depth < deepest_tree; ++depth) {
        auto const at = areas_.find(code);
        if (at == areas_.end()) return nullptr;
        auto const by = sites_.find(at->second.served_by);
        if (by != sites_.end()) return &by->second;
        code = at->second.parent;
    }
    return nullptr;
}

domain::duty directory::duty(domain::area_id const& area, domain::purpose what_for,
                             domain::instant now) const {
    domain::duty on_duty;
    auto const minute = minute_of_day(now);
    on_duty.minute_of_day = minute;
    if (what_for == domain::purpose::synthetic) {
        on_duty.desks.fill(domain::site_id{std::string(domain::synthetic_desk)});
        return on_duty;
    }
    auto const* at = serving(area);
    for (int depth = 0; at && depth < deepest_tree; ++depth) {
        auto& rung = on_duty[static_cast<std::size_t>(at->level)];
        if (!rung && is_manned(*at, minute)) rung = at->id;
        auto const above = sites_.find(at->parent);
        at = above == sites_.end() ? nullptr : &above->second;
    }
    auto& top = on_duty[static_cast<std::size_t>(domain::site_level::city)];
    if (!top) top = city_desk_;
    return on_duty;
}

bool directory::is_open(domain::site_id const& id, domain::instant now) const {
    auto const at = sites_.find(id);
    return at != sites_.end() && is_manned(at->second, minute_of_day(now));
}

std::vector<std::string> directory::around(domain::area_id code) const {
    std::vector<std::string> all;
    for (int depth = 0; depth < deepest_tree && !code.empty(); ++depth) {
        all.push_back(code.value);
        auto const at = areas_.find(code);
        if (at == areas_.end()) break;
        code = at->second.parent;
    }
    return all;
}

std::string directory::station(domain::area_id const& area) const {
    auto const* at = serving(area);
    return at ? at->id.value : std::string{};
}

std::optional<domain::position> directory::station_place(domain::area_id const& area) const {
    auto const* at = serving(area);
    return at ? at->place : std::nullopt;
}

} // namespace linli::app
