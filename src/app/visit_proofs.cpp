#include "app/visit_proofs.hpp"

#include <utility>

namespace linli::app {

runtime::task<record_result<visit_proofs::answer>>
visit_proofs::give(own_scope whose, given_proof what, domain::instant now) {
    auto const his = co_await from_.find(whose, what.what.offer);
    if (!his) co_return his.error();
    bool const is_held = *his && (*his)->news.offer.state == domain::offer_state::accepted;
    answer told;
    told.refused = domain::refusal::unknown;
    if (!is_held || (*his)->goes != whose.worker) co_return told;
    told.refused.reset();
    what.what.order = (*his)->news.order;
    what.what.worker = (*his)->goes;
    what.what.came_at = now;
    auto kept = co_await keeper_.keep(what);
    if (!kept) co_return kept.error();
    told.stands = std::move(*kept);
    if (told.stands.how != proof_record::end::kept || told.stands.is_logged) co_return told;
    auto const logged = co_await log(told.stands);
    if (!logged) co_return logged.error();
    co_return told;
}

runtime::task<record_result<void>> visit_proofs::log(proof_record::standing stands) {
    auto const& what = stands.what;
    visit_proven line;
    line.order = what.order;
    line.what = what.holds ? domain::log_kind::proof_given : domain::log_kind::proof_wrong;
    line.by = {domain::actor_kind::worker, what.worker.value, {}};
    line.why = written(what);
    std::vector<input> batch;
    batch.emplace_back(std::move(line));
    auto const done = co_await to_.run(std::move(batch));
    if (!done) co_return done.error();
    auto const noted = co_await keeper_.is_logged(what.id);
    co_return noted;
}

} // namespace linli::app
