#include "adapters/postgres/sheet_reading.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/rows.hpp"

namespace linli::postgres {

namespace {

app::cells_of_row shown(app::registry_sheet const& format, registry_viewer const& to,
                        app::cells_of_row cells, bool in_clear) {
    for (std::size_t at = 0; at < cells.size(); ++at) {
        auto const& column = format.columns[at];
        if (!may_see(to.role, column))
            cells[at].clear();
        else if (column.is_personal() && !in_clear)
            cells[at] = column.masked(cells[at]);
    }
    return cells;
}

} // namespace

std::string etag_of(key_ring const& keys, stored_record const& record) {
    if (record.rows.empty()) return {};
    std::string all;
    for (auto const& row : record.rows)
        for (auto const& cell : row)
            all += fmt::format("{}:{}", cell.size(), cell);
    auto const digest = keys.lookup_hmac("registry record", all);
    std::string hex;
    constexpr std::size_t enough = 16;
    for (std::size_t at = 0; at < enough; ++at)
        hex += fmt::format("{:02x}", digest[at]);
    return hex;
}

app::registry_record told(registry_tools const& with, registry_viewer const& to,
                          domain::sheet sheet, stored_record const& record, bool in_clear) {
    app::registry_record told{record.key, {}, etag_of(with.keys, record), !in_clear, record.area};
    for (auto const& row : record.rows)
        told.rows.push_back(shown(with.form.of(sheet), to, row, in_clear));
    return told;
}

std::vector<app::registry_edit> edits_of(pqxx::work& in, key_ring const& keys, domain::sheet sheet,
                                         std::string const& key, int limit) {
    std::vector<app::registry_edit> all;
    for (auto const& row :
         in.exec_params("select microseconds_of(e.at), e.by_who, a.personal, e.how,"
                        " array_to_string(e.columns, ' ')"
                        " from registry_edit e left join account a on a.id = e.by_who"
                        " where e.sheet = $1 and e.key = $2 order by e.id desc limit $3::integer",
                        std::string(to_text(sheet)), key, limit)) {
        auto const name = keys.open(account_personal::sealed_for, bytes(row[2])).value_or("");
        all.push_back({time(row[0]),
                       {text(row[1])},
                       from_json<account_personal>(name).name,
                       text(row[3]),
                       words_of(text(row[4]))});
    }
    return all;
}

std::optional<stored_record> find_record(pqxx::work& in, registry_tools const& with,
                                         registry_viewer const& who, domain::sheet sheet,
                                         std::string const& key) {
    auto const& format = with.form.of(sheet);
    auto found = sheet_rows(in, with.keys, format, who).records({key});
    if (!found.empty()) return std::move(found.front());
    if (!format.is_owned) return std::nullopt;
    auto const owner = find_record(in, with, who, *format.columns.front().refers_to, key);
    if (!owner) return std::nullopt;
    return stored_record{key, owner->area, {}};
}

app::registry_page read_page(pqxx::work& in, registry_tools const& with, registry_viewer const& who,
                             app::registry_question const& what) {
    sheet_rows rows(in, with.keys, with.form.of(what.sheet), who);
    auto const found = rows.keys_of(what);
    app::registry_page page;
    page.total = found.total;
    if (found.keys.empty()) return page;
    for (auto const& each : rows.records(found.keys))
        page.records.push_back(told(with, who, what.sheet, each, false));
    return page;
}

std::vector<app::cells_of_row> read_sheet(pqxx::work& in, registry_tools const& with,
                                          registry_viewer const& who, domain::sheet sheet,
                                          bool in_clear) {
    auto const& format = with.form.of(sheet);
    std::vector<app::cells_of_row> all;
    for (auto& record : sheet_rows(in, with.keys, format, who).all())
        for (auto& row : record.rows)
            all.push_back(shown(format, who, std::move(row), in_clear));
    return all;
}

} // namespace linli::postgres
