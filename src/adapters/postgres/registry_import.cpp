#include "adapters/postgres/registry_import.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/core.h>
#include <fmt/format.h>
#include <pqxx/pqxx>

#include "adapters/postgres/array_literal.hpp"
#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/rows.hpp"
#include "adapters/postgres/schema.hpp"
#include "domain/named.hpp"

namespace linli::postgres {

namespace {

using domain::sheet;
using text_or_null = std::optional<std::string>;

text_or_null or_null(std::string const& text) {
    return text.empty() ? text_or_null() : text_or_null(text);
}

text_or_null bytea_or_null(std::string_view bytes) {
    return bytes.empty() ? text_or_null() : text_or_null(bytea_text(bytes));
}

std::string bytea(lookup_digest const& digest) {
    return bytea_text({reinterpret_cast<char const*>(digest.data()), digest.size()});
}

template <class Number>
std::string number_text(Number value) {
    return fmt::format("{}", value);
}

text_or_null latitude_of(std::optional<domain::position> const& place) {
    return place ? text_or_null(number_text(place->latitude)) : std::nullopt;
}

text_or_null longitude_of(std::optional<domain::position> const& place) {
    return place ? text_or_null(number_text(place->longitude)) : std::nullopt;
}

text_or_null date_of(std::optional<std::chrono::sys_days> const& day) {
    if (!day) return std::nullopt;
    std::chrono::year_month_day const d(*day);
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(d.year()),
                       static_cast<unsigned>(d.month()), static_cast<unsigned>(d.day()));
}

text_or_null channels_of(app::contact_row const& contact) {
    std::vector<std::string> words;
    for (auto const each : contact.channels)
        words.emplace_back(to_text(each));
    return array_literal(words);
}

text_or_null quiet_minute(app::contact_row const& contact, int domain::quiet_hours::*which) {
    if (!contact.quiet) return std::nullopt;
    return number_text((*contact.quiet).*which);
}

text_or_null do_not_tell_of(app::contact_row const& contact) {
    if (!contact.do_not_tell) return std::nullopt;
    return *contact.do_not_tell ? "t" : "f";
}

// One line of COPY.
template <std::size_t N>
using line_of = std::array<text_or_null, N>;

// As libpqxx 6's stream_to can walk it: it takes tuples and arrays only, and knows no optional.
template <std::size_t N>
std::array<char const*, N> walkable(line_of<N> const& line) {
    std::array<char const*, N> texts{};
    for (std::size_t at = 0; at < N; ++at)
        texts[at] = line[at] ? line[at]->c_str() : nullptr;
    return texts;
}

// A table with the columns that an import writes; the first `keys` of them are its primary key.
struct target {
    std::string table;
    std::vector<std::string> columns;
    std::size_t keys = 1;
};

std::string listed(std::vector<std::string> const& columns, std::string_view prefix) {
    std::string text;
    for (auto const& each : columns)
        text += fmt::format("{}{}{}", text.empty() ? "" : ", ", prefix, each);
    return text;
}

// "a.x = b.x and a.y = b.y"
std::string same(std::vector<std::string> const& columns, std::string_view a, std::string_view b) {
    std::string text;
    for (auto const& each : columns)
        text += fmt::format("{}{}.{} = {}.{}", text.empty() ? "" : " and ", a, each, b, each);
    return text;
}

struct merge_sql {
    std::string update;
    std::string insert;
};

// Rows that would not change are left alone: a nightly import of the whole city must not rewrite
// it. An update and an insert, because imports wait for each other anyway and "on conflict" took
// the database 10 % more time with new rows and twice as much with unchanged ones (measured).
//
// Of rows that are there the columns in `kept` stay as they are.
merge_sql merging(target const& into, std::vector<std::string> const& kept) {
    auto const at = into.columns.begin() + static_cast<std::ptrdiff_t>(into.keys);
    std::vector<std::string> const keys(into.columns.begin(), at);
    std::vector<std::string> values(at, into.columns.end());
    std::erase_if(values, [&](auto const& each) { return std::ranges::count(kept, each) > 0; });
    return {fmt::format("update {0} t set ({1}) = row({2}) from incoming_{0} i"
                        " where {3} and ({4}) is distinct from ({2})",
                        into.table, listed(values, ""), listed(values, "i."), same(keys, "t", "i"),
                        listed(values, "t.")),
            fmt::format("insert into {0} ({1}) select {1} from incoming_{0} i"
                        " where not exists (select from {0} t where {2})",
                        into.table, listed(into.columns, ""), same(keys, "t", "i"))};
}

struct stored_text {
    std::string data_key;
    std::string personal;
};

std::string bytes_of(pqxx::field const& field) {
    return field.is_null() ? std::string() : pqxx::binarystring(field).str();
}

class registry_import {
public:
    registry_import(pqxx::work& transaction, key_ring const& keys, app::registry_rows const& rows,
                    app::absent_columns const& absent, domain::instant now,
                    app::import_progress const& progress)
        : transaction_(transaction), keys_(keys), rows_(rows), absent_(absent), progress_(progress),
          now_(fmt::format("timestamptz 'epoch' + {} * interval '1 microsecond'",
                           now.time_since_epoch().count())) {}

