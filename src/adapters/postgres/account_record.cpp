#include "adapters/postgres/account_record.hpp"

#include <utility>

#include "adapters/postgres/database_threads.hpp"
#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/rows.hpp"

namespace linli::postgres {

namespace {

using app::account_record;
using app::record_result;
using stored_account = account_record::stored_account;
using listed_account = account_record::listed_account;
using stored_session = account_record::stored_session;
using found_session = std::pair<stored_session, app::account>;

constexpr auto find_sql = R"(
    select a.id, a.role, a.area, a.site, a.provider, a.worker, a.personal, a.disabled, a.version,
           a.password
    from account a where a.id = $1)";

constexpr auto list_sql = R"(
    select a.id, a.role, a.area, a.site, a.provider, a.worker, a.personal, a.disabled, a.version,
           microseconds_of(a.signed_in_at) as signed_in_at, ar.name as area_name,
           ar.path::text as area_path
    from account a left join area ar on ar.code = a.area order by a.id collate "C")";

constexpr auto standing_sql = R"(
    select (select path::text from area where code = $1) as area_path,
           exists (select from site where id = $2) as has_site,
           exists (select from provider where id = $3) as has_provider,
           exists (select from worker where id = $4 and provider = $3) as has_worker,
           (select string_agg(distinct coalesce(ar.path::text, '-'), ' ')
            from worker w left join site t on t.id = w.site left join area ar on ar.code = t.area
            where w.provider = $3 and ($4 = '' or w.id = $4)) as serves)";

constexpr auto add_sql = R"(
    insert into account (id, role, area, site, provider, worker, personal, disabled, password,
                         version)
    values ($1, $2, $3, $4, $5, $6, $7::bytea, $8::boolean, nullif($9::text, ''), 1)
    on conflict (id) do nothing)";

constexpr auto change_sql = R"(
    update account
    set role = $2, area = $3, site = $4, provider = $5, worker = $6, personal = $7::bytea,
        disabled = $8::boolean, password = coalesce(nullif($9::text, ''), password),
        version = version + 1
    where id = $1 and version = $10::integer)";

// Whoever takes one waits here for whoever takes another. By number, so that none waits for ever.
constexpr auto hold_administrators_sql = R"(
    select id from account where role = 'administrator' and not disabled order by id for update)";
// Somebody of the same area, or of one around it.
constexpr auto other_administrator_sql = R"(
    select exists (
        select from account his left join area small on small.code = his.area, account o
        left join area wide on wide.code = o.area
        where his.id = $1 and o.id <> $1 and o.role = 'administrator' and not o.disabled
          and (o.area = his.area or wide.path @> small.path)))";

constexpr auto open_session_sql = R"(
    with signed_in as (
        update account set signed_in_at = instant_of($3::bigint) where id = $2
    )
    insert into session (token_digest, account, since, expires_at, last_used_at, on_duty)
    select $1::bytea, a.id, instant_of($3::bigint), instant_of($4::bigint), instant_of($5::bigint),
           $6::boolean
    from account a where a.id = $2)";

constexpr auto find_session_sql = R"(
    select a.id, a.role, a.area, a.site, a.provider, a.worker, a.personal, a.disabled, a.version,
           microseconds_of(s.since) as since, microseconds_of(s.expires_at) as expires_at,
           microseconds_of(s.last_used_at) as last_used_at, s.on_duty,
           (select name from area where code = a.area) as area_name
    from session s join account a on a.id = s.account
    where s.token_digest = $1::bytea and not a.disabled)";

constexpr auto move_on_sql = R"(
    update session
    set last_used_at = greatest(last_used_at, instant_of($2::bigint)),
        expires_at = greatest(expires_at, instant_of($3::bigint))
    where token_digest = $1::bytea)";

constexpr auto on_duty_sql =
    "update session set on_duty = $2::boolean where token_digest = $1::bytea";
constexpr auto all_on_duty_sql = R"(
    select a.id, a.role, a.area, a.site, a.provider, a.worker, a.personal, a.disabled, a.version
    from account a
    where not a.disabled and exists (
        select from session s
        where s.account = a.id and s.on_duty and s.expires_at > instant_of($1::bigint))
    order by a.id collate "C")";
