#include "adapters/postgres/hotline_figures.hpp"

#include <algorithm>
#include <array>

#include <pqxx/pqxx>

#include "adapters/postgres/reading_connection.hpp"
#include "adapters/postgres/report_figures.hpp"
#include "adapters/postgres/rows.hpp"
#include "domain/hotline.hpp"

namespace linli::postgres {

namespace {

using app::figure_unit;
using app::hotline_part;

// ------------------------------------------------------------------ what is asked

// Of our own calls that came in [$2, $3) to the area or one in it, and are answered or over.
#define LINLI_TAKEN                                                                                \
    "from call c left join area ar on ar.code = c.area "                                           \
    "where c.source = 'hotline' and c.rang_at >= instant_of($2::bigint) "                          \
    "and c.rang_at < instant_of($3::bigint) "                                                      \
    "and (c.answered_at is not null or c.ended_at is not null) "                                   \
    "and (c.area = $1 or ar.path <@ (select path from area where code = $1)) "

// domain::answered_within and the others beside it.
constexpr auto calls_sql =
    "with seen as (select c.called, c.answered_at, c.outcome, "
    "extract(epoch from coalesce(c.answered_at, c.ended_at) - c.rang_at) as waited, "
    "(select k.closed_at is not null from wait_check k where k.call = c.id) as "
    "is_checked " LINLI_TAKEN ") "
    "select grouping(called) = 1 as is_whole, called, count(*) as calls, "
    "count(answered_at) as answered, "
    "count(*) filter (where answered_at is not null and waited <= 15) as in_15s, "
    "count(*) filter (where answered_at is not null and waited <= 60) as in_60s, "
    "count(*) filter (where answered_at is not null and waited <= 180) as in_180s, "
    "count(*) filter (where answered_at is null and waited >= 5) as abandoned, "
    "count(*) filter (where answered_at is null and waited < 5) as at_once, "
    "percentile_cont(0.5) within group (order by waited) filter (where answered_at is not null) "
    "as answer_s, max(waited) as longest_s, count(is_checked) as checks, "
    "count(*) filter (where is_checked) as checked, "
    "count(*) filter (where outcome = 'joined') as joined, "
    "count(*) filter (where outcome = 'alert') as alert, "
    "count(*) filter (where outcome = 'request') as request, "
    "count(*) filter (where outcome = 'missed') as missed, "
    "count(*) filter (where outcome = 'no_case') as no_case, "
    "count(*) filter (where outcome is null) as undecided "
    "from seen group by grouping sets ((called), ()) order by is_whole desc, called";
static_assert(domain::answered_within.count() == 15 && domain::answered_soon_within.count() == 60 &&
              domain::answered_late_within.count() == 180 &&
              domain::gave_up_at_once_within.count() == 5);

// A window [t, t + 24 h) holds other calls only after t has passed one, or t + 24 h has: so all
// that there can be begin at a call, or 24 hours before one, or 24 hours before the period's end.
// $4, $5: where they may begin, without the first.
constexpr auto worst_sql =
    "with taken as (select c.rang_at as at, "
    "(c.answered_at - c.rang_at <= interval '15 seconds') is true as in_time " LINLI_TAKEN "), "
    "marks as (select at, true as is_call, in_time from taken "
    "union all select at - interval '24 hours', false, false from taken "
    "union all select instant_of($5::bigint), false, false), "
    "windows as (select at, count(*) filter (where is_call) over day as calls, "
    "count(*) filter (where in_time) over day as in_time from marks "
    "window day as (order by at range between current row "
    "and interval '23:59:59.999999' following)) "
    "select microseconds_of(at) as at, calls, in_time from windows "
    "where calls > 0 and at > instant_of($4::bigint) and at <= instant_of($5::bigint) "
    "order by in_time::float8 / calls, calls desc, at limit 1";

#define LINLI_SEATS                                                                                \
    "hers as (select s.account, s.until, s.state from seat s join account a on a.id = s.account "  \
    "left join area ar on ar.code = a.area "                                                       \
    "where a.area = $1 or ar.path <@ (select path from area where code = $1)) "

// What each seat was in [$2, $3), each stretch to the next one's begin. The last one ends when her
// page's word runs out, unless she talks.
constexpr auto stretches_sql =
    "with " LINLI_SEATS ", stretch as (select h.account, x.state, "
    "greatest(x.since, instant_of($2::bigint)) as begins, "
    "least(coalesce(lead(x.since) over (partition by h.account order by x.since), "
    "case when x.state = h.state and x.state <> 'talking' then h.until end, "
    "instant_of($3::bigint)), instant_of($3::bigint)) as ends "
    "from hers h cross join lateral ("
    "(select s.since, s.state from seat_stretch s where s.account = h.account "
    "and s.since < instant_of($2::bigint) order by s.since desc limit 1) union all "
    "(select s.since, s.state from seat_stretch s where s.account = h.account "
    "and s.since >= instant_of($2::bigint) and s.since < instant_of($3::bigint)) union all "
    "(select s.since, s.state from seat_stretch s where s.account = h.account "
    "and s.since >= instant_of($3::bigint) order by s.since limit 1)) x), "
    "lasted as (select account, state, extract(epoch from ends - begins) as s from stretch "
    "where begins < ends) "
    "select account, coalesce(sum(s) filter (where state = 'talking'), 0) as talking_s, "
    "count(*) filter (where state = 'talking') as talks, "
    "coalesce(sum(s) filter (where state = 'wrapping_up'), 0) as wrapping_s, "
    "count(*) filter (where state = 'wrapping_up') as wraps, "
    "coalesce(sum(s) filter (where state in ('talking', 'wrapping_up')), 0)::bigint as busy_s, "
    "coalesce(sum(s) filter (where state <> 'away'), 0)::bigint as seated_s "
    "from lasted group by account order by account";

// Her telephone, of those that were rung for the period's calls.
constexpr auto rings_sql =
    "with " LINLI_SEATS ", rung as (select t.account, t.answered_at, t.ended_at, t.how "
    "from call c join call_attempt t on t.call = c.id "
    "where c.source = 'hotline' and c.rang_at >= instant_of($2::bigint) "
    "and c.rang_at < instant_of($3::bigint)) "
    "select h.account, count(*) as rung, count(r.answered_at) as answered, "
    "count(*) filter (where r.how = 'refused') as refused, "
    "count(*) filter (where r.how = 'not_answered') as not_answered, "
    "percentile_cont(0.5) within group (order by extract(epoch from r.ended_at - r.answered_at)) "
    "as talk_s, count(r.ended_at - r.answered_at) as talked "
    "from hers h join rung r on r.account = h.account group by h.account order by h.account";

// ------------------------------------------------------------------ what is told

constexpr std::array call_figures{
    figure_of{"calls", figure_unit::count, "calls"},
    figure_of{"calls_answered", figure_unit::ratio, "answered", "calls"},
    figure_of{"calls_answered_in_15s", figure_unit::ratio, "in_15s", "calls"},
    figure_of{"calls_answered_in_60s", figure_unit::ratio, "in_60s", "calls"},
    figure_of{"calls_answered_in_180s", figure_unit::ratio, "in_180s", "calls"},
    figure_of{"answer_time", figure_unit::seconds, "answer_s", "answered"},
    figure_of{"longest_wait", figure_unit::seconds, "longest_s", "calls"},
    figure_of{"abandoned_calls", figure_unit::ratio, "abandoned", "calls"},
    figure_of{"abandoned_at_once", figure_unit::count, "at_once"},
    figure_of{"wait_checks_closed", figure_unit::ratio, "checked", "checks"},
    figure_of{"calls_joined", figure_unit::count, "joined"},
    figure_of{"calls_alert", figure_unit::count, "alert"},
    figure_of{"calls_request", figure_unit::count, "request"},
    figure_of{"calls_missed", figure_unit::count, "missed"},
    figure_of{"calls_no_case", figure_unit::count, "no_case"},
    figure_of{"calls_undecided", figure_unit::count, "undecided"},
};
constexpr std::array stretch_figures{
    figure_of{"occupancy", figure_unit::ratio, "busy_s", "seated_s"},
    figure_of{"talking_for", figure_unit::seconds, "talking_s", "talks"},
    figure_of{"wrapping_up_for", figure_unit::seconds, "wrapping_s", "wraps"},
};
constexpr std::array ring_figures{
    figure_of{"rings", figure_unit::count, "rung"},
    figure_of{"rings_answered", figure_unit::ratio, "answered", "rung"},
    figure_of{"rings_refused", figure_unit::ratio, "refused", "rung"},
    figure_of{"rings_not_answered", figure_unit::ratio, "not_answered", "rung"},
    figure_of{"talk_time", figure_unit::seconds, "talk_s", "talked"},
};

template <std::size_t N>
void add(app::hotline_line& line, std::array<figure_of, N> const& figures, pqxx::row const& r) {
    for (auto const& each : figures)
        line.figures.push_back(figure(each, r));
}

void read_calls(pqxx::work& in, app::hotline_report& report, std::int64_t from,
                std::int64_t until) {
    for (auto const& r : in.exec_params(calls_sql, report.area.value, from, until)) {
        bool const is_whole = r["is_whole"].as<bool>();
        app::hotline_line line;
        line.part = is_whole ? hotline_part::whole : hotline_part::line;
        if (!is_whole) line.name = text(r["called"]);
        add(line, call_figures, r);
        report.lines.push_back(std::move(line));
    }
}

app::hotline_line& seat_of(app::hotline_report& report, std::string const& user) {
    auto const is_hers = [&](app::hotline_line const& each) {
        return each.part == hotline_part::seat && each.name == user;
    };
    auto const found = std::ranges::find_if(report.lines, is_hers);
    if (found != report.lines.end()) return *found;
    return report.lines.emplace_back(app::hotline_line{hotline_part::seat, user, {}});
}

void read_seats(pqxx::work& in, app::hotline_report& report, std::int64_t from,
                std::int64_t until) {
    for (auto const& r : in.exec_params(stretches_sql, report.area.value, from, until))
        add(seat_of(report, text(r["account"])), stretch_figures, r);
    for (auto const& r : in.exec_params(rings_sql, report.area.value, from, until))
        add(seat_of(report, text(r["account"])), ring_figures, r);
}

std::optional<app::worst_day> read_worst(pqxx::work& in, domain::area_id const& of,
                                         domain::instant from, domain::instant until) {
    constexpr domain::hours day{24};
    auto const first = microseconds(from - day);
    auto const rows = in.exec_params(worst_sql, of.value, first, microseconds(until), first,
                                     microseconds(until - day));
    if (rows.empty()) return std::nullopt;
    auto const& r = rows[0];
    auto const at = time(r["at"]);
    return app::worst_day{at, at + day, r["in_time"].as<std::uint32_t>(),
                          r["calls"].as<std::uint32_t>()};
}

} // namespace

std::optional<app::hotline_report> read_hotline(std::string const& url, domain::area_id const& of,
                                                app::report_period const& during,
                                                domain::instant now) {
    auto const on = open_for_reading(url);
    pqxx::work in(*on);
    auto begun = begin_report<app::hotline_report>(in, of, during, now);
    if (!begun) return std::nullopt;
    auto& report = *begun;
    auto const until = std::clamp(now, during.from, during.until);
    read_calls(in, report, microseconds(during.from), microseconds(until));
    read_seats(in, report, microseconds(during.from), microseconds(until));
    report.worst = read_worst(in, of, during.from, until);
    return begun;
}

} // namespace linli::postgres
