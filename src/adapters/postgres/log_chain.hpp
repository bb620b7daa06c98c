#pragma once

#include <map>
#include <string>
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

// The hash that the line must have after `before`; what an audit computes again.
std::string line_hash(std::string const& before, app::chained_line const& what, std::uint32_t seq,
                      std::string const& personal_ciphertext);

// The same of a line whose words were let go: what stands in their place, and the hash with it.
std::string words_digest(std::string const& personal_ciphertext);
std::string line_hash_by_digest(std::string const& before, app::chained_line const& what,
                                std::uint32_t seq, std::string const& personal_digest);

} // namespace linli::postgres
