#pragma once

#include <memory>
#include <string>

#include "adapters/postgres/key_ring.hpp"
#include "app/visit_proofs.hpp"

namespace linli::postgres {

// app::proof_record on PostgreSQL, on a connection of its own: a picture that is slow to write
// holds up nobody's step. Opened when first needed. stop() waits for what is running.
class proof_database : public app::proof_record {
public:
    virtual void stop() = 0;
};

std::unique_ptr<proof_database> open_proofs(std::string url, key_ring keys);

} // namespace linli::postgres
