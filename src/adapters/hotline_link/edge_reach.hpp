#pragma once

#include <string>

namespace linli::hotline_link {

// For "linli check": empty when the edge can be reached where browsers are told to go, else why not
// and what to do. `wss` is "wss://host:port"; empty: this machine, on any of its addresses, at
// `port`.
std::string why_no_edge(std::string const& wss, int port);

} // namespace linli::hotline_link
