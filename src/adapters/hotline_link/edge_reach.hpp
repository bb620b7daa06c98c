#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace linli::hotline_link {

// Where browsers are told to find the edge: `wss` is "wss://host:port"; empty: this machine, on any
// of its addresses, at `port`. Both answer within some seconds.

// For "linli check": empty when it can be reached there, else why not and what to do.
std::string why_no_edge(std::string const& wss, int port);

// Until when the certificate is good that it shows there; nothing: nobody shows one.
std::optional<std::chrono::sys_seconds> edge_certificate_end(std::string const& wss, int port);

} // namespace linli::hotline_link
