#include "adapters/postgres/complaint_record.hpp"

#include <map>
#include <optional>
#include <utility>

#include "adapters/postgres/database_threads.hpp"
#include "adapters/postgres/log_chain.hpp"
#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/rows.hpp"
#include "domain/masked.hpp"

namespace linli::postgres {

namespace {

using app::complained_of;
using app::complaint_line;
using app::complaint_page;
using app::complaint_question;

constexpr purpose log_words{"log"};

constexpr auto order_sql = R"(
    select coalesce(b.resident, a.resident,
                    case when o.subject like 'resident:%' then substr(o.subject, 10) end)
               as resident,
           o.area, o.worker, null as holder, ar.path::text as area_path
    from service_order o left join booking b on b.order_id = o.id
    left join alert a on a.id = o.alert left join area ar on ar.code = o.area
    where o.id = $1::uuid)";
// Whoever closed it, or holds it.
constexpr auto alert_sql = R"(
    select a.resident, a.area, null as worker,
           coalesce(a.holder, (select l.by_who from log l where l.chain = a.id
                               and l.what = 'closed' and l.by_kind = 'operator'
                               order by l.seq desc limit 1)) as holder,
           ar.path::text as area_path
    from alert a left join area ar on ar.code = a.area where a.id = $1::uuid)";
constexpr auto worker_sql = R"(
    select null as resident, ar.code as area, w.id as worker, null as holder,
           ar.path::text as area_path
    from worker w
    join area ar on ar.code = coalesce((select s.area from site s where s.id = w.site),
                                       (select code from area where parent is null
                                        order by code limit 1))
    where w.id = $1)";

#define LINLI_COMPLAINT_LINE                                                                       \
    "select c.id, c.kind, c.state, c.order_id, c.alert, c.worker, c.against, c.resident, "         \
    "c.area, c.written_by, microseconds_of(c.at) as at, microseconds_of(c.due_at) as due_at, "     \
    "c.personal, c.answered_by, microseconds_of(c.answered_at) as answered_at, "                   \
    "microseconds_of(c.accepted_at) as accepted_at, c.version, r.data_key as resident_key, "       \
    "r.personal as resident_text, w.personal as worker_text, o.number, o.service, "                \
    "ar.name as area_name, ar.path::text as area_path "                                            \
    "from complaint c left join resident r on r.id = c.resident "                                  \
    "left join worker w on w.id = c.worker left join service_order o on o.id = c.order_id "        \
    "left join area ar on ar.code = c.area "
#define LINLI_COMPLAINTS_MEANT                                                                     \
    "where ($1::text = '' or c.area = $1 or ar.path <@ (select path from area where code = $1)) "  \
    "and ($2::text = '' or c.state = $2)"

constexpr auto list_sql = LINLI_COMPLAINT_LINE LINLI_COMPLAINTS_MEANT
    " order by c.due_at <= instant_of($5::bigint) is true desc, "
    "case c.state when 'open' then 0 when 'answered' then 1 else 2 end, "
    "coalesce(c.due_at, c.at), c.id limit $3::integer offset $4::integer";
constexpr auto count_sql = "select count(*) from complaint c left join area ar on ar.code = "
                           "c.area " LINLI_COMPLAINTS_MEANT;
constexpr auto find_sql = LINLI_COMPLAINT_LINE "where c.id = $1::uuid";

constexpr auto head_sql =
    "select log_seq, log_hash from complaint where id = $1::uuid and version = $2::integer "
    "for update";
constexpr auto resident_key_sql =
    "select data_key from resident where id = $1 and data_key is not null";
constexpr auto house_key_sql = "select data_key from house_key";
constexpr auto add_sql = R"(
    insert into complaint (id, kind, state, order_id, alert, worker, against, resident, area,
                           written_by, at, due_at, personal, version, log_seq, log_hash)
    values ($1::uuid, $2, $3, $4::uuid, $5::uuid, nullif($6::text, ''), nullif($7::text, ''),
            nullif($8::text, ''), $9, $10, instant_of($11::bigint), instant_of($12::bigint),
            $13::bytea, 1, $14::integer, $15::bytea)
    on conflict (id) do nothing)";
