#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "runtime/config.hpp"

namespace linli::server {

// A certificate that strangers believe us by, and until when.
struct certificate_end {
    std::string whose; // "the pages'"
    std::chrono::sys_seconds end;
    std::string renewal; // what somebody must do
};

// Of the doors that the configuration opens, by their files. Throws std::runtime_error with the
// remedy when one can't be used.
std::vector<certificate_end> certificate_ends(runtime::config const& c);

certificate_end broker_certificate(std::chrono::sys_seconds end);
certificate_end edge_certificate(std::chrono::sys_seconds end);
certificate_end database_certificate(std::chrono::sys_seconds end);

// "the broker's certificate is good for 20 days more: …"; empty: long enough to ask whoever keeps
// the authority's key.
std::string trouble_with(certificate_end const& of, std::chrono::sys_seconds now);

} // namespace linli::server
