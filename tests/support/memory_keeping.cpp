#include "support/memory_keeping.hpp"

#include <algorithm>

#include "support/let_others_run.hpp"

namespace linli::tests {

namespace {

bool is_evidence(domain::kept what) {
    using domain::kept;
    return what == kept::words || what == kept::pictures || what == kept::calls ||
           what == kept::recordings || what == kept::wishes;
}

} // namespace

runtime::task<app::record_result<std::size_t>>
memory_keeping::let_go(domain::kept what, domain::instant before, int limit) {
    co_await let_others_run();
    ++asked;
    if (away_) co_return app::record_errc::away;
    std::ranges::stable_sort(rows, {}, &row::at);
    std::size_t gone = 0;
    std::erase_if(rows, [&](row const& each) {
        bool const is_held = each.is_open || (each.is_disputed && is_evidence(what));
        bool const goes = each.what == what && each.at < before && !is_held &&
                          gone < static_cast<std::size_t>(limit);
        gone += goes ? 1 : 0;
        return goes;
    });
    co_return gone;
}

} // namespace linli::tests
