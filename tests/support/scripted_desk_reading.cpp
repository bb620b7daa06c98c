#include "support/scripted_desk_reading.hpp"

#include <stdexcept>

#include <boost/asio/this_coro.hpp>

#include "support/let_others_run.hpp"

namespace linli::tests {

using app::record_errc;
using app::record_result;

void scripted_desk_reading::put(app::work_line line) {
    auto& row = tables_[to_string(line.id())];
    bool const is_new = !row.alert && !row.request;
    if (!is_new && line.version() <= row.version())
        throw std::logic_error("a commit moves the version on");
    row = std::move(line);
}

void scripted_desk_reading::holder_goes(domain::uuid const& id, bool is_away) {
    tables_.at(to_string(id)).holder_is_away = is_away;
}

void scripted_desk_reading::lose(domain::uuid const& id) {
    tables_.erase(to_string(id));
}

void scripted_desk_reading::release() {
    held_ = false;
    if (gate_) gate_->cancel();
}

runtime::task<bool> scripted_desk_reading::answers() {
    bool const is_away = is_away_();
    co_await let_others_run();
    if (held_) {
        auto executor = co_await boost::asio::this_coro::executor;
        gate_.emplace(executor, boost::asio::steady_timer::time_point::max());
        auto const opened = co_await gate_->async_wait(runtime::use_task_tuple);
        static_cast<void>(opened);
    }
    co_return !is_away;
}

runtime::task<record_result<std::unordered_map<std::string, app::line_mark>>>
scripted_desk_reading::open_marks() {
    ++comparisons_;
    std::unordered_map<std::string, app::line_mark> seen;
    for (auto const& [id, line] : tables_)
        if (line.is_open()) seen.emplace(id, line.mark());
    auto const answered = co_await answers();
    if (!answered) co_return record_errc::away;
    co_return seen;
}

runtime::task<record_result<std::vector<app::work_line>>>
scripted_desk_reading::lines(std::vector<domain::uuid> const& ids) {
    reads_.push_back(ids);
    std::vector<app::work_line> seen;
    for (auto const& id : ids)
        if (auto const at = tables_.find(to_string(id)); at != tables_.end())
            seen.push_back(at->second);
    auto const answered = co_await answers();
    if (!answered) co_return record_errc::away;
    co_return seen;
}

// Nobody of whom these tables are written opens a card.
runtime::task<record_result<std::optional<app::alert_card>>>
scripted_desk_reading::card(domain::alert_id const&) {
    co_return record_errc::away;
}

runtime::task<record_result<std::optional<app::alert_card>>>
scripted_desk_reading::card(domain::request_id const&) {
    co_return record_errc::away;
}

runtime::task<record_result<std::vector<domain::uuid>>>
scripted_desk_reading::held_by(domain::operator_id const&) {
    co_return record_errc::away;
}

runtime::task<record_result<app::follow_ups>>
scripted_desk_reading::to_follow_up(domain::area_id const&, int) {
    co_return record_errc::away;
}

runtime::task<record_result<app::unfinished>>
scripted_desk_reading::unfinished_in(domain::area_id const&, int) {
    co_return record_errc::away;
}

runtime::task<record_result<std::vector<app::signal_seen>>>
scripted_desk_reading::signals_of(domain::uuid const&) {
    co_return record_errc::away;
}

runtime::task<record_result<std::optional<domain::uuid>>>
scripted_desk_reading::owner_of(domain::order_id const&) {
    co_return record_errc::away;
}

} // namespace linli::tests
