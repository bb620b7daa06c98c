#include "adapters/postgres/device_picture.hpp"

namespace linli::postgres {

// For each (event, device): whether the event is known, what the registry says of the device, and
// the open alert and request of its subject. The last branch finds the open alerts of the subjects
// that unknown devices join, if any. (`known` is no EXISTS: of that, a plan made while there are
// few signals makes a hash of all signals, for each batch. And the last branch asks by subject: a
// join read all open alerts, for each batch.)
char const* const device_sql = R"(
    with wanted as (
        select w.event, w.device, d.id is not null as registered,
               case when d.resident is not null then 'resident:' || d.resident
                    when d.home is not null then 'home:' || d.home
                    when d.worker is not null then 'worker:' || d.worker
                    else 'device:' || w.device end as subject,
               d.resident, d.worker, coalesce(d.home, r.home,
                   (select v.home from visit v where v.worker = d.worker limit 1)) as home,
               coalesce(r.synthetic, false) as synthetic,
               coalesce(r.high_risk, exists (
                   select from resident x where x.home = d.home and x.high_risk)) as high_risk
        from unnest($1::text[], $2::text[]) as w (event, device)
        left join device d on d.id = w.device
        left join resident r on r.id = d.resident
    )
    select w.event, w.device, w.registered, w.subject, w.resident, w.home, w.high_risk,
           w.synthetic,
           coalesce(h.area, (select s.area from worker k join site s on s.id = k.site
                             where k.id = w.worker)) as area,
           h.rough_place, h.latitude, h.longitude, h.flags,
           (select a.id from alert a where a.subject = w.subject and a.state <> 'closed'
                and a.purpose = case when w.synthetic then 'synthetic' else 'real' end) as alert,
           (select q.id from request q
            where q.subject = w.subject and q.state <> 'closed') as request,
           (select true from signal s where s.event = w.event) is not null as known
    from wanted w left join home h on h.id = w.home
    union all
    select null, null, false, u.subject, null, null, false, false, null, null, null, null,
           null, (select a.id from alert a where a.subject = u.subject and a.state <> 'closed'
                and a.purpose = 'real'), null, false
    from unnest($3::text[]) as u (subject))";

namespace {

template <class Row>
app::device_facts facts_of(Row const& r) {
    app::device_facts facts;
    facts.registered = r["registered"].template as<bool>();
    facts.about = domain::parse_subject(r["subject"].c_str()).value();
    facts.area = {text(r["area"])};
    facts.home = {text(r["home"])};
    facts.resident = {text(r["resident"])};
    facts.high_risk = r["high_risk"].template as<bool>();
    if (r["synthetic"].template as<bool>()) facts.what_for = domain::purpose::synthetic;
    facts.open_alert = maybe_record_id<domain::alert_id>(r["alert"]);
    facts.open_request = maybe_record_id<domain::request_id>(r["request"]);
    return facts;
}

template <class Rows>
std::vector<domain::uuid> see(Rows const& rows, app::view& seen) {
    std::vector<domain::uuid> open;
    for (auto const& r : rows) {
        auto const facts = facts_of(r);
        if (facts.open_alert) open.push_back(facts.open_alert->value);
        if (facts.open_request) open.push_back(facts.open_request->value);
        if (r["event"].is_null()) continue;
        if (r["known"].template as<bool>()) {
            auto const event = text(r["event"]);
            seen.known_events.emplace(event, domain::event_id{event});
        }
        if (!facts.home.empty()) seen.homes[facts.home] = home_of(facts.area, r);
        seen.devices[domain::device_id{text(r["device"])}] = facts;
    }
    return open;
}

} // namespace

std::array<std::string, 3> device_parameters(app::wanted const& what) {
    column events;
    column devices;
    for (auto const& [event, device] : what.signals) {
        events.text(event.value);
        devices.text(device.value);
    }
    for (auto const* each : {&what.drills, &what.installations})
        for (auto const& device : *each) {
            events.text({});
            devices.text(device.value);
        }
    column subjects;
    for (auto const& s : what.subjects)
        subjects.text(to_string(s));
    return {events.literal(), devices.literal(), subjects.literal()};
}

std::vector<domain::uuid> see_devices(pqxx::result const& rows, app::view& seen) {
    return see(rows, seen);
}

std::vector<domain::uuid> see_devices(answer_rows const& rows, app::view& seen) {
    return see(rows, seen);
}

app::device_facts device_facts_of(pqxx::row const& r) {
    return facts_of(r);
}

} // namespace linli::postgres
