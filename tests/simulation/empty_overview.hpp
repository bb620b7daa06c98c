#pragma once

#include "app/overview.hpp"

namespace linli::simulation {

// The operators of the simulation look into the record itself.
class empty_overview final : public app::overview_port {
public:
    runtime::task<app::record_result<app::overview>> look(domain::instant, domain::instant,
                                                          int) override {
        co_return app::overview{};
    }
    runtime::task<app::record_result<std::vector<app::offer_line>>>
    offers_of(domain::order_id const&) override {
        co_return std::vector<app::offer_line>{};
    }
};

} // namespace linli::simulation
