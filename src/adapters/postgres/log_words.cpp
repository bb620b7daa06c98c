#include "adapters/postgres/log_words.hpp"

#include "adapters/postgres/log_chain.hpp"
#include "adapters/postgres/rows.hpp"

namespace linli::postgres {

namespace {

constexpr auto digest_sql = R"(
    update log l set personal = null, personal_digest = f.digest
    from unnest($1::uuid[], $2::integer[], $3::bytea[]) as f(chain, seq, digest)
    where l.chain = f.chain and l.seq = f.seq and l.personal is not null)";

} // namespace

std::size_t let_go_of_words(pqxx::transaction_base& in, pqxx::result const& lines) {
    if (lines.empty()) return 0;
    column chains, numbers, digests;
    for (auto const& r : lines) {
        chains.text(text(r["chain"]));
        numbers.number(r["seq"].as<std::int64_t>());
        digests.bytes(words_digest(bytes(r["personal"])));
    }
    return in.exec_params(digest_sql, chains.literal(), numbers.literal(), digests.literal())
        .affected_rows();
}

} // namespace linli::postgres
