#pragma once

#include <string>

#include "app/accounts.hpp"

namespace linli::app {

// What is done to an account, on a page or on the command line, with what it writes about itself in
// the access log: `what` is the deed, `why` what it changed. Names of people are not told there.

struct doer {
    domain::operator_id who;
    domain::instant now;
};

account_record::deed adding(account const& who, std::string hash, doer const& by);
account_record::deed changing(account const& before, account after, doer const& by);
account_record::deed giving_password(account const& whom, std::string hash, doer const& by);
account_record::deed letting_in(account const& whom, bool is_let_in, doer const& by);

} // namespace linli::app
