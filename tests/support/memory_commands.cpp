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

} // namespace linli::tests
