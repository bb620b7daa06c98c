#pragma once

#include <string>
#include <string_view>

namespace linli::app {

// A notice as a voice reads it: without the brackets that a message has, telephone numbers digit by
// digit, times as hours and minutes, and no longer than anybody listens.
std::string spoken_text(std::string_view text, std::string_view language);

} // namespace linli::app
