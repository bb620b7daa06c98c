#include "app/lines_by_our_clock.hpp"

#include <algorithm>
#include <utility>

#include "runtime/log.hpp"

namespace linli::app {

namespace {

constexpr domain::seconds is_other_from{2};
constexpr domain::seconds is_the_same_below{1}; // so that it doesn't flicker
constexpr std::size_t most_looked_at = 3;

} // namespace

// A run that has died leaves its calls to the next one, with times by the clock that it had.
void lines_by_our_clock::lines_came(std::string const& run) {
    if (run != run_) last_ = {std::exchange(run_, run), behind_};
    newest_.clear();
    to_.lines_came(run);
}

// What comes late looks as if they were behind: of the newest the least is right.
void lines_by_our_clock::lines_clock(domain::instant theirs) {
    newest_.push_back(time_.now() - theirs);
    if (newest_.size() > most_looked_at) newest_.pop_front();
    auto const least = *std::ranges::min_element(newest_);
    bool const was_other = behind_ != domain::duration(0);
    auto const allowed = was_other ? is_the_same_below : is_other_from;
    bool const is_other = least > allowed || least < -allowed;
    behind_ = is_other ? least : domain::duration(0);
    if (is_other && !was_other)
        runtime::log::warning(
            "hotline_clock_differs",
            {{"behind_s", std::chrono::duration_cast<domain::seconds>(least).count()},
             {"remedy", "set the clock of the engine's machine, then start linli-hotline anew"}});
}

domain::duration lines_by_our_clock::behind_in(std::string const& call) const {
    if (call.starts_with(run_ + '-')) return behind_;
    bool const is_of_last = !last_.run.empty() && call.starts_with(last_.run + '-');
    return is_of_last ? last_.behind : domain::duration(0);
}

// The beginning of all time is said where nobody knows when. Nothing is in our future.
domain::instant lines_by_our_clock::by_ours(domain::instant theirs, domain::duration behind) const {
    return theirs == domain::instant() ? theirs : std::min(theirs + behind, time_.now());
}

void lines_by_our_clock::line_happened(line_event const& what) {
    auto told = what;
    told.at = by_ours(what.at, behind_);
    to_.line_happened(told);
}

void lines_by_our_clock::line_was(line_over const& what) {
    auto told = what;
    auto const behind = behind_in(what.call);
    told.came_at = by_ours(what.came_at, behind);
    if (what.talked_at) told.talked_at = by_ours(*what.talked_at, behind);
    told.ended_at = by_ours(what.ended_at, behind);
    to_.line_was(told);
}

void lines_by_our_clock::lines_stand(lines_snapshot const& what) {
    auto told = what;
    for (auto& each : told.calls) {
        each.came_at = by_ours(each.came_at, behind_);
        if (each.talked_at) each.talked_at = by_ours(*each.talked_at, behind_);
    }
    to_.lines_stand(told);
}

} // namespace linli::app
