#pragma once

#include "server/server.hpp"

namespace linli::cli {

// Runs the house until SIGTERM; 0 then. When it can't go on, the process ends here with 1, and the
// log says why.
int serve(server::server::options with);

} // namespace linli::cli
