#include "adapters/postgres/own_work_reading.hpp"

#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <utility>

#include "adapters/postgres/database_threads.hpp"
#include "adapters/postgres/entity_rows.hpp"
#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/rows.hpp"
#include "adapters/postgres/visit_reading.hpp"
#include "adapters/postgres/who_lives_there.hpp"
#include "app/shown_visit.hpp"

namespace linli::postgres {

namespace {

// $1 provider, $2 worker or '': the whole provider, $3 known offers, $4 limit, beside those. Open
// offers and held orders are found by the indexes of what is open, of which there is little. An
// offer to the company names no worker.
constexpr auto open_sql = R"(
    with mine as (
        select w.id from worker w where w.provider = $1 and ($2 = '' or w.id = $2)
        union all select '' where $2 = ''
    ), found as (
        select f.id from offer f
        where f.due_at is not null and f.provider = $1 and f.worker in (select id from mine)
        union
        select o.held_by from service_order o
        where o.due_at is not null and o.worker in (select id from mine) and o.provider = $1
            and o.held_by is not null
        union
        select o.held_by from service_order o
        where $2 = '' and o.due_at is not null and o.worker is null and o.provider = $1
            and o.held_by is not null
        union)";

// By their ids. Who says something about one of them asks for no more.
constexpr auto known_sql = R"(
        select f.id from offer f
        where f.id = any ($3::uuid[]) and f.provider = $1
            and ($2 = '' or f.worker = $2 or exists (select from service_order o
                 where o.id = f.order_id and o.held_by = f.id and o.worker = $2)))";

constexpr auto rows_sql = R"(
    )
    select f.id as offer_id, f.order_id, f.provider as offer_provider, f.worker as offer_worker,
           f.state as offer_state, microseconds_of(f.opened_at) as offer_opened_at,
           microseconds_of(f.expires_at) as expires_at,
           microseconds_of(f.due_at) as offer_due_at, f.round as offer_round, f.distance_m,
           f.reason as offer_reason, f.version as offer_version,
           h.rough_place, w.personal as worker_text, w.kind as worker_kind,
           (select string_agg(p.what || ' ' || p.holds || ' ' || p.note, E'\n'
                              order by p.came_at, p.id)
            from visit_proof p where p.order_id = o.id and o.held_by = f.id) as proofs,
           )" LINLI_ORDER_COLUMNS R"(
    from found
    join offer f on f.id = found.id
    join service_order o on o.id = f.order_id
    left join home h on h.id = o.home
    left join worker w on w.id = coalesce(case when o.held_by = f.id then o.worker end,
                                          nullif(f.worker, ''))
    order by f.id = any ($3::uuid[]) desc, f.due_at is null, f.opened_at desc
    limit $4::integer + cardinality($3::uuid[]))";

// Whose family: of those who still live there, and of whom it is about, whatever his status says.
constexpr auto contacts_sql = R"(
    select c.resident, c.place, c.relation, c.personal, r.data_key
    from service_order o left join alert a on a.id = o.alert
    join resident r on r.home = o.home and (r.id = a.resident or )" LINLI_STILL_THERE("r") R"()
    join contact c on c.resident = r.id and not c.do_not_tell
    where o.id = $1::uuid order by c.resident, c.place)";

constexpr auto people_sql = "select id, personal from worker where provider = $1 order by id";

void prepare_all(pqxx::connection& on) {
    on.prepare("own_offers", std::string(open_sql) + known_sql + rows_sql);
    on.prepare("own_offer", std::string("with found as (") + known_sql + rows_sql);
    on.prepare("own_people", people_sql);
    on.prepare("own_contacts", contacts_sql);
    prepare_visits(on);
}

domain::offer own_offer_of(pqxx::row const& r) {
    domain::offer f;
    f.id = record_id<domain::offer_id>(r["offer_id"]);
    f.order = record_id<domain::order_id>(r["order_id"]);
    f.provider = {text(r["offer_provider"])};
    f.worker = {text(r["offer_worker"])};
    f.state = word<domain::offer_state>(r["offer_state"]);
    f.opened_at = time(r["offer_opened_at"]);
    f.expires_at = time(r["expires_at"]);
    f.due_at = maybe_time(r["offer_due_at"]);
    f.round = r["offer_round"].as<std::uint32_t>();
    f.distance_m = r["distance_m"].as<std::uint32_t>();
    f.reason = text(r["offer_reason"]);
    f.version = r["offer_version"].as<std::uint32_t>();
    return f;
}

std::string name_of_worker(key_ring const& keys, pqxx::row const& r) {
    if (r["worker_text"].is_null()) return {};
    auto const plain = keys.open(worker_personal::sealed_for, bytes(r["worker_text"]));
    return plain ? from_json<worker_personal>(*plain).name : std::string();
}

// "code true ", "bound true w1": a line each.
std::vector<app::own_proof> proofs_of(std::string const& text) {
    std::vector<app::own_proof> all;
    std::istringstream in(text);
    for (std::string each; std::getline(in, each);) {
        auto const after_kind = each.find(' ');
        auto const after_holds = each.find(' ', after_kind + 1);
        app::own_proof proof;
        proof.what = domain::from_text<domain::proof_kind>(each.substr(0, after_kind)).value();
        proof.holds = each.substr(after_kind + 1, after_holds - after_kind - 1) == "true";
        proof.note = each.substr(after_holds + 1);
        all.push_back(std::move(proof));
    }
    return all;
}

app::own_offer line_of(key_ring const& keys, pqxx::row const& r) {
    auto line = app::told_of(own_offer_of(r), order_of(r));
    line.news.rough_place = text(r["rough_place"]);
    line.worker_name = name_of_worker(keys, r);
    line.proofs = proofs_of(text(r["proofs"]));
    return line;
}

