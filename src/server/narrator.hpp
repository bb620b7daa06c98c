#pragma once

#include "app/record.hpp"

namespace linli::server {

// Tells the log what a commit has changed, one line for each step of an alert, request or order,
// with the event id that ties the button to the door. No names, no addresses.
void narrate(app::changes const& committed);

} // namespace linli::server
