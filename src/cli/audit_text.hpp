#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/chain_audit.hpp"

namespace linli::cli {

// What an audit of the whole log has come to.
struct audit_result {
    app::audited log;
    std::vector<app::chain_finding> shown; // the first ones
    std::uint64_t findings = 0;            // all of them
    std::vector<app::chain_mark> evidence; // the lines that were asked for by their hash
    std::uint64_t anchors = 0;
    std::uint64_t last_anchor = 0;
    std::uint64_t last_outside = 0;
    std::optional<domain::instant> anchored_at;
    std::string outside; // the copy's file
    std::string digest;  // of the last anchor
    std::uint64_t restores = 0;
    double seconds = 0;
};

// One finding in a line, in words: what was done to which line of which chain, and who shows it.
std::string finding_text(app::chain_finding const& what);

// For a person: the findings, then the figures and what can't be vouched for yet.
std::string audit_text(audit_result const& of);

// For programs, one object.
std::string audit_json(audit_result const& of);

} // namespace linli::cli