constexpr auto change_sql = R"(
    update complaint set state = $2, due_at = instant_of($3::bigint), personal = $4::bytea,
           answered_by = nullif($5::text, ''), answered_at = instant_of($6::bigint),
           accepted_at = instant_of($7::bigint), version = version + 1, log_seq = $8::integer,
           log_hash = $9::bytea
    where id = $1::uuid and version = $10::integer)";
constexpr auto log_sql = R"(
    insert into log (chain, seq, of, at, what, by_kind, by_who, by_behalf, why, personal, hash)
    values ($1::uuid, $2::integer, 'complaint', instant_of($3::bigint), $4, $5, $6, $7, $8,
            nullif($9::bytea, ''), $10::bytea))";

void prepare_all(pqxx::connection& on) {
    on.prepare("complained_order", order_sql);
    on.prepare("complained_alert", alert_sql);
    on.prepare("complained_worker", worker_sql);
    on.prepare("complaints", list_sql);
    on.prepare("complaints_counted", count_sql);
    on.prepare("complaint", find_sql);
    on.prepare("complaint_head", head_sql);
    on.prepare("complaint_resident_key", resident_key_sql);
    on.prepare("complaint_house_key", house_key_sql);
    on.prepare("complaint_add", add_sql);
    on.prepare("complaint_change", change_sql);
    on.prepare("complaint_log", log_sql);
}

std::optional<complained_of> read_about(pqxx::connection& on, char const* statement,
                                        std::string const& id) {
    pqxx::nontransaction in(on);
    auto const rows = in.exec_prepared(statement, id);
    if (rows.empty()) return std::nullopt;
    auto const& r = rows[0];
    complained_of about;
    about.resident = {text(r["resident"])};
    about.area = {text(r["area"])};
    about.worker = {text(r["worker"])};
    about.operator_ = {text(r["holder"])};
    about.areas = areas_of(text(r["area_path"]), about.area);
    return about;
}

// By the resident's key if there is one, so that it goes with him; else by the house's.
std::string seal(key_ring const& keys, std::string const& own, purpose what,
                 std::string const& words) {
    if (words.empty()) return {};
    return own.empty() ? keys.seal(what, words) : keys.seal_for(own, what, words);
}

void read_words(domain::complaint& into, key_ring const& keys, pqxx::row const& r) {
    auto const sealed = bytes(r["personal"]);
    auto const own = bytes(r["resident_key"]);
    auto plain = keys.open(complaint_personal::sealed_for, sealed);
    if (!plain && !own.empty()) plain = keys.open_for(own, complaint_personal::sealed_for, sealed);
    if (!plain) return;
    auto const words = from_json<complaint_personal>(*plain);
    into.complainer = words.complainer;
    into.words = words.words;
    into.answer = words.answer;
}

domain::complaint complaint_of(key_ring const& keys, pqxx::row const& r) {
    domain::complaint c;
    c.id = record_id<domain::complaint_id>(r["id"]);
    c.kind = word<domain::complaint_kind>(r["kind"]);
    c.state = word<domain::complaint_state>(r["state"]);
    c.order = maybe_record_id<domain::order_id>(r["order_id"]);
    c.alert = maybe_record_id<domain::alert_id>(r["alert"]);
    c.worker = {text(r["worker"])};
    c.against = {text(r["against"])};
    c.resident = {text(r["resident"])};
    c.area = {text(r["area"])};
    c.written_by = {text(r["written_by"])};
    c.at = time(r["at"]);
    c.due_at = maybe_time(r["due_at"]);
    c.answered_by = {text(r["answered_by"])};
    c.answered_at = maybe_time(r["answered_at"]);
    c.accepted_at = maybe_time(r["accepted_at"]);
    c.version = r["version"].as<std::uint32_t>();
    read_words(c, keys, r);
    return c;
}

