#include "adapters/postgres/hotline_record.hpp"

#include <utility>

#include "adapters/postgres/call_rows.hpp"
#include "adapters/postgres/database_threads.hpp"
#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/rows.hpp"

namespace linli::postgres {

namespace {

#define LINLI_SEAT_COLUMNS                                                                         \
    "s.account, s.state, s.call, microseconds_of(s.since) as since, "                              \
    "array_to_string(s.languages, ' ') as languages, microseconds_of(s.until) as until, "          \
    "microseconds_of(s.said_ready) as said_ready"

constexpr auto sit_down_sql = R"(
    insert into seat (account, state, since, until, said_ready)
    select a.id, 'away', instant_of($2::bigint), instant_of($2::bigint), instant_of(0)
    from account a where a.id = $1
    on conflict (account) do nothing)";
constexpr auto seat_sql = "select " LINLI_SEAT_COLUMNS " from seat s where s.account = $1";
constexpr auto seat_to_write_sql =
    "select " LINLI_SEAT_COLUMNS " from seat s where s.account = $1 for update";
constexpr auto seats_sql = "select " LINLI_SEAT_COLUMNS " from seat s order by s.account";
constexpr auto says_sql = R"(
    update seat set state = $2, since = instant_of($3::bigint), languages = $4::text[],
                    until = instant_of($5::bigint), said_ready = instant_of($6::bigint)
    where account = $1)";

constexpr auto wish_sql = R"(
    insert into call_wish (id, call, what, to_user, personal, by_user, at)
    select $1::uuid, c.id, $3, $4, $5::bytea, $6, instant_of($7::bigint)
    from call c where c.id = $2::uuid and c.source = 'hotline' and c.ended_at is null
    on conflict (id) do nothing)";
constexpr auto is_wished_sql = "select from call_wish where id = $1::uuid";
constexpr auto wishes_sql = R"(
    select w.id, w.call, w.what, w.to_user, w.personal, w.by_user, microseconds_of(w.at) as at
    from call_wish w where w.done_at is null order by w.at, w.id)";
constexpr auto done_sql = R"(
    with done as (
        update call_wish set done_at = instant_of($2::bigint), refused = $3, personal = null
        where id = $1::uuid and done_at is null returning call, refused)
    update call set version = version + 1
    where id = (select call from done where refused is not null))";
// A colleague who came to the talk speaks, too, and it isn't hers.
constexpr auto talks_sql = R"(
    select s.account from seat s join call c on c.id = s.call
    where s.call = $1::uuid and s.state = 'talking' and s.account <> c.third_who
    order by s.since, s.account)";

constexpr auto running_sql = R"(
    select c.id, c.name, c.personal, c.seat, c.answered_at is not null as has_answer,
           coalesce((select max(substring(a.leg from '-([0-9]{1,6})$')::integer)
                     from call_attempt a where a.call = c.id), 0) as attempts
    from call c where c.source = 'hotline' and c.ended_at is null order by c.id)";

constexpr auto call_stands_sql = R"(
    update call
    set waits = $2, rank = $3, place = $4, ringing = $5, held = $6, third = $7, third_who = $8,
        version = version + 1
    where id = $1::uuid
      and (waits, rank, place, ringing, held, third, third_who) is distinct from
          ($2::boolean, $3::text, $4::integer, $5::text, $6::boolean, $7::text, $8::text))";
constexpr auto seat_stands_sql = R"(
    update seat set state = $2, call = (select c.id from call c where c.id = $3::uuid),
                    since = instant_of($4::bigint)
    where account = $1 and (state, call) is distinct from ($2::text, $3::uuid))";

// Of a call that is no longer there nothing is kept.
constexpr auto attempt_sql = R"(
    insert into call_attempt (call, leg, account, rang_at, answered_at, ended_at, how, role)
    select c.id, $2, $3, instant_of($4::bigint), instant_of($5::bigint), instant_of($6::bigint), $7,
           $8
    from call c where c.id = $1::uuid
    on conflict (call, leg) do update
    set rang_at = coalesce(call_attempt.rang_at, excluded.rang_at),
        answered_at = coalesce(call_attempt.answered_at, excluded.answered_at),
        ended_at = coalesce(call_attempt.ended_at, excluded.ended_at),
        how = coalesce(call_attempt.how, excluded.how))";

