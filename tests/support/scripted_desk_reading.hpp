#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "app/desk_reading.hpp"

namespace linli::tests {

// The tables of the pages as a test writes them, line by line. A call sees them as they are when it
// begins, and answers later. One thread.
class scripted_desk_reading final : public app::desk_reading {
public:
    // As a commit leaves it: its version must be higher than before.
    void put(app::work_line line);
    void holder_goes(domain::uuid const& id, bool is_away); // no commit of the line's
    void lose(domain::uuid const& id);                      // no more in the tables at all
    std::map<std::string, app::work_line> const& all() const { return tables_; }

    // Asked at each call: is the database away?
    void fails_when(std::function<bool()> is_away) { is_away_ = std::move(is_away); }
    void away(bool is_away) {
        fails_when([is_away] { return is_away; });
    }
    // Answers wait until release().
    void hold() { held_ = true; }
    void release();

    std::vector<std::vector<domain::uuid>> const& reads() const { return reads_; } // of lines()
    int comparisons() const { return comparisons_; }

    runtime::task<app::record_result<std::unordered_map<std::string, app::line_mark>>>
    open_marks() override;
    runtime::task<app::record_result<std::vector<app::work_line>>>
    lines(std::vector<domain::uuid> const& ids) override;
    runtime::task<app::record_result<std::optional<app::alert_card>>>
    card(domain::alert_id const& id) override;
    runtime::task<app::record_result<std::optional<app::alert_card>>>
    card(domain::request_id const& id) override;
    runtime::task<app::record_result<std::vector<domain::uuid>>>
    held_by(domain::operator_id const& who) override;
    runtime::task<app::record_result<app::follow_ups>> to_follow_up(domain::area_id const& within,
                                                                    int limit) override;
    runtime::task<app::record_result<app::unfinished>> unfinished_in(domain::area_id const& within,
                                                                     int limit) override;
    runtime::task<app::record_result<std::vector<app::signal_seen>>>
    signals_of(domain::uuid const& id) override;
    runtime::task<app::record_result<std::optional<domain::uuid>>>
    owner_of(domain::order_id const& id) override;

private:
    runtime::task<bool> answers(); // false: the database is away

    std::map<std::string, app::work_line> tables_;
    std::function<bool()> is_away_ = [] { return false; };
    bool held_ = false;
    std::optional<boost::asio::steady_timer> gate_;
    std::vector<std::vector<domain::uuid>> reads_;
    int comparisons_ = 0;
};

} // namespace linli::tests
