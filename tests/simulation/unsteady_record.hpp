#pragma once

#include <functional>
#include <utility>

#include "app/clock.hpp"
#include "app/record.hpp"
#include "simulation/fortune.hpp"

namespace linli::simulation {

// The record with its troubles: slow, away, in doubt, and the death of its caller at every call. A
// caller that dies hears nothing more, not even that it was cancelled: its coroutine stays where it
// is until its loop is destroyed.
class unsteady_record final : public app::record {
public:
    struct ports {
        app::record& inner;
        fortune& luck;
        app::clock& clock;
        std::function<void()> crash;
        std::function<void(app::changes const&)> committed; // at once, before anybody else runs
    };
    explicit unsteady_record(ports with) : with_(std::move(with)) {}

    runtime::task<app::record_result<app::view>> read(app::wanted const& what) override;
    runtime::task<app::record_result<void>> commit(app::changes const& what) override;
    runtime::task<app::record_result<app::due_items>> due(domain::instant now, int limit) override;
    runtime::task<app::record_result<int>> reserve_numbers(int day, int count) override;
    runtime::task<app::record_result<std::int64_t>> registry_version() override;
    runtime::task<app::record_result<app::registry>> load_registry() override;
    runtime::task<app::record_result<std::vector<app::outbox_row>>>
    take_outbox(domain::instant now, domain::duration lease, int limit) override;
    runtime::task<app::record_result<void>>
    outbox_sent(std::vector<domain::uuid> const& ids) override;
    runtime::task<app::record_result<void>>
    keep_plans(std::vector<std::pair<std::string, std::string>> const& pages) override;
    runtime::task<app::record_result<std::string>> plan_body(std::string const& digest) override;

private:
    runtime::task<fate> enter(place where);
    runtime::task<void> pause();
    runtime::task<void> die();
    template <class T>
    runtime::task<app::record_result<T>> pass(place where,
                                              runtime::task<app::record_result<T>> call);

    ports with_;
};

} // namespace linli::simulation
