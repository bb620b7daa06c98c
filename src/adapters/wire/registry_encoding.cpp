#include "adapters/wire/registry_encoding.hpp"

#include <algorithm>

#include "adapters/wire/clean_text.hpp"
#include "adapters/wire/offer_writing.hpp"
#include "adapters/wire/parts.hpp"
#include "adapters/wire/wire_form.hpp"
#include "linli/v1/registry.pb.h"

namespace linli::wire {

namespace {

constexpr std::size_t longest_cell =
    64 * 1024; // a shape; what is too long for a column, its check says
constexpr std::size_t longest_name = 100;
constexpr int most_rows = 1000;

// Without the blanks around it that an import would take off, too.
std::string cell_text(std::string const& given) {
    auto const text = clean_text(given, longest_cell);
    constexpr auto blanks = " \t\r\n";
    auto const first = text.find_first_not_of(blanks);
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) + 1 - first);
}

void write_column(app::registry_column const& column, domain::role to, v1::RegistryColumn& into) {
    into.set_name(column.name);
    into.set_kind(std::string(domain::to_text(column.kind)));
    for (auto const& each : column.words)
        into.add_words(each);
    if (column.refers_to) into.set_refers_to(std::string(to_text(*column.refers_to)));
    into.set_personal(column.is_personal());
    into.set_required(column.is_required);
    into.set_fixed(!may_change(to, column));
}

void write_sheet(told_sheet const& sheet, v1::RegistrySheet& into) {
    into.set_name(std::string(to_text(sheet.form.which)));
    for (auto const& each : sheet.form.columns)
        if (may_see(sheet.to, each)) write_column(each, sheet.to, *into.add_columns());
    into.set_key(sheet.form.key());
    into.set_owned(sheet.form.is_owned);
    into.set_may_change(domain::may_change(sheet.to, sheet.form.which));
    into.set_may_add(domain::may_add(sheet.to, sheet.form.which));
}

void write_record(told_sheet const& sheet, app::registry_record const& record,
                  v1::RegistryRecord& into) {
    auto const& columns = sheet.form.columns;
    into.set_sheet(std::string(to_text(sheet.form.which)));
    into.set_key(sound_text(record.key));
    for (auto const& row : record.rows) {
        auto& cells = *into.add_rows()->mutable_cells();
        for (std::size_t at = 0; at < row.size(); ++at)
            if (may_see(sheet.to, columns[at])) cells[columns[at].name] = sound_text(row[at]);
    }
    into.set_etag(record.etag);
    into.set_masked(record.is_masked);
    into.set_area(sound_text(record.area.value));
    for (auto const& each : record.edits) {
        auto& edit = *into.add_edits();
        write_instant(each.at, *edit.mutable_at());
        edit.set_by(sound_text(each.by.value));
        edit.set_by_name(sound_text(each.by_name));
        edit.set_how(each.how);
        for (auto const& column : each.columns) {
            auto const at = std::ranges::find(columns, column, &app::registry_column::name);
            if (at == columns.end() || may_see(sheet.to, *at)) edit.add_columns(sound_text(column));
        }
    }
}

void write_mistake(app::registry_problem const& problem, v1::RegistryMistake& into) {
    into.set_file(sound_text(problem.file));
    into.set_line(static_cast<std::uint32_t>(problem.line));
    into.set_field(sound_text(problem.field));
    into.set_value(sound_text(problem.value));
    into.set_what(sound_text(problem.what));
    into.set_remedy(sound_text(problem.remedy));
}

void write_mistakes(app::registry_mistakes const& found, v1::RegistryMistakes& into) {
    for (auto const& each : found.mistakes.first)
        write_mistake(each, *into.add_mistakes());
    into.set_count(static_cast<std::uint32_t>(found.mistakes.count));
    for (auto const& each : found.warnings.first)
        write_mistake(each, *into.add_warnings());
    into.set_warning_count(static_cast<std::uint32_t>(found.warnings.count));
}

