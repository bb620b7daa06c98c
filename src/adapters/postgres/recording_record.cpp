#include "adapters/postgres/recording_record.hpp"

#include <utility>

#include "adapters/postgres/database_threads.hpp"
#include "adapters/postgres/house_key.hpp"
#include "adapters/postgres/rows.hpp"
#include "domain/hotline.hpp"
#include "runtime/log.hpp"

namespace linli::postgres {

namespace {

using app::record_result;
using domain::call_id;
using domain::recording_state;

constexpr auto find_sql = R"(
    select c.id, c.ended_at is not null as is_over, r.state
    from call c left join recording r on r.call = c.id where c.source = $1 and c.name = $2
    union all
    select p.id, true, r.state
    from placed_call p left join recording r on r.placed = p.id
    where p.name = $2 and p.ended_at is not null)";

constexpr auto begun_sql = R"(
    insert into recording (call, placed, state, begun_at)
    select c.id, null, 'recording', instant_of($2::bigint) from call c where c.id = $1::uuid
    union all
    select null, p.id, 'recording', instant_of($2::bigint) from placed_call p where p.id = $1::uuid
    on conflict (id) do nothing)";
constexpr auto turn_sql = "select state from recording where id = $1::uuid for update";

// Whom a talk is about: whoever its alert or request names, else the only one whose number it is.
#define LINLI_WHOSE_TALK                                                                           \
    "case when a.resident is not null then 'resident:' || a.resident "                             \
    "     when a.subject like 'resident:%' or a.subject like 'home:%' then a.subject "             \
    "     when q.subject like 'resident:%' or q.subject like 'home:%' then q.subject "             \
    "     else (select 'resident:' || min(n.resident) from ("                                      \
    "               select s.id as resident from resident s where s.phone_hmac = c.phone_hmac "    \
    "               union select k.resident from contact k where k.phone_hmac = c.phone_hmac) n "  \
    "           having count(distinct n.resident) = 1) end"
// A call that came, or one that we began about a case or about a call.
#define LINLI_RECORDED_AND_CASES                                                                   \
    "recording r left join call c on c.id = r.call left join placed_call p on p.id = r.placed "    \
    "left join call b on b.id = p.about "                                                          \
    "left join alert a on a.id = coalesce(c.alert, b.alert, p.about) "                             \
    "left join request q on q.id = coalesce(c.request, b.request, p.about)"

constexpr auto owner_sql =
    "select " LINLI_WHOSE_TALK " as whose from " LINLI_RECORDED_AND_CASES " where r.id = $1::uuid";
constexpr auto own_key_sql = R"(
    select data_key from resident where id = substr($1, 10) and $1 like 'resident:%'
    union all select data_key from home where id = substr($1, 6) and $1 like 'home:%')";

constexpr auto seal_sql = R"(
    update recording set state = 'sealed', begun_at = instant_of($2::bigint), length_ms = $3,
        pieces = $4, bytes = $5, file = $6, whose = $7, sealed_key = $8::bytea
    where id = $1::uuid)";
constexpr auto failed_sql = R"(
    update recording set state = 'failed', pieces = $2
    where id = $1::uuid and state = 'recording')";
constexpr auto gone_sql = R"(
    update recording set state = 'gone', sealed_key = null where id = $1::uuid)";

constexpr auto to_adopt_sql =
    "select r.id, r.whose, r.sealed_key, coalesce(" LINLI_WHOSE_TALK ", '') as his "
    "from " LINLI_RECORDED_AND_CASES " where r.state = 'sealed' and not r.settled "
    "and (r.placed is not null or c.outcome is not null) and r.id > $2::uuid "
    "order by r.id limit $1::integer for update of r";
constexpr auto before_all = "00000000-0000-0000-0000-000000000000";
constexpr auto adopt_sql = R"(
    update recording set whose = $2, sealed_key = $3::bytea, settled = true
    where id = $1::uuid)";
constexpr auto settled_sql = "update recording set settled = true where id = $1::uuid";

