#pragma once

#include <string>

namespace linli::secrets {

// A password that the house makes for somebody, to be read out or written on paper: four groups of
// four, without what is taken for something else. 79 bits of the machine's randomness. Throws
// std::runtime_error when libsodium can't start.
std::string first_password();

} // namespace linli::secrets
