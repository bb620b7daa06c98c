#pragma once

#include <string>

#include "adapters/http/api_routes.hpp"

namespace linli::http {

runtime::task<app::record_result<bool>> holds_work(api_ports& on, domain::operator_id const& who);

// Is `user` on duty, and could go on with the request's alert?
runtime::task<app::record_result<bool>> could_go_on(api_ports& on, admitted const& request,
                                                    std::string const& user);

} // namespace linli::http
