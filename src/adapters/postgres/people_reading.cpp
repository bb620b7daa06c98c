#include "adapters/postgres/people_reading.hpp"

#include <algorithm>
#include <charconv>
#include <compare>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/rows.hpp"
#include "adapters/postgres/who_lives_there.hpp"
#include "domain/staff_reference.hpp"

namespace linli::postgres {

namespace {

using domain::channel;

// All of them for place 0. Whose number is known ($3) is looked for by that while it is anybody's,
// since a list may be numbered anew; also if he is the one who must not be told.
constexpr auto contacts_sql = R"(
    select c.place, array_to_string(c.channels, ' ') as channels, c.quiet_from, c.quiet_until,
           c.language, c.personal, c.phone_hmac, r.data_key, r.personal as resident_personal
    from contact c join resident r on r.id = c.resident
    where c.resident = $1 and not c.do_not_tell
      and case when exists (select from contact k where k.resident = $1
                            and k.phone_hmac = nullif($3::bytea, ''))
                 or exists (select from do_not_tell n where n.resident = $1
                            and n.phone_hmac = nullif($3::bytea, ''))
               then c.phone_hmac = $3::bytea
               else $2::integer = 0 or c.place = $2::integer end
    order by c.place)";

// Behind a fixed button lives one person: it is his family. Of two nobody knows which of them it
// is.
constexpr auto who_lives_alone_sql = R"(
    select min(r.id) as resident from resident r
    where r.home = $1 and )" LINLI_LIVES_THERE "having count(*) = 1";

// Also what is still queued, if it will go: the end is told after the start.
constexpr auto told_sql = R"(
    select distinct who, audience, phone_hmac from delivery
    where alert = $1::uuid and (state in ('sent', 'delivered')
                                or (state = 'queued' and (level = 1 or attempts > 0)))
    order by who)";

// From the site upwards.
constexpr auto sites_sql = R"(
    with recursive up (id, parent, personal, depth) as (
        select id, parent, personal, 0 from site where id = $1
        union all
        select s.id, s.parent, s.personal, up.depth + 1
        from site s join up on s.id = up.parent where up.depth < 16
    )
    select id, personal from up where personal is not null order by depth)";

constexpr auto closed_sql = R"(
    select a.state = 'closed' as closed, a.state in ('claimed', 'handled') as taken,
           exists (select from delivery d where d.alert = a.id and d.why = 'ended'
                   and case when d.phone_hmac is not null and $3::bytea <> ''
                            then d.phone_hmac = $3::bytea else d.who = $2 end
                   and d.state in ('sent', 'delivered')) as end_told
    from alert a where a.id = $1::uuid)";

constexpr auto trial_sql = R"(
    insert into contact_trial (resident, place, channel, tried_at, state, reason, phone_hmac)
    select $1, $2::integer, $3, instant_of($4::bigint), $5, nullif($6, ''), c.phone_hmac
    from contact c where c.resident = $1 and c.place = $2::integer
    on conflict (resident, place, channel) do update
    set tried_at = excluded.tried_at, state = excluded.state, reason = excluded.reason,
        phone_hmac = excluded.phone_hmac)";

constexpr std::string_view contact_prefix = "contact:";

