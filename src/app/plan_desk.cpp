#include "app/plan_desk.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace linli::app {

namespace {

constexpr int most_asking = 8;
constexpr int minutes_an_hour = 60;

std::string clock_text(int minute_of_day) {
    auto const two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return two(minute_of_day / minutes_an_hour) + ':' + two(minute_of_day % minutes_an_hour);
}

// "contact:r1/2 voice sms", and since when, if he is told in the morning only.
std::string in_codes(person const& who, domain::notice const& about, domain::minutes utc_offset) {
    auto text = who.who;
    for (auto const way : who.ways)
        text += ' ' + std::string(to_text(way));
    auto const first = domain::first_time(who.quiet, about.level, about.at, utc_offset);
    if (first > about.at) text += " from " + clock_text(domain::minute_of_day(first, utc_offset));
    return text;
}

} // namespace

plan_desk::plan_desk(plan_book const& plans, dry_run_record& from, delivery_record& people,
                     settings with)
    : plans_(plans), from_(from), people_(people), with_(std::move(with)) {}

bool plan_desk::has(account const& by, dry_run_picture const& seen) const {
    if (by.area == with_.whole) return true;
    auto each = seen.pressed.area;
    for (std::size_t steps = 0; steps <= seen.known.areas.size() && !each.empty(); ++steps) {
        if (each == by.area) return true;
        auto const at = std::ranges::find(seen.known.areas, each, &area::code);
        each = at == seen.known.areas.end() ? domain::area_id{} : at->parent;
    }
    return false;
}

runtime::task<record_result<std::optional<dry_run>>> plan_desk::rehearse(account by,
                                                                         question asked) {
    if (asking_ >= most_asking) co_return record_errc::away;
    struct place {
        int& asking;
        explicit place(int& of) : asking(of) { ++asking; }
        ~place() { --asking; }
    } const mine(asking_);
    auto const seen = co_await from_.picture(asked.resident, asked.home);
    if (!seen) co_return seen.error();
    if (!*seen || !has(by, **seen)) co_return std::nullopt;
    auto made = run_dry(plans_, **seen, asked.kind, with_.whole, with_.utc_offset, asked.at);
    auto const added = co_await add_people(made);
    if (!added) co_return added.error();
    co_return made;
}

runtime::task<record_result<void>> plan_desk::add_people(dry_run& made) {
    std::map<std::pair<domain::audience, domain::site_id>, std::vector<person>> known;
    for (auto& step : made.steps) {
        if (!step.notice) continue;
        auto const& about = *step.notice;
        std::pair const whom(about.to, about.site);
        if (!known.contains(whom)) {
            auto found = co_await people_.people(about);
            if (!found) co_return found.error();
            known[whom] = std::move(*found);
        }
        for (auto const& each : known[whom])
            step.who.push_back(in_codes(each, about, with_.utc_offset));
        bool const is_machine = about.to == domain::audience::alarm_hook;
        if (step.who.empty() && !is_machine) step.note = "nobody";
        if (about.to == domain::audience::contacts && step.who.size() < with_.contacts &&
            std::ranges::find(made.gaps, "few_contacts") == made.gaps.end())
            made.gaps.emplace_back("few_contacts");
    }
    co_return record_result<void>();
}

} // namespace linli::app
