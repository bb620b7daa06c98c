#include "domain/outage.hpp"

#include <algorithm>
#include <tuple>

namespace linli::domain {

std::optional<area_id> area_that_is_out(std::vector<area_id> const& upwards,
                                        std::map<area_id, area_tally> const& tallies,
                                        outage_limits const& limits) {
    std::optional<area_id> widest;
    int gone_in_it = 0;
    for (auto const& each : upwards) {
        auto const tally = tallies.find(each);
        if (tally == tallies.end()) continue;
        auto const [devices, gone] = tally->second;
        bool const is_out = gone >= limits.devices && gone * 100 >= limits.percent * devices;
        if (!is_out || gone <= gone_in_it) continue;
        widest = each;
        gone_in_it = gone;
    }
    return widest;
}

bool is_over(outage const& o, int still_gone) {
    return still_gone * 10 <= o.devices;
}

void by_risk(std::vector<care_call>& list) {
    auto const rank = [](care_call const& c) {
        return std::tuple(!c.high_risk, !c.alone, c.since, c.resident, c.device);
    };
    std::ranges::sort(list, {}, rank);
}

} // namespace linli::domain
