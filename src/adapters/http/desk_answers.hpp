#pragma once

#include "adapters/http/api_routes.hpp"

namespace linli::http {

// What came of a desk's command about `request`'s line, as an answer: Done, or why not, with who
// was quicker and what he did.
runtime::task<api_reply> told(api_ports& on, admitted request, app::desk::answer came);

} // namespace linli::http