constexpr auto facts_sql = R"(
    with his as (
        select r.id, r.home from resident r where r.phone_hmac = $1
        union
        select r.id, r.home from contact c join resident r on r.id = c.resident
        where c.phone_hmac = $1)
    select exists (select from his) as is_bound,
           exists (select from resident r where r.phone_hmac = $1 and r.high_risk) as is_frail,
           (select case when min(r.language) = max(r.language) then min(r.language) else '' end
            from resident r where r.phone_hmac = $1) as language,
           exists (select from alert a
                   where a.state <> 'closed' and a.purpose = 'real' and a.level = 1
                     and (a.resident in (select id from his) or a.home in (select home from his)))
               as has_emergency,
           exists (select from call c
                   where c.phone_hmac = $1 and c.id <> $2::uuid and c.answered_at is null
                     and c.ended_at between instant_of($3::bigint) and instant_of($4::bigint))
               as has_given_up)";
constexpr auto last_call_sql = R"(
    select c.personal, c.outcome, c.answered_at is null and c.ended_at is not null as is_missed
    from call c
    where c.phone_hmac = $1 and c.id <> $2::uuid
      and c.first_heard between instant_of($3::bigint) and instant_of($4::bigint)
    order by c.first_heard desc, c.id desc limit 1)";

constexpr auto numbers_sql = R"(
    select r.data_key, r.personal, true as his_own
    from resident r where r.phone_hmac is not null
    union all
    select r.data_key, c.personal, false
    from contact c join resident r on r.id = c.resident where c.phone_hmac is not null
    limit $1::bigint)";

constexpr auto stretch_sql = R"(
    insert into seat_stretch (account, since, state) values ($1, instant_of($2::bigint), $3)
    on conflict (account, since) do update set state = excluded.state)";

// Whoever was parked waits again; of him it isn't kept since when.
constexpr auto waiting_sql = R"(
    select count(*) filter (where waits or answered_at is null) as waiting,
           microseconds_of(min(rang_at) filter (where answered_at is null)) as longest_since
    from call
    where source = 'hotline' and ended_at is null and rang_at > instant_of($1::bigint))";
constexpr auto day_sql = R"(
    select count(*) as calls, count(answered_at) as answered,
           count(*) filter (where answered_at <= rang_at + make_interval(secs => $3)) as in_time,
           count(*) filter (where answered_at is null
                              and ended_at >= rang_at + make_interval(secs => $4)) as abandoned,
           count(*) filter (where answered_at is null
                              and ended_at < rang_at + make_interval(secs => $4)) as at_once
    from call
    where source = 'hotline' and rang_at >= instant_of($1::bigint)
      and rang_at < instant_of($2::bigint)
      and (answered_at is not null or ended_at is not null))";

void prepare_all(pqxx::connection& on) {
    on.prepare("sit_down", sit_down_sql);
    on.prepare("seat", seat_sql);
    on.prepare("seat_to_write", seat_to_write_sql);
    on.prepare("seats", seats_sql);
    on.prepare("seat_says", says_sql);
    on.prepare("wish", wish_sql);
    on.prepare("is_wished", is_wished_sql);
    on.prepare("wishes", wishes_sql);
    on.prepare("wish_done", done_sql);
    on.prepare("talks_on", talks_sql);
    on.prepare("running", running_sql);
    on.prepare("call_stands", call_stands_sql);
    on.prepare("seat_stands", seat_stands_sql);
    on.prepare("attempt", attempt_sql);
    on.prepare("caller_facts", facts_sql);
    on.prepare("last_call", last_call_sql);
    on.prepare("bound_numbers", numbers_sql);
    on.prepare("seat_stretch", stretch_sql);
    on.prepare("hotline_waiting", waiting_sql);
    on.prepare("hotline_day", day_sql);
}

std::optional<std::int64_t> microseconds(std::optional<domain::instant> const& at) {
    return at ? std::optional(postgres::microseconds(*at)) : std::nullopt;
}

template <class E>
std::optional<std::string> word_or_null(std::optional<E> const& what) {
    return what ? std::optional(std::string(to_text(*what))) : std::nullopt;
}

std::string languages(domain::hotline_seat const& seat) {
    column all;
    for (auto const& each : seat.languages)
        all.text(each);
    return all.literal();
}

