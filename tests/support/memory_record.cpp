#include "support/memory_record.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "support/let_others_run.hpp"
#include "support/memory_commit.hpp"
#include "support/memory_picture.hpp"

namespace linli::tests {

using app::record_errc;

namespace {

// Open rows that are due, the most urgent first, and the earliest that is not due yet.
template <class Rows, class Id>
void collect_due(Rows const& rows, due_index<Id> const& by_time, domain::instant now, int limit,
                 std::vector<Id>& ids, std::optional<domain::instant>& next) {
    std::vector<std::tuple<domain::priority, domain::instant, Id>> due;
    auto at = by_time.begin();
    for (; at != by_time.end() && at->first <= now; ++at)
        due.emplace_back(rows.at(at->second).level, at->first, at->second);
    if (at != by_time.end()) next = std::min(next.value_or(at->first), at->first);
    std::sort(due.begin(), due.end());
    if (due.size() > static_cast<std::size_t>(limit)) due.resize(static_cast<std::size_t>(limit));
    for (auto const& [level, when, id] : due)
        ids.push_back(id);
}

} // namespace

void memory_record::becomes(city town) {
    auto const newer = town_.version + 1;
    town_ = std::move(town);
    town_.version = newer;
}

void memory_record::fail_next_commit(record_errc why, moment when) {
    failures_.push_back({why, when});
}

std::optional<memory_record::failure> memory_record::next_failure() {
    if (failures_.empty()) return std::nullopt;
    auto const next = failures_.front();
    failures_.erase(failures_.begin());
    return next;
}

bool memory_record::holds_unstorable(app::changes const& what) const {
    return std::any_of(what.signals.begin(), what.signals.end(), [&](auto const& s) {
        return unstorable_.contains(s.what.event.value) && (s.what.fix || !s.what.text.empty());
    });
}

app::record_result<void> memory_record::apply(app::changes const& what,
                                              std::vector<app::presumed_device> const& presumed) {
    auto const trouble = next_failure();
    if (trouble && trouble->when == moment::before_applying) return trouble->why;
    if (holds_unstorable(what)) return record_errc::bad_data;
    if (!is_as_foreseen(town_, presumed)) return record_errc::conflict;
    auto written = write_changes(tables_, what);
    if (written) ++commits_;
    if (trouble) return trouble->why;
    return written;
}

app::due_items memory_record::find_due(domain::instant now, int limit) const {
    app::due_items due;
    auto const& t = tables_;
    collect_due(t.alerts, t.due_alerts, now, limit, due.alerts, due.next);
    collect_due(t.orders, t.due_orders, now, limit, due.orders, due.next);
    collect_due(t.requests, t.due_requests, now, limit, due.requests, due.next);
    return due;
}

app::registry memory_record::whole_registry() const {
    app::registry all{town_.version, town_.areas, town_.sites, town_.workers};
    std::sort(all.workers.begin(), all.workers.end(),
              [](auto const& a, auto const& b) { return a.id < b.id; });
    std::map<domain::worker_id, int> asked;
    for (auto const& [when, id] : tables_.due_offers) {
        auto const& o = tables_.offers.at(id);
        if (is_real(tables_.orders.at(o.order).what_for)) ++asked[o.worker];
    }
    for (auto& w : all.workers) {
        auto const visits = tables_.visits.find(w.id);
        w.load = asked[w.id];
        if (visits != tables_.visits.end()) w.load += static_cast<int>(visits->second.size());
        w.visiting = visit_of(tables_, w.id).value;
    }
    return all;
}

std::vector<app::outbox_row> memory_record::lease_outbox(domain::instant now,
                                                         domain::duration lease, int limit) {
    std::vector<app::outbox_row> taken;
    for (auto& [id, row] : tables_.outbox) {
        if (taken.size() == static_cast<std::size_t>(limit)) break;
        if (row.due_at > now) continue;
        row.attempts += 1;
        row.due_at = now + lease * std::min(row.attempts, 60U);
        taken.push_back(row);
    }
    return taken;
}

runtime::task<app::record_result<app::view>> memory_record::read(app::wanted const& what) {
    co_await let_others_run();
    if (while_reading) while_reading();
    if (away_) co_return record_errc::away;
    ++reads_;
    co_return draw_picture(tables_, town_, what);
}

runtime::task<app::record_result<void>> memory_record::commit(app::changes const& what) {
    static std::vector<app::presumed_device> const nothing;
    auto done = co_await commit_if(what, nothing);
    co_return done;
}

runtime::task<app::record_result<void>>
memory_record::commit_if(app::changes const& what,
                         std::vector<app::presumed_device> const& presumed) {
    co_await let_others_run();
    if (while_committing) while_committing();
    if (away_) co_return record_errc::away;
    co_return apply(what, presumed);
}

runtime::task<app::record_result<app::due_items>> memory_record::due(domain::instant now,
                                                                     int limit) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    ++asked_what_is_due_;
    co_return find_due(now, limit);
}

runtime::task<app::record_result<int>> memory_record::reserve_numbers(int day, int count) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    auto& last = tables_.last_number[day];
    last += count;
    co_return last - count + 1;
}

runtime::task<app::record_result<std::int64_t>> memory_record::registry_version() {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    co_return town_.version;
}

runtime::task<app::record_result<app::registry>> memory_record::load_registry() {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    co_return whole_registry();
}

runtime::task<app::record_result<std::vector<app::outbox_row>>>
memory_record::take_outbox(domain::instant now, domain::duration lease, int limit) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    co_return lease_outbox(now, lease, limit);
}

runtime::task<app::record_result<void>>
memory_record::outbox_sent(std::vector<domain::uuid> const& ids) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    for (auto const& id : ids)
        tables_.outbox.erase(id);
    co_return app::record_result<void>();
}

runtime::task<app::record_result<void>> memory_record::outbox_forward(domain::instant now,
                                                                      domain::instant later) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    for (auto& [id, row] : tables_.outbox) {
        if (row.due_at <= later) continue;
        row.due_at = now;
        row.attempts = 0;
    }
    co_return app::record_result<void>();
}

runtime::task<app::record_result<void>>
memory_record::keep_plans(std::vector<std::pair<std::string, std::string>> const& pages) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    for (auto const& [digest, body] : pages)
        tables_.plans.emplace(digest, body);
    co_return app::record_result<void>();
}

runtime::task<app::record_result<std::string>> memory_record::plan_body(std::string const& digest) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    auto const at = tables_.plans.find(digest);
    if (at == tables_.plans.end()) co_return record_errc::bad_data;
    co_return at->second;
}

} // namespace linli::tests
