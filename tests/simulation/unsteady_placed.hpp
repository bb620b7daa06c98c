#pragma once

#include <string>
#include <vector>

#include "app/offer_call_record.hpp"
#include "app/placed_call_record.hpp"
#include "simulation/trouble.hpp"

namespace linli::simulation {

// The calls that the house begins, with one process's troubles.
class unsteady_placed final : public app::placed_call_record {
public:
    unsteady_placed(app::placed_call_record& inner, trouble& met) : inner_(inner), met_(met) {}

    runtime::task<app::record_result<domain::uuid>> ask(app::placed_call const& what) override {
        return met_.pass(place::placed, inner_.ask(what));
    }
    runtime::task<app::record_result<std::vector<app::placed_state>>>
    states(std::vector<domain::uuid> const& ids, domain::instant now) override {
        return met_.pass(place::placed, inner_.states(ids, now));
    }
    runtime::task<app::record_result<std::vector<app::open_call>>> open() override {
        return met_.pass(place::placed_read, inner_.open());
    }
    runtime::task<app::record_result<bool>> take(domain::uuid id, domain::instant now) override {
        return met_.pass(place::placed, inner_.take(id, now));
    }
    runtime::task<app::record_result<void>> begun(domain::uuid id, domain::instant at) override {
        return met_.pass(place::placed, inner_.begun(id, at));
    }
    runtime::task<app::record_result<void>> ended(domain::uuid id,
                                                  app::placed_ending const& what) override {
        return met_.pass(place::placed, inner_.ended(id, what));
    }
    runtime::task<app::record_result<std::size_t>> forget(domain::instant before,
                                                          int limit) override {
        return met_.pass(place::placed, inner_.forget(before, limit));
    }

private:
    app::placed_call_record& inner_;
    trouble& met_;
};

// Of them, those that ask about an offer.
class unsteady_offer_calls final : public app::offer_call_record {
public:
    unsteady_offer_calls(app::offer_call_record& inner, trouble& met) : inner_(inner), met_(met) {}

    runtime::task<app::record_result<std::vector<app::offer_by_telephone>>>
    rung(domain::instant now) override {
        return met_.pass(place::placed_read, inner_.rung(now));
    }
    runtime::task<app::record_result<std::vector<app::offer_call_over>>> over(int limit) override {
        return met_.pass(place::placed_read, inner_.over(limit));
    }
    runtime::task<app::record_result<void>> settled(domain::uuid call,
                                                    domain::instant at) override {
        return met_.pass(place::placed, inner_.settled(call, at));
    }

private:
    app::offer_call_record& inner_;
    trouble& met_;
};

} // namespace linli::simulation
