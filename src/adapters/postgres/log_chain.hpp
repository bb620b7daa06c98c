#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "app/record.hpp"

namespace linli::postgres {

// A log line in its place in the chain.
struct linked_line {
    app::chained_line what;
    std::uint32_t seq = 0;
    std::string personal; // ciphertext; empty if there is none
    std::string hash;     // BLAKE2b-256 of the line, its place, and the hash before it
};

// Continues the chain of each alert, request and order from the head that was read with it. `heads`
// comes out as the rows must store them.
class log_chain {
public:
    explicit log_chain(std::map<domain::uuid, app::chain_head> heads) : heads_(std::move(heads)) {}

    linked_line link(app::chained_line const& what, std::string personal);
    app::chain_head const& head(domain::uuid const& chain);

private:
    std::map<domain::uuid, app::chain_head> heads_;
};

// What a line says, in the words that are stored: somebody may have written one that isn't ours.
struct stored_words {
    std::string_view chain;
    std::uint32_t seq = 0;
    std::int64_t at = 0; // microseconds
    std::string_view what;
    std::string_view by_kind;
    std::string_view by_who;
    std::string_view by_behalf;
    std::string_view why;
    std::string_view personal_digest; // words_digest of the ciphertext; empty if there is none
};

// The hash that the line must have after `before`; what an audit computes again.
std::string line_hash(std::string_view before, stored_words const& what);
std::string line_hash(std::string const& before, app::chained_line const& what, std::uint32_t seq,
                      std::string const& personal_ciphertext);

// The same of a line whose words were let go: what stands in their place, and the hash with it.
std::string words_digest(std::string_view personal_ciphertext);
std::string line_hash_by_digest(std::string const& before, app::chained_line const& what,
                                std::uint32_t seq, std::string const& personal_digest);

} // namespace linli::postgres