domain::hotline_seat seat_of(pqxx::row const& r) {
    domain::hotline_seat seat;
    seat.who = {text(r["account"])};
    seat.is = word<domain::seat_state>(r["state"]);
    seat.call = maybe_record_id<domain::call_id>(r["call"]);
    seat.since = time(r["since"]);
    for (auto& each : words_of(text(r["languages"])))
        seat.languages.insert(std::move(each));
    seat.until = time(r["until"]);
    seat.said_ready = time(r["said_ready"]);
    return seat;
}

void write_stretches(pqxx::work& in, domain::hotline_seat const& was,
                     domain::hotline_seat const& is) {
    for (auto const& each : stretches_of(was, is))
        in.exec_prepared("seat_stretch", is.who.value, postgres::microseconds(each.since),
                         std::string(to_text(each.is)));
}

domain::hotline_seat write_word(pqxx::connection& on, domain::operator_id const& who,
                                domain::seat_word what, std::set<std::string> const& speaks,
                                domain::instant now) {
    pqxx::work in(on);
    in.exec_prepared("sit_down", who.value, postgres::microseconds(now));
    auto const was = seat_of(in.exec_prepared1("seat_to_write", who.value));
    auto const seat = heard(was, what, speaks, now);
    in.exec_prepared("seat_says", who.value, std::string(to_text(seat.is)),
                     postgres::microseconds(seat.since), languages(seat),
                     postgres::microseconds(seat.until), postgres::microseconds(seat.said_ready));
    write_stretches(in, was, seat);
    in.commit();
    return seat;
}

domain::hotline_seat read_seat(pqxx::connection& on, domain::operator_id const& who) {
    pqxx::nontransaction in(on);
    auto const rows = in.exec_prepared("seat", who.value);
    if (!rows.empty()) return seat_of(rows[0]);
    domain::hotline_seat nobody;
    nobody.who = who;
    return nobody;
}

std::vector<domain::hotline_seat> read_seats(pqxx::connection& on) {
    pqxx::nontransaction in(on);
    std::vector<domain::hotline_seat> all;
    for (auto const& r : in.exec_prepared("seats"))
        all.push_back(seat_of(r));
    return all;
}

bool write_wish(pqxx::connection& on, key_ring const& keys, app::wished const& what) {
    column number;
    number.alone();
    number.bytes_or_null(what.number.empty() ? std::string()
                                             : keys.seal(wish_sealed_for, what.number));
    pqxx::work in(on);
    in.exec_prepared("wish", to_string(what.id), to_string(what.call),
                     std::string(to_text(what.what)), what.to.value, number.parameter(),
                     what.by.value, postgres::microseconds(what.at));
    bool const is_kept = !in.exec_prepared("is_wished", to_string(what.id)).empty();
    in.commit();
    return is_kept;
}

std::vector<app::wished> read_wishes(pqxx::connection& on, key_ring const& keys) {
    pqxx::nontransaction in(on);
    std::vector<app::wished> all;
    for (auto const& r : in.exec_prepared("wishes")) {
        app::wished one;
        one.id = domain::parse_uuid(r["id"].c_str()).value();
        one.call = record_id<domain::call_id>(r["call"]);
        one.what = word<domain::call_wish>(r["what"]);
        one.to = {text(r["to_user"])};
        if (!r["personal"].is_null())
            one.number = keys.open(wish_sealed_for, bytes(r["personal"])).value_or("");
        one.by = {text(r["by_user"])};
        one.at = time(r["at"]);
        all.push_back(std::move(one));
    }
    return all;
}

std::vector<app::running_call> read_running(pqxx::connection& on, key_ring const& keys) {
    pqxx::nontransaction in(on);
    std::vector<app::running_call> all;
    for (auto const& r : in.exec_prepared("running")) {
        auto const plain = keys.open(call_personal::sealed_for, bytes(r["personal"]));
        app::running_call one;
        one.id = record_id<domain::call_id>(r["id"]);
        one.name = text(r["name"]);
        if (plain) one.number = from_json<call_personal>(*plain).number;
        one.seat = text(r["seat"]);
        one.has_answer = r["has_answer"].as<bool>();
        one.attempts = r["attempts"].as<int>();
        all.push_back(std::move(one));
    }
    return all;
}

