#include "adapters/postgres/telemetry_record.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <utility>

#include "adapters/postgres/connection_pool.hpp"
#include "adapters/postgres/failures.hpp"
#include "adapters/postgres/rows.hpp"
#include "adapters/postgres/telemetry_days.hpp"
#include "runtime/blocking_pool.hpp"

namespace linli::postgres {

namespace {

constexpr purpose sealed_for{"telemetry"};
constexpr std::chrono::days made_ahead{2};
constexpr int forgotten_at_once = 20'000; // a fraction of a second

// One statement, one transaction. What `seen` has had already goes no further; the table's own key
// catches what it has forgotten within the same day.
constexpr auto keep_sql = R"(
    with told as (
        select * from unnest($1::text[], $2::boolean[], $3::bigint[], $4::bigint[], $5::date[],
            $6::bigint[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[],
            $13::text[], $14::text[], $15::text[], $16::text[], $17::bytea[], $18::text[],
            $19::text[], $20::text[])
        as t(device, by_content, boot, sequence, day, received_at, vital_at, vital_code,
             vital_value, fix_at, latitude, longitude, accuracy_m, fix_source, battery_at, battery,
             raw, activity_at, activity_kind, litres)
    ), fresh as (
        insert into telemetry_seen (device, by_content, boot, sequence, day)
        select device, by_content, boot, sequence, day from told order by received_at
        on conflict do nothing
        returning device, by_content, boot, sequence, day
    )
    insert into telemetry (device, by_content, boot, sequence, day, received_at, vital_at,
        vital_code, vital_value, fix_at, latitude, longitude, accuracy_m, fix_source, battery_at,
        battery, raw, activity_at, activity_kind, litres)
    select device, by_content, boot, sequence, day, instant_of(received_at), vital_at::bigint[],
        vital_code::integer[], vital_value::real[], fix_at::bigint[], latitude::double precision[],
        longitude::double precision[], accuracy_m::real[], fix_source::smallint[],
        battery_at::bigint[], battery::smallint[], raw, activity_at::bigint[],
        activity_kind::smallint[], litres::real[]
    from told join fresh using (device, by_content, boot, sequence, day)
    order by received_at
    on conflict do nothing)";

constexpr auto forget_sql = R"(
    delete from telemetry_seen where ctid = any (array(
        select ctid from telemetry_seen where day < $1::date limit $2::integer)))";

struct key {
    bool by_content = false;
    std::int64_t boot = 0;
    std::int64_t sequence = 0;
};

std::int64_t bits(std::uint64_t number) {
    return std::bit_cast<std::int64_t>(number);
}

// In the place of the window, which is never that: the digest is of the name that the maker gave.
constexpr std::int64_t by_name = -1;

// "w1:7:42", by content "w1:x:<16 hex digits>:<window>", by its maker's id "w1:n:<16 hex digits>".
key key_of(domain::event_id const& event) {
    if (auto const own = domain::device_event_of(event))
        return {false, bits(own->boot), bits(own->sequence)};
    std::string_view const text = event.value;
    auto const how_at = text.find(':') + 1;
    auto const digest_at = text.find(':', how_at) + 1;
    auto const* const last = text.data() + text.size();
    std::uint64_t digest = 0;
    auto const digits = std::from_chars(text.data() + digest_at, last, digest, 16);
    if (digits.ptr == last) return {true, by_name, bits(digest)};
    std::uint64_t window = 0;
    std::from_chars(digits.ptr + 1, last, window);
    return {true, bits(window), bits(digest)};
}

// "8867-4" is 8867.
int code_of(domain::vital_sign what) {
    auto const loinc = domain::loinc_of(what);
    int number = 0;
    std::from_chars(loinc.data(), loinc.data() + loinc.size(), number);
    return number;
}

// A list within a row: PostgreSQL's arrays of arrays can't have rows of different length, so each
// travels as its text.
template <class Range, class F>
void put_list(column& into, Range const& values, F const& of) {
    if (values.empty()) {
        into.null();
        return;
    }
    std::vector<decltype(of(values.front()))> list;
    for (auto const& each : values)
        list.push_back(of(each));
    into.text(array_literal(list));
}

std::optional<std::int64_t> maybe_microseconds(std::optional<domain::instant> const& at) {
    if (!at) return std::nullopt;
    return microseconds(*at);
}

constexpr double whole_earth_m = 4e7; // no radius is greater, and real can't hold all of double

using columns = std::array<column, 20>;

void put_lists(domain::telemetry const& t, columns& c) {
    auto const at = [](auto const& each) { return maybe_microseconds(each.at); };
    put_list(c[6], t.vitals, at);
    put_list(c[7], t.vitals, [](auto const& v) { return code_of(v.what); });
    put_list(c[8], t.vitals, [](auto const& v) { return static_cast<float>(v.value); });
    put_list(c[9], t.fixes, at);
    put_list(c[10], t.fixes, [](auto const& f) { return f.where.latitude; });
    put_list(c[11], t.fixes, [](auto const& f) { return f.where.longitude; });
    put_list(c[12], t.fixes, [](auto const& f) {
        return static_cast<float>(std::min(f.where.accuracy_m, whole_earth_m));
    });
    put_list(c[13], t.fixes, [](auto const& f) { return static_cast<int>(f.where.source); });
    put_list(c[14], t.battery, at);
    put_list(c[15], t.battery, [](auto const& b) { return b.percent; });
    put_list(c[17], t.activities, at);
    put_list(c[18], t.activities, [](auto const& a) { return static_cast<int>(a.what); });
    put_list(c[19], t.activities, [](auto const& a) { return static_cast<float>(a.litres); });
}

day day_of(domain::telemetry const& t) {
    return std::chrono::floor<std::chrono::days>(t.received_at);
}

columns columns_of(std::vector<domain::telemetry> const& batch, key_ring const& keys) {
    columns c;
    for (auto const& t : batch) {
        auto const id = key_of(t.event);
        c[0].text(t.device.value);
        c[1].flag(id.by_content);
        c[2].number(id.boot);
        c[3].number(id.sequence);
        c[4].text(date_text(day_of(t)));
        c[5].time(t.received_at);
        put_lists(t, c);
        c[16].bytes_or_null(t.raw.empty() ? "" : keys.seal(sealed_for, t.raw));
    }
    return c;
}

class telemetry_on_postgres final : public telemetry_database {
public:
    telemetry_on_postgres(std::string url, key_ring keys)
        : keys_(std::move(keys)), connection_(std::move(url), 1,
                                              [](pqxx::connection& on) {
                                                  on.prepare("keep_telemetry", keep_sql);
                                                  on.prepare("forget_telemetry", forget_sql);
                                              }),
          thread_(1) {}

