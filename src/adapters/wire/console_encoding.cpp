#include "adapters/wire/console_encoding.hpp"

#include <cstdint>

#include <fmt/core.h>
#include <google/protobuf/util/json_util.h>

#include "adapters/wire/console_parts.hpp"
#include "adapters/wire/console_plan.hpp"
#include "app/chain_names.hpp"
#include "domain/masked.hpp"
#include "linli/v1/console.pb.h"

namespace linli::wire {

namespace {

// Every text is UTF-8 and every time within protobuf's years, so there is nothing it could refuse.
std::string json_of(google::protobuf::Message const& message) {
    std::string json;
    auto const done = google::protobuf::util::MessageToJsonString(message, &json);
    return done.ok() ? json : "{}";
}

std::string word(auto value) {
    return std::string(to_text(value));
}

// Masked as it was written, then cleaned: the cut may go through a character.
std::string masked(std::string const& number) {
    return shown_text(domain::masked_phone(number));
}

std::string day(std::optional<std::chrono::sys_days> const& at) {
    if (!at) return {};
    std::chrono::year_month_day const d(*at);
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(d.year()),
                       static_cast<unsigned>(d.month()), static_cast<unsigned>(d.day()));
}

// Digits 7 to 14 of a resident identity number (GB 11643) are the day of birth.
std::optional<std::chrono::year_month_day> birth_of(std::string const& id_number) {
    if (id_number.size() != 18) return std::nullopt;
    int digits = 0;
    for (std::size_t i = 6; i < 14; ++i) {
        if (id_number[i] < '0' || id_number[i] > '9') return std::nullopt;
        digits = digits * 10 + (id_number[i] - '0');
    }
    std::chrono::year_month_day const born(
        std::chrono::year(digits / 10'000),
        std::chrono::month(static_cast<unsigned>(digits / 100 % 100)),
        std::chrono::day(static_cast<unsigned>(digits % 100)));
    return born.ok() ? std::optional(born) : std::nullopt;
}

// Whole years on that day; 0: not known.
std::uint32_t age_at(std::string const& id_number, domain::instant when) {
    auto const born = birth_of(id_number);
    if (!born) return 0;
    std::chrono::year_month_day const then(std::chrono::floor<std::chrono::days>(when));
    int years = static_cast<int>(then.year()) - static_cast<int>(born->year());
    if (std::pair(then.month(), then.day()) < std::pair(born->month(), born->day())) --years;
    return years > 0 && years < 150 ? static_cast<std::uint32_t>(years) : 0;
}

void write_place(std::optional<domain::position> const& place, auto& into) {
    if (place) write_position(*place, *into.mutable_position());
}

void write_contact(app::contact_seen const& c, v1::ContactCard& into) {
    into.set_place(static_cast<std::uint32_t>(c.what.place));
    into.set_name(shown_text(c.what.name));
    into.set_relation(shown_text(c.what.relation));
    into.set_phone(masked(c.what.phone));
    into.set_do_not_tell(c.what.do_not_tell.value_or(false));
    into.set_reached(shown_text(c.reached));
}

void write_resident(app::resident_seen const& r, domain::instant when, v1::ResidentCard& into) {
    into.set_id(shown_text(r.what.id.value));
    into.set_name(shown_text(r.what.name));
    into.set_status(shown_text(r.what.status));
    into.set_high_risk(r.what.high_risk);
    into.set_notes(shown_text(r.what.notes));
    into.set_phone(masked(r.what.phone));
    into.set_id_number(masked(r.what.id_number));
    into.set_age(age_at(r.what.id_number, when));
    for (auto const& c : r.contacts)
        write_contact(c, *into.add_contacts());
    for (auto const& m : r.readings) {
        auto& reading = *into.add_readings();
        reading.set_kind(shown_text(m.kind));
        reading.set_value(m.value);
        write_time<v1::Reading>(m.at, &v1::Reading::mutable_at, reading);
    }
}

void write_worker(app::worker_seen const& w, v1::WorkerCard& into) {
    into.set_id(shown_text(w.id.value));
    into.set_name(shown_text(w.name));
    into.set_provider(shown_text(w.provider.value));
    into.set_provider_name(shown_text(w.provider_name));
    into.set_phone(masked(w.phone));
}

void write_home(app::alert_card const& card, v1::HomeCard& into) {
    auto const& h = *card.home;
    into.set_id(shown_text(h.id.value));
    into.set_rough_place(shown_text(h.rough_place));
    into.set_door(shown_text(h.door));
    if (!h.access_notes.empty()) into.set_access_notes("•••");
    for (auto const& each : h.flags)
        into.add_flags(shown_text(each));
    into.set_address_verified(day(h.address_verified));
    into.set_address_verified_by(shown_text(h.address_verified_by));
    into.set_key_holder(shown_text(h.key_holder));
    into.set_key_tested(day(h.key_tested));
    write_place(h.place, into);
    into.set_area_name(shown_text(card.line.area_name));
    into.set_site(shown_text(card.site));
    into.set_site_name(shown_text(card.site_name));
}

void write_device(app::device_seen const& d, v1::DeviceCard& into) {
    into.set_id(shown_text(d.what.id.value));
    into.set_kind(shown_text(d.what.kind));
    if (d.battery && *d.battery > 0) into.set_battery(static_cast<std::uint32_t>(*d.battery));
    write_time(d.heard_at, &v1::DeviceCard::mutable_heard_at, into);
    for (auto const& each : d.troubles)
        into.add_troubles(shown_text(each));
    write_place(d.place, into);
}

void write_offer(app::offer_seen const& f, v1::OfferCard& into) {
    into.set_id(to_string(f.what.id));
    into.set_provider(shown_text(f.what.provider.value));
    into.set_provider_name(shown_text(f.provider_name));
    into.set_worker(shown_text(f.what.worker.value));
    into.set_worker_name(shown_text(f.worker_name));
    into.set_state(word(f.what.state));
    into.set_distance_m(f.what.distance_m);
    into.set_reason(shown_text(f.what.reason));
    write_time<v1::OfferCard>(f.what.opened_at, &v1::OfferCard::mutable_opened_at, into);
    write_time<v1::OfferCard>(f.what.expires_at, &v1::OfferCard::mutable_expires_at, into);
}

void write_candidate(app::candidate_seen const& c, v1::CandidateCard& into) {
    into.set_worker(shown_text(c.what.id.value));
    into.set_worker_name(shown_text(c.worker_name));
    into.set_provider(shown_text(c.what.provider.value));
    into.set_provider_name(shown_text(c.provider_name));
    into.set_why(word(c.what.why));
    into.set_distance_m(c.what.distance_m);
    into.set_travel_s(c.what.travel_s);
    into.set_phone(masked(c.phone));
    write_place(c.place, into);
}

std::string hexadecimal(std::string const& bytes) {
    std::string text;
    for (char const c : bytes)
        text += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return text;
}

void write_entry(app::log_entry const& e, bool with_words, v1::LogEntry& into) {
    into.set_of(std::string(domain::to_text(e.of)));
    into.set_name(shown_text(e.name));
    into.set_what(word(e.line.what));
    into.set_by_kind(word(e.line.by.kind));
    into.set_by(shown_text(e.line.by.who));
    into.set_by_name(shown_text(e.by_name));
    into.set_behalf(shown_text(e.line.by.behalf));
    into.set_why(shown_text(e.line.why));
    if (with_words) into.set_text(shown_text(e.line.personal));
    into.set_sequence(e.sequence);
    into.set_hash(hexadecimal(e.hash));
    write_time<v1::LogEntry>(e.line.at, &v1::LogEntry::mutable_at, into);
}

void write_past(app::past_alert const& p, v1::PastAlert& into) {
    into.set_id(to_string(p.what.id));
    into.set_kind(word(p.what.kind));
    if (p.what.outcome) into.set_outcome(word(*p.what.outcome));
    into.set_closed_by(shown_text(p.closed_by));
    write_time<v1::PastAlert>(p.what.opened_at, &v1::PastAlert::mutable_opened_at, into);
    write_time(p.what.closed_at, &v1::PastAlert::mutable_closed_at, into);
}

// Closed as a suspicion of abuse.
bool is_restricted(app::work_line const& line) {
    return line.alert && line.alert->outcome == domain::disposition::safeguarding;
}

void write_orders(app::alert_card const& card, v1::AlertCard& into) {
    for (auto const& o : card.orders) {
        auto& order = *into.add_orders();
        write_order(o.what, *order.mutable_line());
        for (auto const& f : o.offers)
            write_offer(f, *order.add_offers());
        for (auto const& c : o.candidates)
            write_candidate(c, *order.add_candidates());
    }
}

} // namespace

std::string encode_line(app::work_line const& line) {
    v1::WorkLine message;
    write_line(line, message);
    return json_of(message);
}

std::string encode_card(app::alert_card const& card, domain::plan const* plan,
                        bool with_restricted) {
    v1::AlertCard message;
    write_line(card.line, *message.mutable_line());
    auto const opened = card.line.alert ? card.line.alert->opened_at : card.line.request->opened_at;
    for (auto const& r : card.residents)
        write_resident(r, opened, *message.add_residents());
    if (card.worker) write_worker(*card.worker, *message.mutable_worker());
    if (card.home) write_home(card, *message.mutable_home());
    if (card.device) write_device(*card.device, *message.mutable_device());
    write_orders(card, message);
    if (card.line.alert && plan)
        write_plan(*card.line.alert, *plan, card.log, *message.mutable_plan());
    bool const with_words = with_restricted || !is_restricted(card.line);
    for (auto const& e : card.log)
        write_entry(e, with_words, *message.add_log());
    for (auto const& l : card.linked)
        write_line(l, *message.add_linked());
    for (auto const& p : card.history)
        write_past(p, *message.add_history());
    return json_of(message);
}

} // namespace linli::wire
