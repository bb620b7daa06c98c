#include "adapters/postgres/service_figures.hpp"

#include <array>
#include <map>

#include <pqxx/pqxx>

#include "adapters/postgres/reading_connection.hpp"
#include "adapters/postgres/report_figures.hpp"
#include "adapters/postgres/rows.hpp"
#include "adapters/postgres/who_lives_there.hpp"

namespace linli::postgres {

namespace {

using app::figure_unit;

// ------------------------------------------------------------------ what is asked

// Whoever asks of $1 hears of each area right below it, and of itself by its own code.
#define LINLI_MINE "mine as (select code, path from area where code = $1) "
#define LINLI_PART                                                                                 \
    "case when ar.path = mine.path then mine.code "                                                \
    "else subltree(ar.path, nlevel(mine.path), nlevel(mine.path) + 1)::text end as part "
#define LINLI_OPENED_THEN                                                                          \
    "x.opened_at >= instant_of($2::bigint) and x.opened_at < instant_of($3::bigint) "
#define LINLI_EACH_PART_AND_ALL "from seen group by grouping sets ((part), ())"

constexpr auto parts_sql = "select code, name from area where parent = $1 order by code";

// From the first ring, which after a countdown is its end, to the first who took it.
constexpr auto alerts_sql =
    "with " LINLI_MINE ", seen as (select " LINLI_PART ", x.state, x.outcome, l.raised, l.claimed "
    "from alert x join area ar on ar.code = x.area join mine on ar.path <@ mine.path "
    "left join lateral (select min(g.at) filter (where g.what = 'raised') as raised, "
    "min(g.at) filter (where g.what = 'claimed') as claimed from log g where g.chain = x.id) l "
    "on true where x.purpose = 'real' and " LINLI_OPENED_THEN ") "
    "select part, count(*) as alerts, count(raised) as raised, "
    "count(*) filter (where claimed <= raised + interval '15 seconds') as in_15s, "
    "count(*) filter (where claimed <= raised + interval '60 seconds') as in_60s, "
    "count(*) filter (where claimed <= raised + interval '180 seconds') as in_180s, "
    "count(claimed - raised) as claimed, percentile_cont(0.5) within group "
    "(order by extract(epoch from claimed - raised)) as claim_s, "
    "count(*) filter (where state = 'closed') as closed, "
    "count(*) filter (where outcome = 'false_alarm') as false_alarms, "
    "count(*) filter (where outcome = 'cancelled_by_wearer') as cancelled " LINLI_EACH_PART_AND_ALL;

constexpr auto kinds_sql =
    "with " LINLI_MINE ", seen as (select " LINLI_PART ", x.kind "
    "from alert x join area ar on ar.code = x.area join mine on ar.path <@ mine.path "
    "where x.purpose = 'real' and " LINLI_OPENED_THEN ") "
    "select part, kind, count(*) as alerts from seen group by grouping sets ((part, kind), (kind))";

// `wanted`: not called back before anybody stood there. A visit is an order to the door for an
// alert. What was booked is offered when its time comes: how soon that was says nothing. An arrival
// that was said late counts when it was ("earlier 412s", of domain/order), not before the accept.
constexpr auto orders_sql =
    "with " LINLI_MINE ", seen as (select " LINLI_PART ", x.state, x.rating, x.opened_at, l.*, "
    "case when l.there is not null then greatest(l.there, l.accepted) end as arrived, "
    "x.place = 'home' and x.alert is not null as is_visit, x.wished_from is null as is_at_once, "
    "l.there is not null or x.state not in ('stood_down', 'cancelled') as wanted "
    "from service_order x join area ar on ar.code = x.area join mine on ar.path <@ mine.path "
    "left join lateral (select min(g.at) filter (where g.what = 'offered') as offered, "
    "min(g.at) filter (where g.what = 'accepted') as accepted, "
    "min(g.at - make_interval(secs => coalesce(substring(g.why from ' earlier ([0-9]+)s$'), "
    "'0')::double precision)) filter (where g.what = 'arrived') as there, "
    "bool_or(g.what in ('unfilled', 'no_show', 'late', 'check_in_missed', 'access_overdue', "
    "'stand_down_overdue', 'follow_up_overdue')) as overdue from log g where g.chain = x.id) l "
    "on true where x.purpose = 'real' and " LINLI_OPENED_THEN ") "
    "select part, count(*) as orders, count(*) filter (where wanted) as wanted, "
    "count(*) filter (where is_visit and wanted) as visits, "
    "count(*) filter (where is_visit and arrived <= opened_at + interval '15 minutes') as in_15m, "
    "count(*) filter (where is_visit and arrived <= opened_at + interval '45 minutes') as in_45m, "
    "count(offered) filter (where is_at_once) as offered, percentile_cont(0.5) within group "
    "(order by extract(epoch from offered - opened_at)) filter (where is_at_once) as dispatch_s, "
    "count(accepted - offered) as accepted, percentile_cont(0.5) within group "
    "(order by extract(epoch from accepted - offered)) as accept_s, "
    "count(arrived) filter (where is_visit) as arrived, percentile_cont(0.5) within group "
    "(order by extract(epoch from arrived - opened_at)) filter (where is_visit) as arrival_s, "
    "count(*) filter (where state in ('completed', 'followed_up')) as completed, "
    "count(*) filter (where state = 'followed_up') as followed_up, "
    "count(*) filter (where overdue) as overdue, count(rating) as rated, "
    "count(*) filter (where rating >= 4) as satisfied " LINLI_EACH_PART_AND_ALL;

// Those of installations are no calls; and what the desk books on the telephone leaves one that was
// closed at once (domain::booked_at_once): nobody waited for a call.
constexpr auto requests_sql =
    "with " LINLI_MINE ", seen as (select " LINLI_PART ", x.state "
    "from request x join area ar on ar.code = x.area join mine on ar.path <@ mine.path "
    "where x.subject not like '%/installation' "
    "and x.first_event not like '+desk:booking:%' and " LINLI_OPENED_THEN ") "
    "select part, count(*) as requests, count(*) filter (where state = 'closed') as "
    "rung_back " LINLI_EACH_PART_AND_ALL;

// As it is now. On line is who was heard at all, and isn't on the maintenance list for silence.
constexpr auto registry_sql =
    "with " LINLI_MINE ", facts as ("
    "select h.area, 1 as resident, 0 as device, 0 as online, 0 as battery, 0 as home, "
    "0 as equipped from resident r join home h on h.id = r.home where " LINLI_LIVES_THERE
    "union all "
    "select h.area, 0, 1, (exists (select from device_health k where k.device = d.id and "
    "k.heard_at is not null) and not exists (select from maintenance m where m.device = d.id and "
    "m.kind = 'offline' and m.ended_at is null))::int, (exists (select from maintenance m where "
    "m.device = d.id and m.kind = 'battery' and m.ended_at is null))::int, 0, 0 "
    "from device d left join resident r on r.id = d.resident "
    "join home h on h.id = coalesce(d.home, r.home) where d.resident is null or " LINLI_LIVES_THERE
    "union all "
    "select h.area, 0, 0, 0, 0, 1, (exists (select from device d where d.home = h.id) or exists "
    "(select from device d join resident r on r.id = d.resident where r.home = h.id "
    "and" LINLI_LIVES_THERE "))::int "
    "from home h where exists (select from resident r where r.home = h.id and " LINLI_LIVES_THERE
    ")), seen as (select " LINLI_PART ", f.* from facts f join area ar on ar.code = f.area "
    "join mine on ar.path <@ mine.path) "
    "select part, coalesce(sum(resident), 0) as residents, coalesce(sum(device), 0) as devices, "
    "coalesce(sum(online), 0) as online, coalesce(sum(battery), 0) as low_batteries, "
    "coalesce(sum(home), 0) as homes, coalesce(sum(equipped), 0) as "
    "equipped " LINLI_EACH_PART_AND_ALL;

// ------------------------------------------------------------------ what is told

constexpr std::array alert_figures{
    figure_of{"alerts", figure_unit::count, "alerts"},
    figure_of{"claimed_in_15s", figure_unit::ratio, "in_15s", "raised"},
    figure_of{"claimed_in_60s", figure_unit::ratio, "in_60s", "raised"},
    figure_of{"claimed_in_180s", figure_unit::ratio, "in_180s", "raised"},
    figure_of{"claim_time", figure_unit::seconds, "claim_s", "claimed"},
    figure_of{"closed", figure_unit::ratio, "closed", "alerts"},
    figure_of{"false_alarms", figure_unit::ratio, "false_alarms", "closed"},
    figure_of{"cancelled_by_wearer", figure_unit::count, "cancelled"},
};
constexpr std::array order_figures{
    figure_of{"orders", figure_unit::count, "orders"},
    figure_of{"dispatch_time", figure_unit::seconds, "dispatch_s", "offered"},
    figure_of{"accept_time", figure_unit::seconds, "accept_s", "accepted"},
    figure_of{"arrival_time", figure_unit::seconds, "arrival_s", "arrived"},
    figure_of{"arrived_in_15min", figure_unit::ratio, "in_15m", "visits"},
    figure_of{"arrived_in_45min", figure_unit::ratio, "in_45m", "visits"},
    figure_of{"completed", figure_unit::ratio, "completed", "wanted"},
    figure_of{"overdue", figure_unit::ratio, "overdue", "orders"},
    figure_of{"followed_up", figure_unit::ratio, "followed_up", "completed"},
    figure_of{"satisfied", figure_unit::ratio, "satisfied", "rated"},
};
constexpr std::array request_figures{
    figure_of{"requests", figure_unit::count, "requests"},
    figure_of{"rung_back", figure_unit::ratio, "rung_back", "requests"},
};
constexpr std::array registry_figures{
    figure_of{"residents", figure_unit::count, "residents"},
    figure_of{"devices_online", figure_unit::ratio, "online", "devices"},
    figure_of{"low_batteries", figure_unit::count, "low_batteries"},
    figure_of{"homes_with_device", figure_unit::ratio, "equipped", "homes"},
};

// What cities are asked for and this record doesn't hold; of a hotline of our own the first ones
// stand in its report.
constexpr std::size_t of_hotline = 4;
constexpr std::array missing{"calls_answered",  "calls_answered_in_15s", "answer_time",
                             "abandoned_calls", "active_devices",        "care_visits",
                             "subsidies",       "institutions_passed"};
constexpr auto has_hotline_sql =
    "select exists (select from call where source = 'hotline' and rang_at is not null)";

class report_of_area {
public:
    report_of_area(pqxx::work& in, domain::area_id const& of, app::report_period const& during)
        : in_(in), of_(of), from_(microseconds(during.from)), until_(microseconds(during.until)) {}

