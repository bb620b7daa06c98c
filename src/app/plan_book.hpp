#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "app/record.hpp"
#include "domain/plan.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// The plans in force, one a kind and those of single residents, and the snapshots that still run
// with older alerts and orders.
class plan_book {
public:
    struct page {
        domain::plan what;
        std::string body; // the text that it was read from; stored under its digest
    };
    // Reads a stored body again. Throws std::exception where it can't: it was accepted once, by
    // another version.
    using reader = std::function<domain::plan(std::string const& body)>;

    // Throws std::runtime_error if a kind has no plan: an alert without one can't be raised.
    plan_book(std::vector<page> in_force, reader read);

    domain::plan const& in_force(domain::alert_kind kind) const;

    // All of them: everybody's by kind, then those of single residents.
    std::vector<page> in_force() const;

    // The resident's own plan for that kind if there is one and its last day isn't over, else
    // everybody's. In memory, so that a press costs no look-up.
    domain::plan const& in_force(domain::alert_kind kind, domain::resident_id const& whose,
                                 std::chrono::sys_days local_day) const;

    // Never fails for a digest that learn() was asked for.
    domain::plan const& snapshot(std::string const& digest) const;

    // Fetches the snapshots that `seen` mentions and the book doesn't have. In the place of one
    // that can't be read stands the plan in force: an alert without one would end whoever looks at
    // it.
    runtime::task<record_result<void>> learn(record& from, view const& seen);

    // Stores the plans in force, so that every alert's snapshot can be found again.
    runtime::task<record_result<void>> keep(record& to) const;

private:
    domain::plan read_again(std::string const& digest, std::string const& body,
                            view const& seen) const;
    domain::plan in_place_of(std::string const& digest, view const& seen) const;
    domain::plan const& in_force_for(domain::order const& one) const;

    std::map<domain::alert_kind, std::string> digest_of_kind_;
    std::map<std::pair<domain::alert_kind, domain::resident_id>, std::string> digest_of_own_;
    std::unordered_map<std::string, page> by_digest_;
    reader read_;
};

} // namespace linli::app
