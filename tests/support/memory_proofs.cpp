#include "support/memory_proofs.hpp"

#include <algorithm>

#include "support/let_others_run.hpp"

namespace linli::tests {

using domain::proof_kind;

runtime::task<app::record_result<app::proof_record::standing>>
memory_proofs::keep(app::given_proof const& what) {
    co_await let_others_run();
    if (away_) co_return app::record_errc::away;
    co_return keep_one(what);
}

app::proof_record::standing memory_proofs::keep_one(app::given_proof const& given) {
    for (auto const& each : rows_)
        if (each.what.id == given.what.id && each.what.order == given.what.order)
            return {end::kept, each.what, each.is_logged};
    standing stands;
    stands.what = given.what;
    auto const o = of_.holds().orders.find(given.what.order);
    auto const* home = o == of_.holds().orders.end() ? nullptr : of_.town().find(o->second.home);
    if (!home) {
        stands.how = end::no_home;
        return stands;
    }
    if (auto const why = judge(given, stands.what)) {
        stands.how = *why;
        return stands;
    }
    stands.what.distance_m = domain::distance_from_door(given.what.fix, home->place);
    auto const people = visited(o->second);
    auto const whose =
        people.size() == 1 ? "resident:" + people[0].id.value : "home:" + home->id.value;
    rows_.push_back({stands.what, {given.what.type, given.picture, whose}, false});
    return stands;
}

std::vector<resident_row> memory_proofs::visited(domain::order const& o) const {
    std::vector<resident_row> all;
    auto const a = o.alert ? of_.holds().alerts.find(*o.alert) : of_.holds().alerts.end();
    auto meant = a == of_.holds().alerts.end() ? domain::resident_id{} : a->second.resident;
    auto const& bookings = of_.holds().bookings;
    if (auto const b = bookings.find(o.id); b != bookings.end()) meant = b->second.resident;
    for (auto const& r : of_.town().residents)
        if (meant.empty() ? r.home == o.home : r.id == meant) all.push_back(r);
    return all;
}

std::optional<app::proof_record::end> memory_proofs::judge(app::given_proof const& given,
                                                           domain::visit_proof& what) const {
    auto const& o = of_.holds().orders.at(given.what.order);
    auto const is_of_it = [&](row const& each) { return each.what.order == o.id; };
    auto const is_wrong_code = [&](row const& each) {
        return is_of_it(each) && each.what.what == proof_kind::code && !each.what.holds;
    };
    if (std::ranges::count_if(rows_, is_of_it) >= domain::most_proofs) return end::enough;
    if (what.what == proof_kind::bound)
        what.holds = is_installation(o.about) && installed_device(o.about).value == what.note;
    if (what.what != proof_kind::code) return std::nullopt;
    if (std::ranges::count_if(rows_, is_wrong_code) >= domain::most_wrong_codes) return end::enough;
    auto people = visited(o);
    std::erase_if(people, [](resident_row const& r) { return r.visit_code.empty(); });
    if (people.empty()) return end::no_code;
    what.holds = std::ranges::any_of(
        people, [&](resident_row const& r) { return r.visit_code == given.code; });
    return std::nullopt;
}

void memory_proofs::loses_key_of(std::string const& resident) {
    for (auto& each : rows_)
        if (each.picture.whose == "resident:" + resident) each.picture.bytes.clear();
}

runtime::task<app::record_result<void>> memory_proofs::is_logged(domain::proof_id id) {
    co_await let_others_run();
    if (away_) co_return app::record_errc::away;
    for (auto& each : rows_)
        if (each.what.id == id) each.is_logged = true;
    co_return app::record_result<void>();
}

std::vector<domain::visit_proof> memory_proofs::given(domain::order_id id) const {
    std::vector<domain::visit_proof> all;
    for (auto const& each : rows_)
        if (each.what.order == id) all.push_back(each.what);
    return all;
}

runtime::task<app::record_result<std::vector<domain::visit_proof>>>
memory_proofs::of_order(domain::order_id id) {
    auto all = given(id);
    co_await let_others_run();
    if (away_) co_return app::record_errc::away;
    co_return all;
}

runtime::task<app::record_result<std::optional<app::proof_picture>>>
memory_proofs::picture(domain::order_id of, domain::proof_id id) {
    std::optional<app::proof_picture> found;
    for (auto const& each : rows_)
        if (each.what.order == of && each.what.id == id && !each.picture.bytes.empty())
            found = each.picture;
    co_await let_others_run();
    if (away_) co_return app::record_errc::away;
    co_return found;
}

} // namespace linli::tests
