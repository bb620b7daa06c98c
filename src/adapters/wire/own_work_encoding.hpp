#pragma once

#include <string>

#include "app/own_work.hpp"

namespace linli::wire {

// OwnWork as ProtoJSON.
std::string encode_own_work(app::own_work::answer const& what);

} // namespace linli::wire
