#pragma once

#include <optional>
#include <string>

#include "adapters/http/api_routes.hpp"

namespace linli::http {

// Why she can't go: she holds work, or nobody can tell. Nothing: she can.
runtime::task<std::optional<api_reply>> kept_by_work(api_ports& on, domain::operator_id const& who);

// Is `user` on duty, and could go on with the request's alert?
runtime::task<app::record_result<bool>> could_go_on(api_ports& on, admitted const& request,
                                                    std::string const& user);

} // namespace linli::http
