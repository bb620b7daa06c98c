#include "adapters/postgres/proof_record.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <sodium.h>

#include "adapters/postgres/database_threads.hpp"
#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/rows.hpp"
#include "adapters/postgres/who_lives_there.hpp"

namespace linli::postgres {

namespace {

using end = app::proof_record::end;

constexpr purpose proof_pictures{"visit_proof"};

// One proof of an order at a time, or wrong codes could be tried side by side.
constexpr auto turn_sql = "select pg_advisory_xact_lock(hashtextextended($1, 0))";

#define LINLI_PROOF_COLUMNS                                                                        \
    "p.id, p.order_id, p.offer, p.worker, p.what, microseconds_of(p.taken_at) as taken_at, "       \
    "microseconds_of(p.came_at) as came_at, p.latitude, p.longitude, p.accuracy_m, p.distance_m, " \
    "p.note, p.holds, p.type, encode(p.digest, 'hex') as digest, p.logged"

constexpr auto known_sql =
    "select " LINLI_PROOF_COLUMNS " from visit_proof p where p.id = $1::uuid "
    "and p.order_id = $2::uuid";

constexpr auto of_order_sql = "select " LINLI_PROOF_COLUMNS " from visit_proof p "
                              "where p.order_id = $1::uuid order by p.came_at, p.id";

// One row for each resident whom the visit is to: whoever the alert or the booking names, wherever
// she is registered by now, else all who still live in the home; as
// the card of the visit has it.
constexpr auto place_sql = R"(
    select o.subject, h.id as home, h.latitude, h.longitude, h.data_key as home_key,
           r.id as resident, r.data_key as resident_key, r.personal as resident_text,
           (select count(*) from visit_proof p where p.order_id = o.id) as proofs,
           (select count(*) from visit_proof p
            where p.order_id = o.id and p.what = 'code' and not p.holds) as wrong_codes
    from service_order o join home h on h.id = o.home left join alert a on a.id = o.alert
    left join booking b on b.order_id = o.id
    left join lateral (
        select x.id, x.data_key, x.personal from resident x
        where x.id = coalesce(a.resident, b.resident)
        union all
        select x.id, x.data_key, x.personal from resident x
        where coalesce(a.resident, b.resident) is null and x.home = o.home
            and )" LINLI_STILL_THERE("x") R"() r on true
    where o.id = $1::uuid order by r.id)";

constexpr auto keep_sql = R"(
    insert into visit_proof (id, order_id, offer, worker, what, taken_at, came_at, latitude,
        longitude, accuracy_m, distance_m, note, holds, type, digest, whose, picture)
    values ($1::uuid, $2::uuid, $3::uuid, $4, $5, instant_of($6::bigint), instant_of($7::bigint),
        $8, $9, $10, $11, $12, $13, $14, decode($15, 'hex'), $16, $17))";

constexpr auto logged_sql = "update visit_proof set logged = true where id = $1::uuid";

constexpr auto picture_sql = R"(
    select p.type, p.whose, p.picture, coalesce(r.data_key, h.data_key) as data_key
    from visit_proof p
    left join resident r on p.whose = 'resident:' || r.id
    left join home h on p.whose = 'home:' || h.id
    where p.order_id = $1::uuid and p.id = $2::uuid and p.picture is not null)";

void prepare_all(pqxx::connection& on) {
    on.prepare("proof_turn", turn_sql);
    on.prepare("known_proof", known_sql);
    on.prepare("proofs_of_order", of_order_sql);
    on.prepare("place_of_proof", place_sql);
    on.prepare("keep_proof", keep_sql);
    on.prepare("proof_logged", logged_sql);
    on.prepare("proof_picture", picture_sql);
}

