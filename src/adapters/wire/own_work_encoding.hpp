#pragma once

#include <string>
#include <vector>

#include "app/own_work.hpp"

namespace linli::wire {

// OwnWork as ProtoJSON.
std::string encode_own_work(app::own_work::answer const& what);
// OwnWorkers; telephones masked.
std::string encode_own_workers(std::vector<app::own_candidate> const& all);

} // namespace linli::wire
