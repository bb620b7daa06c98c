#pragma once

#include <string>

#include "adapters/watch_tcp/frame.hpp"
#include "domain/device_command.hpp"

namespace linli::watch_tcp {

// The body of the frame that asks a watch for it: "CR", "UPLOAD,600", "SOS,13900000001".
std::string words_for(domain::device_command const& what);

// Watches echo a command's word when they have it; who was asked where he is may just tell it.
bool answers(frame const& f, domain::command_kind kind);

} // namespace linli::watch_tcp
