#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/postgres/sheet_rows.hpp"

namespace linli::postgres {

// What a reader of the registry needs besides the database.
struct registry_tools {
    key_ring const& keys;
    app::registry_form const& form;
};

// A keyed digest of all that a record holds, so that nobody can try out what is masked against it.
std::string etag_of(key_ring const& keys, stored_record const& record);

// What isn't shown to him at all is empty; what is personal, masked.
app::registry_record told(registry_tools const& with, registry_viewer const& to,
                          domain::sheet sheet, stored_record const& record, bool in_clear);

// Newest first.
std::vector<app::registry_edit> edits_of(pqxx::work& in, key_ring const& keys, domain::sheet sheet,
                                         std::string const& key, int limit);

// Nothing: not there, or not the viewer's to see. An owner without rows has a record without any.
std::optional<stored_record> find_record(pqxx::work& in, registry_tools const& with,
                                         registry_viewer const& who, domain::sheet sheet,
                                         std::string const& key);

app::registry_page read_page(pqxx::work& in, registry_tools const& with, registry_viewer const& who,
                             app::registry_question const& what);

std::vector<app::cells_of_row> read_sheet(pqxx::work& in, registry_tools const& with,
                                          registry_viewer const& who, domain::sheet sheet,
                                          bool in_clear);

} // namespace linli::postgres
