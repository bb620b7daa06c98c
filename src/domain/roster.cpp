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

// Of those who are looked at: who may go, until they are enough, and of the others as many as get a
// stored reason. However many stand in the way, they hide nobody who may go.
struct selection {
    roster::rule const& may_go;
    std::size_t enough;
    std::size_t most;
    std::vector<worker const*> found{};
    std::size_t good = 0;

    bool is_enough() const { return good == enough; }
    bool has(worker const& w) const {
        return std::find(found.begin(), found.end(), &w) != found.end();
    }
    void take(worker const& w) {
        bool const fits = may_go(w);
        if ((fits ? is_enough() : found.size() - good == most) || has(w)) return;
        if (fits) ++good;
        found.push_back(&w);
    }
};

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
                                           std::vector<std::string> const& areas, rule const& meant,
                                           rule const& may_go, std::size_t enough,
                                           std::size_t most) const {
    selection chosen{may_go, enough, most};
    auto const take = [&](auto const& of, std::string const& key) {
        auto const at = of.find(key);
        if (at == of.end()) return;
        for (auto i : at->second)
            if (meant(index_->workers[i])) chosen.take(index_->workers[i]);
    };
    take(index_->who_has_home, home);
    for (auto const& area : areas)
        take(index_->who_has_area, area);
    return chosen.found;
}

std::vector<worker const*> roster::near(std::optional<position> const& place,
                                        std::string const& site, rule const& meant,
                                        rule const& may_go, std::size_t enough,
                                        std::size_t most) const {
    selection chosen{may_go, enough, most};
    auto const take_all_of = [&](auto const& sites) {
        auto const at = sites.find(site);
        if (at == sites.end()) return;
        for (auto i : at->second)
            if (meant(index_->workers[i])) chosen.take(index_->workers[i]);
    };
    if (!place) {
        take_all_of(index_->of_site);
        return chosen.found;
    }
    point const door(place->longitude, place->latitude);
    auto const take_nearest = [&](std::size_t how_many, rule const& which) {
        auto const fits = [&](entry const& e) { return which(index_->workers[e.second]); };
        auto const query =
            bgi::nearest(door, static_cast<unsigned>(how_many)) && bgi::satisfies(fits);
        for (auto at = index_->by_place.qbegin(query); at != index_->by_place.qend(); ++at) {
            if (chosen.is_enough()) return;
            chosen.take(index_->workers[at->second]);
        }
    };
    take_nearest(most, meant);
    // So many nearer ones may not go: beyond them only who may is of use.
    if (!chosen.is_enough() && chosen.found.size() == most)
        take_nearest(enough - chosen.good,
                     [&](worker const& w) { return meant(w) && may_go(w) && !chosen.has(w); });
    if (!chosen.is_enough()) take_all_of(index_->placeless_of_site);
    return chosen.found;
}

} // namespace linli::domain
