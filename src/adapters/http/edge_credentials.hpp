#pragma once

#include <string>

#include "domain/ids.hpp"
#include "domain/time.hpp"

namespace linli::http {

// By what a browser proves to the hotline's edge that we have let it in: a name that says until
// when, and its HMAC (kamailio's auth_ephemeral). Nothing of it is kept anywhere.
struct edge_credentials {
    std::string user; // "<seconds since 1970>:<name>"
    std::string password;
    domain::instant expires_at;
};

inline constexpr domain::minutes edge_credentials_last{5};

edge_credentials edge_credentials_of(domain::operator_id const& who, std::string const& secret,
                                     domain::instant now);

} // namespace linli::http