domain::visit_proof proof_of(pqxx::row const& r) {
    domain::visit_proof p;
    p.id = record_id<domain::proof_id>(r["id"]);
    p.order = record_id<domain::order_id>(r["order_id"]);
    p.offer = record_id<domain::offer_id>(r["offer"]);
    p.worker = {text(r["worker"])};
    p.what = word<domain::proof_kind>(r["what"]);
    p.taken_at = maybe_time(r["taken_at"]);
    p.came_at = time(r["came_at"]);
    p.fix = place_of(r);
    if (p.fix) p.fix->accuracy_m = r["accuracy_m"].as<double>();
    if (!r["distance_m"].is_null()) p.distance_m = r["distance_m"].as<std::uint32_t>();
    p.note = text(r["note"]);
    p.holds = r["holds"].as<bool>();
    p.type = text(r["type"]);
    p.digest = text(r["digest"]);
    return p;
}

// The same time for each code.
bool is_same(std::string_view one, std::string_view other) {
    return one.size() == other.size() && sodium_memcmp(one.data(), other.data(), one.size()) == 0;
}

struct codes_there {
    bool any = false;
    bool fits = false;
};

codes_there codes_at(key_ring const& keys, pqxx::result const& place, std::string const& said) {
    codes_there found;
    for (auto const& r : place) {
        if (r["resident_text"].is_null() || r["resident_key"].is_null()) continue;
        auto const plain = keys.open_for(bytes(r["resident_key"]), resident_personal::sealed_for,
                                         bytes(r["resident_text"]));
        auto const code = plain ? from_json<resident_personal>(*plain).visit_code : std::string();
        if (code.empty()) continue;
        found.any = true;
        found.fits = is_same(code, said) || found.fits;
    }
    return found;
}

// Whom a picture shows: the only one who can be meant, else whoever lives there.
struct owner {
    std::string whose;
    std::string data_key;
};

owner owner_of(pqxx::result const& place) {
    auto const r = place[0];
    bool const is_one = place.size() == 1 && !r["resident_key"].is_null();
    if (is_one) return {"resident:" + text(r["resident"]), bytes(r["resident_key"])};
    return {"home:" + text(r["home"]), bytes(r["home_key"])};
}

// Whether it holds; or, of a code, why it can't be asked.
std::optional<end> judge(key_ring const& keys, pqxx::result const& place,
                         app::given_proof const& given, domain::visit_proof& what) {
    auto const r = place[0];
    if (r["proofs"].as<int>() >= domain::most_proofs) return end::enough;
    if (what.what == domain::proof_kind::bound) {
        auto const about = domain::parse_subject(text(r["subject"]));
        what.holds = about && domain::is_installation(*about) &&
                     domain::installed_device(*about).value == what.note;
    }
    if (what.what != domain::proof_kind::code) return std::nullopt;
    if (r["wrong_codes"].as<int>() >= domain::most_wrong_codes) return end::enough;
    auto const codes = codes_at(keys, place, given.code);
    if (!codes.any) return end::no_code;
    what.holds = codes.fits;
    return std::nullopt;
}

std::optional<std::string> or_null(std::string const& value) {
    return value.empty() ? std::nullopt : std::optional(value);
}

void insert(pqxx::work& in, key_ring const& keys, pqxx::result const& place,
            domain::visit_proof const& p, std::string const& picture) {
    std::optional<std::int64_t> taken;
    if (p.taken_at) taken = microseconds(*p.taken_at);
    std::optional<double> latitude;
    std::optional<double> longitude;
    std::optional<double> accuracy;
    if (p.fix) {
        latitude = p.fix->latitude;
        longitude = p.fix->longitude;
        accuracy = p.fix->accuracy_m;
    }
    std::optional<std::int64_t> distance;
    if (p.distance_m) distance = *p.distance_m;
    std::optional<std::string> whose;
    std::optional<std::string> sealed;
    if (!picture.empty()) {
        auto const by = owner_of(place);
        whose = by.whose;
        sealed = bytea_text(keys.seal_for(by.data_key, proof_pictures, picture));
    }
    in.exec_prepared("keep_proof", to_string(p.id), to_string(p.order), to_string(p.offer),
                     p.worker.value, std::string(to_text(p.what)), taken, microseconds(p.came_at),
                     latitude, longitude, accuracy, distance, p.note, p.holds, or_null(p.type),
                     or_null(p.digest), whose, sealed);
}

