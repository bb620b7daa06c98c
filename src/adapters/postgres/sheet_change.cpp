#include "adapters/postgres/sheet_change.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <utility>

#include <fmt/core.h>

#include "adapters/postgres/registry_import.hpp"
#include "adapters/postgres/rows.hpp"

namespace linli::postgres {

namespace {

using app::cells_of_row;
using app::registry_sheet;
using domain::sheet;

constexpr int edits_told = 20;
constexpr std::size_t most_rows = 100; // of an owner

class record_change {
public:
    record_change(pqxx::work& in, registry_tools const& with, app::account const& who,
                  app::registry_change const& what, domain::instant now)
        : in_(in), with_(with), user_(who.user), what_(what), now_(now),
          format_(with.form.of(what.sheet)), who_(viewer_of(in, who)) {}

    app::registry_changed run() {
        lock_registry(in_);
        before_ = find_record(in_, with_, who_, what_.sheet, what_.key);
        if (!before_ && is_out_of_reach()) return std::monostate();
        if (before_ && before_->is_unreadable)
            throw std::invalid_argument("the key file doesn't open " + what_.key +
                                        ": it is not the database's, or lacks an old line");
        if (what_.etag != (before_ ? etag_of(with_.keys, *before_) : "")) return stale();
        auto rows = merged();
        if (found_.mistakes.count == 0) check(rows);
        if (found_.mistakes.count > 0) return std::move(found_);
        return write();
    }

private:
    // Somebody else's, or an owner who isn't there; a company's manager makes nobody anew.
    bool is_out_of_reach() const {
        if (format_.is_owned || who_.company) return true;
        return sheet_rows(in_, with_.keys, format_, who_).is_taken(what_.key);
    }

    app::registry_stale stale() const {
        auto edits = edits_of(in_, with_.keys, what_.sheet, what_.key, 1);
        if (edits.empty()) return {};
        return {std::move(edits.front())};
    }

    void mistake(std::size_t line, std::string_view field, std::string what, std::string remedy) {
        found_.mistakes.add(
            {format_.file, line, std::string(field), "", std::move(what), std::move(remedy)});
    }

    // An import keeps by itself, where a cell is empty, what follow-ups have made of a rating, and
    // that somebody with this number must not be told: a cell that nobody named must not undo it.
    bool is_known_better(std::string_view column, std::string_view cell) const {
        if (what_.sheet == sheet::workers) return column == "rating";
        return what_.sheet == sheet::contacts && column == "do_not_tell" && cell == "no";
    }

    std::vector<cells_of_row> merged();
    cells_of_row merged(std::map<std::string, std::string> const& given, std::size_t line);
    void check_column(std::string const& name, std::size_t line);
    cells_of_row const* stored(std::map<std::string, std::string> const& given) const;
    void check(std::vector<cells_of_row> const& rows);
    void check_areas(std::vector<cells_of_row> const& rows);
    app::known_registry known_to(std::vector<cells_of_row> const& rows);
    std::set<std::string> reachable(sheet of, std::set<std::string> const& keys);
    std::set<std::string> stored_words(std::size_t column) const;
    app::registry_changed write();
    std::vector<std::string> changed_columns(stored_record const& after) const;
    void note(stored_record const& after);

