#pragma once

#include "adapters/notify/transfers.hpp"
#include "app/carrier.hpp"
#include "runtime/config.hpp"

namespace linli::notify {

// A mail in plain UTF-8 text; its Message-ID is the letter's key, so that it is known again.
transfer mail_of(runtime::email_config const& mail, std::string const& password,
                 app::letter const& what);

app::carried mail_judged(answer const& got);

} // namespace linli::notify