    void write_into(app::service_report& report) {
        make_lines(report);
        ask_kinds();
        ask(in_.exec_params(alerts_sql, of_.value, from_, until_), alert_figures);
        ask(in_.exec_params(orders_sql, of_.value, from_, until_), order_figures);
        ask(in_.exec_params(requests_sql, of_.value, from_, until_), request_figures);
        ask(in_.exec_params(registry_sql, of_.value), registry_figures);
        bool const has_own = !of_part_.empty() && is_seen_[of_.value];
        for (auto& each : lines_)
            if (!each.is_own || has_own) report.lines.push_back(std::move(each));
    }

private:
    // The first is the whole area's; its own code stands for what lies in none of its parts.
    void make_lines(app::service_report const& report) {
        lines_.push_back({of_, report.area_name, false, {}});
        for (auto const& r : in_.exec_params(parts_sql, of_.value)) {
            of_part_[text(r["code"])] = lines_.size();
            lines_.push_back({{text(r["code"])}, text(r["name"]), false, {}});
        }
        lines_.push_back({of_, report.area_name, true, {}});
    }

    std::size_t line_of(pqxx::field const& part) {
        if (part.is_null()) return 0;
        is_seen_[text(part)] = true;
        auto const at = of_part_.find(text(part));
        return at == of_part_.end() ? lines_.size() - 1 : at->second;
    }

