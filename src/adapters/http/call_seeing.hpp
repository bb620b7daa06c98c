#pragma once

#include <vector>

#include "adapters/http/api_routes.hpp"

namespace linli::http {

// That somebody sees a caller's number, or hears him: a row for each whose number it is, or one of
// the call.
inline std::vector<app::seen_entry> seeing_of_call(admitted const& request, domain::instant now,
                                                   std::string const& what = "phone") {
    std::vector<app::seen_entry> rows;
    auto const why = to_string(request.id);
    auto const add = [&](std::string subject) {
        rows.push_back({now, request.who.who.user, what, std::move(subject), why});
    };
    for (auto const& each : request.line->call->who) {
        bool const is_worker = each.who.kind == domain::caller_kind::worker;
        add((is_worker ? "worker:" : "resident:") + each.who.id);
    }
    if (rows.empty()) add(to_string(subject_of(request.line->call->what, {})));
    return rows;
}

// An installation without a telephone system.
api_reply no_telephone();

} // namespace linli::http