// Of whoever goes. Whom the registry no longer has may see what a worker may: as over the wire.
domain::responder_kind kind_of(pqxx::row const& r) {
    return r["worker_kind"].is_null() ? domain::responder_kind::worker
                                      : word<domain::responder_kind>(r["worker_kind"]);
}

// At most so many beside those in `known`.
std::vector<app::own_offer> read_own(pqxx::connection& on, key_ring const& keys,
                                     app::own_scope const& whose,
                                     std::vector<domain::offer_id> const& known, int most) {
    auto const* const statement = most == 0 ? "own_offer" : "own_offers";
    column ids;
    for (auto const& id : known)
        ids.id(id);
    pqxx::nontransaction in(on);
    std::vector<app::own_offer> all;
    std::vector<domain::responder_kind> goes; // of each
    column orders;
    column installations;
    bool any_visit = false;
    bool any_installation = false;
    for (auto const& r : in.exec_prepared(statement, whose.provider.value, whose.worker.value,
                                          ids.literal(), most)) {
        all.push_back(line_of(keys, r));
        goes.push_back(kind_of(r));
        if (!may_read_door(all.back())) continue;
        orders.id(all.back().news.order);
        any_visit = true;
        if (!all.back().is_installation) continue;
        installations.id(all.back().news.order);
        any_installation = true;
    }
    if (!any_visit) return all;
    auto const cards = read_visits(in, keys, orders);
    std::set<domain::order_id> heard;
    if (any_installation) heard = read_live_presses(in, installations);
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto& line = all[i];
        line.is_heard = heard.contains(line.news.order);
        if (auto const at = cards.find(line.news.order); may_read_door(line) && at != cards.end())
            line.news.visit = app::shown_to(at->second, goes[i]);
    }
    return all;
}

// Nothing: it isn't within the scope.
std::optional<app::own_offer> read_one(pqxx::connection& on, key_ring const& keys,
                                       app::own_scope const& whose, domain::offer_id which) {
    auto all = read_own(on, keys, whose, {which}, 0);
    if (all.empty()) return std::nullopt;
    return std::move(all.front());
}

std::vector<app::own_contact> read_contacts(pqxx::connection& on, key_ring const& keys,
                                            domain::order_id of) {
    pqxx::nontransaction in(on);
    std::vector<app::own_contact> all;
    for (auto const& r : in.exec_prepared("own_contacts", to_string(of))) {
        app::own_contact who{{text(r["resident"])}, r["place"].as<int>(), {}, {}, {}};
        who.relation = text(r["relation"]);
        auto const plain = r["data_key"].is_null() || r["personal"].is_null()
                               ? std::nullopt
                               : keys.open_for(bytes(r["data_key"]), contact_personal::sealed_for,
                                               bytes(r["personal"]));
        if (!plain) continue;
        auto words = from_json<contact_personal>(*plain);
        who.name = std::move(words.name);
        who.phone = std::move(words.phone);
        all.push_back(std::move(who));
    }
    return all;
}

std::vector<app::own_person> read_company(pqxx::connection& on, key_ring const& keys,
                                          domain::provider_id const& company) {
    pqxx::nontransaction in(on);
    std::vector<app::own_person> all;
    for (auto const& r : in.exec_prepared("own_people", company.value)) {
        auto const plain = keys.open(worker_personal::sealed_for, bytes(r["personal"]));
        auto words = plain ? from_json<worker_personal>(*plain) : worker_personal{};
        all.push_back({{text(r["id"])}, std::move(words.name), std::move(words.phone)});
    }
    return all;
}

class own_work_on_postgres final : public own_work_database {
public:
    own_work_on_postgres(std::string url, key_ring keys)
        : keys_(std::move(keys)), looks_(url, threads, prepare_all),
          acts_(std::move(url), 1, prepare_all) {}

    runtime::task<app::record_result<std::vector<app::own_offer>>>
    offers_of(app::own_scope const& whose, std::vector<domain::offer_id> const& known) override {
        auto work = [this, &whose, &known](pqxx::connection& c) {
            return read_own(c, keys_, whose, known, most_offers);
        };
        auto done = co_await looks_.ask<std::vector<app::own_offer>>("own_offers", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::optional<app::own_offer>>>
    find(app::own_scope const& whose, domain::offer_id which) override {
        auto work = [this, &whose, which](pqxx::connection& c) {
            return read_one(c, keys_, whose, which);
        };
        auto done = co_await acts_.ask<std::optional<app::own_offer>>("own_offer", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::vector<app::own_contact>>>
    contacts_at(domain::order_id of) override {
        auto work = [this, of](pqxx::connection& c) { return read_contacts(c, keys_, of); };
        auto done =
            co_await acts_.ask<std::vector<app::own_contact>>("own_contacts", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::vector<app::own_person>>>
    people_of(domain::provider_id const& company) override {
        auto work = [this, &company](pqxx::connection& c) {
            return read_company(c, keys_, company);
        };
        auto done =
            co_await looks_.ask<std::vector<app::own_person>>("own_people", std::move(work));
        co_return done;
    }

    void stop() override {
        looks_.stop();
        acts_.stop();
    }

private:
    static constexpr std::size_t threads = 2;

    key_ring keys_;
    database_threads looks_;
    database_threads acts_; // who stands at a door waits for nobody's look
};

} // namespace

std::unique_ptr<own_work_database> open_own_work(std::string url, key_ring keys) {
    return std::make_unique<own_work_on_postgres>(std::move(url), std::move(keys));
}

} // namespace linli::postgres
