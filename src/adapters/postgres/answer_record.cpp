#include "adapters/postgres/answer_record.hpp"

#include <utility>

#include "adapters/postgres/database_threads.hpp"
#include "adapters/postgres/rows.hpp"

namespace linli::postgres {

namespace {

using app::answer_record;
using app::record_result;
using found = answer_record::found;
using standing = answer_record::standing;

constexpr purpose answers{"command_answer"};

constexpr auto begin_sql = R"(
    insert into command_answer (who, key, request, since)
    values ($1, $2, $3::bytea, instant_of($4::bigint))
    on conflict (who, key) do nothing)";

constexpr auto known_sql =
    "select request, status, body from command_answer where who = $1 and key = $2";

constexpr auto end_sql = R"(
    update command_answer set status = $3::smallint, body = $4::bytea
    where who = $1 and key = $2 and status is null)";

constexpr auto forget_sql = R"(
    delete from command_answer where (who, key) in (
        select who, key from command_answer where since < instant_of($1::bigint)
        order by since limit $2::integer))";

void prepare_all(pqxx::connection& on) {
    on.prepare("begin_command", begin_sql);
    on.prepare("known_command", known_sql);
    on.prepare("end_command", end_sql);
    on.prepare("forget_commands", forget_sql);
}

// Keyed: a plain one could be tried out against the telephone number that was asked for.
std::string digest_of(key_ring const& keys, std::string const& request) {
    auto const digest = keys.lookup_hmac("command_request", request);
    return {digest.begin(), digest.end()};
}

found stands(key_ring const& keys, pqxx::row const& r, std::string const& digest) {
    if (bytes(r["request"]) != digest) return {standing::another, {}};
    if (r["status"].is_null()) return {standing::in_doubt, {}};
    auto body = keys.open(answers, bytes(r["body"]));
    if (!body) return {standing::in_doubt, {}}; // its key has gone
    return {standing::answered, {r["status"].as<unsigned>(), std::move(*body)}};
}

found begin_one(pqxx::connection& on, key_ring const& keys, answer_record::command const& what) {
    auto const digest = digest_of(keys, what.request);
    pqxx::nontransaction in(on);
    auto const begun = in.exec_prepared("begin_command", what.who.value, what.key,
                                        pqxx::binarystring(digest), microseconds(what.since));
    if (begun.affected_rows() == 1) return {};
    auto const known = in.exec_prepared("known_command", what.who.value, what.key);
    if (known.empty()) return {standing::in_doubt, {}}; // forgotten between the two
    return stands(keys, known[0], digest);
}

void end_one(pqxx::connection& on, key_ring const& keys, answer_record::command const& what,
             answer_record::answer const& said) {
    auto const sealed = keys.seal(answers, said.body);
    pqxx::nontransaction in(on);
    in.exec_prepared("end_command", what.who.value, what.key, said.status,
                     pqxx::binarystring(sealed));
}

class answers_on_postgres final : public answer_database {
public:
    answers_on_postgres(std::string url, key_ring keys)
        : keys_(std::move(keys)), database_(std::move(url), 1, prepare_all) {}

    runtime::task<record_result<found>> begin(command const& what) override {
        auto work = [this, &what](pqxx::connection& c) { return begin_one(c, keys_, what); };
        auto done = co_await database_.ask<found>("begin_command", std::move(work));
        co_return done;
    }

    runtime::task<record_result<void>> end(command const& what, answer const& said) override {
        auto work = [this, &what, &said](pqxx::connection& c) { end_one(c, keys_, what, said); };
        auto done = co_await database_.tell("end_command", std::move(work));
        co_return done;
    }

    runtime::task<record_result<std::size_t>> forget(domain::instant before, int limit) override {
        auto work = [before, limit](pqxx::connection& c) -> std::size_t {
            pqxx::nontransaction in(c);
            auto const gone = in.exec_prepared("forget_commands", microseconds(before), limit);
            return static_cast<std::size_t>(gone.affected_rows());
        };
        auto done = co_await database_.ask<std::size_t>("forget_commands", std::move(work));
        co_return done;
    }

    void stop() override { database_.stop(); }

private:
    key_ring keys_;
    database_threads database_;
};

} // namespace

std::unique_ptr<answer_database> open_answers(std::string url, key_ring keys) {
    return std::make_unique<answers_on_postgres>(std::move(url), std::move(keys));
}

} // namespace linli::postgres
