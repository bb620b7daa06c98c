#include "cli/commands.hpp"

namespace linli::cli {

void add_simulate(CLI::App&, invocation&) {}

} // namespace linli::cli
