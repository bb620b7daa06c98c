#include "adapters/postgres/anchor_record.hpp"

#include <utility>

#include <fmt/core.h>
#include <pqxx/pqxx>

#include "adapters/postgres/reading_connection.hpp"
#include "adapters/postgres/rows.hpp"

namespace linli::postgres {

namespace {

constexpr auto marks_sql = "declare marks no scroll cursor for select l.chain, l.seq, l.hash from "
                           "(select chain, max(seq) as seq from log{} group by chain) newest "
                           "join log l using (chain, seq) order by l.chain";

stored_anchor anchor_of(pqxx::row const& r) {
    return {r["number"].as<std::uint64_t>(), time(r["at"]), text(r["text"])};
}

class writing final : public anchor_writing {
public:
    explicit writing(std::string const& url) : on_(open_for_reading(url)), in_(*on_) {
        in_.exec("set transaction isolation level repeatable read; "
                 "set local statement_timeout = '10min'"); // the first one reads the whole log
    }

    void marks_since(std::optional<domain::instant> since,
                     std::function<void(std::vector<app::chain_mark>, bool)> const& take) override {
        auto const when =
            since ? fmt::format(" where at > instant_of({})", microseconds(*since)) : std::string();
        in_.exec(fmt::format(marks_sql, when));
        auto portion = fetch();
        for (;;) {
            bool const full = portion.size() == app::most_marks;
            auto next = full ? fetch() : std::vector<app::chain_mark>{};
            take(std::move(portion), next.empty());
            if (next.empty()) break;
            portion = std::move(next);
        }
        in_.exec("close marks");
    }

    void add(stored_anchor const& what) override {
        in_.exec_params("insert into anchor (number, at, text) values ($1, instant_of($2::bigint), "
                        "$3)",
                        what.number, microseconds(what.at), what.text);
    }

    void commit() override { in_.commit(); }

private:
    std::vector<app::chain_mark> fetch() {
        std::vector<app::chain_mark> all;
        for (auto const& r : in_.exec(fmt::format("fetch {} from marks", app::most_marks)))
            all.push_back({domain::parse_uuid(r["chain"].c_str()).value(),
                           r["seq"].as<std::uint32_t>(), bytes(r["hash"])});
        return all;
    }

    std::unique_ptr<pqxx::connection> on_;
    pqxx::work in_;
};

} // namespace

std::optional<stored_anchor> last_anchor(std::string const& url) {
    auto const on = open_for_reading(url);
    pqxx::nontransaction in(*on);
    auto const found = in.exec("select number, microseconds_of(at) as at, text from anchor "
                               "order by number desc limit 1");
    if (found.empty()) return std::nullopt;
    return anchor_of(found[0]);
}

void read_anchors(std::string const& url, std::uint64_t from,
                  std::function<void(stored_anchor const&)> const& take) {
    auto const on = open_for_reading(url);
    pqxx::nontransaction in(*on);
    for (;;) {
        auto const some =
            in.exec_params("select number, microseconds_of(at) as at, text from anchor "
                           "where number >= $1 order by number limit 8",
                           from);
        if (some.empty()) return;
        for (auto const& r : some)
            take(anchor_of(r));
        from = some.back()["number"].as<std::uint64_t>() + 1;
    }
}

std::unique_ptr<anchor_writing> write_anchors(std::string const& url) {
    return std::make_unique<writing>(url);
}

} // namespace linli::postgres
