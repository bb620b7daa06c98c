#include "adapters/postgres/person_reading.hpp"

#include <array>
#include <span>
#include <utility>

#include "adapters/postgres/cases_of.hpp"
#include "adapters/postgres/failures.hpp"
#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/reading_connection.hpp"
#include "adapters/postgres/rows.hpp"
#include "runtime/blocking_pool.hpp"

namespace linli::postgres {

namespace {

using app::person_file;
using app::person_section;
using app::record_result;

// $1 is he, $2 the local time's minutes before UTC's, $3 how many rows at most. Columns come out as
// text; `sealed` is opened and stands as the fields that are named, or as `words`.
#define LINLI_LOCAL(TIME)                                                                          \
    "to_char(" TIME " at time zone 'UTC' + $2::integer * interval '1 minute', "                    \
    "'YYYY-MM-DD HH24:MI:SS')"
#define LINLI_HIS                                                                                  \
    LINLI_CASES_OF("select r.id as resident, 'resident:' || r.id as self from resident r "         \
                   "where r.id = $1",                                                              \
                   "select s.home, s.since, s.until from stay s where s.resident = $1")            \
    LINLI_CONFIDED
// Cases on which somebody was suspected of abuse: whoever fetches the copy may be the one. What
// was said of them lies on the alert's chain, and on those of the visits, the calls after them and
// the requests that came with it.
#define LINLI_CONFIDED                                                                             \
    ", suspected as (select a.id from alert a join alerts on alerts.id = a.id "                    \
    "                where a.outcome = 'safeguarding'), "                                          \
    "asked_with_it as (select s.request as id from signal s join suspected on suspected.id = "     \
    "                      s.alert where s.request is not null "                                   \
    "                  union select c.request from call c join suspected on suspected.id = "       \
    "                      c.alert where c.request is not null), "                                 \
    "confided as (select id from suspected union all select id from asked_with_it union all "      \
    "             select o.id from service_order o where o.alert in (select id from suspected) "   \
    "                 or o.request in (select id from asked_with_it)) "
#define LINLI_OF_SIGNAL                                                                            \
    "s.latitude, s.longitude, s.accuracy_m, s.battery, s.said, encode(s.raw, 'base64') as raw"
// Each way by its own index.
#define LINLI_HIS_SIGNALS                                                                          \
    "s.event in (select n.event from signal n join alerts on alerts.id = n.alert union all "       \
    "select n.event from signal n join requests on requests.id = n.request union all "             \
    "select n.event from signal n join bound b on b.device = n.device and n.received_at between "  \
    "b.bound_at and b.unbound_at) "
#define LINLI_MEASURED(WHAT)                                                                       \
    LINLI_HIS "select t.device, " LINLI_LOCAL("t.received_at") " as received_at, " LINLI_LOCAL(    \
        "t.measured_at") " as measured_at, " WHAT                                                  \
                         " t join bound b on b.device = t.device and t.received_at between "       \
                         "b.bound_at and b.unbound_at "                                            \
                         "where $3::integer > 0 order by t.received_at desc limit $3"

#define LINLI_TALK_BEGAN LINLI_LOCAL("r.begun_at")
#define LINLI_TALK_ENDED LINLI_LOCAL("(r.begun_at + r.length_ms * interval '1 millisecond')")
#define LINLI_TALK_GOES LINLI_LOCAL("(r.begun_at + $4::integer * interval '1 day')")
// What was recorded of his own number and of his cases, as far as it is there to be heard; nothing
// of a suspicion, whoever spoke. $4: for how many days it is kept.
constexpr auto recordings_sql =
    LINLI_HIS "select " LINLI_TALK_BEGAN " as begun_at, "
              "case when r.state = 'sealed' then " LINLI_TALK_ENDED " end as ended_at, "
              "r.whose, " LINLI_TALK_GOES " as kept_until "
              "from recording r left join call c on c.id = r.call "
              "left join placed_call p on p.id = r.placed left join call b on b.id = p.about "
              "where r.state in ('recording', 'sealed') "
              "and (coalesce(c.alert, b.alert, p.about) in (select id from alerts) "
              "     or coalesce(c.request, b.request, p.about) in (select id from requests) "
              "     or coalesce(c.phone_hmac, b.phone_hmac) = "
              "        (select phone_hmac from resident where id = $1)) "
              "and not exists (select from confided "
              "                where id in (c.alert, c.request, b.alert, b.request, p.about)) "
              "order by r.begun_at desc limit $3";

struct section {
    char const* name;
    char const* sql;
    purpose sealed_for = {};
    std::array<std::string_view, 5> fields = {};
    bool says_how_long = false;
};

constexpr std::array sections{
    section{"resident",
            "select id, home, " LINLI_LOCAL("home_since") " as home_since, " LINLI_LOCAL(
                "home_until") " as home_until, "
                              "status, high_risk, synthetic, language, personal as sealed from "
                              "resident "
                              "where id = $1 and $3::integer > 0",
            resident_personal::sealed_for,
            {"name", "phone", "id_number", "notes", "visit_code"}},
    // Only while it is his: its door and its notes may be those of whoever lives there now.
    section{"home",
            "select h.id, h.area, (select name from area where code = h.area) as area_name, "
            "h.rough_place, h.latitude, h.longitude, array_to_string(h.flags, ' ') as flags, "
            "h.address_verified, h.address_verified_by, h.key_holder, h.key_tested, "
            "h.personal as sealed from home h "
            "join resident r on r.home = h.id and r.home_until is null "
            "where r.id = $1 and $2::integer < 9999 and $3::integer > 0",
            home_personal::sealed_for,
            {"door", "access_notes"}},
    section{"former_home", "select home, " LINLI_LOCAL("since") " as since, " LINLI_LOCAL(
                               "until") " as until "
                                        "from former_home where resident = $1 order by "
                                        "former_home.until desc limit $3"},
    section{"contact",
            "select place, relation, array_to_string(channels, ' ') as channels, quiet_from, "
            "quiet_until, language, personal as sealed from contact "
            "where resident = $1 and $2::integer < 9999 order by place limit $3",
            contact_personal::sealed_for,
            {"name", "phone", "email"}},
    section{
        "contact_trial",
        "select place, channel, " LINLI_LOCAL(
            "tried_at") " as tried_at, state, reason "
                        "from contact_trial where resident = $1 order by place, channel limit $3"},
    section{"vital_limit", "select code, low, high, lasting_s from vital_limit "
                           "where resident = $1 and $2::integer < 9999 order by code limit $3"},
    section{"zone", "select name, kind, shape from zone "
                    "where resident = $1 and $2::integer < 9999 order by name limit $3"},
    section{"silence_limit",
            "select s.from_minute, s.until_minute, s.longest_min from silence_limit s "
            "join resident r on r.home = s.home and r.home_until is null "
            "where r.id = $1 and $2::integer < 9999 order by s.from_minute limit $3"},
    section{
        "device_binding", LINLI_HIS
        "select b.device, d.kind, b.home, " LINLI_LOCAL("b.bound_at") " as bound_at, " LINLI_LOCAL(
            "nullif(b.unbound_at, 'infinity')") " as unbound_at "
                                                "from bound b join device d on d.id = b.device "
                                                "order by b.bound_at desc limit $3"},
    section{"alert", LINLI_HIS
            "select a.id, a.kind, a.level, a.state, "
            "case when a.id not in (select id from confided) then a.outcome end as outcome, "
            "a.purpose, " LINLI_LOCAL("a.opened_at") " as opened_at, " LINLI_LOCAL(
                "a.closed_at") " as closed_at, a.signals from alert a where a.id in "
                               "(select id from alerts) "
                               "order by a.opened_at desc limit $3"},
    section{
        "request", LINLI_HIS
        "select q.id, q.level, q.state, " LINLI_LOCAL("q.opened_at") " as opened_at, " LINLI_LOCAL(
            "q.closed_at") " as closed_at, q.signals "
                           "from request q where q.id in (select id from requests) "
                           "order by q.opened_at desc limit $3"},
    section{"service_order",
            LINLI_HIS
            "select o.number, o.service, o.state, "
            "case when o.id not in (select id from confided) then o.reason end as "
            "reason, " LINLI_LOCAL("o.opened_at") " as opened_at, " LINLI_LOCAL(
                "o.wished_from") " as wished_from, o.provider, o.worker, o.rating, "
                                 "b.unit, b.minutes, b.price_fen, "
                                 "case when o.id not in (select id from confided) then b.words end "
                                 "as sealed "
                                 "from service_order o left join booking b on b.order_id = o.id "
                                 "where o.id in (select id from orders) order by o.opened_at desc "
                                 "limit $3",
            booking_words},
    section{
        "signal",
        LINLI_HIS "select s.event, s.device, s.kind, " LINLI_LOCAL(
            "s.happened_at") " as happened_at, " LINLI_LOCAL("s.received_at") " as "
                                                                              "received_at,"
                                                                              " " LINLI_OF_SIGNAL
                                                                              " from signal s "
                                                                              "where"
                                                                              " " LINLI_HIS_SIGNALS
                                                                              "order by "
                                                                              "s.received_at desc "
                                                                              "limit $3"},
    // Not what is said in confidence: on suspected abuse, and by whoever complained.
    section{"log",
            LINLI_HIS "select l.of, " LINLI_LOCAL(
                "l.at") " as at, l.what, l.by_kind, l.by_who, "
                        "l.why, l.personal as sealed from log l "
                        "where l.chain in (select id from requests union all select id from orders "
                        "    union all select id from alerts) "
                        "and l.chain not in (select id from confided) "
                        "order by l.at desc, l.chain, l.seq desc limit $3",
            {"log"}},
    section{
        "complaint",
        LINLI_HIS "select c.id, c.kind, c.state, " LINLI_LOCAL("c.at") " as at, " LINLI_LOCAL(
            "c.answered_at") " as answered_at, " LINLI_LOCAL("c.accepted_at") " as accepted_at, "
                                                                              "case when not "
                                                                              "exists (select from "
                                                                              "confided where id "
                                                                              "in (c.alert, "
                                                                              "c.order_id)) "
                                                                              "then c.personal end "
                                                                              "as sealed "
                                                                              "from complaint c, "
                                                                              "him h where "
                                                                              "c.resident = "
                                                                              "h.resident order by "
                                                                              "c.at desc limit $3",
        complaint_personal::sealed_for,
        {"words", "answer"}},
    section{"visit_proof",
            LINLI_HIS "select p.what, p.worker, " LINLI_LOCAL(
                "p.came_at") " as came_at, "
                             "p.latitude, p.longitude, p.distance_m, p.note, p.type, "
                             "encode(p.digest, 'hex') as digest, case when p.order_id not in "
                             "(select id from confided) then p.picture end as sealed from "
                             "visit_proof p "
                             "where p.order_id in (select id from orders) order by p.came_at desc "
                             "limit $3",
            {"visit_proof"}},
    // Whoever told of a suspicion is nobody's business; his own calls are his.
    section{
        "call",
        LINLI_HIS "select c.source, c.name, c.called, " LINLI_LOCAL(
            "c.first_heard") " as first_heard, " LINLI_LOCAL("c.ended_at") " as ended_at, "
                                                                           "c.recording, "
                                                                           "c.outcome, "
                                                                           "c.decided_by, "
                                                                           "c.personal as sealed "
                                                                           "from call c "
                                                                           "where ((c.alert in "
                                                                           "(select id from "
                                                                           "alerts) or c.request "
                                                                           "in (select id from "
                                                                           "requests)) "
                                                                           "       and not exists "
                                                                           "(select from confided "
                                                                           "where id in (c.alert, "
                                                                           "c.request))) "
                                                                           "or c.phone_hmac = "
                                                                           "(select phone_hmac "
                                                                           "from resident where id "
                                                                           "= $1) "
                                                                           "order by c.first_heard "
                                                                           "desc limit $3",
        call_personal::sealed_for,
        {"number", "reason"}},
    section{"recording", recordings_sql, {}, {}, true},
    section{"delivery", "select " LINLI_LOCAL(
                            "at") " as at, why, audience, who, channel, state, reason "
                                  "from delivery where resident = $1 order by at desc limit $3"},
    section{"device_command",
            LINLI_HIS "select c.device, c.kind, c.asked_by, " LINLI_LOCAL(
                "c.asked_at") " as asked_at, c.state, c.personal as sealed from device_command c "
                              "join bound b on b.device = c.device and c.asked_at between "
                              "b.bound_at and b.unbound_at "
                              "order by c.asked_at desc limit $3",
            {"device_command"}},
    section{"dwell",
            LINLI_HIS "select d.rule, d.device, " LINLI_LOCAL(
                "coalesce(d.began_at, d.since)") " as since, d.value, d.latitude, d.longitude "
                                                 "from dwell d where d.subject = (select self from "
                                                 "him) or exists "
                                                 "(select from stays s where d.subject = 'home:' "
                                                 "|| s.home "
                                                 " and d.last_at >= s.since and d.last_at < "
                                                 "s.until) order by d.rule limit $3"},
    section{"telemetry_vital", LINLI_MEASURED("t.code, t.value from telemetry_vital")},
    section{"telemetry_fix",
            LINLI_MEASURED("t.latitude, t.longitude, t.accuracy_m from telemetry_fix")},
    section{"telemetry_battery", LINLI_MEASURED("t.percent from telemetry_battery")},
    section{"telemetry_activity", LINLI_MEASURED("t.kind, t.litres from telemetry_activity")},
    // Nor that anything was changed about whom not to tell.
    section{
        "registry_edit",
        "select " LINLI_LOCAL(
            "e.at") " as at, e.by_who, e.sheet, "
                    "array_to_string(array_remove(e.columns, 'do_not_tell'), ' ') as columns "
                    "from registry_edit e "
                    "join resident r on r.id = $1 where (e.key = r.id and e.sheet in ('residents', "
                    "'contacts', 'limits', 'zones') or e.sheet in ('homes', "
                    "'silences') and exists (select from stay s where s.resident = r.id and s.home "
                    "= e.key "
                    "and e.at >= s.since and e.at < s.until)) and e.columns <> '{do_not_tell}' "
                    "order by e.id desc limit $3"},
    section{"access_log",
            "select " LINLI_LOCAL(
                "l.at") " as at, l.who, l.what, l.why from ("
                        "select l.* from access_log l where l.subject = 'resident:' || $1 "
                        "union all select l.* from access_log l join stay s on l.subject = 'home:' "
                        "|| s.home "
                        "    and l.at >= s.since and l.at < s.until where s.resident = $1) l "
                        "order by l.at desc, l.id desc limit $3"},
    section{"erasure",
            "select reason, to_char(wished_on, 'YYYY-MM-DD') as wished_on, " LINLI_LOCAL(
                "asked_at") " as asked_at, " LINLI_LOCAL("erased_at") " as erased_at "
                                                                      "from erasure where resident "
                                                                      "= $1 limit $3"},
    section{
        "erasure_withdrawn",
        "select reason, to_char(wished_on, 'YYYY-MM-DD') as wished_on, " LINLI_LOCAL(
            "asked_at") " as asked_at, " LINLI_LOCAL("at") " as withdrawn_at, why "
                                                           "from erasure_withdrawn where resident "
                                                           "= $1 order by asked_at desc limit $3"},
};

// Whoever may have sealed something of his.
std::vector<std::string> keys_of(pqxx::transaction_base& in, std::string const& who) {
    std::vector<std::string> all;
    for (auto const& r : in.exec_params(
             "select r.data_key from resident r where r.id = $1 and r.data_key is not null "
             "union all select h.data_key from home h where h.data_key is not null and h.id in "
             "    (select s.home from stay s where s.resident = $1) "
             "union all select data_key from house_key",
             who))
        all.push_back(bytes(r[0]));
    return all;
}

class person_reader {
public:
    person_reader(pqxx::transaction_base& in, key_ring const& keys, std::string who,
                  domain::minutes utc_offset, int most_rows, std::chrono::days recordings_kept)
        : in_(in), keys_(keys), who_(std::move(who)), own_(keys_of(in, who_)),
          offset_(utc_offset.count()), most_(most_rows), kept_days_(recordings_kept.count()) {}

