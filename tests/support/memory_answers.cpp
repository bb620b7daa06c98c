#include "support/memory_answers.hpp"

#include <algorithm>
#include <vector>

#include "support/let_others_run.hpp"

namespace linli::tests {

using app::record_errc;

runtime::task<app::record_result<app::answer_record::found>>
memory_answers::begin(command const& what) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::pair const key(what.who.value, what.key);
    auto const [at, is_fresh] = rows_.try_emplace(key, row{what.request, what.since});
    auto const& known = at->second;
    if (is_fresh) co_return found{};
    if (known.request != what.request) co_return found{standing::another, {}};
    if (!known.said) co_return found{standing::in_doubt, {}};
    co_return found{standing::answered, *known.said};
}

runtime::task<app::record_result<void>> memory_answers::end(command const& what,
                                                            answer const& said) {
    co_await let_others_run();
    if (away_ || loses_answers_) co_return record_errc::away;
    auto const at = rows_.find({what.who.value, what.key});
    if (at != rows_.end() && !at->second.said) at->second.said = said;
    co_return app::record_result<void>();
}

runtime::task<app::record_result<std::size_t>> memory_answers::forget(domain::instant before,
                                                                      int limit) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::vector<std::pair<domain::instant, std::pair<std::string, std::string>>> old;
    for (auto const& [key, kept] : rows_)
        if (kept.since < before) old.emplace_back(kept.since, key);
    std::ranges::sort(old);
    auto const count = std::min(old.size(), static_cast<std::size_t>(limit));
    for (std::size_t n = 0; n < count; ++n)
        rows_.erase(old[n].second);
    co_return count;
}

} // namespace linli::tests
