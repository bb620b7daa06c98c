#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/chain_audit.hpp"

namespace linli::postgres {

// What an audit reads: all at one moment, each in its order, a few thousand rows at a time. Throws
// schema_error, and pqxx's errors for an outage.
class chain_reading {
public:
    explicit chain_reading(std::string const& url);
    ~chain_reading();

    // By (chain, seq); whether a line fits is computed here.
    std::optional<app::audited_line> next_line();
    // Of alerts, requests, orders and complaints, by chain.
    std::optional<app::audited_head> next_head();
    // The text of each, by number.
    std::optional<std::string> next_anchor();

    std::vector<app::chain_finding> missing_guards();
    std::uint64_t lines() const; // about so many, for a bar

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

} // namespace linli::postgres
