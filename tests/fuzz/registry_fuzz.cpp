// Any bytes as one of the registry's files; the first byte says which one. What has no mistake has
// nothing in it that a log, a topic or a page must be afraid of; what is refused names its file,
// its line and what to do. Cells are the same when they are written and read again.
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/files/csv.hpp"
#include "adapters/files/registry_files.hpp"
#include "adapters/files/registry_sheets.hpp"
#include "adapters/files/spreadsheet_cell.hpp"
#include "adapters/wire/clean_text.hpp"
#include "adapters/wire/topics.hpp"
#include "fuzz/require.hpp"

namespace {

using namespace linli;

app::known_registry some_registry() {
    app::known_registry known;
    known.areas[{"620102"}] = {{}, {"s1"}};
    known.areas[{"620102001"}] = {{"620102"}, {}};
    known.sites = {{{"s1"}, domain::site_level::station}, {{"c1"}, domain::site_level::city}};
    known.homes = {{"h1"}};
    known.residents = {{"r1"}};
    known.providers = {{"p1"}};
    known.workers = {{"k1"}};
    return known;
}

void check_problems(app::registry_problems const& found, std::string const& file) {
    require(found.first.size() <= 100 && found.first.size() <= found.count);
    for (auto const& each : found.first) {
        require(each.file == file && !each.what.empty() && !each.remedy.empty());
        auto const told = files::to_text(each);
        require(told.starts_with(file) && is_one_line(told));
    }
}

void check_ids(app::registry_rows const& rows) {
    for (auto const& each : rows.homes)
        require(wire::is_valid_id(each.id.value));
    for (auto const& each : rows.residents)
        require(wire::is_valid_id(each.id.value));
    for (auto const& each : rows.devices)
        require(wire::is_valid_id(each.id.value));
    for (auto const& each : rows.workers)
        require(wire::is_valid_id(each.id.value));
    for (auto const& each : rows.zones)
        require(domain::problem_of_shape(each.zone.shape).empty());
}

void check_file(app::registry_sheet const& sheet, std::string_view text) {
    std::vector<app::registry_file> const given{{sheet.file, std::string(text)}};
    auto const read = files::read_registry(given, some_registry());
    require(read.files.size() == 1);
    check_problems(read.problems, sheet.file);
    check_problems(read.warnings, sheet.file);
    if (read.problems.count == 0) check_ids(read.rows);
}

using cells = std::vector<std::vector<std::string>>;

// Nothing: it was refused.
std::optional<cells> rows_of(std::string const& text,
                             std::vector<files::csv_column> const& columns) {
    std::istringstream in(text);
    files::csv_reader reader(in, columns);
    cells all;
    std::size_t line = 0;
    while (auto row = reader.next()) {
        // The same after a lone CR, which ends a row and, to an editor, no line.
        require(row->line >= line && row->cells.size() == columns.size());
        line = row->line;
        for (auto const& cell : row->cells)
            require(wire::is_utf8(cell) && cell.size() <= 4096);
        all.push_back(std::move(row->cells));
    }
    auto const problems = reader.take_problems();
    require(problems.size() <= 1001);
    for (auto const& each : problems)
        require(each.line > 0 && !each.what.empty() && !each.remedy.empty());
    if (!problems.empty()) return std::nullopt;
    return all;
}

void check_cells(app::registry_sheet const& sheet, std::string const& text) {
    std::vector<files::csv_column> columns;
    std::vector<std::string> names;
    for (auto const& each : sheet.columns) {
        columns.push_back({each.name, false});
        names.push_back(each.name);
    }
    auto const read = rows_of(text, columns);
    if (!read) return;
    auto written = files::csv_line(names);
    for (auto const& row : *read) {
        written += files::csv_line(row);
        for (auto const& cell : row) {
            auto const guarded = files::guarded_cell(cell);
            require(files::unguarded_cell(guarded) == cell);
            require(guarded.find_first_of("=+-@\t\r") != 0);
        }
    }
    require(rows_of(written, columns) == read);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0) return 0;
    std::string_view const text(reinterpret_cast<char const*>(data) + 1, size - 1);
    auto const& sheets = files::registry_sheets();
    auto const& sheet = sheets[data[0] % sheets.size()];
    check_file(sheet, text);
    if (sheet.which != domain::sheet::zones) check_cells(sheet, std::string(text));
    return 0;
}