constexpr auto to_remove_sql =
    "select file from recording where state = 'gone' and file <> '' order by id limit $1";
constexpr auto removed_sql = "update recording set file = '' where state = 'gone' and file = $1";
constexpr auto unknown_sql = R"(
    select f.name from unnest($1::text[]) as f (name)
    where not exists (select from recording r where r.file = f.name))";

#define LINLI_KEPT                                                                                 \
    "select r.id, r.state, microseconds_of(r.begun_at) as begun_at, r.length_ms, r.pieces, "       \
    "r.bytes, r.file, r.whose, r.sealed_key from recording r "
constexpr auto kept_of_sql =
    "with calls as (select $1::uuid as id union all "
    "    select c.id from call c where c.alert = $1::uuid union all "
    "    select c.id from call c where c.request = $1::uuid) " LINLI_KEPT R"(
    where r.id in (select id from calls union all
                   select p.id from placed_call p join calls on calls.id = p.about)
    order by r.begun_at, r.id)";

void prepare_all(pqxx::connection& on) {
    on.prepare("recorded_call", find_sql);
    on.prepare("recording_begun", begun_sql);
    on.prepare("recording_turn", turn_sql);
    on.prepare("recording_owner", owner_sql);
    on.prepare("recording_own_key", own_key_sql);
    on.prepare("seal_recording", seal_sql);
    on.prepare("recording_failed", failed_sql);
    on.prepare("recording_gone", gone_sql);
    on.prepare("recordings_to_adopt", to_adopt_sql);
    on.prepare("adopt_recording", adopt_sql);
    on.prepare("recording_settled", settled_sql);
    on.prepare("recordings_to_remove", to_remove_sql);
    on.prepare("recording_removed", removed_sql);
    on.prepare("unknown_recordings", unknown_sql);
    on.prepare("kept_recordings", kept_of_sql);
}

// Wrapped; empty: he is erased.
std::string own_key(pqxx::transaction_base& in, std::string const& whose) {
    auto const found = in.exec_prepared("recording_own_key", whose);
    return found.empty() ? std::string() : bytes(found[0]["data_key"]);
}

// His key is there, and this server's key file doesn't open it: that says nothing of him, above all
// not that he is erased.
bool is_closed(pqxx::transaction_base& in, key_ring const& keys, std::string const& whose) {
    auto const his = whose.empty() ? std::string() : own_key(in, whose);
    return !his.empty() && !keys.opens(his);
}

bool is_erased(pqxx::transaction_base& in, std::string const& whose) {
    return !whose.empty() && own_key(in, whose).empty();
}

// Nothing: he is erased, and nobody may hear it any more.
std::optional<std::string> sealed_for(pqxx::transaction_base& in, key_ring const& keys,
                                      std::string const& whose, std::string const& key) {
    if (whose.empty()) return keys.seal(recording_keys, key);
    auto const his = own_key(in, whose);
    return his.empty() ? std::nullopt : std::optional(keys.seal_for(his, recording_keys, key));
}

std::optional<std::string> opened(pqxx::transaction_base& in, key_ring const& keys,
                                  std::string const& whose, std::string const& sealed) {
    if (sealed.empty()) return std::nullopt;
    if (whose.empty()) return keys.open(recording_keys, sealed);
    auto const his = own_key(in, whose);
    return his.empty() ? std::nullopt : keys.open_for(his, recording_keys, sealed);
}

std::optional<app::recorded_call> find_one(pqxx::connection& on, std::string const& name) {
    pqxx::nontransaction in(on);
    auto const found = in.exec_prepared("recorded_call", std::string(domain::own_hotline), name);
    if (found.empty()) return std::nullopt;
    app::recorded_call one;
    one.id = record_id<call_id>(found[0]["id"]);
    one.is_over = found[0]["is_over"].as<bool>();
    if (!found[0]["state"].is_null()) one.state = word<recording_state>(found[0]["state"]);
    return one;
}

