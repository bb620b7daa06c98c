#include "contract/registry_by_sql.hpp"

#include <set>

#include <pqxx/pqxx>

#include "adapters/postgres/personal.hpp"

namespace linli::tests {

namespace {

std::optional<std::string> or_null(std::string const& text) {
    if (text.empty()) return std::nullopt;
    return text;
}

std::optional<double> latitude(std::optional<domain::position> const& place) {
    if (!place) return std::nullopt;
    return place->latitude;
}

std::optional<double> longitude(std::optional<domain::position> const& place) {
    if (!place) return std::nullopt;
    return place->longitude;
}

std::string array_of(std::vector<std::string> const& plain) {
    std::string all;
    for (auto const& each : plain)
        all += (all.empty() ? "" : ",") + each;
    return '{' + all + '}';
}

void write_sites(pqxx::work& in, city const& town) {
    for (auto const& a : town.areas)
        in.exec_params("insert into area (code, parent, name, path) values ($1, $2, $1, $3::ltree)",
                       a.code.value, or_null(a.parent.value),
                       (a.parent.empty() ? "" : a.parent.value + '.') + a.code.value);
    for (auto const& s : town.sites)
        in.exec_params("insert into site (id, name, level, parent, area, latitude, longitude, "
                       "opens, closes) values ($1, $1, $2, $3, $4, $5, $6, $7, $8)",
                       s.id.value, std::string(to_text(s.level)), or_null(s.parent.value),
                       s.area.value, latitude(s.place), longitude(s.place), s.opens, s.closes);
    for (auto const& a : town.areas)
        if (!a.served_by.empty())
            in.exec_params("insert into site_area (area, site) values ($1, $2)", a.code.value,
                           a.served_by.value);
}

void write_homes(pqxx::work& in, postgres::key_ring const& keys, city const& town) {
    for (auto const& h : town.homes) {
        auto const key = keys.make_data_key();
        postgres::home_personal const words{h.door, h.access_notes};
        pqxx::binarystring const sealed(keys.seal_for(key, words.sealed_for, to_json(words)));
        in.exec_params("insert into home (id, area, rough_place, latitude, longitude, data_key, "
                       "personal) values ($1, $2, $3, $4, $5, $6, $7)",
                       h.id.value, h.area.value, h.rough_place, latitude(h.place),
                       longitude(h.place), pqxx::binarystring(key), sealed);
    }
}

void write_residents(pqxx::work& in, postgres::key_ring const& keys, city const& town) {
    for (auto const& r : town.residents) {
        auto const key = keys.make_data_key();
        postgres::resident_personal const words{r.name, r.phone, {}, {}, r.visit_code};
        pqxx::binarystring const sealed(keys.seal_for(key, words.sealed_for, to_json(words)));
        in.exec_params("insert into resident (id, home, high_risk, data_key, personal) "
                       "values ($1, $2, $3, $4, $5)",
                       r.id.value, r.home.value, r.high_risk, pqxx::binarystring(key), sealed);
        if (r.language.empty())
            continue; // also the first schema, which has none, takes such a town
        in.exec_params("update resident set language = $2 where id = $1", r.id.value, r.language);
    }
}

void write_devices(pqxx::work& in, city const& town) {
    for (auto const& r : town.residents)
        for (auto const& d : r.devices)
            in.exec_params("insert into device (id, kind, resident) values ($1, 'watch', $2)",
                           d.value, r.id.value);
    for (auto const& h : town.homes)
        for (auto const& d : h.devices)
            in.exec_params("insert into device (id, kind, home) values ($1, 'box', $2)", d.value,
                           h.id.value);
    for (auto const& d : town.unbound_devices)
        in.exec_params("insert into device (id, kind) values ($1, 'watch')", d.value);
}

void write_workers(pqxx::work& in, city const& town) {
    std::set<domain::provider_id> providers;
    for (auto const& w : town.workers)
        if (providers.insert(w.provider).second)
            in.exec_params("insert into provider (id, name) values ($1, $1)", w.provider.value);
    for (auto const& w : town.workers) {
        in.exec_params("insert into worker (id, provider, site, latitude, longitude, certificates, "
                       "from_minute, until_minute, rating) values ($1, $2, $3, $4, $5, "
                       "$6::text[], $7, $8, $9)",
                       w.id.value, w.provider.value, or_null(w.site), latitude(w.place),
                       longitude(w.place), array_of(w.certificates), w.from_minute, w.until_minute,
                       w.rating);
    }
}

// A schema before 005 has no place for it.
bool knows_responders(pqxx::work& in) {
    return !in.exec("select from information_schema.columns "
                    "where table_name = 'worker' and column_name = 'kind'")
                .empty();
}

// A schema before 012 knows of nothing synthetic.
bool knows_purposes(pqxx::work& in) {
    return !in.exec("select from information_schema.columns "
                    "where table_name = 'worker' and column_name = 'synthetic'")
                .empty();
}

void write_synthetic(pqxx::work& in, city const& town) {
    for (auto const& r : town.residents)
        in.exec_params("update resident set synthetic = $2 where id = $1", r.id.value, r.synthetic);
    for (auto const& w : town.workers)
        in.exec_params("update worker set synthetic = $2 where id = $1", w.id.value, w.synthetic);
}

void write_responders(pqxx::work& in, city const& town) {
    for (auto const& h : town.homes)
        in.exec_params("update home set flags = $2::text[] where id = $1", h.id.value,
                       array_of(h.flags));
    for (auto const& w : town.workers) {
        in.exec_params("update worker set kind = $2, people = $3, homes = $4::text[], "
                       "areas = $5::text[] where id = $1",
                       w.id.value, std::string(to_text(w.kind)), w.people, array_of(w.homes),
                       array_of(w.areas));
        in.exec_params("update provider set dispatch = $2 where id = $1", w.provider.value,
                       w.by_company ? "company" : "worker");
    }
    for (auto const& [button, worker] : town.workers_buttons)
        in.exec_params("insert into device (id, kind, worker) values ($1, 'other', $2)",
                       button.value, worker.value);
}

std::string words(std::vector<domain::channel> const& ways) {
    std::string text;
    for (auto const each : ways)
        text += (text.empty() ? "" : " ") + std::string(to_text(each));
    return text;
}

void write_contact(pqxx::work& in, postgres::key_ring const& keys, known_contact const& c) {
    auto const key = pqxx::binarystring(
        in.exec_params1("select data_key from resident where id = $1", c.resident.value)[0]);
    postgres::contact_personal const words_of{"Sun Li", c.phone, c.email};
    pqxx::binarystring const sealed(
        keys.seal_for(key.str(), words_of.sealed_for, to_json(words_of)));
    std::optional<int> from;
    std::optional<int> until;
    if (c.quiet) from = c.quiet->from, until = c.quiet->until;
    in.exec_params("insert into contact (resident, place, relation, personal, channels, "
                   "quiet_from, quiet_until, do_not_tell, language) values ($1, $2, 'child', $3, "
                   "string_to_array($4, ' '), $5, $6, $7, $8)",
                   c.resident.value, c.place, sealed, words(c.ways), from, until, c.do_not_tell,
                   c.language);
}

} // namespace

void write_people(pqxx::connection& to, postgres::key_ring const& keys,
                  std::vector<known_contact> const& contacts,
                  std::vector<known_site> const& sites) {
    pqxx::work in(to);
    in.exec("delete from contact");
    in.exec("update site set personal = null");
    for (auto const& c : contacts)
        write_contact(in, keys, c);
    for (auto const& s : sites) {
        postgres::site_personal const phones{s.duty_phone, s.shift_leader};
        pqxx::binarystring const sealed(keys.seal(phones.sealed_for, to_json(phones)));
        in.exec_params("update site set personal = $2 where id = $1", s.id.value, sealed);
    }
    in.commit();
}

void write_registry(pqxx::connection& to, postgres::key_ring const& keys, city const& town) {
    pqxx::work in(to);
    write_sites(in, town);
    write_homes(in, keys, town);
    write_residents(in, keys, town);
    write_devices(in, town);
    write_workers(in, town);
    if (knows_responders(in)) write_responders(in, town);
    if (knows_purposes(in)) write_synthetic(in, town);
    in.exec("update registry_version set version = version + 1");
    in.commit();
}

} // namespace linli::tests
