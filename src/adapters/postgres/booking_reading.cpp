#include "adapters/postgres/booking_reading.hpp"

#include <optional>
#include <utility>

#include "adapters/postgres/database_threads.hpp"
#include "adapters/postgres/entity_rows.hpp"
#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/rows.hpp"
#include "domain/masked.hpp"

namespace linli::postgres {

namespace {

using app::booking_line;
using app::booking_page;
using app::booking_question;

// Somebody may still go to her, and she isn't at home, or her home is another by now (field-rules
// 7: the status pauses meals and visits).
#define LINLI_NOT_AS_BOOKED                                                                        \
    "coalesce(o.state in ('requested', 'offered', 'accepted', 'en_route', 'unfilled') "            \
    "and (r.status <> 'present' or r.home <> o.home), false)"

#define LINLI_BOOKING_LINE                                                                         \
    "select " LINLI_ORDER_COLUMNS ", b.resident, b.unit, b.minutes, b.price_fen, "                 \
    "r.data_key as resident_key, r.personal as resident_text, h.rough_place, "                     \
    "ar.name as area_name, ar.path::text as area_path, w.personal as worker_text, "                \
    "p.name as provider_name, " LINLI_NOT_AS_BOOKED " as not_as_booked, "                          \
    "r.status as resident_status "                                                                 \
    "from service_order o join booking b on b.order_id = o.id "                                    \
    "left join resident r on r.id = b.resident left join home h on h.id = o.home "                 \
    "left join area ar on ar.code = o.area left join worker w on w.id = o.worker "                 \
    "left join provider p on p.id = o.provider "

// $1 the area or '', $2 the resident or '', $3 and $4 the time. Each kind of question is a
// statement of its own, because a plan that serves them all can use no index. No window is longer
// than a day (domain::fault_of_window). Whatever is done and waits for its follow-up stands among
// those, or three days of lunches would stand before tomorrow's.
std::string meant_by(bool of_one, bool with_ended) {
    std::string const whose = of_one ? "b.resident = $2::text " : "$2::text = '' ";
    std::string const which =
        with_ended ? "" : "and o.due_at is not null and o.state <> 'completed' ";
    return "where " + whose + which +
           "and o.wished_from is not null and o.purpose = 'real' "
           "and o.wished_until > coalesce(instant_of($3::bigint), '-infinity') "
           "and o.wished_until < coalesce(instant_of($4::bigint), 'infinity') + interval '1 day' "
           "and o.wished_from < coalesce(instant_of($4::bigint), 'infinity') "
           "and ($1::text = '' or o.area = $1 "
           "or ar.path <@ (select path from area where code = $1)) ";
}

std::string question_name(std::string_view what, bool of_one, bool with_ended) {
    return std::string(what) + (of_one ? "_of_one" : "") + (with_ended ? "_with_ended" : "");
}

constexpr auto list_ends = "order by o.wished_from, o.id limit $5::integer offset $6::integer";
// Nobody goes, or is late, or stands before a locked door, or goes although it was cancelled, since
// he hasn't said that he has turned round; or he is inside and hasn't been heard of since that was
// raised (its alert may be closed, and he is bound to her home until there is a word). As
// domain/order. What is over is no trouble.
constexpr auto count_sql =
    "select count(*) as total, count(*) filter (where o.due_at is not null "
    "and (o.state in ('unfilled', 'no_access', 'stood_down') "
    "or o.state in ('arrived', 'in_service') and o.reason = 'check_in_missed' "
    "or " LINLI_NOT_AS_BOOKED
    ")) as in_trouble from service_order o join booking b on b.order_id = o.id "
    "left join resident r on r.id = b.resident left join area ar on ar.code = o.area ";
constexpr auto find_sql = LINLI_BOOKING_LINE "where o.id = $1::uuid";
constexpr auto made_by_sql = LINLI_BOOKING_LINE "where o.event = $1 and o.wished_from is not null";

void prepare_all(pqxx::connection& on) {
    for (bool const of_one : {false, true})
        for (bool const with_ended : {false, true}) {
            auto const meant = meant_by(of_one, with_ended);
            on.prepare(question_name("bookings", of_one, with_ended),
                       LINLI_BOOKING_LINE + meant + list_ends);
            on.prepare(question_name("bookings_counted", of_one, with_ended), count_sql + meant);
        }
    on.prepare("booking", find_sql);
    on.prepare("booking_made_by", made_by_sql);
}

std::string masked_name_of(key_ring const& keys, pqxx::row const& r) {
    if (r["resident_key"].is_null()) return {};
    auto const plain = keys.open_for(bytes(r["resident_key"]), resident_personal::sealed_for,
                                     bytes(r["resident_text"]));
    return plain ? domain::masked_name(from_json<resident_personal>(*plain).name) : std::string();
}

std::string worker_name_of(key_ring const& keys, pqxx::row const& r) {
    if (r["worker_text"].is_null()) return {};
    auto const plain = keys.open(worker_personal::sealed_for, bytes(r["worker_text"]));
    return plain ? from_json<worker_personal>(*plain).name : std::string();
}

// Why nobody should go stands where it stands why nobody does: "off_duty=2 resident_hospital".
void add_reason(std::string& to, pqxx::row const& r) {
    if (!r["not_as_booked"].as<bool>()) return;
    auto const status = text(r["resident_status"]);
    to += to.empty() ? "" : " ";
    to += status == "present" ? "home_changed" : "resident_" + status;
}

booking_line line_of(key_ring const& keys, pqxx::row const& r) {
    booking_line line;
    line.order = order_of(r);
    add_reason(line.order.reason, r);
    line.terms.order = line.order.id;
    line.terms.resident = {text(r["resident"])};
    line.terms.unit = word<domain::service_unit>(r["unit"]);
    line.terms.minutes = r["minutes"].as<int>();
    if (!r["price_fen"].is_null()) line.terms.price_fen = r["price_fen"].as<int>();
    line.name = masked_name_of(keys, r);
    line.rough_place = text(r["rough_place"]);
    line.area_name = text(r["area_name"]);
    line.worker_name = worker_name_of(keys, r);
    line.provider_name = text(r["provider_name"]);
    line.areas = areas_of(text(r["area_path"]), line.order.area);
    return line;
}

std::optional<std::int64_t> maybe_microseconds(std::optional<domain::instant> const& at) {
    return at ? std::optional(microseconds(*at)) : std::nullopt;
}

booking_page read_page(pqxx::connection& on, key_ring const& keys, booking_question const& q) {
    auto const from = maybe_microseconds(q.from);
    auto const until = maybe_microseconds(q.until);
    auto const name = [&q](std::string_view what) {
        return question_name(what, !q.resident.empty(), q.with_ended);
    };
    pqxx::nontransaction in(on);
    booking_page page;
    auto const counts =
        in.exec_prepared1(name("bookings_counted"), q.area.value, q.resident.value, from, until);
    page.total = counts["total"].as<std::uint32_t>();
    page.in_trouble = counts["in_trouble"].as<std::uint32_t>();
    for (auto const& r : in.exec_prepared(name("bookings"), q.area.value, q.resident.value, from,
                                          until, q.per_page, (q.page - 1) * q.per_page))
        page.lines.push_back(line_of(keys, r));
    return page;
}

std::optional<booking_line> read_one(pqxx::connection& on, key_ring const& keys,
                                     char const* statement, std::string const& by) {
    pqxx::nontransaction in(on);
    auto const rows = in.exec_prepared(statement, by);
    if (rows.empty()) return std::nullopt;
    return line_of(keys, rows[0]);
}

class bookings_on_postgres final : public booking_database {
public:
    bookings_on_postgres(std::string url, key_ring keys)
        : keys_(std::move(keys)), database_(std::move(url), threads, prepare_all) {}

    runtime::task<app::record_result<booking_page>> list(booking_question const& what) override {
        auto work = [this, &what](pqxx::connection& c) { return read_page(c, keys_, what); };
        auto done = co_await database_.ask<booking_page>("bookings", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::optional<booking_line>>>
    find(domain::order_id const& id) override {
        auto work = [this, id = to_string(id)](pqxx::connection& c) {
            return read_one(c, keys_, "booking", id);
        };
        auto done = co_await database_.ask<std::optional<booking_line>>("booking", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::optional<booking_line>>>
    made_by(domain::event_id const& event) override {
        auto work = [this, &event](pqxx::connection& c) {
            return read_one(c, keys_, "booking_made_by", event.value);
        };
        auto done = co_await database_.ask<std::optional<booking_line>>("booking", std::move(work));
        co_return done;
    }

    void stop() override { database_.stop(); }

private:
    static constexpr std::size_t threads = 1;

    key_ring keys_;
    database_threads database_;
};

} // namespace

std::unique_ptr<booking_database> open_bookings(std::string url, key_ring keys) {
    return std::make_unique<bookings_on_postgres>(std::move(url), std::move(keys));
}

} // namespace linli::postgres