constexpr auto end_session_sql = "delete from session where token_digest = $1::bytea";
constexpr auto end_sessions_sql = "delete from session where account = $1";
constexpr auto forget_sql = "delete from session where expires_at < instant_of($1::bigint)";

constexpr auto saw_sql = R"(
    insert into access_log (at, who, what, subject, why, area)
    select instant_of(f.at), f.who, f.what, f.subject, f.why, area_of_subject(f.subject)
    from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[])
         with ordinality as f(at, who, what, subject, why, place)
    order by f.place)";

// One for each index: a generic plan must find its rows by it.
constexpr auto seen_columns =
    "select microseconds_of(at) as at, who, what, subject, why from access_log l where ";
constexpr auto newest_first = " order by l.at desc, l.id desc limit $1::integer";

void prepare_all(pqxx::connection& on) {
    on.prepare("account_find", find_sql);
    on.prepare("account_list", list_sql);
    on.prepare("account_add", add_sql);
    on.prepare("account_change", change_sql);
    on.prepare("account_standing", standing_sql);
    on.prepare("administrators_hold", hold_administrators_sql);
    on.prepare("administrator_other", other_administrator_sql);
    on.prepare("session_open", open_session_sql);
    on.prepare("session_find", find_session_sql);
    on.prepare("session_move_on", move_on_sql);
    on.prepare("session_on_duty", on_duty_sql);
    on.prepare("sessions_on_duty", all_on_duty_sql);
    on.prepare("session_end", end_session_sql);
    on.prepare("sessions_end", end_sessions_sql);
    on.prepare("sessions_forget", forget_sql);
    on.prepare("access_saw", saw_sql);
    auto const seen = [&](char const* name, std::string const& whose) {
        on.prepare(name, seen_columns + whose + newest_first);
    };
    seen("access_seen", "true");
    seen("access_seen_of", "l.subject = $2");
    seen("access_seen_by", "l.who = $2");
    seen("access_seen_of_by", "l.subject = $2 and l.who = $3");
}

std::optional<std::string> or_null(std::string const& value) {
    return value.empty() ? std::nullopt : std::optional(value);
}

std::string name_in(pqxx::field const& sealed, key_ring const& keys) {
    if (sealed.is_null()) return {};
    auto const personal = keys.open(account_personal::sealed_for, bytes(sealed)).value_or("");
    return from_json<account_personal>(personal).name;
}

app::account account_of(pqxx::row const& r, key_ring const& keys) {
    app::account a;
    a.user = {text(r["id"])};
    a.name = name_in(r["personal"], keys);
    a.role = word<domain::role>(r["role"]);
    a.area = {text(r["area"])};
    a.site = {text(r["site"])};
    a.provider = {text(r["provider"])};
    a.worker = {text(r["worker"])};
    a.is_disabled = r["disabled"].as<bool>();
    a.version = r["version"].as<std::uint32_t>();
    return a;
}

std::optional<stored_account> read_account(pqxx::connection& on, key_ring const& keys,
                                           domain::operator_id const& user) {
    pqxx::nontransaction in(on);
    auto const rows = in.exec_prepared("account_find", user.value);
    if (rows.empty()) return std::nullopt;
    return stored_account{account_of(rows[0], keys), text(rows[0]["password"])};
}

std::vector<listed_account> read_accounts(pqxx::connection& on, key_ring const& keys) {
    pqxx::nontransaction in(on);
    std::vector<listed_account> all;
    for (auto const& r : in.exec_prepared("account_list"))
        all.push_back({account_of(r, keys), maybe_time(r["signed_in_at"]), text(r["area_name"]),
                       areas_of(text(r["area_path"]), {text(r["area"])})});
    return all;
}

account_record::standing read_standing(pqxx::connection& on, app::account const& a) {
    pqxx::nontransaction in(on);
    auto const r = in.exec_prepared1("account_standing", a.area.value, a.site.value,
                                     a.provider.value, a.worker.value);
    account_record::standing s;
    s.has_area = !r["area_path"].is_null();
    s.areas = areas_of(text(r["area_path"]), a.area);
    s.has_site = r["has_site"].as<bool>();
    s.has_provider = r["has_provider"].as<bool>();
    s.has_worker = r["has_worker"].as<bool>();
    for (auto const& path : words_of(text(r["serves"])))
        s.serves.insert(path == "-" ? std::vector<domain::area_id>() : areas_of(path, {}));
    return s;
}