    imported run() {
        lock_registry(transaction_);
        take_areas();
        take_sites();
        take_served_by();
        take_homes();
        take_residents();
        take_contacts();
        take_providers();
        take_workers();
        take_devices();
        take_limits();
        take_zones();
        take_silences();
        for (auto const& each : rows_.emptied)
            take_away(each);
        auto const row = transaction_.exec1(
            "update registry_version set version = version + 1 returning version");
        return {row[0].as<std::int64_t>(), std::move(tallies_)};
    }

private:
    bool is_empty(target const& table) {
        return transaction_.exec1("select not exists (select from " + table.table + ")")[0]
            .as<bool>();
    }

    // Where nothing is yet, nothing has to be compared: the rows go right in, and the database
    // stores them while the next ones are sealed here.
    template <class Row, class Cells>
    void bring(domain::sheet of, target const& into, std::vector<Row> const& rows, Cells cells_of) {
        if (is_empty(into)) return bring_first(of, into, rows, cells_of);
        stage(into, rows, cells_of);
        if (of == sheet::residents) note_where_they_live();
        merge(of, into, rows.size(), absent(of));
        if (of == sheet::residents) note_moves();
    }

    template <class Row, class Cells>
    void bring_first(domain::sheet of, target const& into, std::vector<Row> const& rows,
                     Cells cells_of) {
        copy(into.table, into, rows, cells_of);
        tally(of, rows.size()).added = rows.size();
        count(into.table, rows.size());
    }

    template <class Row, class Cells>
    void stage(target const& into, std::vector<Row> const& rows, Cells cells_of) {
        transaction_.exec(
            fmt::format("create temp table incoming_{0} (like {0}) on commit drop", into.table));
        stage_into(into, rows, cells_of);
    }

    template <class Row, class Cells>
    void stage_into(target const& into, std::vector<Row> const& rows, Cells cells_of) {
        auto const incoming = "incoming_" + into.table;
        copy(incoming, into, rows, cells_of);
        transaction_.exec("analyze " + incoming); // else the joins are planned blind
    }

    template <class Row, class Cells>
    void copy(std::string const& table, target const& into, std::vector<Row> const& rows,
              Cells cells_of) {
        pqxx::stream_to stream(transaction_, table, into.columns);
        for (auto const& row : rows) {
            auto const line = cells_of(row);
            stream << walkable(line);
            count(into.table, 1);
        }
        stream.complete();
    }

    void merge(domain::sheet of, target const& into, std::size_t rows,
               std::vector<std::string> const& kept = {}) {
        auto const sql = merging(into, kept);
        auto& done = tally(of, rows);
        done.changed = transaction_.exec(sql.update).affected_rows();
        done.added = transaction_.exec(sql.insert).affected_rows();
        count(into.table, rows);
    }

    // What a sheet's file didn't have. Outside of the sealed texts a column is called in its table
    // as it is in the file, where it may be missing.
    std::vector<std::string> const& absent(domain::sheet of) const {
        static std::vector<std::string> const none;
        auto const at = absent_.find(of);
        return at == absent_.end() ? none : at->second;
    }
    bool is_absent(domain::sheet of, std::string_view column) const {
        return std::ranges::count(absent(of), column) > 0;
    }

    app::registry_tally& tally(domain::sheet of, std::size_t rows) {
        auto const at = std::ranges::find(tallies_, of, &app::registry_tally::sheet);
        auto& found = at == tallies_.end() ? tallies_.emplace_back() : *at;
        found.sheet = of;
        found.rows = rows;
        return found;
    }

    // Each row counts twice, once on its way in and once merged, so that a bar moves evenly.
    void count(std::string const& table, std::size_t half_rows) {
        constexpr std::size_t told_every = 2000;
        half_rows_ += half_rows;
        bool const is_last = half_rows_ == 2 * rows_.size();
        if (!progress_ || (half_rows_ < told_ + told_every && !is_last)) return;
        told_ = half_rows_;
        progress_({table, half_rows_ / 2, rows_.size()});
    }

    // Data key and sealed text of rows that are there already.
    template <class Row>
    std::unordered_map<std::string, stored_text> read_stored(std::string const& table,
                                                             std::vector<Row> const& rows) {
        std::vector<std::string> ids;
        for (auto const& row : rows)
            ids.push_back(row.id.value);
        std::unordered_map<std::string, stored_text> stored;
        auto const found = transaction_.exec_params(
            fmt::format("select id, data_key, personal from {} where id = any($1::text[])", table),
            array_literal(ids));
        for (auto const& row : found)
            stored[row[0].as<std::string>()] = {bytes_of(row[1]), bytes_of(row[2])};
        return stored;
    }

    // An owner's data key by the current line of the ring, made if there is none.
    std::string data_key_from(std::string const& stored) const {
        return stored.empty() ? keys_.make_data_key() : keys_.rewrap(stored);
    }

    // The sealed text that is there, if it says the same: every sealing looks different, and an
    // unchanged row must stay unchanged.
    template <class Personal>
    std::string sealed_for_owner(std::string const& data_key, Personal const& text,
                                 std::string const& stored) const {
        auto const plain = to_json(text);
        if (!stored.empty() && keys_.open_for(data_key, Personal::sealed_for, stored) == plain)
            return stored;
        return keys_.seal_for(data_key, Personal::sealed_for, plain);
    }

