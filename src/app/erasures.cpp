#include "app/erasures.hpp"

#include <utility>

namespace linli::app {

namespace {

constexpr int rows_at_once = 500;
constexpr std::chrono::milliseconds pause{100}; // others write meanwhile

} // namespace

runtime::task<record_result<erasures::answer>> erasures::standing(domain::resident_id who) {
    auto now = co_await keeper_.standing_of(who);
    if (!now) co_return now.error();
    answer said;
    said.now = std::move(*now);
    co_return said;
}

runtime::task<record_result<erasures::answer>> erasures::ask(wish what) {
    auto said = co_await standing(what.who);
    if (!said) co_return said.error();
    said->refused = domain::refusal_to_ask(said->now);
    if (said->refused) co_return said;
    domain::erasure asked;
    asked.resident = what.who;
    asked.why = what.why;
    asked.wished_on = what.on;
    asked.asked_by = std::move(what.by);
    asked.asked_at = time_.now();
    auto const kept = co_await keeper_.ask(asked);
    if (!kept) co_return kept.error();
    auto after = co_await standing(what.who);
    co_return after;
}

runtime::task<record_result<erasures::answer>> erasures::withdraw(domain::resident_id who,
                                                                  domain::operator_id by,
                                                                  domain::erasure_withdrawal why) {
    auto said = co_await standing(who);
    if (!said) co_return said.error();
    said->refused = domain::refusal_to_withdraw(said->now);
    if (said->refused) co_return said;
    domain::withdrawn_erasure const how{why, std::move(by), time_.now()};
    auto const done = co_await keeper_.withdraw(who, how);
    if (!done) co_return done.error();
    auto after = co_await standing(who);
    co_return after;
}

runtime::task<record_result<erasures::answer>> erasures::confirm(domain::resident_id who,
                                                                 domain::operator_id by) {
    auto said = co_await standing(who);
    if (!said) co_return said.error();
    said->refused = domain::refusal_to_confirm(said->now, by);
    if (said->refused) co_return said;
    auto const now = time_.now();
    auto const done = co_await keeper_.erase(who, by, now);
    if (!done) co_return done.error();
    auto after = co_await standing(who);
    co_return after;
}

runtime::task<record_result<std::size_t>> erasures::clear(domain::resident_id who) {
    for (std::size_t total = 0;;) {
        auto const now = time_.now();
        auto const gone = co_await keeper_.clear(who, now, rows_at_once);
        if (!gone) co_return gone.error();
        if (*gone == 0) co_return total;
        total += *gone;
        auto const next = time_.now() + pause;
        co_await time_.wait_until(next);
    }
}

runtime::task<record_result<std::size_t>> erasures::clear_all() {
    auto const all = co_await keeper_.uncleared();
    if (!all) co_return all.error();
    record_result<std::size_t> total(0);
    for (auto const& who : *all) {
        auto const gone = co_await clear(who);
        if (!gone)
            total = gone.error(); // the others' rows go all the same
        else if (total)
            *total += *gone;
    }
    co_return total;
}

} // namespace linli::app
