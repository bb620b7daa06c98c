#pragma once

#include <string>

#include <boost/json/value.hpp>

#include "app/health_record.hpp"

namespace linli::cli {

// The open outages, each with whom to call first; empty when there is none.
std::string outages_text(app::maintenance_list const& list);

// The same and one line of how much there is to mend, for whoever looks at what is open.
std::string health_text(app::maintenance_list const& list);

boost::json::value outage_json(app::outage_line const& o);

} // namespace linli::cli
