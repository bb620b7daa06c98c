#pragma once

#include <memory>
#include <vector>

#include "app/foresight.hpp"
#include "support/city.hpp"
#include "support/memory_tables.hpp"

namespace linli::tests {

// What PostgreSQL's read() would see: the wanted rows and everything that hangs together with them.
app::view draw_picture(memory_tables const& from, city const& town, app::wanted const& what);

// What a server would know ahead of presses, and whether that is so still.
std::shared_ptr<app::foreseen_devices const> foreseen_by(city const& town);
bool is_as_foreseen(city const& town, std::vector<app::presumed_device> const& presumed);

// The home that the worker is on his way to, or in; empty if he is free.
domain::home_id visit_of(memory_tables const& from, domain::worker_id const& id);

} // namespace linli::tests
