#include "app/coverage.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "app/responder_map.hpp"
#include "domain/hours_of_day.hpp"

namespace linli::app {

namespace {

constexpr int deepest_tree = 16; // trees come from people's files
constexpr int minutes_ahead = 7 * 1440;

minutes_of_day open_hours(site const& s) {
    minutes_of_day hours;
    for (std::size_t minute = 0; minute < hours.size(); ++minute)
        hours[minute] = domain::is_in_hours(static_cast<int>(minute), s.opens, s.closes);
    return hours;
}

// Whoever serves an area, and when somebody answers there.
class sites_of {
public:
    explicit sites_of(registry const& from) {
        for (auto const& each : from.areas)
            areas_.emplace(each.code, each);
        for (auto const& each : from.sites) {
            sites_.emplace(each.id, each);
            if (each.level == domain::site_level::city) city_ |= open_hours(each);
        }
    }

    site const* serving(domain::area_id code) const {
        for (int depth = 0; depth < deepest_tree; ++depth) {
            auto const at = areas_.find(code);
            if (at == areas_.end()) return nullptr;
            auto const by = sites_.find(at->second.served_by);
            if (by != sites_.end()) return &by->second;
            code = at->second.parent;
        }
        return nullptr;
    }

    // Of the whole ladder: its own site, those above it, the city's desk.
    minutes_of_day answered(domain::area_id const& code) const {
        auto hours = city_;
        auto const* at = serving(code);
        for (int depth = 0; at && depth < deepest_tree; ++depth) {
            hours |= open_hours(*at);
            auto const above = sites_.find(at->parent);
            at = above == sites_.end() ? nullptr : &above->second;
        }
        return hours;
    }

    mender site_or_officer(domain::area_id const& code) const {
        if (auto const* by = serving(code)) return {mender_kind::site, by->id.value};
        return {mender_kind::area_officer, code.value};
    }

private:
    std::unordered_map<domain::area_id, area> areas_;
    std::unordered_map<domain::site_id, site> sites_;
    minutes_of_day city_;
};

// The coming week minute by minute, merged into ranges.
std::vector<time_range> uncovered(minutes_of_day const& covered, domain::instant now,
                                  domain::minutes utc_offset) {
    std::vector<time_range> ranges;
    auto const begin = std::chrono::floor<domain::minutes>(now);
    auto const first = domain::minute_of_day(now, utc_offset);
    for (int ahead = 0; ahead < minutes_ahead; ++ahead) {
        if (covered[static_cast<std::size_t>((first + ahead) % 1440)]) continue;
        domain::instant const at = begin + domain::minutes(ahead);
        auto const next = at + domain::minutes(1);
        if (!ranges.empty() && ranges.back().until == at)
            ranges.back().until = next;
        else
            ranges.push_back({at, next});
    }
    return ranges;
}

class search_for_gaps {
public:
    search_for_gaps(coverage_picture const& seen, coverage_rules const& by, domain::instant now)
        : seen_(seen), by_(by), now_(now), sites_(seen.known),
          responders_(seen.known, by.certificate, by.reach_m) {
        for (auto const& each : seen_.homes)
            homes_.emplace(each.id, &each);
    }

    std::vector<coverage_gap> run() {
        look_at_residents();
        look_at_pauses();
        look_at_homes();
        look_at_areas();
        look_at_devices();
        look_at_providers();
        look_at_loop();
        look_at_complaints();
        std::ranges::sort(gaps_, {}, [](coverage_gap const& g) {
            return std::tuple(kind_of(g.why), std::string_view(g.area.value), g.why,
                              std::string_view(g.subject));
        });
        return std::move(gaps_);
    }

private:
    // As dispatch does: a home without a position is as far as its station.
    std::optional<domain::position> place_of(coverage_home const& home) const {
        if (home.place) return home.place;
        auto const* by = sites_.serving(home.area);
        return by ? by->place : std::nullopt;
    }

    minutes_of_day responders_at(domain::area_id const& area,
                                 std::optional<domain::position> const& place) const {
        auto const* by = sites_.serving(area);
        auto hours = by ? responders_.of_site(by->id.value) : minutes_of_day{};
        if (place) hours |= responders_.around(*place);
        return hours;
    }

    void found(gap_reason why, std::string subject, domain::area_id const& area, mender who,
               int figure = 0, std::optional<domain::instant> since = {}) {
        gaps_.push_back({why, std::move(subject), area, std::move(who), figure, since, {}});
    }

    void look_at_residents() {
        for (auto const& each : seen_.residents) {
            if (each.contacts >= by_.contacts) continue;
            auto const at = homes_.find(each.home);
            if (at == homes_.end()) continue;
            auto const& home = *at->second;
            if (responders_at(home.area, place_of(home)).all()) continue;
            found(gap_reason::few_contacts, "resident:" + each.id.value, home.area,
                  sites_.site_or_officer(home.area), each.contacts);
        }
    }

    // A status has no end: who is home again from hospital is watched by nobody until somebody
    // says so.
    void look_at_pauses() {
        for (auto const& each : seen_.pauses) {
            auto const moves = each.days_moved >= by_.days_moved;
            if (!moves && each.moved + by_.pause_holds >= now_) continue;
            found(moves ? gap_reason::paused_but_moving : gap_reason::paused_for_long,
                  "home:" + each.home.value, each.area, sites_.site_or_officer(each.area), 0,
                  each.moved);
        }
    }

