#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/dispatch.hpp"
#include "app/own_work.hpp"
#include "app/record.hpp"
#include "domain/visit_proof.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// As it comes from the worker's telephone.
struct given_proof {
    domain::visit_proof what;
    std::string picture; // bytes
    std::string code;
};

struct proof_picture {
    std::string type;
    std::string bytes;
    std::string whose; // "resident:r1", "home:h1": whom it shows
};

// What workers have left to prove their visits. PostgreSQL in an installation, a twin in memory in
// tests. All calls may suspend; none throws for an outage. How long pictures are kept is for the
// bureau to say, and their removal is still to be made; who destroys the key of a resident or a
// home has destroyed them.
class proof_record {
public:
    virtual ~proof_record() = default;

    enum class end : std::uint8_t {
        kept,
        no_code, // none is known of whoever lives there, so none can be right; nothing is kept
        enough,  // of this order, or of wrong codes for it; nothing is kept
        no_home, // the order is done nowhere
    };
    struct standing {
        end how = end::kept;
        domain::visit_proof what; // as it is kept: with its distance, and whether it holds
        bool is_logged = false;   // the order's log has it
    };
    // Once: the same id again answers what stands there.
    virtual runtime::task<record_result<standing>> keep(given_proof const& what) = 0;
    virtual runtime::task<record_result<void>> is_logged(domain::proof_id id) = 0;

    // As they came.
    virtual runtime::task<record_result<std::vector<domain::visit_proof>>>
    of_order(domain::order_id id) = 0;
    // Nothing: there is none, or its key is gone.
    virtual runtime::task<record_result<std::optional<proof_picture>>>
    picture(domain::order_id of, domain::proof_id id) = 0;
};

// Takes proofs from whoever holds the order, and sees that its log has the digest of each.
class visit_proofs {
public:
    visit_proofs(proof_record& keeper, own_work_reading& from, dispatch& to)
        : keeper_(keeper), from_(from), to_(to) {}

    struct answer {
        std::optional<domain::refusal> refused = {}; // unknown: not his
        proof_record::standing stands = {};
    };
    // Also of a visit that is over: without a network it comes late, and both times are kept. The
    // picture is kept before the log says so; a crash in between is mended by the next try, at the
    // worst with the same line twice.
    runtime::task<record_result<answer>> give(own_scope whose, given_proof what,
                                              domain::instant now);

private:
    runtime::task<record_result<void>> log(proof_record::standing stands);

    proof_record& keeper_;
    own_work_reading& from_;
    dispatch& to_;
};

} // namespace linli::app