app::proof_record::standing keep_one(pqxx::connection& on, key_ring const& keys,
                                     app::given_proof const& given) {
    pqxx::work in(on);
    in.exec_prepared("proof_turn", to_string(given.what.order));
    app::proof_record::standing stands;
    auto const known =
        in.exec_prepared("known_proof", to_string(given.what.id), to_string(given.what.order));
    if (!known.empty()) {
        stands.what = proof_of(known[0]);
        stands.is_logged = known[0]["logged"].as<bool>();
        return stands;
    }
    stands.what = given.what;
    auto const place = in.exec_prepared("place_of_proof", to_string(given.what.order));
    if (place.empty() || place[0]["home_key"].is_null()) {
        stands.how = end::no_home;
        return stands;
    }
    if (auto const why = judge(keys, place, given, stands.what)) {
        stands.how = *why;
        return stands;
    }
    stands.what.distance_m = domain::distance_from_door(given.what.fix, place_of(place[0]));
    insert(in, keys, place, stands.what, given.picture);
    in.commit();
    return stands;
}

std::optional<app::proof_picture> read_picture_of(pqxx::connection& on, key_ring const& keys,
                                                  domain::order_id of, domain::proof_id id) {
    pqxx::nontransaction in(on);
    auto const found = in.exec_prepared("proof_picture", to_string(of), to_string(id));
    if (found.empty() || found[0]["data_key"].is_null()) return std::nullopt;
    auto const r = found[0];
    auto plain = keys.open_for(bytes(r["data_key"]), proof_pictures, bytes(r["picture"]));
    if (!plain) return std::nullopt;
    return app::proof_picture{text(r["type"]), std::move(*plain), text(r["whose"])};
}

class proofs_on_postgres final : public proof_database {
public:
    proofs_on_postgres(std::string url, key_ring keys)
        : keys_(std::move(keys)), database_(std::move(url), 1, prepare_all) {}

    runtime::task<app::record_result<standing>> keep(app::given_proof const& what) override {
        auto work = [this, &what](pqxx::connection& c) { return keep_one(c, keys_, what); };
        auto done = co_await database_.ask<standing>("keep_proof", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<void>> is_logged(domain::proof_id id) override {
        auto work = [id](pqxx::connection& c) {
            pqxx::nontransaction(c).exec_prepared("proof_logged", to_string(id));
        };
        auto done = co_await database_.tell("proof_logged", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::vector<domain::visit_proof>>>
    of_order(domain::order_id id) override {
        using proofs = std::vector<domain::visit_proof>;
        auto work = [id](pqxx::connection& c) {
            pqxx::nontransaction in(c);
            proofs all;
            for (auto const& r : in.exec_prepared("proofs_of_order", to_string(id)))
                all.push_back(proof_of(r));
            return all;
        };
        auto done = co_await database_.ask<proofs>("proofs_of_order", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::optional<app::proof_picture>>>
    picture(domain::order_id of, domain::proof_id id) override {
        using found = std::optional<app::proof_picture>;
        auto work = [this, of, id](pqxx::connection& c) {
            return read_picture_of(c, keys_, of, id);
        };
        auto done = co_await database_.ask<found>("proof_picture", std::move(work));
        co_return done;
    }

    void stop() override { database_.stop(); }

private:
    key_ring keys_;
    database_threads database_;
};

} // namespace

std::unique_ptr<proof_database> open_proofs(std::string url, key_ring keys) {
    return std::make_unique<proofs_on_postgres>(std::move(url), std::move(keys));
}

} // namespace linli::postgres