bool seal_one(pqxx::connection& on, key_ring const& keys, call_id id,
              app::sealed_recording const& what) {
    using std::chrono::milliseconds;
    pqxx::work in(on);
    auto const turn = in.exec_prepared("recording_turn", to_string(id));
    bool const is_open =
        !turn.empty() && word<recording_state>(turn[0]["state"]) == recording_state::recording;
    if (!is_open) return false;
    auto whose = text(in.exec_prepared1("recording_owner", to_string(id))["whose"]);
    if (is_closed(in, keys, whose)) whose.clear(); // the house's, until somebody opens his
    auto const key = sealed_for(in, keys, whose, what.key);
    if (!key) {
        in.exec_prepared("recording_gone", to_string(id));
        in.commit();
        return false;
    }
    in.exec_prepared("seal_recording", to_string(id), microseconds(what.begun_at),
                     std::chrono::duration_cast<milliseconds>(what.length).count(), what.pieces,
                     static_cast<std::int64_t>(what.bytes), what.file, whose, bytea_text(*key));
    in.commit();
    return true;
}

// False: it waits for a key that this server's file lacks.
bool adopt_one(pqxx::work& in, key_ring const& keys, pqxx::row const& r) {
    auto const id = text(r["id"]);
    auto const his = text(r["his"]);
    auto const before = text(r["whose"]);
    if (his.empty() || his == before) {
        in.exec_prepared("recording_settled", id);
        return true;
    }
    auto const key = opened(in, keys, before, bytes(r["sealed_key"]));
    bool const is_readable = key || is_erased(in, before);
    if (!is_readable || is_closed(in, keys, his)) return false;
    auto const anew = key ? sealed_for(in, keys, his, *key) : std::nullopt;
    if (anew)
        in.exec_prepared("adopt_recording", id, his, bytea_text(*anew));
    else
        in.exec_prepared("recording_gone", id);
    return true;
}

struct adopted {
    std::size_t done = 0;
    std::size_t waiting = 0;
};

// What can't be opened here is passed by, so that it keeps nothing back that stands behind it.
adopted adopt_some(pqxx::connection& on, key_ring const& keys, int limit) {
    adopted all;
    std::string after = before_all;
    for (;;) {
        pqxx::work in(on);
        auto const found = in.exec_prepared("recordings_to_adopt", limit, after);
        for (auto const& r : found) {
            adopt_one(in, keys, r) ? ++all.done : ++all.waiting;
            after = text(r["id"]);
        }
        in.commit();
        if (all.done > 0 || static_cast<int>(found.size()) < limit) return all;
    }
}

std::vector<std::string> first_column(pqxx::result const& rows) {
    std::vector<std::string> all;
    for (auto const& r : rows)
        all.push_back(text(r[0]));
    return all;
}

app::kept_recording kept_of(pqxx::transaction_base& in, key_ring const& keys, pqxx::row const& r) {
    app::kept_recording one;
    one.state = word<recording_state>(r["state"]);
    one.what.begun_at = time(r["begun_at"]);
    one.what.length = std::chrono::milliseconds(r["length_ms"].as<std::int64_t>());
    one.what.pieces = r["pieces"].as<int>();
    one.what.bytes = r["bytes"].as<std::uint64_t>();
    one.what.file = text(r["file"]);
    one.whose = text(r["whose"]);
    auto key = opened(in, keys, one.whose, bytes(r["sealed_key"]));
    if (key) one.what.key = std::move(*key);
    bool const is_lost = one.state == recording_state::sealed && one.what.key.empty();
    if (is_lost) one.state = recording_state::gone;
    return one;
}

class recordings_on_postgres final : public recording_database {
public:
    recordings_on_postgres(std::string url, key_ring keys)
        : keys_(std::move(keys)), database_(std::move(url), 1, prepare_all) {}

