#include "adapters/postgres/command_record.hpp"

#include <utility>

#include "adapters/postgres/database_threads.hpp"
#include "adapters/postgres/house_key.hpp"
#include "adapters/postgres/rows.hpp"
#include "runtime/log.hpp"

namespace linli::postgres {

namespace {

constexpr purpose command_values{"device_command"};

// A device's old ones go with its next one: people ask rarely.
constexpr auto ask_sql = R"(
    with known as (
        select id from device where id = $2
    ), replaced as (
        update device_command c set state = 'replaced', ended_at = instant_of($6::bigint)
        from known k where c.device = k.id and c.kind = $3 and c.state = 'waiting'
    ), forgotten as (
        delete from device_command c using known k
        where c.device = k.id and c.ended_at < instant_of($6::bigint) - interval '90 days'
    )
    insert into device_command (id, device, kind, personal, asked_by, asked_at, expires_at, state)
    select $1::uuid, k.id, $3, $4::bytea, $5, instant_of($6::bigint), instant_of($7::bigint),
           'waiting'
    from known k
    returning id)";

constexpr auto open_sql = R"(
    with ended as (
        update device_command
        set state = case state when 'sent' then 'unanswered' else 'expired' end,
            ended_at = instant_of($1::bigint)
        where ended_at is null and expires_at <= instant_of($1::bigint)
        returning *
    ), open as (
        select * from device_command
        where ended_at is null and expires_at > instant_of($1::bigint)
        order by expires_at limit $2::integer
    )
    select id, device, kind, personal, asked_by, microseconds_of(asked_at) as asked_at,
           microseconds_of(expires_at) as expires_at, state
    from (select * from ended union all select * from open) c order by c.expires_at)";

constexpr auto become_sql = R"(
    update device_command c
    set state = f.state, sent_at = coalesce(c.sent_at, instant_of($3::bigint)),
        ended_at = case when f.state <> 'sent' then instant_of($3::bigint) end
    from unnest($1::uuid[], $2::text[]) as f(id, state)
    where c.id = f.id and c.ended_at is null)";

// Runs each second: few alerts seek somebody, and they have an index of their own.
constexpr auto locate_sql = R"(
    with sought as (
        select d.id as device, a.locate_every_s, a.opened_at
        from alert a join device d on d.resident = a.resident
        where a.locate_every_s > 0 and a.state in ('raised', 'claimed')
    ), needless as (
        update device_command c set state = 'expired', ended_at = instant_of($1::bigint)
        where c.ended_at is null and c.state = 'waiting' and c.kind = 'locate'
            and c.asked_by = $3 and not exists (select from sought s where s.device = c.device)
    )
    select distinct s.device from sought s
    where not exists (
        select from device_command c
        where c.device = s.device and c.kind = 'locate' and c.asked_by = $3
            and c.asked_at > instant_of($1::bigint) - interval '1 hour' -- the longest there is
            and (c.state = 'waiting' or c.asked_at >= s.opened_at
                and c.asked_at > instant_of($1::bigint) - s.locate_every_s * interval '1 second'))
    order by s.device limit $2::integer)";

constexpr auto list_sql = R"(
    select id, device, kind, personal, asked_by, microseconds_of(asked_at) as asked_at,
           microseconds_of(expires_at) as expires_at, state
    from device_command c where $1::text is null or c.device = $1
    order by c.asked_at desc limit $2::integer)";

void prepare_all(pqxx::connection& on) {
    on.prepare("ask_command", ask_sql);
    on.prepare("open_commands", open_sql);
    on.prepare("become_command", become_sql);
    on.prepare("due_for_locate", locate_sql);
    on.prepare("list_commands", list_sql);
}

std::string joined(std::vector<std::string> const& values) {
    std::string all;
    for (auto const& each : values)
        all += (all.empty() ? "" : " ") + each;
    return all;
}

bool write_command(pqxx::connection& on, key_ring const& keys, domain::device_command const& what) {
    auto const sealed = keys.seal(command_values, joined(what.values));
    pqxx::nontransaction in(on);
    auto const done = in.exec_prepared("ask_command", to_string(what.id), what.device.value,
                                       std::string(to_text(what.kind)), pqxx::binarystring(sealed),
                                       what.asked_by.value, microseconds(what.asked_at),
                                       microseconds(what.expires_at));
    return !done.empty();
}

struct found_command {
    domain::device_command what; // without values where they don't open
    bool opens = false;
};