    pqxx::work& in_;
    registry_tools const& with_;
    domain::operator_id const& user_;
    app::registry_change const& what_;
    domain::instant now_;
    registry_sheet const& format_;
    registry_viewer who_;
    std::optional<stored_record> before_;
    app::registry_mistakes found_;
    app::registry_rows rows_; // to be written
};

std::vector<cells_of_row> record_change::merged() {
    std::vector<cells_of_row> all;
    if (!who_.has_all && !who_.company && what_.sheet == sheet::providers)
        mistake(0, "", "works for the whole city", "ask whoever has the whole registry");
    if (!format_.is_owned && what_.rows.size() != 1)
        mistake(0, "", "not one row", "give the record's one row; nothing is deleted here");
    if (what_.rows.size() > most_rows)
        mistake(0, "", "too many rows", fmt::format("at most {}", most_rows));
    if (found_.mistakes.count > 0) return all;
    for (auto const& each : what_.rows)
        all.push_back(merged(each, all.size() + 1));
    return all;
}

cells_of_row record_change::merged(std::map<std::string, std::string> const& given,
                                   std::size_t line) {
    auto const* old = stored(given);
    auto cells = old ? *old : cells_of_row(format_.columns.size());
    cells.front() = what_.key;
    for (std::size_t at = 0; at < cells.size(); ++at) {
        auto const& name = format_.columns[at].name;
        auto const found = given.find(name);
        if (found != given.end())
            cells[at] = found->second;
        else if (is_known_better(name, cells[at]))
            cells[at].clear();
    }
    for (auto const& [name, cell] : given)
        check_column(name, line);
    if (cells.front() != what_.key)
        mistake(line, format_.key(), "another record's", "leave it as it is");
    return cells;
}

// Also when it would stay as it is: whether it would is what somebody may be trying out.
void record_change::check_column(std::string const& name, std::size_t line) {
    auto const found = std::ranges::find(format_.columns, name, &app::registry_column::name);
    if (found == format_.columns.end() || !may_see(who_.role, *found))
        mistake(line, name, "unknown column", "remove it");
    else if (!may_change(who_.role, *found) && name != format_.key())
        mistake(line, name, "not the company's to change", "ask whoever keeps the registry");
}

// An owner's rows are known by their second column.
cells_of_row const* record_change::stored(std::map<std::string, std::string> const& given) const {
    if (!before_) return nullptr;
    if (!format_.is_owned) return &before_->rows.front();
    auto const named = given.find(format_.columns[1].name);
    if (named == given.end()) return nullptr;
    for (auto const& each : before_->rows)
        if (each[1] == named->second) return &each;
    return nullptr;
}

void record_change::check(std::vector<cells_of_row> const& rows) {
    check_areas(rows);
    auto read = with_.form.read_cells(what_.sheet, rows, known_to(rows));
    for (auto& each : read.problems.first)
        found_.mistakes.add(std::move(each));
    found_.warnings = std::move(read.warnings);
    rows_ = std::move(read.rows);
    if (rows.empty()) rows_.emptied.push_back({what_.sheet, what_.key});
}

// Nothing is moved to an area, or pointed at one, that isn't his.
void record_change::check_areas(std::vector<cells_of_row> const& rows) {
    if (who_.has_all) return;
    for (std::size_t at = 1; at < format_.columns.size(); ++at) {
        if (format_.columns[at].refers_to != sheet::areas) continue;
        auto const old = stored_words(at);
        for (std::size_t line = 0; line < rows.size(); ++line) {
            auto const words = words_of(rows[line][at]);
            std::set<std::string> const named(words.begin(), words.end());
            auto const his = reachable(sheet::areas, named);
            auto const may_name = [&](std::string const& each) {
                return old.contains(each) || his.contains(each);
            };
            bool const becomes_root =
                what_.sheet == sheet::areas && named.empty() && (!old.empty() || !before_);
            if (becomes_root || !std::ranges::all_of(named, may_name))
                mistake(line + 1, format_.columns[at].name, "not in your area",
                        "name one of your own, or ask whoever has the whole registry");
        }
    }
}

std::set<std::string> record_change::stored_words(std::size_t column) const {
    std::set<std::string> all;
    if (!before_) return all;
    for (auto const& row : before_->rows)
        for (auto& each : words_of(row[column]))
            all.insert(std::move(each));
    return all;
}

std::set<std::string> record_change::reachable(sheet of, std::set<std::string> const& keys) {
    if (keys.empty()) return {};
    std::vector<std::string> const asked(keys.begin(), keys.end());
    std::set<std::string> all;
    for (auto& each : sheet_rows(in_, with_.keys, with_.form.of(of), who_).records(asked))
        all.insert(std::move(each.key));
    return all;
}

// What these rows may refer to: all areas and sites, and of the others what lies in his area or
// stood there before.
app::known_registry record_change::known_to(std::vector<cells_of_row> const& rows) {
    auto known = read_known_places(in_);
    for (std::size_t at = 0; at < format_.columns.size(); ++at) {
        auto const& refers_to = format_.columns[at].refers_to;
        if (!refers_to) continue;
        std::set<std::string> named;
        for (auto const& row : rows)
            for (auto& each : words_of(row[at]))
                named.insert(std::move(each));
        auto found = reachable(*refers_to, named);
        found.merge(stored_words(at));
        for (auto const& each : found) {
            if (*refers_to == sheet::homes) known.homes.insert({each});
            if (*refers_to == sheet::residents && !known.erased.contains({each}))
                known.residents.insert({each});
            if (*refers_to == sheet::providers) known.providers.insert({each});
            if (*refers_to == sheet::workers) known.workers.insert({each});
        }
    }
    return known;
}

app::registry_changed record_change::write() {
    import_rows(in_, with_.keys, rows_, now_);
    auto const after = find_record(in_, with_, who_, what_.sheet, what_.key);
    if (!after) {
        mistake(0, "", "would leave your area", "ask whoever has the whole registry");
        return std::move(found_);
    }
    bool const is_changed = etag_of(with_.keys, *after) != what_.etag;
    if (is_changed) note(*after);
    auto record = told(with_, who_, what_.sheet, *after, false);
    record.edits = edits_of(in_, with_.keys, what_.sheet, what_.key, edits_told);
    if (is_changed) in_.commit();
    return record;
}

std::vector<std::string> record_change::changed_columns(stored_record const& after) const {
    auto const column = [](std::vector<cells_of_row> const& rows, std::size_t at) {
        std::vector<std::string> cells;
        for (auto const& each : rows)
            cells.push_back(each[at]);
        return cells;
    };
    std::vector<std::string> changed;
    for (std::size_t at = 0; at < format_.columns.size(); ++at)
        if (!before_ || before_->rows.empty() || after.rows.empty() ||
            column(before_->rows, at) != column(after.rows, at))
            changed.push_back(format_.columns[at].name);
    return changed;
}

void record_change::note(stored_record const& after) {
    in_.exec_params("insert into registry_edit (at, by_who, how, sheet, key, columns)"
                    " values (instant_of($1::bigint), $2, 'page', $3, $4, $5::text[])",
                    microseconds(now_), user_.value, std::string(to_text(what_.sheet)), what_.key,
                    array_literal(changed_columns(after)));
}

} // namespace

app::registry_changed change_record(pqxx::work& in, registry_tools const& with,
                                    app::account const& who, app::registry_change const& what,
                                    domain::instant now) {
    return record_change(in, with, who, what, now).run();
}

} // namespace linli::postgres
