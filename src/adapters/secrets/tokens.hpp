#pragma once

#include "app/accounts.hpp"

namespace linli::secrets {

// 256 bits of the machine's randomness; of a token its BLAKE2b of 32 bytes is stored. A token can't
// be guessed, so its digest needs no slowness. Throws std::runtime_error when libsodium can't
// start.
app::token_source tokens();

} // namespace linli::secrets
