#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/registry_rows.hpp"
#include "domain/named.hpp"
#include "domain/sheet.hpp"

namespace linli::app {

// What the registry's sheets consist of, and what may be wrong with them. There is one table of it
// (adapters/files/registry_sheets): files, their checks and the pages' forms are made from it.

enum class cell_kind : std::uint8_t {
    text,
    id,
    number,
    decimal,
    minute, // HH:MM
    date,   // YYYY-MM-DD
    yes_no,
    word,
    words, // separated by blanks
    phone,
    email,
    shape, // a polygon as WKT, longitude first
};

// What a provider's manager has of a column in his own company's rows. `none` unless the form says
// so: a new column is not shown to him by forgetting.
enum class company_share : std::uint8_t { none, sees, changes };

struct registry_column {
    std::string name;
    cell_kind kind = cell_kind::text;
    bool is_required = false;
    bool may_be_missing = false;                 // in files that were made before the column was
    std::vector<std::string> words = {};         // that may stand there; none: any
    std::optional<domain::sheet> refers_to = {}; // a key of it stands there
    std::string (*masked)(std::string_view) = nullptr; // of what is personal
    company_share company = company_share::none;

    bool is_personal() const { return masked != nullptr; }
};

// Besides domain::may_see and may_change, which speak of the whole sheet.
inline bool may_see(domain::role who, registry_column const& column) {
    return who != domain::role::provider_manager || column.company != company_share::none;
}
inline bool may_change(domain::role who, registry_column const& column) {
    return who != domain::role::provider_manager || column.company == company_share::changes;
}

struct registry_sheet {
    domain::sheet which{};
    std::string file; // "residents.csv"
    std::vector<registry_column> columns;
    bool is_owned = false; // a record is all rows of the owner that the first column names

    std::string const& key() const { return columns.front().name; }
};

using cells_of_row = std::vector<std::string>; // in the order of the columns

// Something wrong in one cell or row. `value` is masked where it is personal.
struct registry_problem {
    std::string file; // "homes.csv"
    std::size_t line = 0;
    std::string field; // empty: the whole row or file
    std::string value;
    std::string what;
    std::string remedy;
};

// The first hundred are kept, all are counted.
struct registry_problems {
    std::vector<registry_problem> first;
    std::size_t count = 0;

    void add(registry_problem problem) {
        constexpr std::size_t most_kept = 100;
        if (++count <= most_kept) first.push_back(std::move(problem));
    }
};

// Columns that a sheet's file didn't have: it says nothing of them, so what stands there stays. An
// empty cell empties.
using absent_columns = std::map<domain::sheet, std::vector<std::string>>;

struct registry_reading {
    registry_rows rows; // to be imported only when there are no problems
    absent_columns absent;
    registry_problems problems;
    registry_problems warnings;     // worth mending; nothing is refused for them
    std::vector<std::string> files; // those that were there
};

// What an import has done to a sheet, or would.
struct registry_tally {
    domain::sheet sheet{};
    std::size_t rows = 0;
    std::size_t added = 0;
    std::size_t changed = 0;
    std::size_t removed = 0; // rows of an owner who has others now

    std::size_t same() const { return rows - added - changed; }
};

// How far an import is. A row is half done when it has come in, and done when it is merged.
struct import_step {
    std::string_view table; // that is being written; empty: none yet
    std::size_t done = 0;   // rows
    std::size_t total = 0;
};
using import_progress = std::function<void(import_step const&)>;

struct registry_file {
    std::string name; // "residents.csv", "zones.geojson"
    std::string text;
};

// The sheets, and how cells become rows and files, for whoever keeps them in a database.
struct registry_form {
    std::vector<registry_sheet> const& sheets; // in the order of domain::sheet
    std::function<registry_reading(std::vector<registry_file> const&, known_registry)> read_files;
    // Of one sheet.
    std::function<registry_reading(domain::sheet, std::vector<cells_of_row> const&, known_registry)>
        read_cells;
    // A file that read_files takes again.
    std::function<registry_file(domain::sheet, std::vector<cells_of_row> const&)> write_file;

    registry_sheet const& of(domain::sheet which) const {
        return sheets.at(static_cast<std::size_t>(which));
    }
};

} // namespace linli::app

template <>
struct linli::domain::names<linli::app::cell_kind> {
    static constexpr std::array<std::pair<app::cell_kind, std::string_view>, 12> table{{
        {app::cell_kind::text, "text"},
        {app::cell_kind::id, "id"},
        {app::cell_kind::number, "number"},
        {app::cell_kind::decimal, "decimal"},
        {app::cell_kind::minute, "minute"},
        {app::cell_kind::date, "date"},
        {app::cell_kind::yes_no, "yes_no"},
        {app::cell_kind::word, "word"},
        {app::cell_kind::words, "words"},
        {app::cell_kind::phone, "phone"},
        {app::cell_kind::email, "email"},
        {app::cell_kind::shape, "shape"},
    }};
};