    person_section read(section const& s) const {
        auto const found = s.says_how_long
                               ? in_.exec_params(s.sql, who_, offset_, most_, kept_days_)
                               : in_.exec_params(s.sql, who_, offset_, most_);
        person_section into;
        into.name = s.name;
        for (pqxx::row_size_type at = 0; at < found.columns(); ++at)
            add_columns(into.columns, s, found.column_name(at));
        for (auto const& r : found)
            into.rows.push_back(cells_of(r, s));
        into.is_cut = into.rows.size() >= static_cast<std::size_t>(most_);
        return into;
    }

private:
    static bool has_fields(section const& s) { return !s.fields.front().empty(); }

    static void add_columns(std::vector<std::string>& to, section const& s, std::string name) {
        if (name != "sealed")
            to.push_back(std::move(name));
        else if (!has_fields(s))
            to.emplace_back("words");
        else
            for (auto const& each : s.fields)
                if (!each.empty()) to.emplace_back(each);
    }

    std::vector<std::string> cells_of(pqxx::row const& r, section const& s) const {
        std::vector<std::string> cells;
        for (auto const& field : r) {
            if (std::string_view(field.name()) != "sealed") {
                cells.push_back(text(field));
                continue;
            }
            auto const plain = opened(s, bytes(field));
            if (!has_fields(s)) {
                cells.push_back(plain);
                continue;
            }
            for (auto const& each : s.fields)
                if (!each.empty()) cells.push_back(text_in_json(plain, each));
        }
        return cells;
    }

