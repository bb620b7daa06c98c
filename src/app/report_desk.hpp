#pragma once

#include <deque>
#include <memory>
#include <optional>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "app/accounts.hpp"
#include "app/clock.hpp"
#include "app/reports.hpp"

namespace linli::app {

// The reports that somebody asks for while he waits: one at a time is made, who comes meanwhile
// gets the same if it is his, and for a minute nothing is made anew. On one loop.
class report_desk {
public:
    struct settings {
        coverage_rules rules;
        domain::area_id whole; // the installation's area
    };
    report_desk(boost::asio::any_io_executor loop, report_record& from, clock& time, settings with);

    // Nothing: there is no such area, or it isn't his. An empty area is his own. `away`, too, when
    // too many wait.
    runtime::task<record_result<std::optional<night_part>>> tonight(account by, domain::area_id of,
                                                                    std::optional<gap_kind> kind);
    runtime::task<record_result<std::optional<service_report>>>
    service(account by, domain::area_id of, report_period during);
    runtime::task<record_result<std::optional<hotline_report>>>
    hotline(account by, domain::area_id of, report_period during);

private:
    class turn;

    runtime::task<bool> wait_for_turn();
    runtime::task<record_result<void>> look();
    service_report const* find(domain::area_id const& of, report_period const& during);

    boost::asio::steady_timer free_; // a timer that is cancelled when a turn ends
    report_record& from_;
    clock& time_;
    settings with_;
    bool is_taken_ = false;
    int waiting_ = 0;
    std::optional<night> night_;
    std::deque<service_report> reports_; // oldest first
};

} // namespace linli::app
