#include "adapters/postgres/chain_reading.hpp"

#include <array>
#include <map>
#include <string_view>

#include <fmt/core.h>
#include <pqxx/pqxx>

#include "adapters/postgres/log_chain.hpp"
#include "adapters/postgres/reading_connection.hpp"
#include "adapters/postgres/rows.hpp"

namespace linli::postgres {

namespace {

constexpr auto lines_sql = "select chain, seq, of, microseconds_of(at) as at, what, by_kind, "
                           "by_who, by_behalf, why, personal, hash, personal_digest from log "
                          "order by chain, seq";

constexpr auto heads_sql =
    "select * from (select id, 'alert' as of, log_seq, log_hash from alert union all "
    "select id, 'request', log_seq, log_hash from request union all "
    "select id, 'order', log_seq, log_hash from service_order union all "
    "select id, 'complaint', log_seq, log_hash from complaint) h order by id";

constexpr auto anchors_sql = "select text from anchor order by number";

constexpr auto guards_sql =
    "select t.tgname, pg_get_triggerdef(t.oid, true) as definition, p.prosrc, "
    "t.tgenabled in ('O', 'A') as enabled from pg_trigger t join pg_proc p on p.oid = t.tgfoid "
    "where not t.tgisinternal";

// Rows of one cursor, fetched a few at a time.
class cursor {
public:
    cursor(pqxx::work& in, std::string name, std::string const& sql, int at_once)
        : in_(in), fetch_(fmt::format("fetch {} from {}", at_once, name)) {
        in_.exec(fmt::format("declare {} no scroll cursor for {}", name, sql));
    }

    std::optional<pqxx::row> next() {
        if (at_ == rows_.size()) {
            rows_ = in_.exec(fetch_);
            at_ = 0;
        }
        if (rows_.empty()) return std::nullopt;
        return rows_[at_++];
    }

private:
    pqxx::work& in_;
    std::string fetch_;
    pqxx::result rows_;
    pqxx::result::size_type at_ = 0;
};

std::string_view view(pqxx::field const& f) {
    return {f.c_str(), f.size()};
}

unsigned digit(char c) {
    return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10) & 15U;
}

// "\x0a1b": each row has one or two, and libpq's own way asks for memory twice.
void take_bytes(pqxx::field const& f, std::string& into) {
    auto const text = view(f);
    into.clear();
    for (std::size_t at = 2; at + 1 < text.size(); at += 2)
        into += static_cast<char>(digit(text[at]) << 4 | digit(text[at + 1]));
}

// Of words that were let go only the digest is left.
void take_words_digest(pqxx::row const& r, std::string& into) {
    auto const personal = r.at(9);
    take_bytes(personal.is_null() ? r.at(11) : personal, into);
    if (!personal.is_null()) into = words_digest(into);
}

// A trigger as the migrations have made it.
struct guard {
    char const* name;
    char const* before;
    char const* table;
    char const* each;
    char const* function;
    char const* says;
};

constexpr std::array guards{
    guard{"log_stays",
          "DELETE OR UPDATE OF chain, seq, of, at, what, by_kind, by_who, by_behalf, why, hash",
          "log", "STATEMENT", "log_stays",
          "a line of the log stays"},
    guard{"log_all_stay", "TRUNCATE", "log", "STATEMENT", "log_stays", "a line of the log stays"},
    guard{"anchor_stays", "DELETE OR UPDATE", "anchor", "STATEMENT", "anchor_stays",
          "an anchor stays"},
    guard{"anchor_all_stay", "TRUNCATE", "anchor", "STATEMENT", "anchor_stays", "an anchor stays"},
    guard{"complaint_stays", "DELETE", "complaint", "ROW", "complaint_stays", "a complaint stays"},
    guard{"complaint_all_stay", "TRUNCATE", "complaint", "STATEMENT", "complaint_stays",
          "a complaint stays"},
};

std::string definition_of(guard const& g) {
    return fmt::format("CREATE TRIGGER {} BEFORE {} ON {} FOR EACH {} EXECUTE FUNCTION {}()",
                       g.name, g.before, g.table, g.each, g.function);
}

std::string body_that(std::string_view says) {
    return fmt::format("\nbegin\n    raise exception '{}' using errcode = '23001';\nend ", says);
}

} // namespace

