#include "adapters/postgres/visit_reading.hpp"

#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/who_lives_there.hpp"

namespace linli::postgres {

namespace {

// For whom it is, if that is known, wherever that one is registered by now: a booking is hers, and
// whoever goes must know whom he asks for. Else everybody who still lives there. (An "or" between
// the two would read all residents.)
constexpr auto visit_sql = R"(
    select o.id, h.data_key as home_key, h.personal as home_text, h.latitude, h.longitude,
           array_to_string(h.flags, ' ') as flags,
           r.data_key as resident_key, r.personal as resident_text, b.words
    from service_order o
    join home h on h.id = o.home
    left join alert a on a.id = o.alert
    left join booking b on b.order_id = o.id
    left join lateral (
        select x.id, x.data_key, x.personal from resident x
        where x.id = coalesce(a.resident, b.resident)
        union all
        select x.id, x.data_key, x.personal from resident x
        where coalesce(a.resident, b.resident) is null and x.home = o.home
          and )" LINLI_STILL_THERE("x") R"() r on true
    where o.id = any ($1::uuid[]) order by o.id, r.id)";

// A call of the device since somebody came to install it, that a desk has claimed since.
constexpr auto live_press_sql = R"(
    select o.id from service_order o
    where o.id = any ($1::uuid[]) and exists (
        select from signal s
        where s.device = split_part(substr(o.subject, 8), '/', 1) and s.alert is not null
          and s.received_at >= (select min(l.at) from log l where l.chain = o.id
                                and l.what in ('arrived', 'no_access', 'started'))
          and exists (select from log c where c.chain = s.alert
                      and c.what in ('claimed', 'acknowledged', 'taken_over')
                      and c.at >= s.received_at)))";

// That somebody is violent there, and where it is, lies in clear and needs no key.
void add_home(app::visit& card, key_ring const& keys, pqxx::row const& r) {
    card.flags = words_of(text(r["flags"]));
    card.place = place_of(r);
    auto const plain =
        keys.open_for(bytes(r["home_key"]), home_personal::sealed_for, bytes(r["home_text"]));
    if (!plain) return;
    auto const home = from_json<home_personal>(*plain);
    card.door = home.door;
    card.notes = home.access_notes;
}

void add_resident(app::visit& card, key_ring const& keys, pqxx::row const& r) {
    auto const plain = keys.open_for(bytes(r["resident_key"]), resident_personal::sealed_for,
                                     bytes(r["resident_text"]));
    if (!plain) return;
    auto const resident = from_json<resident_personal>(*plain);
    card.name += (card.name.empty() ? "" : " / ") + resident.name;
    if (card.phone.empty()) card.phone = resident.phone;
}

void add_wishes(app::visit& card, key_ring const& keys, pqxx::row const& r) {
    auto const sealed = bytes(r["words"]);
    if (sealed.empty()) return;
    auto plain = keys.open(booking_words, sealed); // written where his key couldn't be opened
    if (!plain) plain = keys.open_for(bytes(r["resident_key"]), booking_words, sealed);
    card.wishes = plain.value_or("");
}

} // namespace

void prepare_visits(pqxx::connection& on) {
    on.prepare("visits", visit_sql);
    on.prepare("live_presses", live_press_sql);
}

std::set<domain::order_id> read_live_presses(pqxx::transaction_base& in, column const& orders) {
    std::set<domain::order_id> all;
    for (auto const& r : in.exec_prepared("live_presses", orders.literal()))
        all.insert(record_id<domain::order_id>(r["id"]));
    return all;
}

std::map<domain::order_id, app::visit> read_visits(pqxx::transaction_base& in, key_ring const& keys,
                                                   column const& orders) {
    std::map<domain::order_id, app::visit> found;
    for (auto const& r : in.exec_prepared("visits", orders.literal())) {
        auto& card = found[record_id<domain::order_id>(r["id"])];
        if (card.door.empty()) add_home(card, keys, r);
        if (!r["resident_text"].is_null()) add_resident(card, keys, r);
        add_wishes(card, keys, r);
    }
    return found;
}

} // namespace linli::postgres
