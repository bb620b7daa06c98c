#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/files/csv.hpp"
#include "app/registry_form.hpp"
#include "domain/named.hpp"
#include "domain/place.hpp"

namespace linli::files {

// The cells of one row. Each reader answers a usable value and notes what is wrong with the cell.
class registry_cells {
public:
    registry_cells(app::registry_sheet const& format, csv_row const& row,
                   app::registry_reading& into)
        : format_(format), row_(row), into_(into) {}

    std::string const& cell(std::string_view column) const;

    // 1 to 64 of the letters a-z and A-Z, digits, ".", "_" and "-": ids stand in topics and logs.
    std::string id(std::string_view column);
    std::string id_or_empty(std::string_view column);
    std::string area_code(std::string_view column);
    std::string area_code_or_empty(std::string_view column);
    std::string text(std::string_view column);
    std::string phone_or_empty(std::string_view column);
    std::string email_or_empty(std::string_view column);
    std::string id_number_or_empty(std::string_view column);
    std::string visit_code_or_empty(std::string_view column);
    std::optional<domain::position> place();             // columns latitude and longitude
    int minute(std::string_view column, int when_empty); // HH:MM, 00:00 to 24:00
    std::optional<std::chrono::sys_days> date_or_empty(std::string_view column); // YYYY-MM-DD
    int number(std::string_view column, int min, int max);
    std::optional<double> rating(std::string_view column);
    std::optional<double> decimal_or_empty(std::string_view column, double min, double max);
    bool yes(std::string_view column);
    std::vector<std::string> words(std::string_view column);       // separated by blanks
    std::vector<std::string> known_words(std::string_view column); // of the column's own
    std::string one_of(std::string_view column);                   // of the column's words

    template <class E>
    E word(std::string_view column) {
        return domain::from_text<E>(one_of(column)).value_or(E{});
    }

    // Personal cells as an export hides them would take the place of what they hide.
    void refuse_masked();

    void problem(std::string_view column, std::string what, std::string remedy);
    void warning(std::string_view column, std::string what, std::string remedy);

private:
    app::registry_column const& of(std::string_view column) const;
    app::registry_problem describe(std::string_view column, std::string what,
                                   std::string remedy) const;
    std::optional<double> degrees(std::string_view column);

    app::registry_sheet const& format_;
    csv_row const& row_;
    app::registry_reading& into_;
};

} // namespace linli::files
