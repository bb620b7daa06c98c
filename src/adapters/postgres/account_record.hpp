#pragma once

#include <memory>
#include <string>

#include "adapters/postgres/key_ring.hpp"
#include "app/accounts.hpp"

namespace linli::postgres {

// app::account_record on PostgreSQL, on two connections of its own: a page that asks who somebody
// is takes none from the signals. Opened when first needed. stop() waits for what is running. The
// access log only grows: nothing here forgets a row of it.
class account_database : public app::account_record {
public:
    virtual void stop() = 0;
};

std::unique_ptr<account_database> open_accounts(std::string url, key_ring keys);

} // namespace linli::postgres