// A name that this server's key file doesn't open reads as none, and stays until a new one is
// given: who is only let in, or given a password, must not lose it.
std::string sealed_name(pqxx::transaction_base& in, key_ring const& keys, app::account const& a) {
    if (a.name.empty() && a.version > 0) {
        auto const rows =
            in.exec_params("select personal from account where id = $1", a.user.value);
        auto const stored = rows.empty() ? std::string() : bytes(rows[0][0]);
        if (!stored.empty() && !keys.open(account_personal::sealed_for, stored)) return stored;
    }
    return keys.seal(account_personal::sealed_for, to_json(account_personal{a.name}));
}

// False: not there in that version, or there already.
bool write_account(pqxx::transaction_base& in, key_ring const& keys, app::account const& a,
                   std::string const& hash) {
    auto const sealed = sealed_name(in, keys, a);
    auto const write = [&](char const* statement, auto const&... version) {
        return in.exec_prepared(statement, a.user.value, std::string(to_text(a.role)), a.area.value,
                                or_null(a.site.value), or_null(a.provider.value),
                                or_null(a.worker.value), pqxx::binarystring(sealed), a.is_disabled,
                                hash, version...);
    };
    auto const done = a.version == 0 ? write("account_add") : write("account_change", a.version);
    return done.affected_rows() == 1;
}

// False: there is no such account.
bool write_session(pqxx::connection& on, stored_session const& s) {
    pqxx::nontransaction in(on);
    auto const done = in.exec_prepared(
        "session_open", pqxx::binarystring(s.token_digest), s.user.value, microseconds(s.since),
        microseconds(s.expires_at), microseconds(s.last_used_at), s.on_duty);
    return done.affected_rows() == 1;
}

std::optional<found_session> read_session(pqxx::connection& on, key_ring const& keys,
                                          std::string const& token_digest) {
    pqxx::nontransaction in(on);
    auto const rows = in.exec_prepared("session_find", pqxx::binarystring(token_digest));
    if (rows.empty()) return std::nullopt;
    auto const& r = rows[0];
    auto who = account_of(r, keys);
    stored_session const s{token_digest,
                           who.user,
                           time(r["since"]),
                           time(r["expires_at"]),
                           time(r["last_used_at"]),
                           r["on_duty"].as<bool>(),
                           text(r["area_name"])};
    return found_session{s, std::move(who)};
}

void write_seen(pqxx::transaction_base& in, std::vector<app::seen_entry> const& what) {
    column at, who, how, subject, why;
    for (auto const& each : what) {
        at.time(each.at);
        who.text(each.who.value);
        how.text(each.what);
        subject.text(each.subject);
        why.text(each.why);
    }
    in.exec_prepared("access_saw", at.literal(), who.literal(), how.literal(), subject.literal(),
                     why.literal());
}

// The account's row first: whoever signs in waits for it, or was before us and has his session
// taken.
account_record::deed_end write_deed(pqxx::connection& on, key_ring const& keys,
                                    account_record::deed const& what) {
    using end = account_record::deed_end;
    auto const& user = what.who.user.value;
    pqxx::work in(on);
    if (what.takes_an_administrator) {
        in.exec_prepared("administrators_hold");
        if (!in.exec_prepared1("administrator_other", user)[0].as<bool>())
            return end::last_administrator;
    }
    if (!write_account(in, keys, what.who, what.password_hash)) return end::stale;
    if (what.ends_sessions) in.exec_prepared("sessions_end", user);
    write_seen(in, {what.told});
    in.commit();
    return end::done;
}

pqxx::result seen_rows(pqxx::nontransaction& in, std::string const& subject, std::string const& who,
                       int limit) {
    if (subject.empty() && who.empty()) return in.exec_prepared("access_seen", limit);
    if (who.empty()) return in.exec_prepared("access_seen_of", limit, subject);
    if (subject.empty()) return in.exec_prepared("access_seen_by", limit, who);
    return in.exec_prepared("access_seen_of_by", limit, subject, who);
}

