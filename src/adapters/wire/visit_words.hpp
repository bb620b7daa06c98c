#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/own_work.hpp"
#include "app/visit_proofs.hpp"

namespace linli::wire {

// VisitProof, OwnSos. Nothing: it is none, has no id, or is of no kind that we know.
std::optional<app::given_proof> read_visit_proof(std::string_view json);

struct own_sos {
    domain::uuid id;
    std::optional<domain::instant> happened_at;
    std::optional<domain::position> fix;
};
std::optional<own_sos> read_own_sos(std::string_view json);

// ProofTaken, KeptProofs, OwnContacts.
std::string encode_proof_taken(bool holds);
std::string encode_proofs(std::vector<domain::visit_proof> const& all);
std::string encode_contacts(std::vector<app::own_contact> const& all);

} // namespace linli::wire
