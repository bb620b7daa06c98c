#include "adapters/postgres/desk_card.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "adapters/postgres/desk_lines.hpp"
#include "adapters/postgres/desk_people.hpp"
#include "adapters/postgres/entity_rows.hpp"
#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/rows.hpp"
#include "adapters/postgres/who_lives_there.hpp"

namespace linli::postgres {

namespace {

constexpr auto offers_sql = R"(
    select f.id, f.order_id, f.provider, f.worker, f.state,
           microseconds_of(f.opened_at) as opened_at, microseconds_of(f.expires_at) as expires_at,
           microseconds_of(f.due_at) as due_at, f.round, f.distance_m, f.reason, f.version,
           p.name as provider_name, w.personal as worker_personal
    from offer f left join provider p on p.id = f.provider left join worker w on w.id = f.worker
    where f.order_id = any ($1::uuid[]) order by f.opened_at desc, f.id desc)";

// The last search of each order, as it was ranked; whose provider a worker is says the registry.
constexpr auto candidates_sql = R"(
    select s.order_id, c.item ->> 'worker' as worker, c.item ->> 'why' as why,
           c.item ->> 'distance_m' as distance_m, c.item ->> 'travel_s' as travel_s,
           c.item ->> 'cost_s' as cost_s, c.item ->> 'in_circle' as in_circle,
           w.provider, w.latitude, w.longitude, w.personal as worker_personal,
           p.name as provider_name, coalesce(p.dispatch, '') = 'company' as by_company
    from (select distinct on (order_id) order_id, candidates, considered from search
          where order_id = any ($1::uuid[]) order by order_id, at desc) s,
         lateral jsonb_array_elements(coalesce(s.considered::jsonb, s.candidates))
             with ordinality as c(item, place)
         left join worker w on w.id = c.item ->> 'worker'
         left join provider p on p.id = w.provider
    where c.place <= 50 order by s.order_id, c.place)";

constexpr auto worker_sql =
    "select w.id, w.personal, w.provider, p.name as provider_name from worker w "
    "left join provider p on p.id = w.provider where w.id = $1";

// The newest ones, if there are very many.
constexpr auto log_sql = R"(
    select l.chain, l.seq, l.of, microseconds_of(l.at) as at, l.what, l.by_kind, l.by_who,
           l.by_behalf, l.why, l.personal, l.hash, u.personal as by_personal,
           w.personal as by_worker
    from (select * from log where chain = any ($1::uuid[]) order by at desc, seq desc limit 2000) l
    left join account u on u.id = l.by_who and l.by_kind = 'operator'
    left join worker w on w.id = l.by_who and l.by_kind = 'worker'
    order by l.at, l.chain, l.seq)";

constexpr auto linked_sql = R"(
    select id from alert where home = $1 and id <> $2::uuid and state <> 'closed'
        and purpose <> 'synthetic' order by opened_at desc limit 20)";

// What was practised is not somebody's history. Of a couple, what is known to be the other's isn't.
// Nor is what was told in his home before he came: at $4 somebody lives there who lived there then,
// or whose it is.
constexpr auto history_sql =
    "select " LINLI_ALERT_COLUMNS ", c.by_who, u.personal as by_personal "
    "from alert a left join lateral (select l.by_who from log l where l.chain = a.id "
    "and l.what = 'closed' order by l.seq desc limit 1) c on true "
    "left join account u on u.id = c.by_who "
    "where a.home = $1 and a.state = 'closed' and a.purpose = 'real' and a.id <> $2::uuid "
    "and ($3 = '' or coalesce(a.resident, $3) = $3) and (a.resident = $3 or exists ("
    "select from stay s where s.home = $1 and s.erased_at is null "
    "and" LINLI_LIVED_THERE(
        "instant_of($4::bigint)") "and case when a.resident is null "
                                  "then" LINLI_LIVED_THERE(
                                      "a.opened_at") "else s.resident = a.resident end)) "
                                                     "order by a.closed_at desc limit 20";

template <class Personal>
Personal by_house_key(key_ring const& keys, pqxx::field const& sealed) {
    if (sealed.is_null()) return {};
    auto const plain = keys.open(Personal::sealed_for, bytes(sealed));
    return plain ? from_json<Personal>(*plain) : Personal{};
}

std::uint32_t count(pqxx::field const& f) {
    return f.is_null() ? 0 : f.as<std::uint32_t>();
}

using orders_by_id = std::map<domain::uuid, app::order_seen*>;

void add_offers(pqxx::transaction_base& in, key_ring const& keys, std::string const& ids,
                orders_by_id const& to) {
    for (auto const& r : in.exec_prepared("card_offers", ids)) {
        app::offer_seen seen;
        seen.what = offer_of(r);
        seen.provider_name = text(r["provider_name"]);
        seen.worker_name = by_house_key<worker_personal>(keys, r["worker_personal"]).name;
        to.at(seen.what.order.value)->offers.push_back(std::move(seen));
    }
}

app::candidate_seen candidate_of(key_ring const& keys, pqxx::row const& r) {
    app::candidate_seen seen;
    seen.what.id = {text(r["worker"])};
    seen.what.provider = {text(r["provider"])};
    seen.what.why = word<domain::match_reason>(r["why"]);
    seen.what.distance_m = count(r["distance_m"]);
    seen.what.travel_s = count(r["travel_s"]);
    seen.what.cost_s = r["cost_s"].is_null() ? 0 : r["cost_s"].as<double>();
    seen.what.in_circle = text(r["in_circle"]) == "true";
    seen.what.by_company = r["by_company"].as<bool>();
    auto const words = by_house_key<worker_personal>(keys, r["worker_personal"]);
    seen.worker_name = words.name;
    seen.phone = words.phone;
    seen.provider_name = text(r["provider_name"]);
    seen.place = place_of(r);
    return seen;
}

