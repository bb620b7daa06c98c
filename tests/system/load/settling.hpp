#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "system/load/ledger.hpp"
#include "system/load/premises.hpp"
#include "system/load/server_process.hpp"

namespace linli::tests::load {

// What is still to be told, answered or closed; "" when nothing is. Throws when a server has ended
// by itself.
std::string what_waits(premises const& where, ledger const& outside,
                       std::vector<server_process const*> const& servers);

// Asks what waits until it has been nothing for a while, or until the limit. What waits then.
// Whatever is new is told on standard error, to whoever looks on.
std::string settle(std::function<std::string()> const& what, std::chrono::seconds limit);

} // namespace linli::tests::load
