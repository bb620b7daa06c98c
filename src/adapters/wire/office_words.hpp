// What the administration says and hears of accounts and of the access log (office.proto), as
// ProtoJSON.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/account_office.hpp"
#include "domain/time.hpp"

namespace linli::wire {

struct user_change {
    app::account who; // without its role
    std::string role;
};
std::optional<user_change> read_user_change(std::string_view json);

// RFC 3339: 2026-11-28T03:00:00Z
std::optional<domain::instant> read_time(std::string_view text);

std::string encode_users(app::account_office::page const& what,
                         app::account_office::question const& asked);
std::string encode_roles();
std::string encode_new_password(domain::operator_id const& user,
                                app::account_office::entry const& what);
std::string encode_access_page(std::vector<app::account_record::logged> const& lines, bool more);

} // namespace linli::wire