    void look_at_homes() {
        for (auto const& each : seen_.homes) {
            auto const subject = "home:" + each.id.value;
            auto const who = sites_.site_or_officer(each.area);
            if (!each.place)
                found(gap_reason::no_position, subject, each.area, who);
            else if (!each.address_verified)
                found(gap_reason::address_unverified, subject, each.area, who);
            if (!each.key_held)
                found(gap_reason::no_key, subject, each.area, who);
            else if (!each.key_tested)
                found(gap_reason::key_never_tested, subject, each.area, who);
            else if (*each.key_tested + by_.key_test_holds < now_)
                found(gap_reason::key_test_too_old, subject, each.area, who, 0, *each.key_tested);
        }
    }

    // The middle of the homes of an area, for the question who can reach it.
    struct middle {
        double latitude = 0;
        double longitude = 0;
        int placed = 0;
        coverage_home const* one = nullptr;

        std::optional<domain::position> place() const {
            if (placed == 0) return std::nullopt;
            return domain::position{latitude / placed, longitude / placed, 0, {}};
        }
    };

    void look_at_areas() {
        std::map<domain::area_id, middle> areas;
        for (auto const& each : seen_.homes) {
            auto& m = areas[each.area];
            m.one = &each;
            if (!each.place) continue;
            m.latitude += each.place->latitude;
            m.longitude += each.place->longitude;
            ++m.placed;
        }
        for (auto const& [code, m] : areas) {
            auto const place = m.placed > 0 ? m.place() : place_of(*m.one);
            hours_without(gap_reason::no_desk_open, code, sites_.answered(code));
            hours_without(gap_reason::nobody_to_go, code, responders_at(code, place));
        }
    }

    void hours_without(gap_reason why, domain::area_id const& code, minutes_of_day const& covered) {
        if (covered.all()) return;
        found(why, "area:" + code.value, code, {mender_kind::area_officer, code.value});
        gaps_.back().hours = uncovered(covered, now_, by_.utc_offset);
    }

    void look_at_devices() {
        for (auto const& each : seen_.devices) {
            auto const subject = "device:" + each.id.value;
            if (!each.heard)
                found(gap_reason::device_never_heard, subject, each.area,
                      sites_.site_or_officer(each.area));
            else if (*each.heard + by_.silent_after < now_)
                found(gap_reason::device_silent, subject, each.area,
                      sites_.site_or_officer(each.area), 0, each.heard);
        }
    }

    void look_at_providers() {
        for (auto const& each : seen_.providers) {
            if (each.workers == 0 || each.replied) continue; // nobody asks one without workers
            found(each.offers == 0 ? gap_reason::provider_never_tested
                                   : gap_reason::provider_never_replied,
                  "provider:" + each.id.value, by_.city, {mender_kind::provider, each.id.value},
                  static_cast<int>(each.offers));
        }
    }

    // Without one nobody hears that the way from a press to a follow-up is broken.
    void look_at_loop() {
        if (seen_.has_synthetic) return;
        found(gap_reason::no_synthetic_resident, "area:" + by_.city.value, by_.city,
              {mender_kind::area_officer, by_.city.value});
    }

    // Nobody lies awake for one; it is told here because a supervisor reads this each evening.
    void look_at_complaints() {
        for (auto const& each : seen_.complaints)
            if (each.due_at <= now_)
                found(gap_reason::complaint_overdue, "complaint:" + to_string(each.id), each.area,
                      {mender_kind::supervisor, each.area.value}, 0, each.due_at);
    }

    coverage_picture const& seen_;
    coverage_rules const& by_;
    domain::instant now_;
    sites_of sites_;
    responder_map responders_;
    std::unordered_map<domain::home_id, coverage_home const*> homes_;
    std::vector<coverage_gap> gaps_;
};

} // namespace

gap_kind kind_of(gap_reason why) {
    switch (why) {
    case gap_reason::few_contacts:
    case gap_reason::paused_but_moving:
    case gap_reason::paused_for_long:
        return gap_kind::plan;
    case gap_reason::no_position:
    case gap_reason::address_unverified:
        return gap_kind::address;
    case gap_reason::no_key:
    case gap_reason::key_never_tested:
    case gap_reason::key_test_too_old:
        return gap_kind::key;
    case gap_reason::no_desk_open:
        return gap_kind::desk;
    case gap_reason::nobody_to_go:
        return gap_kind::responder;
    case gap_reason::device_never_heard:
    case gap_reason::device_silent:
        return gap_kind::device;
    case gap_reason::provider_never_tested:
    case gap_reason::provider_never_replied:
        return gap_kind::provider;
    case gap_reason::no_synthetic_resident:
        return gap_kind::loop;
    case gap_reason::complaint_overdue:
        break;
    }
    return gap_kind::complaint;
}

std::map<gap_kind, int> coverage_report::counts() const {
    std::map<gap_kind, int> all;
    for (auto const& [kind, name] : domain::names<gap_kind>::table)
        all[kind] = 0;
    for (auto const& each : gaps)
        ++all[kind_of(each.why)];
    return all;
}

std::chrono::sys_days local_day(domain::instant now, domain::minutes utc_offset) {
    return std::chrono::floor<std::chrono::days>(now + utc_offset);
}

coverage_report find_gaps(coverage_picture const& seen, coverage_rules const& by,
                          domain::instant now) {
    coverage_report made;
    made.day = local_day(now, by.utc_offset);
    made.made_at = now;
    made.residents = static_cast<int>(seen.residents.size());
    made.homes = static_cast<int>(seen.homes.size());
    made.devices = static_cast<int>(seen.devices.size());
    made.providers = static_cast<int>(seen.providers.size());
    made.workers = static_cast<int>(seen.known.workers.size());
    made.gaps = search_for_gaps(seen, by, now).run();
    return made;
}

} // namespace linli::app