std::vector<app::seen_entry> read_seen(pqxx::connection& on, std::string const& subject,
                                       domain::operator_id const& who, int limit) {
    pqxx::nontransaction in(on);
    std::vector<app::seen_entry> all;
    for (auto const& r : seen_rows(in, subject, who.value, limit))
        all.push_back(
            {time(r["at"]), {text(r["who"])}, text(r["what"]), text(r["subject"]), text(r["why"])});
    return all;
}

// Conditions for what was asked only, so that each question finds its rows by its index.
class log_reading {
public:
    explicit log_reading(account_record::log_question const& q) {
        with("l.subject = ", q.subject);
        with("l.who = ", q.who.value);
        with("l.what = ", q.what);
        if (q.from) with("l.at >= instant_of(", number(*q.from), "::bigint)");
        if (q.until) with("l.at < instant_of(", number(*q.until), "::bigint)");
        if (q.before)
            with("(l.at, l.id) < (select b.at, b.id from access_log b where b.id = ",
                 std::to_string(*q.before), "::bigint)");
        if (q.within)
            with("l.area = any (array(select a.code from area a, area mine where mine.code = ",
                 q.within->value, " and a.path <@ mine.path))");
        sql_ += " order by l.at desc, l.id desc limit " + std::to_string(q.limit);
    }

    pqxx::result rows(pqxx::transaction_base& in) const {
        return in.exec_params(sql_, pqxx::prepare::make_dynamic_params(values_));
    }

private:
    static std::string number(domain::instant at) { return std::to_string(microseconds(at)); }
    void with(char const* before, std::string const& value, char const* behind = "") {
        if (value.empty()) return;
        values_.push_back(value);
        sql_ += std::string(" and ") + before + "$" + std::to_string(values_.size()) + behind;
    }

    std::string sql_ =
        "select l.id, microseconds_of(l.at) as at, l.who, l.what, l.subject, l.why, "
        "w.personal from access_log l left join account w on w.id = l.who where true";
    std::vector<std::string> values_;
};

std::vector<account_record::logged> read_log(pqxx::connection& on, key_ring const& keys,
                                             account_record::log_question const& asked) {
    pqxx::nontransaction in(on);
    std::vector<account_record::logged> all;
    for (auto const& r : log_reading(asked).rows(in))
        all.push_back(
            {r["id"].as<std::int64_t>(),
             {time(r["at"]), {text(r["who"])}, text(r["what"]), text(r["subject"]), text(r["why"])},
             name_in(r["personal"], keys)});
    return all;
}

record_result<void> said(record_result<bool> const& was_written) {
    if (!was_written) return was_written.error();
    if (!*was_written) return app::record_errc::conflict;
    return {};
}

class accounts_on_postgres final : public account_database {
public:
    accounts_on_postgres(std::string url, key_ring keys)
        : keys_(std::move(keys)), database_(std::move(url), 2, prepare_all) {}

    runtime::task<record_result<std::optional<stored_account>>>
    find(domain::operator_id const& user) override {
        auto work = [this, &user](pqxx::connection& c) { return read_account(c, keys_, user); };
        auto done =
            co_await database_.ask<std::optional<stored_account>>("account_find", std::move(work));
        co_return done;
    }

    runtime::task<record_result<std::vector<listed_account>>> list() override {
        auto work = [this](pqxx::connection& c) { return read_accounts(c, keys_); };
        auto done =
            co_await database_.ask<std::vector<listed_account>>("account_list", std::move(work));
        co_return done;
    }

    runtime::task<record_result<standing>> standing_of(app::account const& who) override {
        auto work = [&who](pqxx::connection& c) { return read_standing(c, who); };
        auto done = co_await database_.ask<standing>("account_standing", std::move(work));
        co_return done;
    }

    runtime::task<record_result<deed_end>> do_to_account(deed const& what) override {
        auto work = [this, &what](pqxx::connection& c) { return write_deed(c, keys_, what); };
        auto done = co_await database_.ask<deed_end>("account_deed", std::move(work));
        co_return done;
    }

