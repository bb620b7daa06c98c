#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "app/clock.hpp"
#include "app/desk_reading.hpp"
#include "support/memory_calls.hpp"
#include "support/memory_hotline.hpp"
#include "support/memory_record.hpp"

namespace linli::tests {

// The twin of desk_reading on PostgreSQL, beside a memory_record: the same contract. What the
// record doesn't hold is told to it. One thread.
class memory_desk final : public app::desk_reading {
public:
    explicit memory_desk(memory_record& beside, app::clock& time) : beside_(beside), time_(time) {}

    // ---- what stands elsewhere
    std::map<std::string, std::string> account_names;               // by user
    std::map<std::string, std::vector<app::contact_seen>> contacts; // by resident
    std::map<std::string, std::vector<app::reading_seen>> readings; // by resident, of any age
    std::map<std::string, app::device_seen> health;                 // by device
    std::map<std::string, std::string> worker_names;
    std::set<std::string> lost_keys; // of residents
    memory_calls const* calls = nullptr;
    memory_hotline const* hotline = nullptr;

    // Where somebody lived before, and since or until when he lives where the town says.
    struct stay {
        std::string resident, home;
        domain::instant until;
    };
    std::vector<stay> former;
    std::map<std::string, domain::instant> came, left; // by resident

    struct seat {
        domain::instant used, until;
    };
    std::map<std::string, seat> on_duty; // by user

    void away(bool is_away) { away_ = is_away; }

    // ---- app::desk_reading
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
    bool lived_at(resident_row const& who, domain::home_id const& home, domain::instant at) const;
    // Now, or once it is over, when it began.
    bool lives_at(resident_row const& who, domain::home_id const& home,
                  app::work_line const& line) const;
    bool is_history(domain::alert const& past, app::work_line const& line) const;
    std::optional<app::work_line> line_of(domain::uuid const& id) const;
    std::optional<app::alert_card> card_of(domain::uuid const& id) const;
    void add_people(app::alert_card& card) const;
    void add_home(app::alert_card& card) const;
    void add_orders(app::alert_card& card) const;
    void add_log(app::alert_card& card) const;
    void add_neighbours(app::alert_card& card) const;
    std::optional<app::work_line> line_of_call(domain::uuid const& id) const;
    app::caller_seen seen(domain::caller const& who) const;
    void add_area(app::work_line& line, domain::area_id const& area) const;
    void add_around(app::work_line& line, domain::subject const& about, domain::home_id const& home,
                    domain::area_id const& area) const;
    std::string name_of(std::string const& user) const;
    bool is_away(std::string const& user) const;

    memory_record& beside_;
    app::clock& time_;
    bool away_ = false;
};

} // namespace linli::tests