void add_orders(pqxx::transaction_base& in, key_ring const& keys, app::alert_card& card) {
    column ids;
    for (auto const& o : card.line.orders) {
        card.orders.push_back({o, {}, {}});
        ids.id(o.id);
    }
    if (card.orders.empty()) return;
    orders_by_id by_id;
    for (auto& o : card.orders)
        by_id[o.what.id.value] = &o;
    add_offers(in, keys, ids.literal(), by_id);
    for (auto const& r : in.exec_prepared("card_candidates", ids.literal())) {
        // A newer server knows reasons that we don't: its card is worth more than that candidate.
        if (!domain::from_text<domain::match_reason>(text(r["why"]))) continue;
        by_id.at(domain::parse_uuid(r["order_id"].c_str()).value())
            ->candidates.push_back(candidate_of(keys, r));
    }
}

void add_worker(pqxx::transaction_base& in, key_ring const& keys, app::alert_card& card) {
    auto const& of = card.line.alert;
    if (!of || of->about.kind != domain::subject_kind::worker) return;
    for (auto const& r : in.exec_prepared("card_worker", of->about.id)) {
        auto const words = by_house_key<worker_personal>(keys, r["personal"]);
        card.worker = app::worker_seen{{text(r["id"])},
                                       words.name,
                                       words.phone,
                                       {text(r["provider"])},
                                       text(r["provider_name"])};
    }
}

app::chain_of chain_word(std::string const& of) {
    if (of == "order") return app::chain_of::order;
    return of == "request" ? app::chain_of::request : app::chain_of::alert;
}

app::log_entry entry_of(key_ring const& keys, resident_keys const& own, pqxx::row const& r) {
    app::log_entry entry;
    entry.of = chain_word(text(r["of"]));
    entry.line.at = time(r["at"]);
    entry.line.what = word<domain::log_kind>(r["what"]);
    entry.line.by = {word<domain::actor_kind>(r["by_kind"]), text(r["by_who"]),
                     text(r["by_behalf"])};
    entry.line.why = text(r["why"]);
    entry.line.personal = log_words(keys, own, bytes(r["personal"]));
    entry.by_name = by_house_key<account_personal>(keys, r["by_personal"]).name;
    if (!r["by_worker"].is_null())
        entry.by_name = by_house_key<worker_personal>(keys, r["by_worker"]).name;
    if (entry.by_name.empty() && entry.line.by.kind == domain::actor_kind::operator_)
        entry.by_name = entry.line.by.who;
    entry.sequence = r["seq"].as<std::uint32_t>();
    entry.hash = bytes(r["hash"]);
    return entry;
}

void add_log(pqxx::transaction_base& in, key_ring const& keys, resident_keys const& own,
             app::alert_card& card) {
    auto const& line = card.line;
    std::map<domain::uuid, std::string> names;
    names[line.id()] = to_string(line.alert ? line.alert->about : line.request->about);
    for (auto const& o : line.orders)
        names[o.id.value] = o.number;
    column chains;
    for (auto const& [id, name] : names)
        chains.id(id);
    for (auto const& r : in.exec_prepared("card_log", chains.literal())) {
        auto entry = entry_of(keys, own, r);
        entry.name = names.at(domain::parse_uuid(r["chain"].c_str()).value());
        card.log.push_back(std::move(entry));
    }
}

void add_neighbours(pqxx::transaction_base& in, key_ring const& keys, domain::instant now,
                    app::alert_card& card) {
    auto const& line = card.line;
    auto const& home = line.alert ? line.alert->home : line.request->home;
    if (home.empty()) return;
    auto const id = to_string(line.id());
    std::vector<domain::uuid> linked;
    for (auto const& r : in.exec_prepared("card_linked", home.value, id))
        linked.push_back(domain::parse_uuid(r["id"].c_str()).value());
    card.linked = read_lines(in, keys, linked, now);
    std::ranges::sort(card.linked, {}, [](auto const& l) { return l.id(); });
    auto const at = line.is_open() ? now : line.opened_at();
    for (auto const& r :
         in.exec_prepared("card_history", home.value, id, resident_of(line), microseconds(at))) {
        auto name = by_house_key<account_personal>(keys, r["by_personal"]).name;
        card.history.push_back({alert_of(r), name.empty() ? text(r["by_who"]) : std::move(name)});
    }
}

} // namespace

void prepare_desk_card(pqxx::connection& on) {
    prepare_desk_people(on);
    on.prepare("card_offers", offers_sql);
    on.prepare("card_candidates", candidates_sql);
    on.prepare("card_worker", worker_sql);
    on.prepare("card_log", log_sql);
    on.prepare("card_linked", linked_sql);
    on.prepare("card_history", history_sql);
}

std::optional<app::alert_card> read_card(pqxx::transaction_base& in, key_ring const& keys,
                                         domain::uuid const& id, domain::instant now) {
    auto found = read_lines(in, keys, {id}, now);
    if (found.empty()) return std::nullopt;
    app::alert_card card;
    card.line = std::move(found.front());
    auto const own = read_around(in, keys, now, card);
    add_worker(in, keys, card);
    add_orders(in, keys, card);
    add_log(in, keys, own, card);
    add_neighbours(in, keys, now, card);
    return card;
}

} // namespace linli::postgres
