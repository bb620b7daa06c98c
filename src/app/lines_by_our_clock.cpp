#include "app/lines_by_our_clock.hpp"

#include <algorithm>
#include <utility>

#include "runtime/log.hpp"

namespace linli::app {

namespace {

constexpr domain::seconds is_the_same{2};
constexpr std::size_t most_looked_at = 3;

} // namespace

void lines_by_our_clock::lines_came(std::string const& run) {
    newest_.clear();
    to_.lines_came(run);
}

// What comes late looks as if they were behind: of the newest the least is right.
void lines_by_our_clock::lines_clock(domain::instant theirs) {
    newest_.push_back(time_.now() - theirs);
    if (newest_.size() > most_looked_at) newest_.pop_front();
    auto const least = *std::ranges::min_element(newest_);
    bool const was_other = behind_ != domain::duration(0);
    bool const is_other = least > is_the_same || least < -is_the_same;
    behind_ = is_other ? least : domain::duration(0);
    if (is_other && !was_other)
        runtime::log::warning(
            "hotline_clock_differs",
            {{"behind_s", std::chrono::duration_cast<domain::seconds>(least).count()},
             {"remedy", "set the clock of the engine's machine, then start linli-hotline anew"}});
}

// The beginning of all time is said where nobody knows when.
domain::instant lines_by_our_clock::by_ours(domain::instant theirs) const {
    return theirs == domain::instant() ? theirs : theirs + behind_;
}

void lines_by_our_clock::line_happened(line_event const& what) {
    auto told = what;
    told.at = by_ours(what.at);
    to_.line_happened(told);
}

void lines_by_our_clock::line_was(line_over const& what) {
    auto told = what;
    told.came_at = by_ours(what.came_at);
    if (what.talked_at) told.talked_at = by_ours(*what.talked_at);
    told.ended_at = by_ours(what.ended_at);
    to_.line_was(told);
}

void lines_by_our_clock::lines_stand(lines_snapshot const& what) {
    auto told = what;
    for (auto& each : told.calls) {
        each.came_at = by_ours(each.came_at);
        if (each.talked_at) each.talked_at = by_ours(*each.talked_at);
    }
    to_.lines_stand(told);
}

} // namespace linli::app