void write_standing(pqxx::connection& on, app::hotline_record::standing const& now) {
    pqxx::work in(on);
    for (auto const& [id, is] : now.calls) {
        auto const third = is.third ? std::optional(std::string(to_text(is.third->is)))
                                    : std::optional<std::string>();
        in.exec_prepared("call_stands", to_string(id), is.waits, std::string(to_text(is.rank)),
                         is.place, is.ringing.value, is.is_held, third,
                         is.third ? is.third->who.value : std::string());
    }
    for (auto const& seat : now.seats) {
        auto const rows = in.exec_prepared("seat_to_write", seat.who.value);
        if (rows.empty()) continue;
        column call;
        call.alone();
        call.id(seat.call);
        auto const done =
            in.exec_prepared("seat_stands", seat.who.value, std::string(to_text(seat.is)),
                             call.parameter(), postgres::microseconds(seat.since));
        if (done.affected_rows() > 0) write_stretches(in, seat_of(rows[0]), seat);
    }
    in.commit();
}

void write_attempt(pqxx::connection& on, app::call_attempt const& what) {
    pqxx::nontransaction in(on);
    in.exec_prepared("attempt", to_string(what.call), what.leg, what.who.value,
                     microseconds(what.rang_at), microseconds(what.answered_at),
                     microseconds(what.ended_at), word_or_null(what.how),
                     std::string(to_text(what.role)));
}

bool was_silent(pqxx::row const& r, key_ring const& keys) {
    if (r["is_missed"].as<bool>()) return true;
    if (r["outcome"].is_null() ||
        word<domain::call_outcome>(r["outcome"]) != domain::call_outcome::no_case)
        return false;
    auto const plain = keys.open(call_personal::sealed_for, bytes(r["personal"]));
    return plain && from_json<call_personal>(*plain).reason.starts_with(
                        to_text(domain::no_case_reason::silent));
}

domain::caller_facts read_facts(pqxx::connection& on, key_ring const& keys,
                                std::string const& number, domain::call_id const& except,
                                domain::instant now) {
    domain::caller_facts facts;
    if (normalised_phone(number).empty()) return facts;
    auto const digest = phone_lookup(keys, number);
    pqxx::binarystring const his(digest.data(), digest.size());
    pqxx::work in(on);
    auto const r = in.exec_prepared1("caller_facts", his, to_string(except),
                                     postgres::microseconds(now - domain::abandons_again_within),
                                     postgres::microseconds(now));
    facts.is_bound = r["is_bound"].as<bool>();
    facts.is_frail = r["is_frail"].as<bool>();
    facts.has_emergency = r["has_emergency"].as<bool>();
    facts.has_given_up = r["has_given_up"].as<bool>();
    facts.language = text(r["language"]);
    auto const last = in.exec_prepared("last_call", his, to_string(except),
                                       postgres::microseconds(now - domain::silent_again_within),
                                       postgres::microseconds(now));
    facts.was_silent = !last.empty() && was_silent(last[0], keys);
    return facts;
}

using some_numbers = std::optional<std::vector<std::string>>;

some_numbers read_numbers(pqxx::connection& on, key_ring const& keys, std::size_t most) {
    pqxx::nontransaction in(on);
    auto const one_more = static_cast<std::int64_t>(most) + 1;
    auto const rows = in.exec_prepared("bound_numbers", one_more);
    if (rows.size() > most) return std::nullopt;
    std::set<std::string> all;
    for (auto const& r : rows) {
        auto const own = r["his_own"].as<bool>();
        auto const plain =
            keys.open_for(bytes(r["data_key"]),
                          own ? resident_personal::sealed_for : contact_personal::sealed_for,
                          bytes(r["personal"]));
        if (plain) all.insert(normalised_phone(text_in_json(*plain, "phone")));
    }
    all.erase("");
    return some_numbers(std::in_place, all.begin(), all.end());
}

app::hotline_now read_now(pqxx::connection& on, domain::instant day_began, domain::instant now) {
    app::hotline_now is;
    for (auto const& each : read_seats(on))
        ++is.seats[state_at(each, now)];
    pqxx::nontransaction in(on);
    auto const waits =
        in.exec_prepared1("hotline_waiting", postgres::microseconds(now - domain::longest_call));
    is.waiting = waits["waiting"].as<std::int64_t>();
    is.longest_since = maybe_time(waits["longest_since"]);
    auto const day = in.exec_prepared1("hotline_day", postgres::microseconds(day_began),
                                       postgres::microseconds(now),
                                       static_cast<int>(domain::answered_within.count()),
                                       static_cast<int>(domain::gave_up_at_once_within.count()));
    is.calls = day["calls"].as<std::int64_t>();
    is.answered = day["answered"].as<std::int64_t>();
    is.answered_in_time = day["in_time"].as<std::int64_t>();
    is.abandoned = day["abandoned"].as<std::int64_t>();
    is.abandoned_at_once = day["at_once"].as<std::int64_t>();
    return is;
}

