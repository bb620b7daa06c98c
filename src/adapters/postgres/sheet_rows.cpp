#include "adapters/postgres/sheet_rows.hpp"

#include <algorithm>
#include <optional>

#include <fmt/core.h>
#include <fmt/format.h>

#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/rows.hpp"
#include "domain/telemetry.hpp"

namespace linli::postgres {

namespace {

using domain::sheet;

enum class sealing : std::uint8_t { none, by_ring, by_owner };

// Where a sheet's rows lie in the database, as SQL.
// Everybody has his home; it is joined as if he hadn't (left), so that whoever sees all areas
// doesn't read it.
struct source {
    std::string_view from;
    std::string_view key;
    std::string_view area;          // code, or null: in none
    std::vector<std::string> cells; // one a column, as text; of personal ones nothing
    std::string_view name = {};     // that isn't personal
    std::string_view phone = {};    // its look-up digest
    std::string_view id_number = {};
    std::string_view order = {}; // of an owner's rows
    sealing sealed = sealing::none;
    purpose sealed_for = {};
    std::string_view data_key = "null::bytea";
    std::string_view personal = "null::bytea";
    std::string_view company = {}; // whose rows these are; empty: no company's
    bool is_everybodys = false;    // what lies in no area may be seen from each
};

std::string minute(std::string_view column) {
    return fmt::format("to_char({0} / 60, 'FM00') || ':' || to_char({0} % 60, 'FM00')", column);
}
std::string yes(std::string_view column) {
    return fmt::format("case when {} then 'yes' else 'no' end", column);
}
std::string words(std::string_view column) {
    return fmt::format("array_to_string({}, ' ')", column);
}
std::string day(std::string_view column) {
    return fmt::format("to_char({}, 'YYYY-MM-DD')", column);
}
std::string number(std::string_view column) {
    return fmt::format("{}::text", column);
}

// The sign that a stored code stands for.
std::string vital_sign(std::string_view column) {
    std::string text = fmt::format("case {}", column);
    for (auto const& [sign, name] : domain::names<domain::vital_sign>::table) {
        auto const loinc = domain::loinc_of(sign);
        text += fmt::format(" when {} then '{}'", loinc.substr(0, loinc.find('-')), name);
    }
    return text + " end";
}

source areas() {
    return {.from = "area t left join site_area s on s.area = t.code",
            .key = "t.code",
            .area = "t.code",
            .cells = {"t.code", "t.parent", "t.name", "s.site"},
            .name = "t.name"};
}

source sites() {
    return {.from = "site t",
            .key = "t.id",
            .area = "t.area",
            .cells = {"t.id", "t.name", "t.level", "t.parent", "t.area", number("t.latitude"),
                      number("t.longitude"), minute("t.opens"), minute("t.closes"), "", ""},
            .name = "t.name",
            .sealed = sealing::by_ring,
            .sealed_for = site_personal::sealed_for,
            .personal = "t.personal"};
}

source homes() {
    return {.from = "home t",
            .key = "t.id",
            .area = "t.area",
            .cells = {"t.id", "t.area", "t.rough_place", "", number("t.latitude"),
                      number("t.longitude"), "", words("t.flags"), day("t.address_verified"),
                      "t.address_verified_by", "t.key_holder", day("t.key_tested")},
            .name = "t.rough_place",
            .sealed = sealing::by_owner,
            .sealed_for = home_personal::sealed_for,
            .data_key = "t.data_key",
            .personal = "t.personal"};
}

source residents() {
    return {.from = "resident t left join home h on h.id = t.home",
            .key = "t.id",
            .area = "h.area",
            .cells = {"t.id", "t.home", "", "", "", "t.status", yes("t.high_risk"), "",
                      yes("t.synthetic"), "", "t.language"},
            .phone = "t.phone_hmac",
            .id_number = "t.id_number_hmac",
            .sealed = sealing::by_owner,
            .sealed_for = resident_personal::sealed_for,
            .data_key = "t.data_key",
            .personal = "t.personal"};
}

source contacts() {
    return {.from =
                "contact t join resident r on r.id = t.resident left join home h on h.id = r.home",
            .key = "t.resident",
            .area = "h.area",
            .cells = {"t.resident", number("t.place"), "", "t.relation", "", words("t.channels"),
                      "", minute("t.quiet_from"), minute("t.quiet_until"), yes("t.do_not_tell"),
                      "t.language"},
            .phone = "t.phone_hmac",
            .order = "t.place",
            .sealed = sealing::by_owner,
            .sealed_for = contact_personal::sealed_for,
            .data_key = "r.data_key",
            .personal = "t.personal"};
}

source devices() {
    return {.from = "device t left join resident r on r.id = t.resident"
                    " left join home h on h.id = coalesce(t.home, r.home)"
                    " left join worker w on w.id = t.worker left join site s on s.id = w.site",
            .key = "t.id",
            // A worker without a station lies in no area, nor does his button.
            .area = "case when num_nonnulls(t.resident, t.home, t.worker) = 0 then t.stock_area"
                    " else coalesce(h.area, s.area) end",
            .cells = {"t.id", "t.kind", "t.resident", "t.home", "t.worker", "t.stock_area"}};
}

source providers() {
    return {.from = "provider t",
            .key = "t.id",
            .area = "null::text",
            .cells = {"t.id", "t.name", "", "t.dispatch"},
            .name = "t.name",
            .sealed = sealing::by_ring,
            .sealed_for = provider_personal::sealed_for,
            .personal = "t.personal",
            .company = "t.id",
            .is_everybodys = true};
}

source workers() {
    return {.from = "worker t left join site s on s.id = t.site",
            .key = "t.id",
            .area = "s.area",
            .cells = {"t.id", "t.provider", "", "", "t.site", number("t.latitude"),
                      number("t.longitude"), words("t.certificates"), minute("t.from_minute"),
                      minute("t.until_minute"), number("t.rating"), "t.kind", number("t.people"),
                      words("t.homes"), words("t.areas"), yes("t.synthetic"), yes("t.on_duty")},
            .sealed = sealing::by_ring,
            .sealed_for = worker_personal::sealed_for,
            .personal = "t.personal",
            .company = "t.provider"};
}

source limits() {
    return {.from = "vital_limit t join resident r on r.id = t.resident"
                    " left join home h on h.id = r.home",
            .key = "t.resident",
            .area = "h.area",
            .cells = {"t.resident", vital_sign("t.code"), number("t.low"), number("t.high"),
                      number("t.lasting_s")},
            .order = "t.code"};
}

source silences() {
    return {.from = "silence_limit t left join home h on h.id = t.home",
            .key = "t.home",
            .area = "h.area",
            .cells = {"t.home", minute("t.from_minute"), minute("t.until_minute"),
                      number("t.longest_min")},
            .order = "t.from_minute"};
}

source zones() {
    return {.from = "zone t join resident r on r.id = t.resident left join home h on h.id = r.home",
            .key = "t.resident",
            .area = "h.area",
            .cells = {"t.resident", "t.name", "t.kind", "t.shape"},
            .order = "t.name"};
}

source const& source_of(sheet which) {
    static std::vector<source> const all{areas(),    sites(),    homes(),     residents(),
                                         contacts(), devices(),  providers(), workers(),
                                         limits(),   silences(), zones()};
    return all.at(static_cast<std::size_t>(which));
}

std::string quoted(pqxx::work const& in, lookup_digest const& digest) {
    std::string_view const bytes(reinterpret_cast<char const*>(digest.data()), digest.size());
    return in.quote(bytea_text(bytes)) + "::bytea";
}

std::string below(pqxx::work const& in, domain::area_id const& area) {
    return fmt::format(
        "select code from area where path <@ (select path from area where code = {})",
        in.quote(area.value));
}

} // namespace

registry_viewer viewer_of(pqxx::work& in, app::account const& who) {
    // The pool's sessions forbid scans, which is right for a press and wrong for a list.
    in.exec("set local enable_seqscan = on");
    if (who.role == domain::role::provider_manager)
        return {who.role, who.area, false, who.provider};
    auto const row = in.exec_params1("select not exists (select from area where not coalesce("
                                     "path <@ (select path from area where code = $1), false))",
                                     who.area.value);
    return {who.role, who.area, row[0].as<bool>(), {}};
}

// A manager's people are his wherever they serve, and nobody else is.
std::string sheet_rows::reach_condition() const {
    auto const& s = source_of(format_.which);
    if (who_.company)
        return s.company.empty()
                   ? "false"
                   : fmt::format("{} = {}", s.company, in_.quote(who_.company->value));
    if (who_.has_all) return "true";
    if (s.is_everybodys) return "true";
    return fmt::format("{} in ({})", s.area, below(in_, who_.area));
}

// How a key begins; or somebody's whole number; or a part of a name.
std::string sheet_rows::words_condition(std::string const& words) const {
    auto const& s = source_of(format_.which);
    auto either = fmt::format("starts_with({}, {})", s.key, in_.quote(words));
    if (!s.name.empty())
        either += fmt::format(" or position({} in {}) > 0", in_.quote(words), s.name);
    auto const phone = normalised_phone(words);
    if (!s.phone.empty() && phone.size() >= 3)
        either += fmt::format(" or {} = {}", s.phone, quoted(in_, phone_lookup(keys_, words)));
    if (!s.id_number.empty())
        either +=
            fmt::format(" or {} = {}", s.id_number, quoted(in_, id_number_lookup(keys_, words)));
    return '(' + either + ')';
}

std::string sheet_rows::conditions(app::registry_question const& what) const {
    auto const& s = source_of(format_.which);
    auto all = reach_condition();
    if (!what.words.empty()) all += " and " + words_condition(what.words);
    if (!what.area.empty()) all += fmt::format(" and {} in ({})", s.area, below(in_, what.area));
    for (auto const& [name, value] : what.equal) {
        auto const at = std::ranges::find(format_.columns, name, &app::registry_column::name);
        auto const place = static_cast<std::size_t>(at - format_.columns.begin());
        // Whose answers would tell what isn't shown.
        if (!may_see(who_.role, *at)) return "false";
        all += fmt::format(" and coalesce({}, '') = {}", s.cells.at(place), in_.quote(value));
    }
    return all;
}

sheet_rows::found_keys sheet_rows::keys_of(app::registry_question const& what) {
    auto const& s = source_of(format_.which);
    auto const first = std::uint64_t{what.page - 1} * what.per_page;
    auto const rows = in_.exec(fmt::format(
        "with found as (select {} {} as key from {} where {})"
        " select (select count(*) from found), p.key from (select) as always"
        " left join (select key from found order by key collate \"C\" offset {} limit {}) as p"
        " on true order by p.key collate \"C\"",
        format_.is_owned ? "distinct" : "", s.key, s.from, conditions(what), first, what.per_page));
    found_keys found;
    for (auto const& row : rows) {
        found.total = row[0].as<std::uint32_t>();
        if (!row[1].is_null()) found.keys.push_back(text(row[1]));
    }
    return found;
}

std::vector<stored_record> sheet_rows::records(std::vector<std::string> const& keys) {
    return read(fmt::format("{} = any ({}::text[]) and {}", source_of(format_.which).key,
                            in_.quote(array_literal(keys)), reach_condition()));
}

std::vector<stored_record> sheet_rows::all() {
    return read(reach_condition());
}

bool sheet_rows::is_taken(std::string const& key) {
    auto const& s = source_of(format_.which);
    auto const found = in_.exec(
        fmt::format("select from {} where {} = {} limit 1", s.from, s.key, in_.quote(key)));
    return !found.empty();
}

std::vector<stored_record> sheet_rows::read(std::string const& condition) {
    auto const& s = source_of(format_.which);
    std::string cells;
    for (auto const& each : s.cells)
        cells += ", " + (each.empty() ? std::string("null") : each);
    auto const order = s.order.empty() ? std::string() : fmt::format(", {}", s.order);
    std::vector<stored_record> all;
    for (auto const& row : in_.exec(fmt::format(
             "select {} as key, {} as area, {} as data_key, {} as personal{} from {} where {}"
             " order by {} collate \"C\"{}",
             s.key, s.area, s.data_key, s.personal, cells, s.from, condition, s.key, order))) {
        auto const key = text(row[0]);
        if (all.empty() || all.back().key != key) all.push_back({key, {text(row[1])}, {}});
        all.back().rows.push_back(cells_of(row, all.back().is_unreadable));
    }
    return all;
}

app::cells_of_row sheet_rows::cells_of(pqxx::row const& r, bool& is_unreadable) const {
    auto const& s = source_of(format_.which);
    auto const sealed = bytes(r[3]);
    auto const data_key = bytes(r[2]);
    std::optional<std::string> plain;
    if (s.sealed == sealing::by_ring) plain = keys_.open(s.sealed_for, sealed);
    if (s.sealed == sealing::by_owner) plain = keys_.open_for(data_key, s.sealed_for, sealed);
    // An owner whose key was destroyed has nothing any more, by intent.
    bool const was_erased = s.sealed == sealing::by_owner && data_key.empty();
    is_unreadable = is_unreadable || (!plain && !sealed.empty() && !was_erased);
    constexpr int before = 4;
    app::cells_of_row cells;
    for (std::size_t at = 0; at < format_.columns.size(); ++at) {
        auto const& column = format_.columns[at];
        if (column.is_personal())
            cells.push_back(plain ? text_in_json(*plain, column.name) : std::string());
        else
            cells.push_back(text(r[static_cast<int>(at) + before]));
    }
    return cells;
}

} // namespace linli::postgres
