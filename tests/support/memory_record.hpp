#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <utility>

#include "app/foresight.hpp"
#include "support/city.hpp"
#include "support/memory_tables.hpp"

namespace linli::tests {

// The twin of the record on PostgreSQL, in memory: the same contract (tests/contract runs on both),
// and faults on demand. Each call lets the loop run once before it does its work, so that whoever
// waits meanwhile can change things, as with a real database. One thread.
class memory_record final : public app::record, public app::presuming_record {
public:
    explicit memory_record(city town = a_city()) : town_(std::move(town)) {}

    // ---- the registry, as an import leaves it
    void becomes(city town);
    city const& town() const { return town_; }

    // ---- trouble
    enum class moment : std::uint8_t { before_applying, after_applying };
    // after_applying: it is done, but nobody hears of it. Several failures queue up.
    void fail_next_commit(app::record_errc why, moment when = moment::before_applying);
    void away(bool is_away) { away_ = is_away; }
    bool is_away() const { return away_; }
    // Every commit that holds this signal's bytes is bad data (bare of text and fix, it passes).
    void cannot_store(domain::event_id const& event) { unstorable_.insert(event.value); }

    // ---- what happens meanwhile, as time that goes by; also before a failure
    std::function<void()> while_reading;
    std::function<void()> while_committing;

    // ---- for tests to look at
    memory_tables const& holds() const { return tables_; }
    std::size_t commits() const { return commits_; }
    std::size_t reads() const { return reads_; }
    std::size_t times_asked_what_is_due() const { return asked_what_is_due_; }

    // ---- app::record
    runtime::task<app::record_result<app::view>> read(app::wanted const& what) override;
    runtime::task<app::record_result<void>> commit(app::changes const& what) override;
    runtime::task<app::record_result<void>>
    commit_if(app::changes const& what, std::vector<app::presumed_device> const& presumed) override;
    runtime::task<app::record_result<app::due_items>> due(domain::instant now, int limit) override;
    runtime::task<app::record_result<int>> reserve_numbers(int day, int count) override;
    runtime::task<app::record_result<std::int64_t>> registry_version() override;
    runtime::task<app::record_result<app::registry>> load_registry() override;
    runtime::task<app::record_result<std::vector<app::outbox_row>>>
    take_outbox(domain::instant now, domain::duration lease, int limit) override;
    runtime::task<app::record_result<void>>
    outbox_sent(std::vector<domain::uuid> const& ids) override;
    runtime::task<app::record_result<void>> outbox_forward(domain::instant now,
                                                           domain::instant later) override;
    runtime::task<app::record_result<void>>
    keep_plans(std::vector<std::pair<std::string, std::string>> const& pages) override;
    runtime::task<app::record_result<std::string>> plan_body(std::string const& digest) override;

private:
    struct failure {
        app::record_errc why;
        moment when;
    };
    std::optional<failure> next_failure();
    bool holds_unstorable(app::changes const& what) const;
    app::record_result<void> apply(app::changes const& what,
                                   std::vector<app::presumed_device> const& presumed);
    app::due_items find_due(domain::instant now, int limit) const;
    app::registry whole_registry() const;
    std::vector<app::outbox_row> lease_outbox(domain::instant now, domain::duration lease,
                                              int limit);

    city town_;
    memory_tables tables_;
    std::vector<failure> failures_;
    std::set<std::string> unstorable_;
    bool away_ = false;
    std::size_t commits_ = 0;
    std::size_t reads_ = 0;
    std::size_t asked_what_is_due_ = 0;
};

} // namespace linli::tests