complaint_line line_of(key_ring const& keys, pqxx::row const& r) {
    complaint_line line;
    line.what = complaint_of(keys, r);
    line.order_number = text(r["number"]);
    line.service = text(r["service"]);
    line.area_name = text(r["area_name"]);
    line.areas = areas_of(text(r["area_path"]), line.what.area);
    if (!r["resident_key"].is_null()) {
        auto const plain = keys.open_for(bytes(r["resident_key"]), resident_personal::sealed_for,
                                         bytes(r["resident_text"]));
        if (plain) line.name = domain::masked_name(from_json<resident_personal>(*plain).name);
    }
    if (!r["worker_text"].is_null()) {
        auto const plain = keys.open(worker_personal::sealed_for, bytes(r["worker_text"]));
        if (plain) line.worker_name = from_json<worker_personal>(*plain).name;
    }
    return line;
}

complaint_page read_page(pqxx::connection& on, key_ring const& keys, complaint_question const& q) {
    auto const state = q.state ? std::string(to_text(*q.state)) : std::string();
    pqxx::nontransaction in(on);
    complaint_page page;
    page.total =
        in.exec_prepared1("complaints_counted", q.area.value, state)[0].as<std::uint32_t>();
    for (auto const& r : in.exec_prepared("complaints", q.area.value, state, q.per_page,
                                          (q.page - 1) * q.per_page, microseconds(q.now))) {
        auto line = line_of(keys, r);
        line.what.complainer.clear(); // shown one by one, and logged
        line.what.words.clear();
        line.what.answer.clear();
        page.lines.push_back(std::move(line));
    }
    return page;
}

std::optional<complaint_line> read_one(pqxx::connection& on, key_ring const& keys,
                                       std::string const& id) {
    pqxx::nontransaction in(on);
    auto const rows = in.exec_prepared("complaint", id);
    if (rows.empty()) return std::nullopt;
    return line_of(keys, rows[0]);
}

using sealed_bytes = pqxx::binarystring;

std::optional<std::string> maybe_id(auto const& id) {
    return id ? std::optional(to_string(*id)) : std::nullopt;
}

std::optional<std::int64_t> maybe_microseconds(std::optional<domain::instant> const& at) {
    return at ? std::optional(microseconds(*at)) : std::nullopt;
}

void add(pqxx::work& in, domain::complaint const& c, std::string const& personal,
         app::chain_head const& head) {
    auto const done = in.exec_prepared(
        "complaint_add", to_string(c.id), std::string(to_text(c.kind)),
        std::string(to_text(c.state)), maybe_id(c.order), maybe_id(c.alert), c.worker.value,
        c.against.value, c.resident.value, c.area.value, c.written_by.value, microseconds(c.at),
        maybe_microseconds(c.due_at), sealed_bytes(personal), head.seq, sealed_bytes(head.hash));
    if (done.affected_rows() != 1)
        throw pqxx::transaction_rollback("the complaint is there already");
}

void change(pqxx::work& in, domain::complaint const& c, std::string const& personal,
            app::chain_head const& head) {
    auto const done =
        in.exec_prepared("complaint_change", to_string(c.id), std::string(to_text(c.state)),
                         maybe_microseconds(c.due_at), sealed_bytes(personal), c.answered_by.value,
                         maybe_microseconds(c.answered_at), maybe_microseconds(c.accepted_at),
                         head.seq, sealed_bytes(head.hash), c.version);
    if (done.affected_rows() != 1) throw pqxx::transaction_rollback("the complaint has moved on");
}

void write_log(pqxx::work& in, linked_line const& l) {
    auto const& line = l.what.line;
    in.exec_prepared("complaint_log", to_string(l.what.chain), l.seq, microseconds(line.at),
                     std::string(to_text(line.what)), std::string(to_text(line.by.kind)),
                     line.by.who, line.by.behalf, line.why, sealed_bytes(l.personal),
                     sealed_bytes(l.hash));
}

