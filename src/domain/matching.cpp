#include "domain/matching.hpp"

#include <algorithm>
#include <tuple>

namespace linli::domain {

namespace {

// An electric bicycle in a Chinese town: 15 km/h over a way 1.3 times the straight line. A field
// proposal, to be replaced by measured travel times.
constexpr double metres_per_second = 15.0 / 3.6;
constexpr double detour = 1.3;

// What one more open order, a place outside the site's circle and a missing star cost, in seconds
// of travel: field proposals.
constexpr double load_cost_s = 240;
constexpr double unseen_cost_s = 900; // nobody knows where he is: the edge of the 15-minute circle
constexpr double outside_circle_cost_s = 300;
constexpr double star_cost_s = 20;
constexpr double best_rating = 5;
constexpr double assumed_rating = 4; // nobody has rated him yet

candidate assess(errand const& what, worker const& w, int minute) {
    candidate c{w.id, w.provider, may_go(what, w, minute), 0, 0, 0, false};
    if (what.place && w.place) {
        auto const metres = distance_m(*what.place, *w.place);
        c.distance_m = static_cast<std::uint32_t>(metres);
        c.travel_s = static_cast<std::uint32_t>(metres * detour / metres_per_second);
    }
    c.in_circle = !what.site.empty() && w.site == what.site;
    auto const rating = w.rating > 0 ? w.rating : assumed_rating;
    auto const travel_s = w.place ? c.travel_s : unseen_cost_s;
    c.cost_s = travel_s + load_cost_s * w.load + (c.in_circle ? 0 : outside_circle_cost_s) +
               star_cost_s * (best_rating - rating);
    return c;
}

} // namespace

match_reason may_go(errand const& what, worker const& w, int minute) {
    if (!what.certificate.empty() && std::find(w.certificates.begin(), w.certificates.end(),
                                               what.certificate) == w.certificates.end())
        return match_reason::no_certificate;
    if (!is_on_duty(w, minute)) return match_reason::off_duty;
    if (!w.visiting.empty() && w.visiting != what.home) return match_reason::at_other_home;
    if (std::find(what.asked.begin(), what.asked.end(), w.id) != what.asked.end())
        return match_reason::asked_before;
    return match_reason::next;
}

bool is_on_duty(worker const& w, int minute_of_day) {
    if (w.from_minute <= w.until_minute)
        return minute_of_day >= w.from_minute && minute_of_day < w.until_minute;
    return minute_of_day >= w.from_minute || minute_of_day < w.until_minute;
}

std::vector<candidate> rank(errand const& what, std::vector<worker const*> const& near,
                            int minute_of_day) {
    std::vector<candidate> ranked;
    ranked.reserve(near.size());
    for (auto const* w : near)
        ranked.push_back(assess(what, *w, minute_of_day));
    std::sort(ranked.begin(), ranked.end(), [](candidate const& a, candidate const& b) {
        return std::tuple(a.why != match_reason::next, a.cost_s, a.id) <
               std::tuple(b.why != match_reason::next, b.cost_s, b.id);
    });
    auto const chosen = std::min(what.offers_at_once, ranked.size());
    for (std::size_t i = 0; i < chosen && ranked[i].why == match_reason::next; ++i)
        ranked[i].why = match_reason::chosen;
    return ranked;
}

} // namespace linli::domain
