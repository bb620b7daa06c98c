#include "support/memory_own_work.hpp"

#include <algorithm>

#include "app/shown_visit.hpp"
#include "support/let_others_run.hpp"
#include "support/memory_picture.hpp"

namespace linli::tests {

namespace {

bool is_held(domain::offer const& f, domain::order const& o) {
    return o.held_by == f.id && o.due_at;
}

bool is_of(app::own_scope const& whose, domain::offer const& f, domain::order const& o) {
    if (f.provider != whose.provider) return false;
    return whose.worker.empty() || f.worker == whose.worker ||
           (o.held_by == f.id && o.worker == whose.worker);
}

} // namespace

runtime::task<app::record_result<std::vector<app::own_offer>>>
memory_own_work::offers_of(app::own_scope const& whose,
                           std::vector<domain::offer_id> const& known) {
    co_await let_others_run();
    if (away_) co_return app::record_errc::away;
    std::vector<app::own_offer> all;
    for (auto const& f : found(whose, known))
        all.push_back(line_of(f));
    co_return all;
}

runtime::task<app::record_result<std::optional<app::own_offer>>>
memory_own_work::find(app::own_scope const& whose, domain::offer_id which) {
    co_await let_others_run();
    if (away_) co_return app::record_errc::away;
    std::optional<app::own_offer> one;
    auto const at = of_.holds().offers.find(which);
    if (at == of_.holds().offers.end()) co_return one;
    auto const& f = at->second;
    if (is_of(whose, f, of_.holds().orders.at(f.order))) one = line_of(f);
    co_return one;
}

std::vector<domain::offer>
memory_own_work::found(app::own_scope const& whose,
                       std::vector<domain::offer_id> const& known) const {
    std::vector<domain::offer> named;
    std::vector<domain::offer> others;
    for (auto const& [id, f] : of_.holds().offers) {
        auto const& o = of_.holds().orders.at(f.order);
        if (!is_of(whose, f, o)) continue;
        if (std::ranges::count(known, id) > 0)
            named.push_back(f);
        else if (f.due_at || is_held(f, o))
            others.push_back(f);
    }
    auto const place = [](domain::offer const& f) {
        return std::pair(!f.due_at, -f.opened_at.time_since_epoch());
    };
    std::ranges::stable_sort(others, {}, place);
    named.insert(named.end(), others.begin(), others.end());
    named.resize(std::min(named.size(), most_offers + known.size()));
    return named;
}

domain::responder_kind memory_own_work::kind_of(domain::worker_id const& id) const {
    for (auto const& w : of_.town().workers)
        if (w.id == id) return w.kind;
    return domain::responder_kind::worker;
}

app::own_offer memory_own_work::line_of(domain::offer const& f) const {
    auto const& o = of_.holds().orders.at(f.order);
    auto line = app::told_of(f, o);
    if (auto const* home = of_.town().find(o.home)) line.news.rough_place = home->rough_place;
    if (proofs_ && o.held_by == f.id)
        for (auto const& each : proofs_->given(o.id))
            line.proofs.push_back({each.what, each.holds, each.note});
    if (!may_read_door(line)) return line;
    app::wanted wanted;
    wanted.offers = {f.id};
    wanted.accepts = {f.id};
    auto const seen = draw_picture(of_.holds(), of_.town(), wanted);
    if (auto const card = seen.visits.find(o.id); card != seen.visits.end())
        line.news.visit = app::shown_to(card->second, kind_of(line.goes));
    if (line.news.visit && closed.contains(o.home)) {
        line.news.visit->door.clear();
        line.news.visit->notes.clear();
    }
    line.is_heard = seen.live_presses.contains(o.id);
    return line;
}

runtime::task<app::record_result<std::vector<app::own_contact>>>
memory_own_work::contacts_at(domain::order_id) {
    co_await let_others_run();
    if (away_) co_return app::record_errc::away;
    co_return contacts;
}

runtime::task<app::record_result<std::vector<app::own_person>>>
memory_own_work::people_of(domain::provider_id const& company) {
    co_await let_others_run();
    if (away_) co_return app::record_errc::away;
    std::vector<app::own_person> all;
    for (auto const& w : of_.town().workers) {
        if (w.provider != company) continue;
        auto const known = people.find(w.id);
        all.push_back(known == people.end() ? app::own_person{w.id, {}, {}} : known->second);
    }
    std::sort(all.begin(), all.end(), [](auto const& a, auto const& b) { return a.id < b.id; });
    co_return all;
}

} // namespace linli::tests