    runtime::task<app::record_result<std::size_t>>
    keep(std::vector<domain::telemetry> const& batch) override {
        auto work = [this, &batch](pqxx::connection& on) { return write(on, batch); };
        auto done = co_await on_connection("keep_telemetry", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::size_t>>
    turn_page(domain::instant now, std::optional<std::chrono::days> keep_for) override {
        auto const today = std::chrono::floor<std::chrono::days>(now);
        auto work = [this, today, keep_for](pqxx::connection& on) {
            auto const dropped = keep_for ? days_.drop_before(on, today - *keep_for) : 0;
            for (auto each = today; each <= today + made_ahead; each += std::chrono::days(1))
                days_.provide(on, each);
            if (keep_for) forget_seen(on, today - known_for);
            return dropped;
        };
        auto done = co_await on_connection("telemetry_days", std::move(work));
        co_return done;
    }

    void stop() override { thread_.stop(); }

private:
    std::size_t write(pqxx::connection& on, std::vector<domain::telemetry> const& batch) {
        for (auto const& each : batch)
            days_.provide(on, day_of(each));
        auto const c = columns_of(batch, keys_);
        pqxx::nontransaction in(on);
        auto const done = in.exec_prepared(
            "keep_telemetry", c[0].literal(), c[1].literal(), c[2].literal(), c[3].literal(),
            c[4].literal(), c[5].literal(), c[6].literal(), c[7].literal(), c[8].literal(),
            c[9].literal(), c[10].literal(), c[11].literal(), c[12].literal(), c[13].literal(),
            c[14].literal(), c[15].literal(), c[16].literal(), c[17].literal(), c[18].literal(),
            c[19].literal());
        return done.affected_rows();
    }

    // In short statements: none may come near the connection's time limit.
    static void forget_seen(pqxx::connection& on, day before) {
        pqxx::nontransaction in(on);
        while (in.exec_prepared("forget_telemetry", date_text(before), forgotten_at_once)
                   .affected_rows() > 0) {
        }
    }

    template <class F>
    runtime::task<app::record_result<std::size_t>> on_connection(char const* what, F work) {
        auto job = [this, what, work = std::move(work)] {
            auto const ask = [&] { return connection_.with(work); };
            auto done = answer_of<std::size_t>(what, ask);
            if (done) return done;
            days_.forget();
            // A day that somebody else has dropped looks like a fault of the rows: it is made anew.
            if (done.error() == app::record_errc::bad_data)
                done = answer_of<std::size_t>(what, ask);
            return done;
        };
        auto done = co_await thread_.run(std::move(job));
        co_return done;
    }

    key_ring keys_;
    connection_pool connection_;
    telemetry_days days_; // on the one thread
    runtime::blocking_pool thread_;
};

} // namespace

std::unique_ptr<telemetry_database> open_telemetry(std::string url, key_ring keys) {
    return std::make_unique<telemetry_on_postgres>(std::move(url), std::move(keys));
}

} // namespace linli::postgres
