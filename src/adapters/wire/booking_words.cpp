#include "adapters/wire/booking_words.hpp"

#include "adapters/wire/clean_text.hpp"
#include "adapters/wire/console_parts.hpp"
#include "adapters/wire/wire_form.hpp"
#include "linli/v1/booking.pb.h"

namespace linli::wire {

namespace {

constexpr std::size_t longest_id = 200;
constexpr std::size_t longest_text = 2000; // a page asks for 500

std::string id(std::string const& text) {
    return clean_text(text, longest_id);
}

std::string words(std::string const& text) {
    return clean_text(text, longest_text);
}

template <class Message>
std::optional<domain::instant> time_of(Message const& message, bool (Message::*has)() const,
                                       google::protobuf::Timestamp const& (Message::*get)() const) {
    if (!(message.*has)()) return std::nullopt;
    return read_instant((message.*get)());
}

std::uint32_t whole(int number) {
    return number < 0 ? 0U : static_cast<std::uint32_t>(number);
}

void write_service(domain::service const& s, v1::CatalogueService& into) {
    into.set_code(shown_text(s.code.value));
    into.set_zh(shown_text(s.zh));
    into.set_en(shown_text(s.en));
    into.set_group(std::string(to_text(*s.group)));
    into.set_unit(std::string(to_text(s.unit)));
    into.set_minutes(whole(s.minutes));
    if (s.price_fen) into.set_price_fen(whole(*s.price_fen));
    into.set_certificate(shown_text(s.certificate));
    into.set_initials(shown_text(s.initials));
}

void write_booking(app::booking_line const& line, v1::Booking& into) {
    auto const& o = line.order;
    into.set_id(to_string(o.id));
    into.set_number(shown_text(o.number));
    if (o.request) into.set_request(to_string(*o.request));
    into.set_service(shown_text(o.service.value));
    into.set_state(std::string(to_text(o.state)));
    into.set_version(o.version);
    write_time<v1::Booking>(o.booked->from, &v1::Booking::mutable_from, into);
    write_time<v1::Booking>(o.booked->until, &v1::Booking::mutable_until, into);
    write_time(o.due_at, &v1::Booking::mutable_due_at, into);
    into.set_resident(shown_text(line.terms.resident.value));
    into.set_name(shown_text(line.name));
    into.set_place(shown_text(line.rough_place));
    into.set_area_name(shown_text(line.area_name));
    into.set_worker(shown_text(o.worker.value));
    into.set_worker_name(shown_text(line.worker_name));
    into.set_provider(shown_text(o.provider.value));
    into.set_provider_name(shown_text(line.provider_name));
    into.set_reason(shown_text(o.reason));
    into.set_unit(std::string(to_text(line.terms.unit)));
    into.set_minutes(whole(line.terms.minutes));
    if (line.terms.price_fen) into.set_price_fen(whole(*line.terms.price_fen));
}

void write_complaint(app::complaint_line const& line, v1::Complaint& into) {
    auto const& c = line.what;
    into.set_id(to_string(c.id));
    into.set_kind(std::string(to_text(c.kind)));
    into.set_state(std::string(to_text(c.state)));
    into.set_version(c.version);
    if (c.order) into.set_order(to_string(*c.order));
    into.set_order_number(shown_text(line.order_number));
    into.set_service(shown_text(line.service));
    if (c.alert) into.set_alert(to_string(*c.alert));
    into.set_worker(shown_text(c.worker.value));
    into.set_worker_name(shown_text(line.worker_name));
    into.set_against(shown_text(c.against.value));
    into.set_resident(shown_text(c.resident.value));
    into.set_name(shown_text(line.name));
    into.set_area_name(shown_text(line.area_name));
    into.set_written_by(shown_text(c.written_by.value));
    into.set_answered_by(shown_text(c.answered_by.value));
    into.set_complainer(shown_text(c.complainer));
    into.set_words(shown_text(c.words));
    into.set_answer(shown_text(c.answer));
    write_time<v1::Complaint>(c.at, &v1::Complaint::mutable_at, into);
    write_time(c.due_at, &v1::Complaint::mutable_due_at, into);
    write_time(c.answered_at, &v1::Complaint::mutable_answered_at, into);
    write_time(c.accepted_at, &v1::Complaint::mutable_accepted_at, into);
}

} // namespace

std::optional<new_booking> read_new_booking(std::string_view json) {
    auto const m = read_body<v1::NewBooking>(json);
    if (!m) return std::nullopt;
    return new_booking{id(m->resident()),
                       id(m->service()),
                       time_of(*m, &v1::NewBooking::has_from, &v1::NewBooking::from),
                       time_of(*m, &v1::NewBooking::has_until, &v1::NewBooking::until),
                       words(m->words()),
                       id(m->request())};
}

std::optional<booking_move> read_booking_move(std::string_view json) {
    auto const m = read_body<v1::BookingMove>(json);
    if (!m) return std::nullopt;
    return booking_move{time_of(*m, &v1::BookingMove::has_from, &v1::BookingMove::from),
                        time_of(*m, &v1::BookingMove::has_until, &v1::BookingMove::until),
                        words(m->text()), id(m->state())};
}

std::optional<new_complaint> read_new_complaint(std::string_view json) {
    auto const m = read_body<v1::NewComplaint>(json);
    if (!m) return std::nullopt;
    return new_complaint{id(m->order()), id(m->alert()),      id(m->worker()),  id(m->against()),
                         id(m->kind()),  id(m->complainer()), words(m->words())};
}

std::string encode_catalogue(domain::catalogue const& all) {
    v1::Catalogue message;
    for (auto const& each : all)
        if (each.group) write_service(each, *message.add_services());
    return bytes_of(message, form::json);
}

std::string encode_people(std::vector<bookable_person> const& people) {
    v1::BookablePeople message;
    for (auto const& each : people) {
        auto& person = *message.add_people();
        person.set_id(shown_text(each.id));
        person.set_name(shown_text(each.name));
        person.set_phone(shown_text(each.phone));
        person.set_home(shown_text(each.home));
        person.set_status(shown_text(each.status));
    }
    return bytes_of(message, form::json);
}

std::string encode_booking(app::booking_line const& line) {
    v1::Booking message;
    write_booking(line, message);
    return bytes_of(message, form::json);
}

std::string encode_bookings(app::booking_page const& page, app::booking_question const& asked) {
    v1::BookingPage message;
    for (auto const& each : page.lines)
        write_booking(each, *message.add_bookings());
    message.set_total(page.total);
    message.set_in_trouble(page.in_trouble);
    message.set_page(asked.page);
    message.set_per_page(asked.per_page);
    return bytes_of(message, form::json);
}

std::string encode_complaint(app::complaint_line const& line) {
    v1::Complaint message;
    write_complaint(line, message);
    return bytes_of(message, form::json);
}

std::string encode_complaints(app::complaint_page const& page,
                              app::complaint_question const& asked) {
    v1::ComplaintPage message;
    for (auto const& each : page.lines)
        write_complaint(each, *message.add_complaints());
    message.set_total(page.total);
    message.set_page(asked.page);
    message.set_per_page(asked.per_page);
    return bytes_of(message, form::json);
}

} // namespace linli::wire
