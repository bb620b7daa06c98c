#include "simulation/strokes.hpp"

namespace linli::simulation {

namespace {

constexpr std::size_t idle_calls_tried = 4; // in a row
constexpr std::size_t one_in_at_a_commit = 4;

// What the loops ask while nothing happens.
bool is_idle_call(place where) {
    return where == place::due || where == place::take_outbox || where == place::registry ||
           where == place::clock || where == place::deliveries || where == place::placed_read ||
           where == place::recordings_read;
}

} // namespace

std::vector<stroke> all_strokes(outcome const& undisturbed) {
    std::vector<stroke> all;
    std::size_t idle = 0;
    for (std::size_t point = 0; point < undisturbed.points.size(); ++point) {
        auto const where = undisturbed.points[point];
        idle = is_idle_call(where) ? idle + 1 : 0;
        if (idle > idle_calls_tried) continue;
        for (auto const what : fates_of(where))
            all.push_back({point, what});
    }
    for (auto const await : undisturbed.fresh_awaits)
        all.push_back({await, fate::crash_before, true});
    return all;
}

std::vector<stroke> a_share_of(std::vector<stroke> const& all, outcome const& undisturbed,
                               std::size_t n) {
    std::vector<stroke> share;
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto const& each = all[i];
        bool const commits = !each.at_await && undisturbed.points[each.point] == place::commit;
        if (i % (commits ? one_in_at_a_commit : n) == 0) share.push_back(each);
    }
    return share;
}

} // namespace linli::simulation
