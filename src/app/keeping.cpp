#include "app/keeping.hpp"

#include <string>

#include "runtime/log.hpp"

namespace linli::app {

namespace log = runtime::log;

namespace {

constexpr int rows_at_once = 200;
constexpr std::chrono::milliseconds pause{200};
constexpr domain::hours round_every{1};

} // namespace

runtime::task<void> keeping::run() {
    for (;;) {
        auto const next = with_.time.now() + round_every;
        if (with_.is_ours()) co_await look();
        co_await with_.time.wait_until(next);
    }
}

runtime::task<void> keeping::look() {
    if (with_.may_let_go()) {
        for (auto const& [what, how_long] : how_long_)
            co_await let_go(what, how_long);
    } else {
        log::warning("keeping_waits", {{"why", "the house may not know how late it is"}});
    }
    // Somebody has decided that, and no clock.
    auto const cleared = co_await with_.erased.clear_all();
    if (cleared && *cleared > 0) log::info("erased_cleared", {{"rows", *cleared}});
}

runtime::task<void> keeping::let_go(domain::kept what, domain::duration how_long) {
    auto const before = with_.time.now() - how_long;
    std::size_t total = 0;
    for (;;) {
        auto const gone = co_await with_.keeper.let_go(what, before, rows_at_once);
        if (!gone) break; // the next round
        total += *gone;
        if (*gone < static_cast<std::size_t>(rows_at_once)) break;
        auto const next = with_.time.now() + pause;
        co_await with_.time.wait_until(next);
    }
    if (total > 0) log::info("let_go", {{"what", to_text(what)}, {"rows", total}});
}

} // namespace linli::app