struct chain_reading::parts {
    explicit parts(std::string const& url) : on(open_for_reading(url)), in(*on) {
        // Nothing is sorted, in neither memory: each order is an index's.
        in.exec("set transaction isolation level repeatable read, read only; "
                "set local enable_sort = off; set local enable_incremental_sort = off; "
                "set local statement_timeout = 0");
        lines.emplace(in, "audit_lines", lines_sql, 2000);
        heads.emplace(in, "audit_heads", heads_sql, 2000);
        anchors.emplace(in, "audit_anchors", anchors_sql, 1);
    }

    std::unique_ptr<pqxx::connection> on;
    pqxx::work in;
    std::optional<cursor> lines;
    std::optional<cursor> heads;
    std::optional<cursor> anchors;
    // Of the line before.
    std::string chain;
    std::uint32_t seq = 0;
    std::string hash;
    std::string personal_digest;
};

chain_reading::chain_reading(std::string const& url) : parts_(std::make_unique<parts>(url)) {}

chain_reading::~chain_reading() = default;

std::optional<app::audited_line> chain_reading::next_line() {
    auto const r = parts_->lines->next();
    if (!r) return std::nullopt;
    auto& before = *parts_;
    auto const chain = view(r->at(0));
    if (chain != before.chain) {
        before.chain = chain;
        before.seq = 0;
        before.hash.clear();
    }
    app::audited_line line{domain::parse_uuid(chain).value(),
                           std::string(view(r->at(2))),
                           r->at(1).as<std::uint32_t>(),
                           time(r->at(3)),
                           {}};
    take_bytes(r->at(10), line.hash);
    take_words_digest(*r, before.personal_digest);
    line.fits = line.seq == before.seq + 1 &&
                line_hash(before.hash, {chain, line.seq, microseconds(line.at), view(r->at(4)),
                                        view(r->at(5)), view(r->at(6)), view(r->at(7)),
                                        view(r->at(8)), before.personal_digest}) == line.hash;
    before.seq = line.seq;
    before.hash = line.hash;
    return line;
}

// One that was stored without a line has no chain.
std::optional<app::audited_head> chain_reading::next_head() {
    for (;;) {
        auto const r = parts_->heads->next();
        if (!r) return std::nullopt;
        auto const seq = r->at(2).as<std::uint32_t>();
        if (seq == 0) continue;
        app::audited_head head{
            domain::parse_uuid(view(r->at(0))).value(), std::string(view(r->at(1))), seq, {}};
        take_bytes(r->at(3), head.hash);
        return head;
    }
}

std::optional<std::string> chain_reading::next_anchor() {
    auto const r = parts_->anchors->next();
    if (!r) return std::nullopt;
    return std::string(view(r->at(0)));
}

std::vector<app::chain_finding> chain_reading::missing_guards() {
    std::map<std::string, std::pair<std::string, std::string>> there;
    for (auto const& r : parts_->in.exec(guards_sql))
        if (r["enabled"].as<bool>())
            there[text(r["tgname"])] = {text(r["definition"]), text(r["prosrc"])};
    std::vector<app::chain_finding> missing;
    for (auto const& each : guards)
        if (there[each.name] != std::pair(definition_of(each), body_that(each.says)))
            missing.push_back({app::tampering::missing_guard, {}, 0, 0, each.name});
    return missing;
}

std::uint64_t chain_reading::lines() const {
    auto const about = parts_->in.exec1("select greatest(reltuples, 0)::bigint from pg_class "
                                        "where oid = 'log'::regclass");
    return about[0].as<std::uint64_t>();
}

} // namespace linli::postgres