found_command command_of(pqxx::row const& r, key_ring const& keys) {
    auto const values = keys.open(command_values, bytes(r["personal"]));
    domain::device_command c;
    c.id = record_id<domain::command_id>(r["id"]);
    c.device = {text(r["device"])};
    c.kind = word<domain::command_kind>(r["kind"]);
    c.values = words_of(values.value_or(""));
    c.asked_by = {text(r["asked_by"])};
    c.asked_at = time(r["asked_at"]);
    c.expires_at = time(r["expires_at"]);
    c.state = word<domain::command_state>(r["state"]);
    return {std::move(c), values.has_value()};
}

// A watch that is told its SOS numbers without any would forget those that it has.
bool may_be_sent(found_command const& c) {
    bool const waits = c.what.state == domain::command_state::waiting;
    bool const needs_values = !domain::fault_of(c.what.kind, {}).empty();
    return c.opens || !waits || !needs_values;
}

void write_states(pqxx::connection& on, std::vector<domain::device_command> const& what,
                  domain::instant now) {
    column ids;
    column states;
    for (auto const& each : what) {
        ids.id(each.id);
        states.text(to_text(each.state));
    }
    pqxx::nontransaction in(on);
    in.exec_prepared("become_command", ids.literal(), states.literal(), microseconds(now));
}

std::vector<domain::device_id> read_due(pqxx::connection& on, domain::instant now, int limit) {
    pqxx::nontransaction in(on);
    std::vector<domain::device_id> all;
    for (auto const& r : in.exec_prepared("due_for_locate", microseconds(now), limit,
                                          std::string(domain::asked_by_the_house)))
        all.push_back({text(r["device"])});
    return all;
}

class commands_on_postgres final : public command_database {
public:
    commands_on_postgres(std::string url, key_ring keys)
        : keys_(std::move(keys)), database_(std::move(url), 1, prepare_all) {}

    runtime::task<app::record_result<bool>> ask(domain::device_command const& what) override {
        auto work = [this, &what](pqxx::connection& c) { return write_command(c, keys_, what); };
        auto done = co_await database_.ask<bool>("ask_command", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::vector<domain::device_command>>>
    open(domain::instant now, int limit) override {
        auto work = [this, now, limit](pqxx::connection& c) {
            pqxx::nontransaction in(c);
            return sendable(in.exec_prepared("open_commands", microseconds(now), limit));
        };
        auto done = co_await database_.ask<std::vector<domain::device_command>>("open_commands",
                                                                                std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<void>> become(std::vector<domain::device_command> const& what,
                                                   domain::instant now) override {
        auto work = [&what, now](pqxx::connection& c) { write_states(c, what, now); };
        auto done = co_await database_.tell("become_command", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::vector<domain::device_id>>>
    due_for_locate(domain::instant now, int limit) override {
        auto work = [now, limit](pqxx::connection& c) { return read_due(c, now, limit); };
        auto done = co_await database_.ask<std::vector<domain::device_id>>("due_for_locate",
                                                                           std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::vector<domain::device_command>>>
    list(std::optional<domain::device_id> of, int limit) override {
        auto const device = of ? std::optional(of->value) : std::nullopt;
        auto work = [this, device, limit](pqxx::connection& c) {
            pqxx::nontransaction in(c);
            std::vector<domain::device_command> all;
            for (auto const& r : in.exec_prepared("list_commands", device, limit))
                all.push_back(command_of(r, keys_).what);
            return all;
        };
        auto done = co_await database_.ask<std::vector<domain::device_command>>("list_commands",
                                                                                std::move(work));
        co_return done;
    }

    void stop() override { database_.stop(); }

private:
    // What doesn't open here waits for a server that has its key; its end is told all the same.
    std::vector<domain::device_command> sendable(pqxx::result const& rows) {
        std::vector<domain::device_command> all;
        std::size_t closed = 0;
        for (auto const& r : rows) {
            auto c = command_of(r, keys_);
            if (may_be_sent(c))
                all.push_back(std::move(c.what));
            else
                ++closed;
        }
        if (closed != std::exchange(closed_, closed) && closed > 0)
            runtime::log::error("commands_wait_for_a_key",
                                {{"commands", closed}, {"remedy", keys_remedy}});
        return all;
    }

    key_ring keys_;
    std::size_t closed_ = 0; // on the one thread; told when it changes
    database_threads database_;
};

} // namespace

std::unique_ptr<command_database> open_commands(std::string url, key_ring keys) {
    return std::make_unique<commands_on_postgres>(std::move(url), std::move(keys));
}

} // namespace linli::postgres