    template <class Personal>
    std::string sealed(Personal const& text, std::string const& stored) const {
        auto const plain = to_json(text);
        if (keys_.is_current(stored) && keys_.open(Personal::sealed_for, stored) == plain)
            return stored;
        return keys_.seal(Personal::sealed_for, plain);
    }

    // What is there now; what nobody can read is empty.
    template <class Personal>
    Personal opened(std::string const& data_key, std::string const& stored) const {
        if (stored.empty()) return {};
        auto const plain = keys_.open_for(data_key, Personal::sealed_for, stored);
        return plain ? from_json<Personal>(*plain) : Personal();
    }

    text_or_null phone_hmac(std::string const& phone) const {
        return phone.empty() ? text_or_null() : text_or_null(bytea(phone_lookup(keys_, phone)));
    }

    text_or_null id_number_hmac(std::string const& number) const {
        return number.empty() ? text_or_null()
                              : text_or_null(bytea(id_number_lookup(keys_, number)));
    }

    void take_areas();
    void take_sites();
    site_personal personal_of(app::site_row const& site, std::string const& stored) const;
    void take_served_by();
    void take_homes();
    void take_residents();
    void note_where_they_live();
    void note_moves();
    void take_contacts();
    void take_devices();
    void bind_devices(std::string_view from);
    void take_providers();
    void take_workers();
    void take_limits();
    void take_zones();
    void take_silences();
    void drop_missing(domain::sheet which, target const& of);
    void take_away(app::emptied_rows const& what);
    void tally_areas();
    std::string residents_of_contacts() const;
    std::unordered_map<std::string, std::string> contact_keys();
    std::map<std::pair<std::string, int>, std::string> stored_contacts();
    using number_of = std::pair<std::string, std::string>; // a resident's contact, by its digest
    std::map<number_of, std::string>
    stored_emails(std::unordered_map<std::string, std::string> const& keys);
    void keep_how_they_are_told();
    void keep_renumbered(std::unordered_map<std::string, std::string> const& keys);
    void keep_do_not_tell();
    template <class Row>
    std::unordered_map<std::string, std::string> stored_personal(std::string const& table,
                                                                 std::vector<Row> const& rows);