// By which an address is there, in the contact's order.
std::vector<channel> ways_of(std::string const& wanted, contact_personal const& words) {
    std::vector<channel> ways;
    auto const has = [&](channel by) {
        return by == channel::email ? !words.email.empty() : !words.phone.empty();
    };
    std::string_view rest = wanted.empty() ? "voice sms email" : std::string_view(wanted);
    while (!rest.empty()) {
        auto const end = std::min(rest.find(' '), rest.size());
        auto const each = domain::from_text<channel>(rest.substr(0, end));
        bool const is_new = each && std::ranges::find(ways, *each) == ways.end();
        if (is_new && has(*each)) ways.push_back(*each);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return ways;
}

template <class Personal>
Personal opened(key_ring const& keys, std::string const& data_key, std::string const& sealed) {
    if (data_key.empty() || sealed.empty()) return {};
    auto const plain = keys.open_for(data_key, Personal::sealed_for, sealed);
    return plain ? from_json<Personal>(*plain) : Personal{};
}

contact_personal words_of(key_ring const& keys, pqxx::row const& r) {
    return opened<contact_personal>(keys, bytes(r["data_key"]), bytes(r["personal"]));
}

std::string site_phone(site_personal const& words, domain::audience to) {
    return to == domain::audience::shift_leader ? words.shift_leader : words.duty_phone;
}

struct site_with_phone {
    std::string id;
    std::string phone;
};

std::optional<site_with_phone> find_site(pqxx::transaction_base& in, key_ring const& keys,
                                         std::string const& from, domain::audience to) {
    for (auto const& r : in.exec_prepared("sites_up", from)) {
        auto const plain = keys.open(site_personal::sealed_for, bytes(r["personal"]));
        if (!plain) continue;
        auto phone = site_phone(from_json<site_personal>(*plain), to);
        if (!phone.empty()) return site_with_phone{text(r["id"]), std::move(phone)};
    }
    return std::nullopt;
}

std::string resident_of(pqxx::transaction_base& in, domain::notice const& about) {
    if (!about.resident.empty() || about.home.empty()) return about.resident.value;
    auto const alone = in.exec_prepared("who_lives_alone", about.home.value);
    return alone.empty() ? std::string() : text(alone[0]["resident"]);
}

// Where a contact stood, and whose number it was; place 0 is everybody's.
struct contact_reference {
    std::string resident;
    int place = 0;
    std::string number = {}; // a digest, or empty

    auto operator<=>(contact_reference const&) const = default;
};

pqxx::result find_contacts(pqxx::transaction_base& in, contact_reference const& whom) {
    return in.exec_prepared("contacts", whom.resident, whom.place, bytea_text(whom.number));
}

// Without those who must not be told, and each once.
void add_contacts(pqxx::transaction_base& in, key_ring const& keys, contact_reference const& whom,
                  std::vector<app::person>& to) {
    for (auto const& r : find_contacts(in, whom)) {
        app::person p;
        p.who = std::string(contact_prefix) + whom.resident + '/' + text(r["place"]);
        if (std::ranges::find(to, p.who, &app::person::who) != to.end()) continue;
        p.number = bytes(r["phone_hmac"]);
        p.ways = ways_of(text(r["channels"]), words_of(keys, r));
        if (!r["quiet_from"].is_null())
            p.quiet = {r["quiet_from"].as<int>(), r["quiet_until"].as<int>()};
        to.push_back(std::move(p));
    }
}

std::vector<app::person> contacts(pqxx::transaction_base& in, key_ring const& keys,
                                  domain::notice const& about) {
    std::vector<app::person> all;
    auto const resident = resident_of(in, about);
    if (!resident.empty()) add_contacts(in, keys, {resident}, all);
    return all;
}

// Whose shift it was, whosever it is now. For the hook it is nobody.
std::vector<app::person> at_the_telephone(pqxx::result const& told, domain::audience to) {
    std::vector<app::person> all;
    for (auto const& r : told)
        if (to != domain::audience::alarm_hook && text(r["audience"]) == to_text(to))
            all.push_back({text(r["who"]), {channel::voice, channel::sms}, {}, true});
    return all;
}

// "contact:r1/2"
std::optional<contact_reference> contact_of(std::string_view who, std::string number) {
    if (!who.starts_with(contact_prefix)) return std::nullopt;
    who.remove_prefix(contact_prefix.size());
    auto const slash = who.rfind('/');
    int place = 0;
    if (slash == who.npos) return std::nullopt;
    std::from_chars(who.data() + slash + 1, who.data() + who.size(), place);
    if (place < 1) return std::nullopt;
    return contact_reference{std::string(who.substr(0, slash)), place, std::move(number)};
}

// Whose family it was, with whomever she lives by now and wherever.
std::vector<app::person> contacts_who_heard(pqxx::transaction_base& in, key_ring const& keys,
                                            pqxx::result const& told) {
    std::set<contact_reference> heard; // in their order
    for (auto const& r : told) {
        auto const contact = contact_of(text(r["who"]), bytes(r["phone_hmac"]));
        if (contact && text(r["audience"]) == to_text(domain::audience::contacts))
            heard.insert(*contact);
    }
    std::vector<app::person> all;
    for (auto const& each : heard)
        add_contacts(in, keys, each, all);
    return all;
}

// By his number where that was kept and is still somebody's among these.
bool is_told(app::person const& who, pqxx::row const& told, std::vector<app::person> const& all) {
    auto const number = bytes(told["phone_hmac"]);
    bool const is_there =
        !number.empty() && std::ranges::find(all, number, &app::person::number) != all.end();
    return is_there ? who.number == number : who.who == text(told["who"]);
}

void fill_contact(pqxx::transaction_base& in, key_ring const& keys, contact_reference const& whom,
                  app::address_card& card) {
    auto const found = find_contacts(in, whom);
    if (found.empty()) return;
    auto const words = words_of(keys, found[0]);
    card.may_be_told = true;
    card.phone = words.phone;
    card.email = words.email;
    card.language = text(found[0]["language"]);
    card.resident_name = opened<resident_personal>(keys, bytes(found[0]["data_key"]),
                                                   bytes(found[0]["resident_personal"]))
                             .name;
}

} // namespace

