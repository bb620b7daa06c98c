#include "app/erasures.hpp"

#include <utility>

namespace linli::app {

namespace {

constexpr int rows_at_once = 500;
constexpr std::chrono::milliseconds pause{100}; // others write meanwhile

} // namespace

runtime::task<record_result<erasures::answer>> erasures::standing_after(domain::resident_id who) {
    auto now = co_await keeper_.standing_of(who);
    if (!now) co_return now.error();
    answer said;
    said.now = std::move(*now);
    co_return said;
}

runtime::task<record_result<erasures::answer>>
erasures::ask(domain::resident_id who, domain::erasure_reason why, domain::operator_id by) {
    auto said = co_await standing_after(who);
    if (!said) co_return said.error();
    said->refused = domain::refusal_to_ask(said->now);
    if (said->refused) co_return said;
    domain::erasure what;
    what.resident = who;
    what.why = why;
    what.asked_by = std::move(by);
    what.asked_at = time_.now();
    auto const kept = co_await keeper_.ask(what);
    if (!kept) co_return kept.error();
    auto after = co_await standing_after(who);
    co_return after;
}

runtime::task<record_result<erasures::answer>> erasures::withdraw(domain::resident_id who,
                                                                  domain::operator_id by) {
    auto said = co_await standing_after(who);
    if (!said) co_return said.error();
    said->refused = domain::refusal_to_withdraw(said->now);
    if (said->refused) co_return said;
    auto const now = time_.now();
    auto const done = co_await keeper_.withdraw(who, by, now);
    if (!done) co_return done.error();
    auto after = co_await standing_after(who);
    co_return after;
}

runtime::task<record_result<erasures::answer>> erasures::confirm(domain::resident_id who,
                                                                 domain::operator_id by) {
    auto said = co_await standing_after(who);
    if (!said) co_return said.error();
    said->refused = domain::refusal_to_confirm(said->now, by);
    if (said->refused) co_return said;
    auto const now = time_.now();
    auto const done = co_await keeper_.erase(who, by, now);
    if (!done) co_return done.error();
    auto after = co_await standing_after(who);
    co_return after;
}

runtime::task<record_result<std::size_t>> erasures::clear_all() {
    auto const all = co_await keeper_.uncleared();
    if (!all) co_return all.error();
    std::size_t total = 0;
    for (auto const& who : *all) {
        for (;;) {
            auto const now = time_.now();
            auto const gone = co_await keeper_.clear(who, now, rows_at_once);
            if (!gone) co_return gone.error();
            if (*gone == 0) break;
            total += *gone;
            auto const next = time_.now() + pause;
            co_await time_.wait_until(next);
        }
    }
    co_return total;
}

} // namespace linli::app
