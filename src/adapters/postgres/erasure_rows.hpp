#pragma once

#include <cstddef>
#include <string>

#include <pqxx/pqxx>

#include "domain/ids.hpp"
#include "domain/time.hpp"

namespace linli::postgres {

// What goes of somebody, in two parts; erasure_record says when.

void prepare_erasing(pqxx::connection& on);

// His rows of the registry and his keys, and his home's if it is given: nobody else lives there.
void erase_registry_rows(pqxx::work& in, domain::resident_id const& who, std::string const& home,
                         domain::instant now);

// Of all that lies under his id elsewhere, `limit` rows of each table at most; answers how many
// went. His erasure must be written down.
std::size_t clear_rows(pqxx::work& in, domain::resident_id const& who, int limit);

} // namespace linli::postgres
