#include "adapters/postgres/placed_call_record.hpp"

#include <utility>

#include "adapters/postgres/database_threads.hpp"
#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/placed_call_rows.hpp"
#include "adapters/postgres/rows.hpp"

namespace linli::postgres {

namespace {

constexpr auto ask_sql = R"(
    insert into placed_call (id, key, seat, personal, language, reference, asked_at, begin_by,
                             level, offer)
    values ($1::uuid, $2, $3, $4::bytea, $5, $6, instant_of($7::bigint), instant_of($8::bigint),
            $9::smallint, nullif($10, '')::uuid)
    on conflict (key) do nothing)";
constexpr auto asked_sql = "select id from placed_call where key = $1";

constexpr auto states_sql = R"(
    select id, begun_at is not null as has_begun, how from placed_call
    where id = any ($1::uuid[]) order by id)";

constexpr auto open_sql = R"(
    select id, key, seat, personal, language, reference, microseconds_of(asked_at) as asked_at,
           microseconds_of(begin_by) as begin_by, level, taken_at is not null as is_taken, offer
    from placed_call where ended_at is null order by level, asked_at, id)";
constexpr auto take_sql = R"(
    update placed_call set taken_at = coalesce(taken_at, instant_of($2::bigint))
    where id = $1::uuid and ended_at is null
      and (taken_at is not null or begin_by >= instant_of($2::bigint)))";
constexpr auto begun_sql = R"(
    update placed_call set begun_at = coalesce(begun_at, instant_of($2::bigint))
    where id = $1::uuid)";
constexpr auto ended_sql = R"(
    update placed_call set ended_at = instant_of($3::bigint), how = $2, pressed = nullif($4, ''),
        name = nullif($5, ''), personal = null
    where id = $1::uuid and ended_at is null)";
constexpr auto forget_sql = R"(
    delete from placed_call where id in (
        select p.id from placed_call p where p.ended_at < instant_of($1::bigint)
          and not exists (select from recording r where r.placed = p.id and r.state <> 'gone')
        order by p.ended_at limit $2::integer))";

void prepare_all(pqxx::connection& on) {
    on.prepare("ask_call", ask_sql);
    on.prepare("asked_call", asked_sql);
    on.prepare("calls_not_begun", not_begun_sql("id = any ($2::uuid[])"));
    on.prepare("call_states", states_sql);
    on.prepare("open_calls", open_sql);
    on.prepare("take_call", take_sql);
    on.prepare("call_begun", begun_sql);
    on.prepare("placed_call_ended", ended_sql);
    on.prepare("forget_calls", forget_sql);
}

std::string literal_of(std::vector<domain::uuid> const& ids) {
    column all;
    for (auto const& each : ids)
        all.text(to_string(each));
    return all.literal();
}

domain::uuid id_in(pqxx::row const& r) {
    return domain::parse_uuid(r["id"].c_str()).value();
}

domain::uuid write_wish(pqxx::connection& on, key_ring const& keys, app::placed_call const& what) {
    column personal;
    personal.alone();
    personal.bytes(keys.seal(placed_call_personal::sealed_for,
                             to_json(placed_call_personal{what.number, what.text, what.noted})));
    pqxx::work in(on);
    in.exec_prepared("ask_call", to_string(what.id), what.key, what.seat.value,
                     personal.parameter(), what.language, what.reference,
                     microseconds(what.asked_at), microseconds(what.begin_by),
                     static_cast<int>(what.level),
                     what.offer == domain::offer_id() ? std::string() : to_string(what.offer));
    auto const kept = id_in(in.exec_prepared1("asked_call", what.key));
    in.commit();
    return kept;
}

std::vector<app::placed_state>
read_states(pqxx::connection& on, std::vector<domain::uuid> const& ids, domain::instant now) {
    auto const wanted = literal_of(ids);
    pqxx::work in(on);
    in.exec_prepared("calls_not_begun", microseconds(now), wanted);
    std::vector<app::placed_state> all;
    for (auto const& r : in.exec_prepared("call_states", wanted)) {
        app::placed_state one{id_in(r), r["has_begun"].as<bool>(), {}};
        if (!r["how"].is_null()) one.ended = word<domain::placed_end>(r["how"]);
        all.push_back(one);
    }
    in.commit();
    return all;
}

