#include "adapters/postgres/log_chain.hpp"

#include <sodium.h>

namespace linli::postgres {

namespace {

constexpr std::size_t hash_bytes = 32;

std::string digest(std::string_view of) {
    std::string out(hash_bytes, '\0');
    crypto_generichash(reinterpret_cast<unsigned char*>(out.data()), out.size(),
                       reinterpret_cast<unsigned char const*>(of.data()), of.size(), nullptr, 0);
    return out;
}

// Each part with its length before it, so that no two lines have the same bytes.
void append(std::string& to, std::string_view part) {
    auto const size = static_cast<std::uint32_t>(part.size());
    for (int shift = 24; shift >= 0; shift -= 8)
        to += static_cast<char>(size >> shift);
    to += part;
}

// As PostgreSQL keeps it: its text has no NUL, and what isn't kept must not be in the hash.
app::chained_line as_stored(app::chained_line what) {
    for (auto* each : {&what.line.by.who, &what.line.by.behalf, &what.line.why})
        std::erase(*each, '\0');
    return what;
}

} // namespace

std::string words_digest(std::string_view personal_ciphertext) {
    return digest(personal_ciphertext);
}

std::string line_hash(std::string_view before, stored_words const& what) {
    std::string all;
    all.reserve(256);
    append(all, before);
    append(all, what.chain);
    append(all, std::to_string(what.seq));
    append(all, std::to_string(what.at));
    append(all, what.what);
    append(all, what.by_kind);
    append(all, what.by_who);
    append(all, what.by_behalf);
    append(all, what.why);
    append(all, what.personal_digest);
    return digest(all);
}

std::string line_hash(std::string const& before, app::chained_line const& what, std::uint32_t seq,
                      std::string const& personal_ciphertext) {
    auto const words =
        personal_ciphertext.empty() ? std::string{} : words_digest(personal_ciphertext);
    return line_hash_by_digest(before, what, seq, words);
}

std::string line_hash_by_digest(std::string const& before, app::chained_line const& what,
                                std::uint32_t seq, std::string const& personal_digest) {
    auto const chain = domain::to_string(what.chain);
    return line_hash(before, {chain, seq, what.line.at.time_since_epoch().count(),
                              to_text(what.line.what), to_text(what.line.by.kind), what.line.by.who,
                              what.line.by.behalf, what.line.why, personal_digest});
}

linked_line log_chain::link(app::chained_line const& what, std::string personal) {
    auto& head = heads_[what.chain];
    linked_line linked{as_stored(what), head.seq + 1, std::move(personal), {}};
    linked.hash = line_hash(head.hash, linked.what, linked.seq, linked.personal);
    head = {linked.seq, linked.hash};
    return linked;
}

app::chain_head const& log_chain::head(domain::uuid const& chain) {
    return heads_[chain];
}

} // namespace linli::postgres