void prepare_people(pqxx::connection& on) {
    on.prepare("contacts", contacts_sql);
    on.prepare("who_lives_alone", who_lives_alone_sql);
    on.prepare("told", told_sql);
    on.prepare("sites_up", sites_sql);
    on.prepare("alert_closed", closed_sql);
    on.prepare("keep_trial", trial_sql);
}

std::vector<app::person> read_people(pqxx::connection& on, key_ring const& keys,
                                     domain::notice const& about) {
    pqxx::work in(on);
    std::vector<app::person> all;
    auto const told = in.exec_prepared("told", to_string(about.alert));
    bool const is_end = about.why == domain::notice_reason::ended;
    if (about.to == domain::audience::contacts) {
        all = is_end ? contacts_who_heard(in, keys, told) : contacts(in, keys, about);
    } else if (is_end) {
        all = at_the_telephone(told, about.to);
    } else if (about.to != domain::audience::alarm_hook) {
        auto const at = find_site(in, keys, about.site.value, about.to);
        if (at)
            all.push_back({domain::staff_reference(about.to, {at->id}),
                           {channel::voice, channel::sms},
                           {},
                           false});
    }
    for (auto const& r : told)
        for (auto& each : all)
            if (is_told(each, r, all)) each.told_before = true;
    return all;
}

app::address_card read_card(pqxx::connection& on, key_ring const& keys,
                            domain::delivery const& of) {
    pqxx::work in(on);
    app::address_card card;
    card.language = "zh";
    auto const state =
        in.exec_prepared("alert_closed", to_string(of.about.alert), of.who, bytea_text(of.number));
    card.alert_is_closed = !state.empty() && state[0]["closed"].as<bool>();
    card.end_was_told = !state.empty() && state[0]["end_told"].as<bool>();
    card.somebody_has_it = !state.empty() && state[0]["taken"].as<bool>();
    if (auto const contact = contact_of(of.who, of.number)) {
        fill_contact(in, keys, *contact, card);
        return card;
    }
    auto const site = domain::site_of_staff(of.who);
    if (auto const at = find_site(in, keys, site.value, of.about.to)) {
        card.may_be_told = true;
        card.phone = at->phone;
    }
    return card;
}

std::vector<delivery_database::contact_address>
read_contacts(pqxx::connection& on, key_ring const& keys, domain::resident_id const& resident) {
    pqxx::work in(on);
    std::vector<delivery_database::contact_address> all;
    for (auto const& r : find_contacts(in, {resident.value})) {
        auto const words = words_of(keys, r);
        all.push_back({r["place"].as<int>(), ways_of(text(r["channels"]), words), words.phone,
                       words.email, text(r["language"])});
    }
    return all;
}

void keep_contact_trial(pqxx::connection& on, delivery_database::trial const& what) {
    pqxx::nontransaction in(on);
    in.exec_prepared("keep_trial", what.resident.value, what.place, std::string(to_text(what.by)),
                     microseconds(what.at), std::string(to_text(what.state)), what.reason);
}

} // namespace linli::postgres
