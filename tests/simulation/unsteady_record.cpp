#include "simulation/unsteady_record.hpp"

namespace linli::simulation {

using app::record_result;
using runtime::task;

task<record_result<void>>
unsteady_record::commit_and_tell(app::changes const& what,
                                 std::vector<app::presumed_device> const& presumed) {
    auto done = co_await inner_.commit_if(what, presumed);
    if (done) committed_(what);
    co_return done;
}

task<record_result<void>> unsteady_record::commit(app::changes const& what) {
    static std::vector<app::presumed_device> const nothing;
    return commit_if(what, nothing);
}

task<record_result<void>>
unsteady_record::commit_if(app::changes const& what,
                           std::vector<app::presumed_device> const& presumed) {
    return met_.pass(place::commit, commit_and_tell(what, presumed));
}

task<record_result<app::view>> unsteady_record::read(app::wanted const& what) {
    return met_.pass(place::read, inner_.read(what));
}

task<record_result<app::due_items>> unsteady_record::due(domain::instant now, int limit) {
    return met_.pass(place::due, inner_.due(now, limit));
}

task<record_result<int>> unsteady_record::reserve_numbers(int day, int count) {
    return met_.pass(place::order_numbers, inner_.reserve_numbers(day, count));
}

task<record_result<std::int64_t>> unsteady_record::registry_version() {
    return met_.pass(place::registry, inner_.registry_version());
}

task<record_result<app::registry>> unsteady_record::load_registry() {
    return met_.pass(place::registry, inner_.load_registry());
}

task<record_result<std::vector<app::outbox_row>>>
unsteady_record::take_outbox(domain::instant now, domain::duration lease, int limit) {
    return met_.pass(place::take_outbox, inner_.take_outbox(now, lease, limit));
}

task<record_result<void>> unsteady_record::outbox_sent(std::vector<domain::uuid> const& ids) {
    return met_.pass(place::outbox_sent, inner_.outbox_sent(ids));
}

task<record_result<void>> unsteady_record::outbox_forward(domain::instant now,
                                                          domain::instant later) {
    return met_.pass(place::outbox_sent, inner_.outbox_forward(now, later));
}

task<record_result<void>>
unsteady_record::keep_plans(std::vector<std::pair<std::string, std::string>> const& pages) {
    return met_.pass(place::plans, inner_.keep_plans(pages));
}

task<record_result<std::string>> unsteady_record::plan_body(std::string const& digest) {
    return met_.pass(place::plans, inner_.plan_body(digest));
}

} // namespace linli::simulation
