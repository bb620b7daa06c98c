#pragma once

#include <string>

#include "app/health_record.hpp"
#include "cli/session.hpp"
#include "runtime/config.hpp"

namespace linli::cli {

// Writes down whose telephones a list shows before it is printed. Who: --operator; without it, that
// it was somebody at the command line. Throws when it can't be written down.
runtime::task<void> note_looks(runtime::config const& config, session& on,
                               app::maintenance_list const& list, std::string who);

} // namespace linli::cli
