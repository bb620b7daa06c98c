#pragma once

#include <optional>
#include <vector>

#include "app/command_record.hpp"
#include "app/complaint_record.hpp"
#include "app/visit_proofs.hpp"
#include "simulation/trouble.hpp"

namespace linli::simulation {

// Complaints, with one process's troubles.
class unsteady_complaints final : public app::complaint_record {
public:
    using about = std::optional<app::complained_of>;
    unsteady_complaints(app::complaint_record& inner, trouble& met) : inner_(inner), met_(met) {}

    runtime::task<app::record_result<about>> order(domain::order_id const& id) override {
        return met_.pass(place::complaints, inner_.order(id));
    }
    runtime::task<app::record_result<about>> alert(domain::alert_id const& id) override {
        return met_.pass(place::complaints, inner_.alert(id));
    }
    runtime::task<app::record_result<about>> worker(domain::worker_id const& id) override {
        return met_.pass(place::complaints, inner_.worker(id));
    }
    runtime::task<app::record_result<app::complaint_page>>
    list(app::complaint_question const& what) override {
        return met_.pass(place::complaints, inner_.list(what));
    }
    runtime::task<app::record_result<std::optional<app::complaint_line>>>
    find(domain::complaint_id const& id) override {
        return met_.pass(place::complaints, inner_.find(id));
    }
    runtime::task<app::record_result<void>> keep(domain::complaint_outcome const& what) override {
        return met_.pass(place::complaints, inner_.keep(what));
    }

private:
    app::complaint_record& inner_;
    trouble& met_;
};

// Proofs of visits, with one process's troubles.
class unsteady_proofs final : public app::proof_record {
public:
    unsteady_proofs(app::proof_record& inner, trouble& met) : inner_(inner), met_(met) {}

    runtime::task<app::record_result<standing>> keep(app::given_proof const& what) override {
        return met_.pass(place::proofs, inner_.keep(what));
    }
    runtime::task<app::record_result<void>> is_logged(domain::proof_id id) override {
        return met_.pass(place::proofs, inner_.is_logged(id));
    }
    runtime::task<app::record_result<std::vector<domain::visit_proof>>>
    of_order(domain::order_id id) override {
        return met_.pass(place::proofs, inner_.of_order(id));
    }
    runtime::task<app::record_result<std::optional<app::proof_picture>>>
    picture(domain::order_id of, domain::proof_id id) override {
        return met_.pass(place::proofs, inner_.picture(of, id));
    }

private:
    app::proof_record& inner_;
    trouble& met_;
};

// What devices are asked to do, with one process's troubles.
class unsteady_commands final : public app::command_record {
public:
    unsteady_commands(app::command_record& inner, trouble& met) : inner_(inner), met_(met) {}

    runtime::task<app::record_result<bool>> ask(domain::device_command const& what) override {
        return met_.pass(place::commands, inner_.ask(what));
    }
    runtime::task<app::record_result<std::vector<domain::device_command>>>
    open(domain::instant now, int limit) override {
        return met_.pass(place::commands, inner_.open(now, limit));
    }
    runtime::task<app::record_result<void>> become(std::vector<domain::device_command> const& what,
                                                   domain::instant now) override {
        return met_.pass(place::commands, inner_.become(what, now));
    }
    runtime::task<app::record_result<std::vector<domain::device_id>>>
    due_for_locate(domain::instant now, int limit) override {
        return met_.pass(place::commands, inner_.due_for_locate(now, limit));
    }
    runtime::task<app::record_result<std::vector<domain::device_command>>>
    list(std::optional<domain::device_id> of, int limit) override {
        return met_.pass(place::commands, inner_.list(std::move(of), limit));
    }

private:
    app::command_record& inner_;
    trouble& met_;
};

} // namespace linli::simulation
