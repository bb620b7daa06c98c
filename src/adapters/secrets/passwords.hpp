#pragma once

#include <memory>

#include "app/accounts.hpp"

namespace linli::secrets {

// app::password_hashing by libsodium: argon2id, 64 MiB and about 0.1 s each, two at once. stop()
// waits for what is running; who still waits then hears operation_aborted.
class passwords : public app::password_hashing {
public:
    virtual void stop() = 0;
};

// Throws std::runtime_error when libsodium can't start.
std::unique_ptr<passwords> start_passwords();

} // namespace linli::secrets