    static app::report_figure none(figure_of const& f) { return {.name = f.name, .unit = f.unit}; }

    template <std::size_t N>
    void ask(pqxx::result const& rows, std::array<figure_of, N> const& figures) {
        std::vector<std::optional<pqxx::row>> found(lines_.size());
        for (auto const& r : rows)
            found[line_of(r["part"])] = r;
        for (std::size_t i = 0; i < lines_.size(); ++i)
            for (auto const& each : figures)
                lines_[i].figures.push_back(found[i] ? figure(each, *found[i]) : none(each));
    }

    // Each kind that there was anywhere, on each line.
    void ask_kinds() {
        std::map<std::string, std::vector<std::uint32_t>> counts;
        for (auto const& r : in_.exec_params(kinds_sql, of_.value, from_, until_)) {
            auto& of_kind = counts[text(r["kind"])];
            of_kind.resize(lines_.size());
            of_kind[line_of(r["part"])] = r["alerts"].as<std::uint32_t>();
        }
        for (auto const& [kind, of_kind] : counts)
            for (std::size_t i = 0; i < lines_.size(); ++i)
                lines_[i].figures.push_back({.name = "alerts_" + kind,
                                             .unit = figure_unit::count,
                                             .value = static_cast<double>(of_kind[i]),
                                             .of = of_kind[i]});
    }

    pqxx::work& in_;
    domain::area_id const& of_;
    std::int64_t from_;
    std::int64_t until_;
    std::vector<app::report_line> lines_;
    std::map<std::string, std::size_t> of_part_;
    std::map<std::string, bool> is_seen_;
};

} // namespace

std::optional<app::service_report> read_service(std::string const& url, domain::area_id const& of,
                                                app::report_period const& during,
                                                domain::instant now) {
    auto const on = open_for_reading(url);
    pqxx::work in(*on);
    auto begun = begin_report<app::service_report>(in, of, during, now);
    if (!begun) return std::nullopt;
    auto& report = *begun;
    report_of_area(in, of, during).write_into(report);
    bool const has_hotline = in.exec_params1(has_hotline_sql)[0].as<bool>();
    report.missing.assign(missing.begin() + (has_hotline ? of_hotline : 0), missing.end());
    return begun;
}

} // namespace linli::postgres
