#pragma once

#include <functional>
#include <memory>

#include "adapters/postgres/erasure_record.hpp"
#include "adapters/postgres/keeping_record.hpp"
#include "app/keeping.hpp"
#include "runtime/config.hpp"
#include "runtime/work_scope.hpp"

namespace linli::server {

app::keeping_times keeping_times_of(runtime::keeping_config const& config);

// Lets go of what has been kept long enough, on database connections of its own. Of two servers
// the one that receives does it.
class keeping_lane {
public:
    keeping_lane(runtime::config const& config, app::clock& clock, std::function<bool()> is_ours,
                 std::function<bool()> may_let_go);

    void start(runtime::work_scope& tasks);
    void stop();

private:
    std::unique_ptr<postgres::keeping_database> record_;
    std::unique_ptr<postgres::erasure_database> erased_record_;
    app::erasures erasures_;
    app::keeping keeping_;
};

} // namespace linli::server
