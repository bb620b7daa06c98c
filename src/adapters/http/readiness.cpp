#include "adapters/http/readiness.hpp"

#include <algorithm>
#include <utility>

#include <boost/json.hpp>

#include "runtime/utc_text.hpp"

namespace linli::http {

bool readiness::ready() const {
    return !parts.empty() && std::ranges::all_of(parts, &part::ready);
}

std::string to_json(readiness const& now) {
    boost::json::array parts;
    for (auto const& each : now.parts) {
        boost::json::object part;
        part["name"] = each.name;
        part["ready"] = each.ready;
        part["state"] = each.state;
        part["since"] = runtime::utc_text(each.since);
        parts.push_back(std::move(part));
    }
    boost::json::object whole;
    whole["ready"] = now.ready();
    whole["parts"] = std::move(parts);
    return boost::json::serialize(whole);
}

} // namespace linli::http