    runtime::task<record_result<void>> open_session(stored_session const& what) override {
        auto work = [&what](pqxx::connection& c) { return write_session(c, what); };
        auto const done = co_await database_.ask<bool>("session_open", std::move(work));
        co_return said(done);
    }

    runtime::task<record_result<std::optional<found_session>>>
    find_session(std::string const& token_digest) override {
        auto work = [this, &token_digest](pqxx::connection& c) {
            return read_session(c, keys_, token_digest);
        };
        auto done =
            co_await database_.ask<std::optional<found_session>>("session_find", std::move(work));
        co_return done;
    }

    runtime::task<record_result<void>> move_session_on(std::string const& token_digest,
                                                       domain::instant last_used_at,
                                                       domain::instant expires_at) override {
        auto work = [&token_digest, last_used_at, expires_at](pqxx::connection& c) {
            pqxx::nontransaction in(c);
            in.exec_prepared("session_move_on", pqxx::binarystring(token_digest),
                             microseconds(last_used_at), microseconds(expires_at));
        };
        auto done = co_await database_.tell("session_move_on", std::move(work));
        co_return done;
    }

    runtime::task<record_result<void>> be_on_duty(std::string const& token_digest,
                                                  bool is) override {
        auto work = [&token_digest, is](pqxx::connection& c) {
            pqxx::nontransaction in(c);
            in.exec_prepared("session_on_duty", pqxx::binarystring(token_digest), is);
        };
        auto done = co_await database_.tell("session_on_duty", std::move(work));
        co_return done;
    }

    runtime::task<record_result<std::vector<app::account>>> on_duty(domain::instant now) override {
        auto work = [this, now](pqxx::connection& c) {
            pqxx::nontransaction in(c);
            std::vector<app::account> all;
            for (auto const& r : in.exec_prepared("sessions_on_duty", microseconds(now)))
                all.push_back(account_of(r, keys_));
            return all;
        };
        auto done =
            co_await database_.ask<std::vector<app::account>>("sessions_on_duty", std::move(work));
        co_return done;
    }

    runtime::task<record_result<void>> end_session(std::string const& token_digest) override {
        auto work = [&token_digest](pqxx::connection& c) {
            pqxx::nontransaction in(c);
            in.exec_prepared("session_end", pqxx::binarystring(token_digest));
        };
        auto done = co_await database_.tell("session_end", std::move(work));
        co_return done;
    }

    runtime::task<record_result<std::size_t>> forget_sessions(domain::instant before) override {
        auto work = [before](pqxx::connection& c) -> std::size_t {
            pqxx::nontransaction in(c);
            auto const gone = in.exec_prepared("sessions_forget", microseconds(before));
            return static_cast<std::size_t>(gone.affected_rows());
        };
        auto done = co_await database_.ask<std::size_t>("sessions_forget", std::move(work));
        co_return done;
    }

    runtime::task<record_result<void>> saw(std::vector<app::seen_entry> const& what) override {
        auto work = [&what](pqxx::connection& c) {
            pqxx::nontransaction in(c);
            write_seen(in, what);
        };
        auto done = co_await database_.tell("access_saw", std::move(work));
        co_return done;
    }

    runtime::task<record_result<std::vector<app::seen_entry>>>
    seen(std::string const& subject, domain::operator_id const& who, int limit) override {
        auto work = [&subject, &who, limit](pqxx::connection& c) {
            return read_seen(c, subject, who, limit);
        };
        auto done =
            co_await database_.ask<std::vector<app::seen_entry>>("access_seen", std::move(work));
        co_return done;
    }

    runtime::task<record_result<std::vector<logged>>> look_up(log_question const& asked) override {
        auto work = [this, &asked](pqxx::connection& c) { return read_log(c, keys_, asked); };
        auto done = co_await database_.ask<std::vector<logged>>("access_log", std::move(work));
        co_return done;
    }

    void stop() override { database_.stop(); }

private:
    key_ring keys_;
    database_threads database_;
};

} // namespace

std::unique_ptr<account_database> open_accounts(std::string url, key_ring keys) {
    return std::make_unique<accounts_on_postgres>(std::move(url), std::move(keys));
}

} // namespace linli::postgres
