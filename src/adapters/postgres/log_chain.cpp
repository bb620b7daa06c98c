#include "adapters/postgres/log_chain.hpp"

#include <sodium.h>

namespace linli::postgres {

namespace {

constexpr std::size_t hash_bytes = 32;

std::string digest(std::string const& of) {
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

} // namespace

std::string words_digest(std::string const& personal_ciphertext) {
    return digest(personal_ciphertext);
}

std::string line_hash(std::string const& before, app::chained_line const& what, std::uint32_t seq,
                      std::string const& personal_ciphertext) {
    auto const words =
        personal_ciphertext.empty() ? std::string{} : words_digest(personal_ciphertext);
    return line_hash_by_digest(before, what, seq, words);
}

std::string line_hash_by_digest(std::string const& before, app::chained_line const& what,
                                std::uint32_t seq, std::string const& personal_digest) {
    std::string all;
    all.reserve(256);
    append(all, before);
    append(all, domain::to_string(what.chain));
    append(all, std::to_string(seq));
    append(all, std::to_string(what.line.at.time_since_epoch().count()));
    append(all, to_text(what.line.what));
    append(all, to_text(what.line.by.kind));
    append(all, what.line.by.who);
    append(all, what.line.by.behalf);
    append(all, what.line.why);
    append(all, personal_digest);
    return digest(all);
}

linked_line log_chain::link(app::chained_line const& what, std::string personal) {
    auto& head = heads_[what.chain];
    linked_line linked{what, head.seq + 1, std::move(personal), {}};
    linked.hash = line_hash(head.hash, what, linked.seq, linked.personal);
    head = {linked.seq, linked.hash};
    return linked;
}

app::chain_head const& log_chain::head(domain::uuid const& chain) {
    return heads_[chain];
}

} // namespace linli::postgres
