#pragma once

#include <string>

#include "app/accounts.hpp"

namespace linli::cli {

// Asked twice on the terminal, where it isn't shown; or the first line of standard input. Never an
// argument: those stand in everybody's list of processes. Throws std::runtime_error with the remedy
// when it won't do.
std::string new_password(app::account const& of, bool from_stdin);

} // namespace linli::cli