std::vector<app::open_call> read_open(pqxx::connection& on, key_ring const& keys) {
    pqxx::nontransaction in(on);
    std::vector<app::open_call> all;
    for (auto const& r : in.exec_prepared("open_calls")) {
        app::open_call one;
        one.what.id = id_in(r);
        one.what.key = text(r["key"]);
        one.what.seat = {text(r["seat"])};
        auto const plain = keys.open(placed_call_personal::sealed_for, bytes(r["personal"]));
        if (plain) {
            auto words = from_json<placed_call_personal>(*plain);
            one.what.number = std::move(words.number);
            one.what.text = std::move(words.text);
            one.what.noted = std::move(words.noted);
        }
        one.what.language = text(r["language"]);
        one.what.reference = text(r["reference"]);
        one.what.asked_at = time(r["asked_at"]);
        one.what.begin_by = time(r["begin_by"]);
        one.what.level = static_cast<domain::priority>(r["level"].as<int>());
        if (!r["offer"].is_null()) one.what.offer = record_id<domain::offer_id>(r["offer"]);
        one.is_taken = r["is_taken"].as<bool>();
        all.push_back(std::move(one));
    }
    return all;
}

class placed_calls_on_postgres final : public placed_call_database {
public:
    placed_calls_on_postgres(std::string url, key_ring keys)
        : keys_(std::move(keys)), database_(std::move(url), 2, prepare_all) {}

    runtime::task<app::record_result<domain::uuid>> ask(app::placed_call const& what) override {
        auto work = [this, &what](pqxx::connection& c) { return write_wish(c, keys_, what); };
        auto done = co_await database_.ask<domain::uuid>("ask_call", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::vector<app::placed_state>>>
    states(std::vector<domain::uuid> const& ids, domain::instant now) override {
        auto work = [&ids, now](pqxx::connection& c) { return read_states(c, ids, now); };
        auto done =
            co_await database_.ask<std::vector<app::placed_state>>("call_states", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::vector<app::open_call>>> open() override {
        auto work = [this](pqxx::connection& c) { return read_open(c, keys_); };
        auto done =
            co_await database_.ask<std::vector<app::open_call>>("open_calls", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<bool>> take(domain::uuid id, domain::instant now) override {
        auto work = [id, now](pqxx::connection& c) {
            pqxx::nontransaction in(c);
            auto const done = in.exec_prepared("take_call", to_string(id), microseconds(now));
            return done.affected_rows() == 1;
        };
        auto done = co_await database_.ask<bool>("take_call", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<void>> begun(domain::uuid id, domain::instant at) override {
        auto work = [id, at](pqxx::connection& c) {
            pqxx::nontransaction in(c);
            in.exec_prepared("call_begun", to_string(id), microseconds(at));
        };
        auto done = co_await database_.tell("call_begun", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<void>> ended(domain::uuid id,
                                                  app::placed_ending const& what) override {
        auto work = [id, &what](pqxx::connection& c) {
            pqxx::nontransaction in(c);
            in.exec_prepared("placed_call_ended", to_string(id), std::string(to_text(what.how)),
                             microseconds(what.at), what.key, what.name);
        };
        auto done = co_await database_.tell("placed_call_ended", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::size_t>> forget(domain::instant before,
                                                          int limit) override {
        auto work = [before, limit](pqxx::connection& c) {
            pqxx::nontransaction in(c);
            auto const done = in.exec_prepared("forget_calls", microseconds(before), limit);
            return static_cast<std::size_t>(done.affected_rows());
        };
        auto done = co_await database_.ask<std::size_t>("forget_calls", std::move(work));
        co_return done;
    }

    void stop() override { database_.stop(); }

private:
    key_ring keys_;
    database_threads database_;
};

} // namespace

std::unique_ptr<placed_call_database> open_placed_calls(std::string url, key_ring keys) {
    return std::make_unique<placed_calls_on_postgres>(std::move(url), std::move(keys));
}

} // namespace linli::postgres
