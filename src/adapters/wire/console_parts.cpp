#include "adapters/wire/console_parts.hpp"

#include <algorithm>

#include "adapters/wire/clean_text.hpp"

namespace linli::wire {

namespace {

constexpr std::size_t longest_text = 8000;

std::string word(auto value) {
    return std::string(to_text(value));
}

void write_alert(domain::alert const& a, v1::WorkLine& into) {
    into.set_of("alert");
    into.set_version(a.version);
    into.set_kind(word(a.kind));
    into.set_level(static_cast<std::uint32_t>(a.level));
    into.set_state(word(a.state));
    into.set_purpose(word(a.what_for));
    into.set_subject(shown_text(to_string(a.about)));
    into.set_area(shown_text(a.area.value));
    into.set_signals(a.signals);
    into.set_desk(shown_text(a.desk.value));
    into.set_holder(shown_text(a.holder.value));
    into.set_handed_to(shown_text(a.handed_to.value));
    if (a.outcome) into.set_outcome(word(*a.outcome));
    for (auto const& [what, name] : domain::names<domain::ask>::table)
        if (a.progress.asks.contains(what)) into.add_asks(std::string(name));
    using v1::WorkLine;
    write_time<WorkLine>(a.opened_at, &WorkLine::mutable_opened_at, into);
    write_time<WorkLine>(a.raised_at, &WorkLine::mutable_raised_at, into);
    write_time(a.due_at, &WorkLine::mutable_due_at, into);
    write_time(a.claimed_until, &WorkLine::mutable_claimed_until, into);
    write_time(a.acknowledge_by, &WorkLine::mutable_acknowledge_by, into);
    write_time(a.shelved_until, &WorkLine::mutable_shelved_until, into);
}

void write_request(domain::request const& q, v1::WorkLine& into) {
    into.set_of("request");
    into.set_version(q.version);
    into.set_kind(domain::is_installation(q.about) ? "installation" : "help_request");
    into.set_level(static_cast<std::uint32_t>(q.level));
    into.set_state(word(q.state));
    into.set_purpose(word(domain::purpose::real));
    into.set_subject(shown_text(to_string(q.about)));
    into.set_area(shown_text(q.area.value));
    into.set_signals(q.signals);
    write_time<v1::WorkLine>(q.opened_at, &v1::WorkLine::mutable_opened_at, into);
    write_time(q.due_at, &v1::WorkLine::mutable_due_at, into);
}

} // namespace

std::string shown_text(std::string_view text) {
    auto clean = clean_text(text, longest_text);
    std::erase_if(clean, [](char c) {
        auto const byte = static_cast<unsigned char>(c);
        return byte == 0x7F || (byte < ' ' && c != '\n' && c != '\t');
    });
    return clean;
}

bool is_writable(domain::instant at) {
    google::protobuf::Timestamp time;
    write_instant(at, time);
    return read_instant(time).has_value();
}

void write_order(domain::order const& o, v1::OrderLine& into) {
    into.set_id(to_string(o.id));
    into.set_number(shown_text(o.number));
    into.set_service(shown_text(o.service.value));
    into.set_state(word(o.state));
    into.set_version(o.version);
    into.set_worker(shown_text(o.worker.value));
    into.set_provider(shown_text(o.provider.value));
    into.set_reason(shown_text(o.reason));
    into.set_place(word(o.place));
    write_time<v1::OrderLine>(o.opened_at, &v1::OrderLine::mutable_opened_at, into);
    write_time(o.due_at, &v1::OrderLine::mutable_due_at, into);
    if (!o.booked) return;
    write_time<v1::OrderLine>(o.booked->from, &v1::OrderLine::mutable_wished_from, into);
    write_time<v1::OrderLine>(o.booked->until, &v1::OrderLine::mutable_wished_until, into);
}

void write_line(app::work_line const& line, v1::WorkLine& into) {
    into.set_id(to_string(line.id()));
    if (line.call)
        write_call(line, into);
    else if (line.alert)
        write_alert(*line.alert, into);
    else
        write_request(*line.request, into);
    into.set_name(shown_text(line.name));
    into.set_place(shown_text(line.rough_place));
    into.set_area_name(shown_text(line.area_name));
    into.set_holder_name(shown_text(line.holder_name));
    into.set_handed_to_name(shown_text(line.handed_to_name));
    into.set_high_risk(line.high_risk);
    into.set_holder_away(line.holder_is_away);
    for (auto const& o : line.orders)
        write_order(o, *into.add_orders());
}

} // namespace linli::wire
