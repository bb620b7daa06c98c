#include "app/house_dialler.hpp"

#include <utility>
#include <vector>

namespace linli::app {

namespace {

constexpr std::chrono::milliseconds look_every{250};
constexpr domain::seconds spare{2}; // in which the record says that nobody has taken it

} // namespace

runtime::task<dialled> house_dialler::dial(dialling what) {
    auto const asked_at = with_.time.now();
    placed_call wish;
    wish.id = with_.ids.next(asked_at);
    wish.key = std::move(what.key);
    wish.seat = std::move(what.seat);
    wish.number = std::move(what.number);
    wish.reference = std::move(what.reference);
    wish.asked_at = asked_at;
    wish.begin_by = asked_at + begins_within;
    auto const kept = co_await with_.keeper.ask(wish);
    if (!kept) co_return dialled::unreachable;
    if (with_.asked) with_.asked();
    std::vector<domain::uuid> const mine{*kept};
    while (with_.time.now() <= wish.begin_by + spare) {
        auto const now = with_.time.now();
        auto const found = co_await with_.keeper.states(mine, now);
        if (found && !found->empty()) {
            auto const is = found->front();
            if (is.has_begun) co_return dialled::accepted;
            if (is.ended == domain::placed_end::not_begun) co_return dialled::unreachable;
            if (is.ended) co_return dialled::refused;
        }
        auto const next = now + look_every;
        co_await with_.time.wait_until(next);
    }
    co_return dialled::unreachable;
}

} // namespace linli::app
