#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <pqxx/pqxx>

#include "adapters/postgres/key_ring.hpp"
#include "app/registry_desk.hpp"

namespace linli::postgres {

// Whose area it is, and whether the whole registry lies in it: of an empty one nothing lies
// outside. A provider's manager has his company's rows in place of an area's.
struct registry_viewer {
    domain::role role{};
    domain::area_id area;
    bool has_all = false;
    std::optional<domain::provider_id> company;
};
registry_viewer viewer_of(pqxx::work& in, app::account const& who);

// A record in clear, before anybody is shown it.
struct stored_record {
    std::string key;
    domain::area_id area;
    std::vector<app::cells_of_row> rows;
    bool is_unreadable = false; // no key opens what is sealed: it must not be written over
};

// The rows of a sheet as an import's files have them, read back.
class sheet_rows {
public:
    sheet_rows(pqxx::work& in, key_ring const& keys, app::registry_sheet const& format,
               registry_viewer const& who)
        : in_(in), keys_(keys), format_(format), who_(who) {}

    struct found_keys {
        std::vector<std::string> keys; // of one page
        std::uint32_t total = 0;
    };
    found_keys keys_of(app::registry_question const& what);

    // What of these lies in the viewer's area, or is his company's, by key.
    std::vector<stored_record> records(std::vector<std::string> const& keys);
    std::vector<stored_record> all();

    // In anybody's area.
    bool is_taken(std::string const& key);

private:
    std::string reach_condition() const;
    std::string words_condition(std::string const& words) const;
    std::string conditions(app::registry_question const& what) const;
    std::vector<stored_record> read(std::string const& condition);
    app::cells_of_row cells_of(pqxx::row const& r, bool& is_unreadable) const;

    pqxx::work& in_;
    key_ring const& keys_;
    app::registry_sheet const& format_;
    registry_viewer const& who_;
};

} // namespace linli::postgres
