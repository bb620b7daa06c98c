#include "support/memory_commands.hpp"

#include <algorithm>

#include "support/let_others_run.hpp"

namespace linli::tests {

using app::record_errc;
using domain::command_state;

runtime::task<app::record_result<bool>> memory_commands::ask(domain::device_command const& what) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    if (!devices_.contains(what.device.value)) co_return false;
    for (auto& [id, each] : all_)
        if (each.device == what.device && each.kind == what.kind &&
            each.state == command_state::waiting)
            each.state = command_state::replaced;
    all_[what.id] = what;
    co_return true;
}

runtime::task<app::record_result<std::vector<domain::device_command>>>
memory_commands::open(domain::instant now, int limit) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::vector<domain::device_command> ended;
    std::vector<domain::device_command> open;
    for (auto& [id, each] : all_) {
        if (!is_open(each.state)) continue;
        bool const is_over = each.expires_at <= now;
        if (is_over)
            each.state = each.state == command_state::sent ? command_state::unanswered
                                                           : command_state::expired;
        (is_over ? ended : open).push_back(each);
    }
    std::ranges::stable_sort(open, {}, &domain::device_command::expires_at);
    if (static_cast<int>(open.size()) > limit) open.resize(static_cast<std::size_t>(limit));
    ended.insert(ended.end(), open.begin(), open.end());
    co_return ended;
}

runtime::task<app::record_result<void>>
memory_commands::become(std::vector<domain::device_command> const& what, domain::instant) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    for (auto const& each : what)
        if (auto const at = all_.find(each.id); at != all_.end() && is_open(at->second.state))
            at->second.state = each.state;
    co_return app::record_result<void>();
}

runtime::task<app::record_result<std::vector<domain::device_command>>>
memory_commands::list(std::optional<domain::device_id> of, int limit) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::vector<domain::device_command> found;
    for (auto each = all_.rbegin(); each != all_.rend(); ++each)
        if ((!of || each->second.device == *of) && static_cast<int>(found.size()) < limit)
            found.push_back(each->second);
    co_return found;
}

namespace {

bool is_own_locate(domain::device_command const& c) {
    return c.kind == domain::command_kind::locate && c.asked_by.value == domain::asked_by_the_house;
}

} // namespace

bool memory_commands::was_asked(std::string const& device, seeking const& by,
                                domain::instant now) const {
    return std::ranges::any_of(all_, [&](auto const& each) {
        auto const& c = each.second;
        bool const is_new = c.asked_at >= by.since && c.asked_at > now - by.every;
        return c.device.value == device && is_own_locate(c) &&
               (c.state == command_state::waiting || is_new);
    });
}

void memory_commands::end_needless() {
    for (auto& [id, each] : all_) {
        auto const wears = [&, &c = each](seeking const& s) {
            return s.devices.contains(c.device.value);
        };
        if (is_own_locate(each) && each.state == command_state::waiting &&
            std::ranges::none_of(sought_, wears))
            each.state = command_state::expired;
    }
}

runtime::task<app::record_result<std::vector<domain::device_id>>>
memory_commands::due_for_locate(domain::instant now, int limit) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    end_needless();
    std::set<std::string> due;
    for (auto const& each : sought_)
        for (auto const& device : each.devices)
            if (!was_asked(device, each, now)) due.insert(device);
    std::vector<domain::device_id> found;
    for (auto const& device : due)
        if (static_cast<int>(found.size()) < limit) found.push_back({device});
    co_return found;
}

} // namespace linli::tests
