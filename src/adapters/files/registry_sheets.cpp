#include "adapters/files/registry_sheets.hpp"

#include <ranges>
#include <string>

#include "domain/delivery.hpp"
#include "domain/masked.hpp"
#include "domain/responder.hpp"
#include "domain/telemetry.hpp"

namespace linli::files {

namespace {

using app::cell_kind;
using app::registry_column;
using domain::sheet;

template <class E>
std::vector<std::string> words_of() {
    std::vector<std::string> all;
    for (auto const& [value, text] : domain::names<E>::table)
        all.emplace_back(text);
    return all;
}

std::vector<std::string> listed(auto const& words) {
    return {words.begin(), words.end()};
}

std::vector<std::string> ways_to_tell() {
    auto all = words_of<domain::channel>();
    std::erase(all, to_text(domain::channel::webhook)); // an institution's, not a person's
    return all;
}

// What a column is, said in the table below.
struct column : registry_column {
    column(std::string called, cell_kind is) {
        name = std::move(called);
        kind = is;
    }
    column& required() { return is_required = true, *this; }
    column& personal(std::string (*mask)(std::string_view)) { return masked = mask, *this; }
    column& new_one() { return may_be_missing = true, *this; }
    column& of(std::vector<std::string> known) { return words = std::move(known), *this; }
    column& in(sheet other) { return refers_to = other, *this; }
    column& shown() { return company = app::company_share::sees, *this; }
    column& theirs() { return company = app::company_share::changes, *this; }
};

std::vector<registry_column> area_columns() {
    return {column("code", cell_kind::id).required(),
            column("parent", cell_kind::id).in(sheet::areas),
            column("name", cell_kind::text).required(),
            column("served_by", cell_kind::id).in(sheet::sites)};
}

std::vector<registry_column> site_columns() {
    return {column("id", cell_kind::id).required(),
            column("name", cell_kind::text).required(),
            column("level", cell_kind::word).required().of(words_of<domain::site_level>()),
            column("parent", cell_kind::id).in(sheet::sites),
            column("area", cell_kind::id).required().in(sheet::areas),
            column("latitude", cell_kind::decimal),
            column("longitude", cell_kind::decimal),
            column("opens", cell_kind::minute),
            column("closes", cell_kind::minute),
            column("duty_phone", cell_kind::phone).personal(domain::masked_phone).new_one(),
            column("shift_leader", cell_kind::phone).personal(domain::masked_phone).new_one()};
}

std::vector<registry_column> home_columns() {
    return {column("id", cell_kind::id).required(),
            column("area", cell_kind::id).required().in(sheet::areas),
            column("rough_place", cell_kind::text),
            column("door", cell_kind::text).required().personal(domain::masked_text),
            column("latitude", cell_kind::decimal),
            column("longitude", cell_kind::decimal),
            column("access_notes", cell_kind::text).personal(domain::masked_text),
            column("flags", cell_kind::words).of(listed(app::home_flags)).new_one(),
            column("address_verified", cell_kind::date).new_one(),
            column("address_verified_by", cell_kind::id).new_one(),
            column("key_holder", cell_kind::id).new_one(),
            column("key_tested", cell_kind::date).new_one()};
}

std::vector<registry_column> resident_columns() {
    return {column("id", cell_kind::id).required(),
            column("home", cell_kind::id).required().in(sheet::homes),
            column("name", cell_kind::text).required().personal(domain::masked_name),
            column("phone", cell_kind::phone).personal(domain::masked_phone),
            column("id_number", cell_kind::text).personal(domain::masked_phone),
            column("status", cell_kind::word).required().of(listed(app::resident_statuses)),
            column("high_risk", cell_kind::yes_no),
            column("notes", cell_kind::text).personal(domain::masked_text),
            column("synthetic", cell_kind::yes_no).new_one(),
            column("visit_code", cell_kind::text).personal(domain::masked_text).new_one(),
            column("language", cell_kind::word).of(listed(app::spoken_languages)).new_one()};
}

std::vector<registry_column> contact_columns() {
    return {column("resident", cell_kind::id).required().in(sheet::residents),
            column("place", cell_kind::number).required(),
            column("name", cell_kind::text).required().personal(domain::masked_name),
            column("relation", cell_kind::text).required(),
            column("phone", cell_kind::phone).required().personal(domain::masked_phone),
            column("channels", cell_kind::words).of(ways_to_tell()).new_one(),
            column("email", cell_kind::email).personal(domain::masked_text).new_one(),
            column("quiet_from", cell_kind::minute).new_one(),
            column("quiet_until", cell_kind::minute).new_one(),
            column("do_not_tell", cell_kind::yes_no).new_one(),
            column("language", cell_kind::id).new_one()};
}

std::vector<registry_column> device_columns() {
    return {column("id", cell_kind::id).required(),
            column("kind", cell_kind::word).required().of(listed(app::device_kinds)),
            column("resident", cell_kind::id).in(sheet::residents),
            column("home", cell_kind::id).in(sheet::homes),
            column("worker", cell_kind::id).in(sheet::workers).new_one(),
            column("stock_area", cell_kind::id).in(sheet::areas).new_one()};
}

// `shown` to the company's manager, or `theirs` to change: how a worker is reached, when he works
// and whether he is there. The bureau decides who he is, what he has learnt, whom he serves and how
// the company is asked; where he starts from, because the ranking weighs companies against each
// other by it. Whose key he holds is a resident's matter and isn't shown.
std::vector<registry_column> provider_columns() {
    return {column("id", cell_kind::id).required().shown(),
            column("name", cell_kind::text).required().shown(),
            column("phone", cell_kind::phone).personal(domain::masked_phone).theirs(),
            column("dispatch", cell_kind::word).of(listed(app::dispatch_ways)).new_one().shown()};
}

std::vector<registry_column> worker_columns() {
    return {
        column("id", cell_kind::id).required().shown(),
        column("provider", cell_kind::id).required().in(sheet::providers).shown(),
        column("name", cell_kind::text).required().personal(domain::masked_name).shown(),
        column("phone", cell_kind::phone).personal(domain::masked_phone).theirs(),
        column("site", cell_kind::id).in(sheet::sites).shown(),
        column("latitude", cell_kind::decimal).shown(),
        column("longitude", cell_kind::decimal).shown(),
        column("certificates", cell_kind::words).shown(),
        column("from", cell_kind::minute).theirs(),
        column("until", cell_kind::minute).theirs(),
        column("rating", cell_kind::decimal).shown(),
        column("kind", cell_kind::word).of(words_of<domain::responder_kind>()).new_one().shown(),
        column("people", cell_kind::number).new_one().shown(),
        column("homes", cell_kind::words).in(sheet::homes).new_one(),
        column("areas", cell_kind::words).in(sheet::areas).new_one().shown(),
        column("synthetic", cell_kind::yes_no).new_one(),
        column("on_duty", cell_kind::yes_no).new_one().theirs()};
}

std::vector<registry_column> limit_columns() {
    return {column("resident", cell_kind::id).required().in(sheet::residents),
            column("what", cell_kind::word).required().of(words_of<domain::vital_sign>()),
            column("low", cell_kind::decimal), column("high", cell_kind::decimal),
            column("lasting_s", cell_kind::number)};
}

std::vector<registry_column> silence_columns() {
    return {column("home", cell_kind::id).required().in(sheet::homes),
            column("from", cell_kind::minute), column("until", cell_kind::minute),
            column("longest_min", cell_kind::number).required()};
}

std::vector<registry_column> zone_columns() {
    return {column("resident", cell_kind::id).required().in(sheet::residents),
            column("name", cell_kind::id).required(),
            column("kind", cell_kind::word).required().of(words_of<domain::zone_kind>()),
            column("shape", cell_kind::shape).required()};
}

constexpr bool owned = true;

} // namespace

std::vector<app::registry_sheet> const& registry_sheets() {
    static std::vector<app::registry_sheet> const all{
        {sheet::areas, "areas.csv", area_columns()},
        {sheet::sites, "sites.csv", site_columns()},
        {sheet::homes, "homes.csv", home_columns()},
        {sheet::residents, "residents.csv", resident_columns()},
        {sheet::contacts, "contacts.csv", contact_columns(), owned},
        {sheet::devices, "devices.csv", device_columns()},
        {sheet::providers, "providers.csv", provider_columns()},
        {sheet::workers, "workers.csv", worker_columns()},
        {sheet::limits, "limits.csv", limit_columns(), owned},
        {sheet::silences, "silences.csv", silence_columns(), owned},
        {sheet::zones, "zones.geojson", zone_columns(), owned},
    };
    return all;
}

app::registry_sheet const& sheet_of(domain::sheet which) {
    return registry_sheets().at(static_cast<std::size_t>(which));
}

} // namespace linli::files
