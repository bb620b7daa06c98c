#pragma once

#include <functional>
#include <vector>

#include "simulation/trouble.hpp"
#include "support/memory_record.hpp"

namespace linli::simulation {

// The record with one process's troubles.
class unsteady_record final : public app::record, public app::presuming_record {
public:
    // `committed` is called at once, before anybody else runs.
    using hearer = std::function<void(app::changes const&)>;
    unsteady_record(tests::memory_record& inner, trouble& met, hearer committed)
        : inner_(inner), met_(met), committed_(std::move(committed)) {}

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
    runtime::task<app::record_result<void>>
    commit_and_tell(app::changes const& what, std::vector<app::presumed_device> const& presumed);

    tests::memory_record& inner_;
    trouble& met_;
    hearer committed_;
};

} // namespace linli::simulation
