#include "domain/roster.hpp"

#include <algorithm>
#include <unordered_map>

#include <boost/geometry.hpp>
#include <boost/geometry/geometries/point.hpp>
#include <boost/geometry/index/rtree.hpp>

namespace linli::domain {

namespace bg = boost::geometry;
namespace bgi = boost::geometry::index;

namespace {

using point = bg::model::point<double, 2, bg::cs::spherical_equatorial<bg::degree>>;
using entry = std::pair<point, std::size_t>;

} // namespace

struct roster::index {
    std::vector<worker> workers;
    std::unordered_map<worker_id, std::size_t> by_id;
    std::unordered_map<std::string, std::vector<std::size_t>> placeless_of_site;
    std::unordered_map<std::string, std::vector<std::size_t>> of_site;
    std::unordered_map<std::string, std::vector<std::size_t>> who_has_home;
    std::unordered_map<std::string, std::vector<std::size_t>> who_has_area;
    bgi::rtree<entry, bgi::rstar<16>> by_place;
};

roster::roster(std::vector<worker> workers) : index_(std::make_unique<index>()) {
    index_->workers = std::move(workers);
    std::vector<entry> entries;
    for (std::size_t i = 0; i < index_->workers.size(); ++i) {
        auto const& w = index_->workers[i];
        index_->by_id.emplace(w.id, i);
        if (rules_of(w.kind).where == goes_to::own) {
            for (auto const& home : w.homes)
                index_->who_has_home[home].push_back(i);
            for (auto const& area : w.areas)
                index_->who_has_area[area].push_back(i);
            continue;
        }
        index_->of_site[w.site].push_back(i);
        if (w.place)
            entries.emplace_back(point(w.place->longitude, w.place->latitude), i);
        else
            index_->placeless_of_site[w.site].push_back(i);
    }
    index_->by_place = bgi::rtree<entry, bgi::rstar<16>>(entries); // packed: bulk load
}

roster::roster(roster&&) noexcept = default;
roster& roster::operator=(roster&&) noexcept = default;
roster::~roster() = default;

worker* roster::find(worker_id const& id) {
    auto const found = index_->by_id.find(id);
    return found == index_->by_id.end() ? nullptr : &index_->workers[found->second];
}

void roster::remember(roster const& before) {
    for (auto const& was : before.all()) {
        if (!was.seen && !was.rests_until) continue;
        auto* const is = find(was.id);
        if (!is) continue;
        is->seen = was.seen;
        is->rests_until = was.rests_until;
    }
}

std::vector<worker> const& roster::all() const {
    return index_->workers;
}

std::vector<worker const*> roster::who_has(std::string const& home,
                                           std::vector<std::string> const& areas,
                                           std::size_t most) const {
    std::vector<worker const*> found;
    auto const take = [&](auto const& of, std::string const& key) {
        auto const at = of.find(key);
        if (at == of.end()) return;
        for (auto i : at->second)
            if (auto const* w = &index_->workers[i];
                found.size() < most && std::find(found.begin(), found.end(), w) == found.end())
                found.push_back(w);
    };
    take(index_->who_has_home, home);
    for (auto const& area : areas)
        take(index_->who_has_area, area);
    return found;
}

std::vector<worker const*> roster::near(std::optional<position> const& place,
                                        std::string const& site, rule const& meant,
                                        rule const& may_go, std::size_t enough,
                                        std::size_t most) const {
    std::vector<worker const*> found;
    std::size_t good = 0;
    auto const take = [&](std::size_t i) {
        found.push_back(&index_->workers[i]);
        if (may_go(index_->workers[i])) ++good;
        return good < enough && found.size() < most;
    };
    auto const take_all_of = [&](auto const& sites) {
        auto const at = sites.find(site);
        if (at == sites.end()) return;
        for (auto i : at->second)
            if (meant(index_->workers[i]) && !take(i)) return;
    };
    if (!place) {
        take_all_of(index_->of_site);
        return found;
    }
    auto const is_meant = [&](entry const& e) { return meant(index_->workers[e.second]); };
    auto const query =
        bgi::nearest(point(place->longitude, place->latitude), static_cast<unsigned>(most)) &&
        bgi::satisfies(is_meant);
    for (auto at = index_->by_place.qbegin(query); at != index_->by_place.qend(); ++at)
        if (!take(at->second)) return found;
    take_all_of(index_->placeless_of_site);
    return found;
}

} // namespace linli::domain