// Empty: there is none.
template <class... Values>
std::string key_in(pqxx::work& in, char const* statement, Values const&... values) {
    auto const found = in.exec_prepared(statement, values...);
    return found.empty() ? std::string() : bytes(found[0]["data_key"]);
}

void write_complaint(pqxx::connection& on, key_ring const& keys,
                     domain::complaint_outcome const& what) {
    auto const& c = what.next;
    pqxx::work in(on);
    std::map<domain::uuid, app::chain_head> heads;
    if (c.version > 0) {
        auto const rows = in.exec_prepared("complaint_head", to_string(c.id), c.version);
        if (rows.empty()) throw pqxx::transaction_rollback("the complaint has moved on");
        heads[c.id.value] = {rows[0]["log_seq"].as<std::uint32_t>(), bytes(rows[0]["log_hash"])};
    }
    auto const own = key_in(in, "complaint_resident_key", c.resident.value);
    log_chain chain(std::move(heads));
    app::chained_line const told{app::chain_of::complaint, c.id.value, what.line, c.resident};
    auto const of_line = own.empty() ? key_in(in, "complaint_house_key") : own;
    auto const line = chain.link(told, seal(keys, of_line, log_words, what.line.personal));
    auto const personal = seal(keys, own, complaint_personal::sealed_for,
                               to_json(complaint_personal{c.complainer, c.words, c.answer}));
    if (c.version == 0)
        add(in, c, personal, chain.head(c.id.value));
    else
        change(in, c, personal, chain.head(c.id.value));
    write_log(in, line);
    in.commit();
}

class complaints_on_postgres final : public complaint_database {
public:
    complaints_on_postgres(std::string url, key_ring keys)
        : keys_(std::move(keys)), database_(std::move(url), threads, prepare_all) {}

    runtime::task<app::record_result<std::optional<complained_of>>>
    order(domain::order_id const& id) override {
        return about("complained_order", to_string(id));
    }
    runtime::task<app::record_result<std::optional<complained_of>>>
    alert(domain::alert_id const& id) override {
        return about("complained_alert", to_string(id));
    }
    runtime::task<app::record_result<std::optional<complained_of>>>
    worker(domain::worker_id const& id) override {
        return about("complained_worker", id.value);
    }

    runtime::task<app::record_result<complaint_page>>
    list(complaint_question const& what) override {
        auto work = [this, &what](pqxx::connection& c) { return read_page(c, keys_, what); };
        auto done = co_await database_.ask<complaint_page>("complaints", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::optional<complaint_line>>>
    find(domain::complaint_id const& id) override {
        auto work = [this, id = to_string(id)](pqxx::connection& c) {
            return read_one(c, keys_, id);
        };
        auto done =
            co_await database_.ask<std::optional<complaint_line>>("complaint", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<void>> keep(domain::complaint_outcome const& what) override {
        auto work = [this, &what](pqxx::connection& c) { write_complaint(c, keys_, what); };
        auto done = co_await database_.tell("complaint", std::move(work));
        co_return done;
    }

    void stop() override { database_.stop(); }

private:
    static constexpr std::size_t threads = 1;

    runtime::task<app::record_result<std::optional<complained_of>>> about(char const* statement,
                                                                          std::string id) {
        auto work = [statement, id = std::move(id)](pqxx::connection& c) {
            return read_about(c, statement, id);
        };
        auto done =
            co_await database_.ask<std::optional<complained_of>>("complained_of", std::move(work));
        co_return done;
    }

    key_ring keys_;
    database_threads database_;
};

} // namespace

std::unique_ptr<complaint_database> open_complaints(std::string url, key_ring keys) {
    return std::make_unique<complaints_on_postgres>(std::move(url), std::move(keys));
}

} // namespace linli::postgres
