#include "adapters/postgres/registry_reading.hpp"

#include "adapters/postgres/rows.hpp"

namespace linli::postgres {

namespace {

void read_areas(pqxx::work& in, app::registry& to) {
    for (auto const& r : in.exec("select a.code, a.parent, s.site from area a "
                                 "left join site_area s on s.area = a.code"))
        to.areas.push_back({{text(r["code"])}, {text(r["parent"])}, {text(r["site"])}});
}

void read_sites(pqxx::work& in, app::registry& to) {
    for (auto const& r : in.exec("select id, level, parent, area, latitude, longitude, opens, "
                                 "closes from site order by id"))
        to.sites.push_back({{text(r["id"])},
                            word<domain::site_level>(r["level"]),
                            {text(r["parent"])},
                            {text(r["area"])},
                            place_of(r),
                            r["opens"].as<int>(),
                            r["closes"].as<int>()});
}

void read_workers(pqxx::work& in, app::registry& to) {
    auto const rows = in.exec(R"(
        select w.id, w.provider, w.site, w.latitude, w.longitude,
               array_to_string(w.certificates, ' ') as certificates, w.from_minute,
               w.until_minute, w.rating, w.kind, w.people,
               array_to_string(w.homes, ' ') as homes, array_to_string(w.areas, ' ') as areas,
               p.dispatch = 'company' as by_company, w.synthetic, w.on_duty,
               (select count(*) from offer f join service_order o on o.id = f.order_id
                where f.worker = w.id and f.due_at is not null and o.purpose = 'real') +
               (select count(*) from visit v where v.worker = w.id) as load,
               (select v.home from visit v where v.worker = w.id limit 1) as visiting
        from worker w join provider p on p.id = w.provider order by w.id)");
    for (auto const& r : rows) {
        domain::worker w;
        w.id = {text(r["id"])};
        w.provider = {text(r["provider"])};
        w.site = text(r["site"]);
        w.place = place_of(r);
        w.certificates = words_of(text(r["certificates"]));
        w.from_minute = r["from_minute"].as<int>();
        w.until_minute = r["until_minute"].as<int>();
        w.rating = r["rating"].as<double>();
        w.load = r["load"].as<int>();
        w.visiting = text(r["visiting"]);
        w.kind = word<domain::responder_kind>(r["kind"]);
        w.people = r["people"].as<int>();
        w.homes = words_of(text(r["homes"]));
        w.areas = words_of(text(r["areas"]));
        w.by_company = r["by_company"].as<bool>();
        w.synthetic = r["synthetic"].as<bool>();
        w.on_duty = r["on_duty"].as<bool>();
        to.workers.push_back(std::move(w));
    }
}

} // namespace

app::registry read_registry(pqxx::connection& from) {
    pqxx::work in(from);
    app::registry all;
    all.version = in.exec1("select version from registry_version")["version"].as<std::int64_t>();
    read_areas(in, all);
    read_sites(in, all);
    read_workers(in, all);
    in.commit();
    return all;
}

} // namespace linli::postgres