class hotline_on_postgres final : public hotline_database {
public:
    hotline_on_postgres(std::string url, key_ring keys)
        : keys_(std::move(keys)), database_(url, 2, prepare_all),
          numbers_(std::move(url), 1, prepare_all) {}

    runtime::task<app::record_result<domain::hotline_seat>> says(domain::operator_id who,
                                                                 domain::seat_word what,
                                                                 std::set<std::string> speaks,
                                                                 domain::instant now) override {
        auto work = [&who, what, &speaks, now](pqxx::connection& c) {
            return write_word(c, who, what, speaks, now);
        };
        auto done = co_await database_.ask<domain::hotline_seat>("seat_says", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<domain::hotline_seat>> seat(domain::operator_id who) override {
        auto work = [&who](pqxx::connection& c) { return read_seat(c, who); };
        auto done = co_await database_.ask<domain::hotline_seat>("seat", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<bool>> wish(app::wished const& what) override {
        auto work = [this, &what](pqxx::connection& c) { return write_wish(c, keys_, what); };
        auto done = co_await database_.ask<bool>("wish", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<domain::operator_id>> talks_on(domain::call_id id) override {
        auto work = [id](pqxx::connection& c) {
            pqxx::nontransaction in(c);
            auto const rows = in.exec_prepared("talks_on", to_string(id));
            return domain::operator_id{rows.empty() ? std::string() : text(rows[0]["account"])};
        };
        auto done = co_await database_.ask<domain::operator_id>("talks_on", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<app::hotline_now>> stands_now(domain::instant day_began,
                                                                   domain::instant now) override {
        auto work = [day_began, now](pqxx::connection& c) { return read_now(c, day_began, now); };
        auto done = co_await database_.ask<app::hotline_now>("hotline_now", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::vector<domain::hotline_seat>>> seats() override {
        auto done = co_await database_.ask<std::vector<domain::hotline_seat>>("seats", read_seats);
        co_return done;
    }

    runtime::task<app::record_result<std::vector<app::running_call>>> running() override {
        auto work = [this](pqxx::connection& c) { return read_running(c, keys_); };
        auto done =
            co_await database_.ask<std::vector<app::running_call>>("running", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<void>> stands(standing const& now) override {
        auto work = [&now](pqxx::connection& c) { write_standing(c, now); };
        auto done = co_await database_.tell("hotline_stands", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<void>> keep(app::call_attempt const& what) override {
        auto work = [&what](pqxx::connection& c) { write_attempt(c, what); };
        auto done = co_await database_.tell("attempt", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::vector<app::wished>>> wishes() override {
        auto work = [this](pqxx::connection& c) { return read_wishes(c, keys_); };
        auto done = co_await database_.ask<std::vector<app::wished>>("wishes", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<void>> done(domain::uuid wish,
                                                 std::optional<domain::wish_refusal> refused,
                                                 domain::instant at) override {
        auto work = [wish, refused, at](pqxx::connection& c) {
            pqxx::nontransaction in(c);
            in.exec_prepared("wish_done", to_string(wish), postgres::microseconds(at),
                             word_or_null(refused));
        };
        auto is_done = co_await database_.tell("wish_done", std::move(work));
        co_return is_done;
    }

    runtime::task<app::record_result<domain::caller_facts>>
    facts_of(std::string number, domain::call_id except, domain::instant now) override {
        auto work = [this, &number, except, now](pqxx::connection& c) {
            return read_facts(c, keys_, number, except, now);
        };
        auto done = co_await database_.ask<domain::caller_facts>("caller_facts", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<some_numbers>> bound_numbers(std::size_t most) override {
        auto work = [this, most](pqxx::connection& c) { return read_numbers(c, keys_, most); };
        auto done = co_await numbers_.ask<some_numbers>("bound_numbers", std::move(work));
        co_return done;
    }

    void stop() override {
        database_.stop();
        numbers_.stop();
    }

private:
    key_ring keys_;
    database_threads database_;
    database_threads numbers_;
};

} // namespace

std::unique_ptr<hotline_database> open_hotline(std::string url, key_ring keys) {
    return std::make_unique<hotline_on_postgres>(std::move(url), std::move(keys));
}

} // namespace linli::postgres