    runtime::task<record_result<std::optional<app::recorded_call>>>
    find(std::string name) override {
        using found = std::optional<app::recorded_call>;
        auto work = [name = std::move(name)](pqxx::connection& c) { return find_one(c, name); };
        auto done = co_await database_.ask<found>("recorded_call", std::move(work));
        co_return done;
    }

    runtime::task<record_result<void>> begun(call_id id, domain::instant now) override {
        auto work = [id, now](pqxx::connection& c) {
            pqxx::nontransaction(c).exec_prepared("recording_begun", to_string(id),
                                                  microseconds(now));
        };
        auto done = co_await database_.tell("recording_begun", std::move(work));
        co_return done;
    }

    runtime::task<record_result<bool>> seal(call_id id,
                                            app::sealed_recording const& what) override {
        auto work = [this, id, &what](pqxx::connection& c) { return seal_one(c, keys_, id, what); };
        auto done = co_await database_.ask<bool>("seal_recording", std::move(work));
        co_return done;
    }

    runtime::task<record_result<void>> failed(call_id id, int pieces) override {
        auto work = [id, pieces](pqxx::connection& c) {
            pqxx::nontransaction(c).exec_prepared("recording_failed", to_string(id), pieces);
        };
        auto done = co_await database_.tell("recording_failed", std::move(work));
        co_return done;
    }

    runtime::task<record_result<std::size_t>> adopt(int limit) override {
        auto work = [this, limit](pqxx::connection& c) {
            auto const all = adopt_some(c, keys_, limit);
            if (all.waiting != std::exchange(waiting_, all.waiting) && all.waiting > 0)
                runtime::log::error("recordings_wait_for_a_key",
                                    {{"recordings", all.waiting}, {"remedy", keys_remedy}});
            return all.done;
        };
        auto done = co_await database_.ask<std::size_t>("adopt_recordings", std::move(work));
        co_return done;
    }

    runtime::task<record_result<std::vector<std::string>>> to_remove(int limit) override {
        auto work = [limit](pqxx::connection& c) {
            pqxx::nontransaction in(c);
            return first_column(in.exec_prepared("recordings_to_remove", limit));
        };
        auto done =
            co_await database_.ask<std::vector<std::string>>("recordings_gone", std::move(work));
        co_return done;
    }

    runtime::task<record_result<void>> removed(std::string file) override {
        auto work = [file = std::move(file)](pqxx::connection& c) {
            pqxx::nontransaction(c).exec_prepared("recording_removed", file);
        };
        auto done = co_await database_.tell("recording_removed", std::move(work));
        co_return done;
    }

    runtime::task<record_result<std::vector<std::string>>>
    unknown_of(std::vector<std::string> files) override {
        auto work = [files = std::move(files)](pqxx::connection& c) {
            column names;
            for (auto const& each : files)
                names.text(each);
            pqxx::nontransaction in(c);
            return first_column(in.exec_prepared("unknown_recordings", names.literal()));
        };
        auto done =
            co_await database_.ask<std::vector<std::string>>("unknown_files", std::move(work));
        co_return done;
    }

    runtime::task<record_result<std::vector<std::pair<call_id, app::kept_recording>>>>
    kept_of(domain::uuid one) override {
        using found = std::vector<std::pair<call_id, app::kept_recording>>;
        auto work = [this, one](pqxx::connection& c) {
            pqxx::work in(c);
            found all;
            for (auto const& r : in.exec_prepared("kept_recordings", to_string(one)))
                all.emplace_back(record_id<call_id>(r["id"]), postgres::kept_of(in, keys_, r));
            return all;
        };
        auto done = co_await database_.ask<found>("kept_recordings", std::move(work));
        co_return done;
    }

    void stop() override { database_.stop(); }

private:
    key_ring keys_;
    std::size_t waiting_ = 0;   // for a key, at the last look
    database_threads database_; // of one thread
};

} // namespace

std::unique_ptr<recording_database> open_recordings(std::string url, key_ring keys) {
    return std::make_unique<recordings_on_postgres>(std::move(url), std::move(keys));
}

} // namespace linli::postgres
