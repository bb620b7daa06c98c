#pragma once

#include <compare>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "app/clock.hpp"
#include "app/delivery_record.hpp"
#include "support/memory_record.hpp"

namespace linli::tests {

struct known_contact {
    domain::resident_id resident;
    int place = 1;
    std::vector<domain::channel> ways;
    std::string phone;
    std::string email;
    std::optional<domain::quiet_hours> quiet;
    bool do_not_tell = false;
    std::string language = "zh";
};

struct known_site {
    domain::site_id id;
    domain::site_id parent;
    std::string duty_phone;
    std::string shift_leader;
};

// The twin of the deliveries on PostgreSQL, in memory, beside a memory_record: the same contract,
// and faults on demand. One thread.
class memory_deliveries final : public app::delivery_record {
public:
    explicit memory_deliveries(memory_record& beside) : beside_(beside) {}

    // ---- the registry
    std::vector<known_contact> contacts; // in their order
    std::vector<known_site> sites;
    std::map<std::string, std::string> resident_names;

    // ---- trouble
    void away(bool is_away) { away_ = is_away; }
    // Whoever tells it who was told without it hears nothing before then.
    void is_slow(app::clock& by, domain::instant until) {
        slow_by_ = &by;
        slow_until_ = until;
    }

    // ---- for tests to look at
    bool has_unlogged() const { return !unlogged_.empty(); }
    std::map<domain::delivery_id, domain::delivery> const& holds() const { return held_; }

    // ---- app::delivery_record
    runtime::task<app::record_result<std::vector<app::person>>>
    people(domain::notice const& about) override;
    runtime::task<app::record_result<app::address_card>> card(domain::delivery const& of) override;
    runtime::task<app::record_result<void>>
    expand(domain::uuid const& notice, std::vector<domain::delivery> const& fresh) override;
    runtime::task<app::record_result<std::vector<domain::delivery>>>
    take(lane which, domain::instant now, domain::duration lease, int limit) override;
    runtime::task<app::record_result<void>>
    settle(std::vector<domain::delivery> const& changed,
           std::vector<domain::delivery> const& fresh) override;
    runtime::task<app::record_result<std::vector<domain::delivery>>> unlogged(int limit) override;
    runtime::task<app::record_result<void>>
    logged(std::vector<domain::delivery_id> const& ids) override;
    runtime::task<app::record_result<std::vector<domain::event_id>>>
    keep_degraded(std::vector<domain::delivery> const& told) override;
    runtime::task<app::record_result<std::size_t>> forget(domain::instant before,
                                                          int limit) override;
    runtime::task<app::record_result<app::unsent>> waiting(domain::instant now) override;

private:
    void insert(std::vector<domain::delivery> const& fresh);
    void is_now(domain::delivery const& d);
    struct was_told {
        std::string who;
        domain::audience to;
        std::string number;

        auto operator<=>(was_told const&) const = default;
    };
    std::set<was_told> told_of(domain::alert_id const& alert) const;
    // Also one who must not be told.
    known_contact const* contact_of(std::string const& who, std::string const& number) const;
    bool is_its_end(domain::delivery const& told, domain::delivery const& of) const;
    domain::resident_id resident_of(domain::notice const& about) const; // who lives alone there
    known_site const* site_with(domain::audience to, domain::site_id from) const;

    memory_record& beside_;
    std::map<domain::delivery_id, domain::delivery> held_;
    std::set<domain::delivery_id> queued_;   // of them, so that nobody looks through all
    std::set<domain::delivery_id> unlogged_; // ended, and not on their alert's log
    std::map<domain::alert_id, std::vector<domain::delivery_id>> of_alert_;
    std::set<std::tuple<domain::uuid, std::string, domain::channel>> known_;
    std::set<domain::delivery_id> logged_;
    bool away_ = false;
    app::clock* slow_by_ = nullptr;
    domain::instant slow_until_;
};

} // namespace linli::tests
