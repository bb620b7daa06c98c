#pragma once

#include <vector>

#include "app/visit_proofs.hpp"
#include "support/memory_record.hpp"

namespace linli::tests {

// The twin of proof_record on PostgreSQL, on a record in memory. One thread.
class memory_proofs final : public app::proof_record {
public:
    explicit memory_proofs(memory_record const& of) : of_(of) {}

    void away(bool is_away) { away_ = is_away; }
    void loses_key_of(std::string const& resident);
    std::vector<domain::visit_proof> given(domain::order_id id) const;

    runtime::task<app::record_result<standing>> keep(app::given_proof const& what) override;
    runtime::task<app::record_result<void>> is_logged(domain::proof_id id) override;
    runtime::task<app::record_result<std::vector<domain::visit_proof>>>
    of_order(domain::order_id id) override;
    runtime::task<app::record_result<std::optional<app::proof_picture>>>
    picture(domain::order_id of, domain::proof_id id) override;

private:
    struct row {
        domain::visit_proof what;
        app::proof_picture picture;
        bool is_logged = false;
    };
    standing keep_one(app::given_proof const& given);
    std::vector<resident_row> visited(domain::order const& o) const;
    std::optional<end> judge(app::given_proof const& given, domain::visit_proof& what) const;

    memory_record const& of_;
    std::vector<row> rows_; // as they came
    bool away_ = false;
};

} // namespace linli::tests