    pqxx::work& transaction_;
    key_ring const& keys_;
    app::registry_rows const& rows_;
    app::absent_columns const& absent_;
    app::import_progress const& progress_;
    std::string now_; // SQL
    std::size_t half_rows_ = 0;
    std::size_t told_ = 0;
    std::vector<app::registry_tally> tallies_;
};

void registry_import::take_areas() {
    if (rows_.areas.empty()) return;
    transaction_.exec("create temp table incoming_area (code text, parent text, name text,"
                      " served_by text) on commit drop");
    stage_into({"area", {"code", "parent", "name", "served_by"}}, rows_.areas,
               [](app::area_row const& each) -> line_of<4> {
                   return {each.code.value, or_null(each.parent.value), each.name,
                           or_null(each.served_by.value)};
               });
    tally_areas();
    transaction_.exec(
        "insert into area (code, parent, name, path)"
        " select code, parent, name, text2ltree(code) from incoming_area"
        " on conflict (code) do update set parent = excluded.parent, name = excluded.name"
        " where (area.parent, area.name) is distinct from (excluded.parent, excluded.name)");
    // A new parent moves everything below it.
    transaction_.exec("with recursive tree (code, path) as ("
                      " select code, text2ltree(code) from area where parent is null"
                      " union all"
                      " select area.code, tree.path || area.code from area"
                      "   join tree on area.parent = tree.code)"
                      " update area set path = tree.path from tree"
                      " where area.code = tree.code and area.path is distinct from tree.path");
    count("area", rows_.areas.size());
}

void registry_import::take_sites() {
    if (rows_.sites.empty()) return;
    target const into{"site",
                      {"id", "name", "level", "parent", "area", "latitude", "longitude", "opens",
                       "closes", "personal"}};
    auto stored = stored_personal("site", rows_.sites);
    stage(into, rows_.sites, [&](app::site_row const& each) -> line_of<10> {
        auto const text = personal_of(each, stored[each.id.value]);
        return {each.id.value,
                each.name,
                std::string(domain::to_text(each.level)),
                or_null(each.parent.value),
                each.area.value,
                latitude_of(each.place),
                longitude_of(each.place),
                number_text(each.opens),
                number_text(each.closes),
                text == site_personal{} ? text_or_null()
                                        : bytea_text(sealed(text, stored[each.id.value]))};
    });
    merge(sheet::sites, into, rows_.sites.size(), absent(sheet::sites));
}

// What no file named must not go because it can't be read: the night ladder would ring nobody.
site_personal registry_import::personal_of(app::site_row const& site,
                                           std::string const& stored) const {
    site_personal text{site.duty_phone, site.shift_leader};
    bool const keeps_phone = is_absent(sheet::sites, "duty_phone");
    bool const keeps_leader = is_absent(sheet::sites, "shift_leader");
    if (stored.empty() || (!keeps_phone && !keeps_leader)) return text;
    auto const plain = keys_.open(site_personal::sealed_for, stored);
    if (!plain)
        throw std::invalid_argument("the key file doesn't open the telephones of " + site.id.value +
                                    ": put back its old line, or name them in sites.csv");
    auto known = from_json<site_personal>(*plain);
    if (keeps_phone) text.duty_phone = std::move(known.duty_phone);
    if (keeps_leader) text.shift_leader = std::move(known.shift_leader);
    return text;
}

void registry_import::take_served_by() {
    if (rows_.areas.empty()) return;
    transaction_.exec("delete from site_area using incoming_area i"
                      " where area = i.code and i.served_by is null");
    transaction_.exec("insert into site_area (area, site)"
                      " select code, served_by from incoming_area where served_by is not null"
                      " on conflict (area) do update set site = excluded.site"
                      " where site_area.site <> excluded.site");
}

void registry_import::take_homes() {
    if (rows_.homes.empty()) return;
    target const into{"home",
                      {"id", "area", "rough_place", "latitude", "longitude", "data_key", "personal",
                       "flags", "address_verified", "address_verified_by", "key_holder",
                       "key_tested"}};
    auto const stored = read_stored("home", rows_.homes);
    bring(sheet::homes, into, rows_.homes, [&](app::home_row const& each) -> line_of<12> {
        auto const found = stored.find(each.id.value);
        auto const old = found == stored.end() ? stored_text() : found->second;
        auto const data_key = data_key_from(old.data_key);
        home_personal const text{each.door, each.access_notes};
        return {each.id.value,
                each.area.value,
                each.rough_place,
                latitude_of(each.place),
                longitude_of(each.place),
                bytea_text(data_key),
                bytea_text(sealed_for_owner(data_key, text, old.personal)),
                array_literal(each.flags),
                date_of(each.address_verified),
                or_null(each.address_verified_by),
                or_null(each.key_holder),
                date_of(each.key_tested)};
    });
}

void registry_import::take_residents() {
    if (rows_.residents.empty()) return;
    target const into{"resident",
                      {"id", "home", "status", "high_risk", "data_key", "personal", "phone_hmac",
                       "id_number_hmac", "synthetic", "language"}};
    auto const stored = read_stored("resident", rows_.residents);
    bring(sheet::residents, into, rows_.residents,
          [&](app::resident_row const& each) -> line_of<10> {
              auto const found = stored.find(each.id.value);
              auto const old = found == stored.end() ? stored_text() : found->second;
              auto const data_key = data_key_from(old.data_key);
              resident_personal text{each.name, each.phone, each.id_number, each.notes,
                                     each.visit_code};
              if (is_absent(sheet::residents, "visit_code"))
                  text.visit_code = opened<resident_personal>(data_key, old.personal).visit_code;
              return {each.id.value,
                      each.home.value,
                      each.status,
                      each.high_risk ? "t" : "f",
                      bytea_text(data_key),
                      bytea_text(sealed_for_owner(data_key, text, old.personal)),
                      phone_hmac(each.phone),
                      id_number_hmac(each.id_number),
                      each.synthetic ? "t" : "f",
                      each.language};
          });
}

// What is told at a home belongs to whoever lives there then: who comes to it or leaves it by this
// import, be it by his status. Those of a first import have been there since ever, and so has
// whoever comes to a home of which nobody else is known; so there is nothing to write for most by
// far.
void registry_import::note_where_they_live() {
    transaction_.exec(
        "create temp table lived on commit drop as"
        " select i.id, t.home, t.home_since, t.home_until, t.id is not null as is_known,"
        "   t.id is null and exists (select from stay s where s.home = i.home) as joins_others"
        " from incoming_resident i left join resident t on t.id = i.id"
        " where t.id is null or t.home <> i.home or t.home_until is not null");
}

// A clock that went back must not end a stay before its beginning.
void registry_import::note_moves() {
    constexpr auto gone = "('moved', 'deceased_confirmed')";
    auto const comes_anew =
        fmt::format("l.is_known and (r.home <> l.home or r.status not in {})", gone);
    transaction_.exec(fmt::format("insert into former_home (resident, home, since, until)"
                                  " select l.id, l.home, l.home_since,"
                                  "   coalesce(l.home_until, greatest({}, l.home_since))"
                                  " from lived l join resident r on r.id = l.id where {}"
                                  " on conflict do nothing", // at the same moment, and empty
                                  now_, comes_anew));
    transaction_.exec(fmt::format("update resident r set home_since = {}, home_until = null"
                                  " from lived l where r.id = l.id and (l.joins_others or {})",
                                  now_, comes_anew));
    transaction_.exec(fmt::format("update resident r set home_until = greatest({}, r.home_since)"
                                  " from incoming_resident i where r.id = i.id"
                                  "   and r.home_until is null and r.status in {}",
                                  now_, gone));
}

std::string registry_import::residents_of_contacts() const {
    std::vector<std::string> ids;
    for (auto const& row : rows_.contacts)
        if (ids.empty() || ids.back() != row.resident.value) ids.push_back(row.resident.value);
    return array_literal(ids);
}

// The data keys of the residents whose contacts come. A resident whose key was destroyed gets a new
// one: what is told from now on must be readable.
std::unordered_map<std::string, std::string> registry_import::contact_keys() {
    auto const found = transaction_.exec_params(
        "select id, data_key from resident where id = any($1::text[])", residents_of_contacts());
    std::unordered_map<std::string, std::string> keys;
    for (auto const& row : found) {
        auto const id = row[0].as<std::string>();
        auto const stored = bytes_of(row[1]);
        auto const& key = keys[id] = data_key_from(stored);
        if (key != stored)
            transaction_.exec_params("update resident set data_key = $2::bytea where id = $1", id,
                                     bytea_text(key));
    }
    return keys;
}

std::map<std::pair<std::string, int>, std::string> registry_import::stored_contacts() {
    std::map<std::pair<std::string, int>, std::string> stored;
    auto const found = transaction_.exec_params(
        "select resident, place, personal from contact where resident = any($1::text[])",
        residents_of_contacts());
    for (auto const& row : found)
        stored[{row[0].as<std::string>(), row[1].as<int>()}] = bytes_of(row[2]);
    return stored;
}

// Of a file without the column: it goes with the number, as all that a list doesn't say.
std::map<registry_import::number_of, std::string>
registry_import::stored_emails(std::unordered_map<std::string, std::string> const& keys) {
    std::map<number_of, std::string> emails;
    if (!is_absent(sheet::contacts, "email")) return emails;
    auto const found =
        transaction_.exec_params("select resident, phone_hmac, personal from contact where"
                                 " phone_hmac is not null and resident = any($1::text[])"
                                 " order by resident, place",
                                 residents_of_contacts());
    for (auto const& row : found) {
        auto const key = keys.find(row[0].as<std::string>());
        if (key == keys.end()) continue;
        auto known = opened<contact_personal>(key->second, bytes_of(row[2]));
        if (!known.email.empty())
            emails.try_emplace({key->first, bytea_text(bytes_of(row[1]))}, std::move(known.email));
    }
    return emails;
}

void registry_import::take_contacts() {
    if (rows_.contacts.empty()) return;
    target const into{"contact",
                      {"resident", "place", "relation", "personal", "phone_hmac", "channels",
                       "quiet_from", "quiet_until", "do_not_tell", "language"},
                      2};
    constexpr std::size_t do_not_tell_column = 8;
    auto const keys = contact_keys();
    auto const stored = stored_contacts();
    auto const emails = stored_emails(keys);
    auto const cells = [&](app::contact_row const& each) -> line_of<10> {
        auto const key = keys.find(each.resident.value);
        auto const old = stored.find({each.resident.value, each.place});
        auto number = phone_hmac(each.phone);
        contact_personal text{each.name, each.phone, each.email};
        if (auto const email = emails.find({each.resident.value, number.value_or("")});
            email != emails.end())
            text.email = email->second;
        // Without a resident there is no key; the merge will refuse the row.
        auto const personal =
            key == keys.end() ? std::string()
                              : sealed_for_owner(key->second, text,
                                                 old == stored.end() ? std::string() : old->second);
        return {each.resident.value,
                number_text(each.place),
                each.relation,
                bytea_or_null(personal),
                std::move(number),
                channels_of(each),
                quiet_minute(each, &domain::quiet_hours::from),
                quiet_minute(each, &domain::quiet_hours::until),
                do_not_tell_of(each),
                each.language.empty() ? "zh" : each.language};
    };
    if (is_empty(into) && is_empty({"do_not_tell", {}}))
        return bring_first(sheet::contacts, into, rows_.contacts,
                           [&](app::contact_row const& each) {
                               auto line = cells(each);
                               if (!line[do_not_tell_column]) line[do_not_tell_column] = "f";
                               return line;
                           });
    transaction_.exec("create temp table incoming_contact (like contact) on commit drop");
    transaction_.exec("alter table incoming_contact alter column do_not_tell drop not null");
    stage_into(into, rows_.contacts, cells);
    keep_how_they_are_told();
    keep_renumbered(keys);
    keep_do_not_tell();
    drop_missing(sheet::contacts, into);
    merge(sheet::contacts, into, rows_.contacts.size());
}

// What the file has no column for goes with the number, as whoever has it stands on another place
// in a list that was numbered anew.
void registry_import::keep_how_they_are_told() {
    std::vector<std::string> kept;
    for (auto const* each : {"channels", "language"})
        if (is_absent(sheet::contacts, each)) kept.emplace_back(each);
    if (is_absent(sheet::contacts, "quiet_from") && is_absent(sheet::contacts, "quiet_until"))
        kept.insert(kept.end(), {"quiet_from", "quiet_until"});
    if (kept.empty()) return;
    transaction_.exec(fmt::format(
        "update incoming_contact i set ({0}) = row({1}) from ("
        " select distinct on (resident, phone_hmac) * from contact where phone_hmac is not null"
        " and resident in (select resident from incoming_contact)"
        " order by resident, phone_hmac, place) c"
        " where c.resident = i.resident and c.phone_hmac = i.phone_hmac",
        listed(kept, ""), listed(kept, "c.")));
}

// Who must not be told and has a new number in the list is known by his name. Few are.
void registry_import::keep_renumbered(std::unordered_map<std::string, std::string> const& keys) {
    auto const left_out =
        transaction_.exec("select resident, personal from contact c"
                          " where do_not_tell and resident in (select resident from"
                          " incoming_contact) and not exists (select from incoming_contact i"
                          "  where i.resident = c.resident and i.phone_hmac = c.phone_hmac)");
    std::set<std::pair<std::string, std::string>> names;
    for (auto const& row : left_out) {
        auto const key = keys.find(row[0].as<std::string>());
        if (key == keys.end()) continue;
        auto known = opened<contact_personal>(key->second, bytes_of(row[1]));
        if (!known.name.empty()) names.emplace(key->first, std::move(known.name));
    }
    if (names.empty()) return;
    for (auto const& each : rows_.contacts)
        if (!each.do_not_tell && names.contains({each.resident.value, each.name}))
            transaction_.exec_params(
                "update incoming_contact i set do_not_tell = true"
                " where resident = $1 and place = $2::smallint and not exists (select from"
                " contact c where c.resident = i.resident and c.phone_hmac = i.phone_hmac)",
                each.resident.value, each.place);
}

// Only a plain "no" takes back a "do not tell", and it goes with the number: neither a list that
// was numbered anew nor one that has left him out for a night must give a suspect a telephone call.
void registry_import::keep_do_not_tell() {
    transaction_.exec("update incoming_contact i set do_not_tell = coalesce("
                      " (select bool_or(c.do_not_tell) from contact c"
                      "  where c.resident = i.resident and c.phone_hmac = i.phone_hmac), false)"
                      " or exists (select from do_not_tell d"
                      "  where d.resident = i.resident and d.phone_hmac = i.phone_hmac)"
                      " where do_not_tell is null");
    transaction_.exec("delete from do_not_tell d using incoming_contact i"
                      " where d.resident = i.resident and d.phone_hmac = i.phone_hmac");
    transaction_.exec("insert into do_not_tell (resident, phone_hmac)"
                      " select distinct resident, phone_hmac from contact c"
                      " where do_not_tell and phone_hmac is not null"
                      " and resident in (select resident from incoming_contact)"
                      " and not exists (select from incoming_contact i"
                      "  where i.resident = c.resident and i.phone_hmac = c.phone_hmac)"
                      " on conflict do nothing");
}

void registry_import::take_devices() {
    if (rows_.devices.empty()) return;
    target const into{"device", {"id", "kind", "resident", "home", "worker", "stock_area"}};
    auto const cells = [](app::device_row const& each) -> line_of<6> {
        return {each.id.value,
                each.kind,
                or_null(each.resident.value),
                or_null(each.home.value),
                or_null(each.worker.value),
                or_null(each.stock_area.value)};
    };
    if (is_empty(into)) {
        bring_first(sheet::devices, into, rows_.devices, cells);
        return bind_devices("device");
    }
    stage(into, rows_.devices, cells);
    auto kept = absent(sheet::devices);
    // Whoever gives it to somebody takes it from the worker; else it is still his.
    if (std::erase(kept, "worker") > 0)
        transaction_.exec("update incoming_device i set worker = d.worker from device d"
                          " where d.id = i.id and num_nonnulls(i.resident, i.home) = 0");
    // A clock that went back must not end a binding before its beginning.
    transaction_.exec(
        fmt::format("update device_binding b set unbound_at = greatest({}, b.bound_at)"
                    " from incoming_device i where b.device = i.id and b.unbound_at is null"
                    " and (b.resident, b.home, b.worker) is distinct from"
                    " (i.resident, i.home, i.worker)",
                    now_));
    merge(sheet::devices, into, rows_.devices.size(), kept);
    bind_devices("incoming_device");
}

// Those that were bound before after that; the others, most by far, without a look at the past of
// each.
void registry_import::bind_devices(std::string_view from) {
    constexpr auto columns =
        "insert into device_binding (device, resident, home, worker, bound_at)";
    constexpr auto bound = "num_nonnulls(i.resident, i.home, i.worker) = 1";
    transaction_.exec(fmt::format("{0} select b.device, i.resident, i.home, i.worker,"
                                  " greatest({1}, max(b.bound_at) + interval '1 microsecond')"
                                  " from {2} i join device_binding b on b.device = i.id where {3}"
                                  " group by b.device, i.resident, i.home, i.worker"
                                  " having bool_and(b.unbound_at is not null)",
                                  columns, now_, from, bound));
    transaction_.exec(fmt::format("{0} select i.id, i.resident, i.home, i.worker, {1} from {2} i"
                                  " where {3} and not exists"
                                  " (select from device_binding b where b.device = i.id)",
                                  columns, now_, from, bound));
}

template <class Row>
std::unordered_map<std::string, std::string>
registry_import::stored_personal(std::string const& table, std::vector<Row> const& rows) {
    std::vector<std::string> ids;
    for (auto const& row : rows)
        ids.push_back(row.id.value);
    std::unordered_map<std::string, std::string> stored;
    auto const found = transaction_.exec_params(
        fmt::format("select id, personal from {} where id = any($1::text[])", table),
        array_literal(ids));
    for (auto const& row : found)
        stored[row[0].as<std::string>()] = bytes_of(row[1]);
    return stored;
}

void registry_import::take_providers() {
    if (rows_.providers.empty()) return;
    target const into{"provider", {"id", "name", "personal", "dispatch"}};
    auto stored = stored_personal("provider", rows_.providers);
    stage(into, rows_.providers, [&](app::provider_row const& each) -> line_of<4> {
        return {each.id.value, each.name,
                bytea_text(sealed(provider_personal{each.phone}, stored[each.id.value])),
                each.dispatch};
    });
    merge(sheet::providers, into, rows_.providers.size(), absent(sheet::providers));
}

void registry_import::take_workers() {
    if (rows_.workers.empty()) return;
    target const into{"worker",
                      {"id", "provider", "site", "latitude", "longitude", "certificates",
                       "from_minute", "until_minute", "rating", "personal", "kind", "people",
                       "homes", "areas", "synthetic", "phone_hmac", "on_duty"}};
    auto stored = stored_personal("worker", rows_.workers);
    transaction_.exec("create temp table incoming_worker (like worker) on commit drop");
    transaction_.exec("alter table incoming_worker alter column rating drop not null,"
                      " alter column on_duty drop not null");
    stage_into(into, rows_.workers, [&](app::worker_row const& each) -> line_of<17> {
        worker_personal const text{each.name, each.phone};
        return {each.id.value,
                each.provider.value,
                or_null(each.site.value),
                latitude_of(each.place),
                longitude_of(each.place),
                array_literal(each.certificates),
                number_text(each.from_minute),
                number_text(each.until_minute),
                each.rating ? text_or_null(number_text(*each.rating)) : std::nullopt,
                bytea_text(sealed(text, stored[each.id.value])),
                text_or_null(std::string(to_text(each.kind))),
                number_text(each.people),
                array_literal(each.homes),
                array_literal(each.areas),
                each.synthetic ? "t" : "f",
                phone_hmac(each.phone),
                each.on_duty ? text_or_null(*each.on_duty ? "t" : "f") : std::nullopt};
    });
    transaction_.exec("update incoming_worker i set rating ="
                      " coalesce((select rating from worker w where w.id = i.id), 0)"
                      " where rating is null");
    transaction_.exec("update incoming_worker i set on_duty ="
                      " coalesce((select on_duty from worker w where w.id = i.id), true)"
                      " where on_duty is null");
    merge(sheet::workers, into, rows_.workers.size(), absent(sheet::workers));
}

// Whoever has any row of these in the import has no others: each import tells all that is agreed.
void registry_import::drop_missing(domain::sheet which, target const& of) {
    std::vector<std::string> const keys(of.columns.begin(),
                                        of.columns.begin() + static_cast<std::ptrdiff_t>(of.keys));
    auto const dropped = transaction_.exec(
        fmt::format("delete from {0} t where {1} in (select {1} from incoming_{0})"
                    " and not exists (select from incoming_{0} i where {2})",
                    of.table, keys.front(), same(keys, "t", "i")));
    tally(which, 0).removed = dropped.affected_rows();
}

void registry_import::take_away(app::emptied_rows const& what) {
    if (what.sheet == sheet::contacts)
        transaction_.exec_params("insert into do_not_tell (resident, phone_hmac)"
                                 " select distinct resident, phone_hmac from contact"
                                 " where resident = $1 and do_not_tell and phone_hmac is not null"
                                 " on conflict do nothing",
                                 what.owner);
    auto const from = [&]() -> std::string_view {
        switch (what.sheet) {
        case sheet::contacts:
            return "contact where resident";
        case sheet::limits:
            return "vital_limit where resident";
        case sheet::zones:
            return "zone where resident";
        case sheet::silences:
            return "silence_limit where home";
        default:
            throw std::logic_error("rows of a sheet that nobody owns");
        }
    }();
    auto const gone =
        transaction_.exec_params(fmt::format("delete from {} = $1", from), what.owner);
    tally(what.sheet, 0).removed = gone.affected_rows();
}

// Before they are written.
void registry_import::tally_areas() {
    auto& done = tally(sheet::areas, rows_.areas.size());
    auto const row = transaction_.exec1(
        "select count(*) filter (where a.code is null), count(*) filter (where a.code is not null"
        " and (a.parent, a.name, s.site) is distinct from (i.parent, i.name, i.served_by))"
        " from incoming_area i left join area a on a.code = i.code"
        " left join site_area s on s.area = i.code");
    done.added = row[0].as<std::size_t>();
    done.changed = row[1].as<std::size_t>();
}

void registry_import::take_limits() {
    if (rows_.limits.empty()) return;
    target const into{"vital_limit", {"resident", "code", "low", "high", "lasting_s"}, 2};
    auto const or_null = [](auto const& value) {
        return value ? text_or_null(number_text(*value)) : std::nullopt;
    };
    stage(into, rows_.limits, [&](app::limit_row const& each) -> line_of<5> {
        auto const code = std::string(domain::loinc_of(each.limit.what));
        auto const lasting =
            each.limit.lasting ? std::optional(each.limit.lasting->count()) : std::nullopt;
        return {each.resident.value, code.substr(0, code.find('-')), or_null(each.limit.low),
                or_null(each.limit.high), or_null(lasting)};
    });
    drop_missing(sheet::limits, into);
    merge(sheet::limits, into, rows_.limits.size());
}

void registry_import::take_zones() {
    if (rows_.zones.empty()) return;
    target const into{"zone", {"resident", "name", "kind", "shape"}, 2};
    stage(into, rows_.zones, [](app::zone_row const& each) -> line_of<4> {
        return {each.resident.value, each.zone.name, std::string(domain::to_text(each.zone.kind)),
                each.zone.shape};
    });
    drop_missing(sheet::zones, into);
    merge(sheet::zones, into, rows_.zones.size());
}

void registry_import::take_silences() {
    if (rows_.silences.empty()) return;
    target const into{"silence_limit", {"home", "from_minute", "until_minute", "longest_min"}, 2};
    stage(into, rows_.silences, [](app::silence_row const& each) -> line_of<4> {
        return {each.home.value, number_text(each.part.from), number_text(each.part.until),
                number_text(each.part.longest.count())};
    });
    drop_missing(sheet::silences, into);
    merge(sheet::silences, into, rows_.silences.size());
}

} // namespace

