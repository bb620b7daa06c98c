#include "domain/news2_parts.hpp"

#include <vector>

#include "domain/vitals.hpp"

namespace linli::domain {

namespace {

constexpr unsigned parts_from = 100; // more points than there are

} // namespace

scored_parts news2_parts_of(std::span<vital const> vitals) {
    scored_parts parts;
    for (auto const& [sign, name] : names<vital_sign>::table) {
        std::vector<vital> alone;
        for (auto const& each : vitals)
            if (each.what == sign) alone.push_back(each);
        auto const score = news2(news2_input_of(alone));
        if (score.missing.size() == all_news2_parts) continue;
        auto const bit = 1U << static_cast<unsigned>(sign);
        parts.known |= bit;
        if (score.points > 0) parts.bad |= bit;
    }
    return parts;
}

double in_one(bad_score const& score) {
    return score.points + double{parts_from} * score.parts;
}

bad_score bad_score_of(dwell const& row) {
    auto const both = static_cast<unsigned>(row.value);
    return {static_cast<int>(both % parts_from), both / parts_from};
}

} // namespace linli::domain