    // Empty when nobody can read it any more.
    std::string opened(section const& s, std::string const& sealed) const {
        if (sealed.empty()) return {};
        auto plain = keys_.open(s.sealed_for, sealed);
        for (auto at = own_.begin(); !plain && at != own_.end(); ++at)
            plain = keys_.open_for(*at, s.sealed_for, sealed);
        return plain.value_or("");
    }

    pqxx::transaction_base& in_;
    key_ring const& keys_;
    std::string const who_;
    std::vector<std::string> const own_;
    std::int64_t const offset_;
    int const most_;
    std::int64_t const kept_days_;
};

class persons_on_postgres final : public person_database {
public:
    persons_on_postgres(std::string url, key_ring keys, domain::minutes utc_offset,
                        std::chrono::days recordings_kept)
        : url_(std::move(url)), keys_(std::move(keys)), offset_(utc_offset),
          recordings_kept_(recordings_kept) {}

    runtime::task<record_result<std::optional<person_file>>>
    read(domain::resident_id const& who, domain::instant now, int most_rows) override {
        auto job = [this, who, now, most_rows] {
            return answer_of<std::optional<person_file>>(
                "person_file", [&]() -> record_result<std::optional<person_file>> {
                    return read_one(who, now, most_rows);
                });
        };
        auto done = co_await thread_.run(std::move(job));
        co_return done;
    }

    void stop() override { thread_.stop(); }

private:
    // All of it as it was at one moment.
    std::optional<person_file> read_one(domain::resident_id const& who, domain::instant now,
                                        int most_rows) const {
        auto const on = open_for_reading(url_);
        pqxx::transaction<pqxx::repeatable_read, pqxx::read_only> in(*on);
        if (in.exec_params("select from resident where id = $1", who.value).empty())
            return std::nullopt;
        person_reader const reader(in, keys_, who.value, offset_, most_rows, recordings_kept_);
        person_file file{who, now, {}};
        for (auto const& each : sections)
            file.sections.push_back(reader.read(each));
        return file;
    }

    std::string const url_;
    key_ring keys_;
    domain::minutes const offset_;
    std::chrono::days const recordings_kept_;
    runtime::blocking_pool thread_{1};
};

} // namespace

std::unique_ptr<person_database> open_persons(std::string url, key_ring keys,
                                              domain::minutes utc_offset,
                                              std::chrono::days recordings_kept) {
    return std::make_unique<persons_on_postgres>(std::move(url), std::move(keys), utc_offset,
                                                 recordings_kept);
}

} // namespace linli::postgres