app::known_registry read_known_places(pqxx::work& transaction) {
    app::known_registry known;
    for (auto const& row : transaction.exec("select code, parent, site from area"
                                            " left join site_area on area = code"))
        known.areas[{text(row[0])}] = {{text(row[1])}, {text(row[2])}};
    for (auto const& row : transaction.exec("select id, level from site"))
        known.sites[{text(row[0])}] = domain::from_text<domain::site_level>(text(row[1]))
                                          .value_or(domain::site_level::station);
    for (auto const& row : transaction.exec("select resident from erasure"
                                            " where erased_at is not null"))
        known.erased.insert({text(row[0])});
    for (auto const& row :
         transaction.exec("select e.home from erasure e where e.home is not null and not exists"
                          " (select from resident r where r.home = e.home and r.home_until is null"
                          " and r.erased_at is null)"))
        known.erased_homes.insert({text(row[0])});
    return known;
}

app::known_registry read_known(pqxx::work& transaction) {
    auto known = read_known_places(transaction);
    for (auto const& row : transaction.exec("select id from home"))
        known.homes.insert({text(row[0])});
    for (auto const& row : transaction.exec("select id from resident where erased_at is null"))
        known.residents.insert({text(row[0])});
    for (auto const& row : transaction.exec("select id from provider"))
        known.providers.insert({text(row[0])});
    for (auto const& row : transaction.exec("select id from worker"))
        known.workers.insert({text(row[0])});
    return known;
}