void write_imported(app::registry_imported const& what, v1::RegistryImport& into) {
    write_mistakes(what.found, *into.mutable_mistakes());
    for (auto const& each : what.sheets) {
        auto& sheet = *into.add_sheets();
        sheet.set_sheet(std::string(to_text(each.sheet)));
        sheet.set_rows(static_cast<std::uint32_t>(each.rows));
        sheet.set_added(static_cast<std::uint32_t>(each.added));
        sheet.set_changed(static_cast<std::uint32_t>(each.changed));
        sheet.set_same(static_cast<std::uint32_t>(each.same()));
        sheet.set_removed(static_cast<std::uint32_t>(each.removed));
    }
    into.set_done(what.is_done);
}

void write_job(app::import_job const& job, v1::ImportJob& into) {
    bool const is_check = job.what == app::registry_desk::doing::check;
    into.set_id(to_string(job.id));
    into.set_what(is_check ? "check" : "import");
    into.set_state(std::string(domain::to_text(job.state)));
    into.set_rows_done(static_cast<std::uint32_t>(job.rows_done));
    into.set_rows(static_cast<std::uint32_t>(job.rows));
    into.set_may_be_cancelled(job.may_be_cancelled);
    into.set_by(sound_text(job.by.value));
    into.set_by_name(sound_text(job.by_name));
    if (job.started_at != domain::instant{}) // else another server runs it
        write_instant(job.started_at, *into.mutable_started_at());
    if (job.ended_at) write_instant(*job.ended_at, *into.mutable_ended_at());
    into.set_why(job.why);
    if (job.ended_at) write_imported(job.result, *into.mutable_result());
}

} // namespace

std::optional<app::registry_change> read_registry_change(std::string_view json) {
    auto const message = read_body<v1::RegistryChange>(json);
    if (!message || message->rows_size() > most_rows) return std::nullopt;
    app::registry_change change;
    change.etag = clean_text(message->etag(), longest_name);
    for (auto const& row : message->rows()) {
        auto& cells = change.rows.emplace_back();
        for (auto const& [name, cell] : row.cells())
            cells[clean_text(name, longest_name)] = cell_text(cell);
    }
    return change;
}

std::optional<std::vector<app::registry_file>> read_registry_files(std::string_view json) {
    auto message = read_body<v1::RegistryFiles>(json);
    if (!message) return std::nullopt;
    std::vector<app::registry_file> files;
    for (auto& each : *message->mutable_files())
        files.push_back({clean_text(each.name(), longest_name), std::move(*each.mutable_text())});
    return files;
}

std::string encode_registry_sheets(std::vector<told_sheet> const& sheets) {
    v1::RegistrySheets message;
    for (auto const& each : sheets)
        write_sheet(each, *message.add_sheets());
    return bytes_of(message, form::json);
}

std::string encode_registry_record(told_sheet const& sheet, app::registry_record const& record) {
    v1::RegistryRecord message;
    write_record(sheet, record, message);
    return bytes_of(message, form::json);
}

std::string encode_registry_page(told_sheet const& sheet, app::registry_page const& page,
                                 app::registry_question const& asked) {
    v1::RegistryPage message;
    for (auto const& each : page.records)
        write_record(sheet, each, *message.add_records());
    message.set_total(page.total);
    message.set_page(asked.page);
    message.set_per_page(asked.per_page);
    return bytes_of(message, form::json);
}

std::string encode_registry_mistakes(app::registry_mistakes const& found) {
    v1::RegistryMistakes message;
    write_mistakes(found, message);
    return bytes_of(message, form::json);
}

std::string encode_import_job(app::import_job const& job) {
    v1::ImportJob message;
    write_job(job, message);
    return bytes_of(message, form::json);
}

std::string encode_import_jobs(std::vector<app::import_job> const& jobs) {
    v1::ImportJobs message;
    for (auto const& each : jobs)
        write_job(each, *message.add_jobs());
    return bytes_of(message, form::json);
}

} // namespace linli::wire