app::known_registry read_known(pqxx::connection& connection) {
    pqxx::work transaction(connection);
    return read_known(transaction);
}

known_senders read_senders(pqxx::connection& connection) {
    pqxx::work transaction(connection);
    known_senders known;
    for (auto const& row : transaction.exec("select id from device order by id"))
        known.devices.push_back({row[0].as<std::string>()});
    for (auto const& row : transaction.exec("select id from provider order by id"))
        known.providers.push_back({row[0].as<std::string>()});
    return known;
}

void lock_registry(pqxx::work& in) {
    in.exec("select version from registry_version for update");
}

imported import_rows(pqxx::work& in, key_ring const& keys, to_import const& what,
                     domain::instant now, app::import_progress const& progress) {
    return registry_import(in, keys, what.rows, what.absent, now, progress).run();
}

void note_import(pqxx::work& in, domain::operator_id const& by, domain::instant now,
                 std::vector<app::registry_tally> const& sheets) {
    for (auto const& each : sheets)
        if (each.added + each.changed + each.removed > 0)
            in.exec_params("insert into registry_edit (at, by_who, how, sheet, added, changed,"
                           " removed) values (instant_of($1::bigint), $2, 'import', $3, $4, $5,"
                           " $6)",
                           microseconds(now), by.value, std::string(to_text(each.sheet)),
                           each.added, each.changed, each.removed);
}

std::int64_t import_registry(pqxx::connection& connection, key_ring const& keys,
                             to_import const& what, domain::instant now,
                             app::import_progress const& progress) {
    pqxx::work transaction(connection);
    auto const done = import_rows(transaction, keys, what, now, progress);
    note_import(transaction, {"import"}, now, done.sheets);
    transaction.commit();
    return done.version;
}

app::known_registry read_known(std::string const& connection_string) {
    pqxx::connection connection(connection_string);
    check_version(connection);
    return read_known(connection);
}

known_senders read_senders(std::string const& connection_string) {
    pqxx::connection connection(connection_string);
    check_version(connection);
    return read_senders(connection);
}

std::int64_t import_registry(std::string const& connection_string, key_ring const& keys,
                             to_import const& what, domain::instant now,
                             app::import_progress const& progress) {
    pqxx::connection connection(connection_string);
    check_version(connection);
    return import_registry(connection, keys, what, now, progress);
}

} // namespace linli::postgres
