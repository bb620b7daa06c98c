#include "adapters/wire/call_words.hpp"

#include "adapters/wire/clean_text.hpp"
#include "adapters/wire/console_parts.hpp"
#include "adapters/wire/wire_form.hpp"
#include "domain/masked.hpp"
#include "linli/v1/call.pb.h"

namespace linli::wire {

namespace {

constexpr std::size_t longest_name = 200;
constexpr std::size_t longest_number = 40;

std::string word(auto value) {
    return std::string(to_text(value));
}

std::string_view state_of(domain::call const& c) {
    if (c.ended_at) return to_text(domain::call_event::ended);
    return to_text(c.answered_at ? domain::call_event::answered : domain::call_event::ringing);
}

void write_caller(app::caller_seen const& seen, v1::PossibleCaller& into) {
    into.set_kind(word(seen.who.kind));
    into.set_id(shown_text(seen.who.id));
    into.set_place(static_cast<std::uint32_t>(seen.who.place));
    into.set_home(shown_text(seen.who.home.value));
    into.set_name(shown_text(seen.name));
    into.set_relation(shown_text(seen.relation));
    into.set_rough_place(shown_text(seen.rough_place));
}

} // namespace

std::optional<call_report_read> read_call_report(std::string_view json) {
    auto const message = read_body<v1::CallReport>(json);
    if (!message) return std::nullopt;
    call_report_read said;
    auto const what = domain::from_text<domain::call_event>(message->event());
    said.what.name = clean_text(message->call(), longest_name);
    said.what.number = clean_text(message->number(), longest_number);
    said.what.called = clean_text(message->called(), longest_number);
    said.what.seat = clean_text(message->seat(), longest_name);
    said.what.recording = clean_text(message->recording(), longest_name);
    if (said.what.name.empty()) said.wrong = "call";
    if (what)
        said.what.what = *what;
    else
        said.wrong = "event";
    if (message->has_at()) {
        said.at = read_instant(message->at());
        if (!said.at) said.wrong = "at";
    }
    return said;
}

std::string encode_call_taken(app::known_call const& call) {
    v1::CallTaken message;
    message.set_id(to_string(call.what.id));
    if (call.what.outcome) message.set_outcome(word(*call.what.outcome));
    if (call.what.alert) message.set_alert(to_string(*call.what.alert));
    if (call.what.request) message.set_request(to_string(*call.what.request));
    return bytes_of(message, form::json);
}

void write_standing(domain::call_standing const& is, v1::CallLine& into) {
    into.set_talk(true);
    into.set_waiting(is.waits);
    into.set_rank(word(is.rank));
    into.set_place(static_cast<std::uint32_t>(is.place));
    into.set_ringing(shown_text(is.ringing.value));
    into.set_held(is.is_held);
    if (!is.third) return;
    into.set_third(word(is.third->is));
    into.set_third_who(shown_text(is.third->who.value));
}

void write_refused(domain::refused_wish const& what, v1::CallLine& call) {
    auto& into = *call.mutable_refused();
    into.set_what(word(what.what));
    into.set_why(word(what.why));
    into.set_by(shown_text(what.by.value));
    write_time<v1::RefusedWish>(what.at, &v1::RefusedWish::mutable_at, into);
}

void write_call(app::work_line const& line, v1::WorkLine& into) {
    auto const& c = line.call->what;
    into.set_of("call");
    into.set_version(static_cast<std::uint32_t>(line.version()));
    into.set_level(static_cast<std::uint32_t>(line.level()));
    into.set_state(std::string(state_of(c)));
    into.set_area(shown_text(c.area.value));
    write_time<v1::WorkLine>(c.first_heard, &v1::WorkLine::mutable_opened_at, into);
    auto& call = *into.mutable_call();
    call.set_number(domain::masked_phone(shown_text(c.number)));
    call.set_called(shown_text(c.called));
    call.set_seat(shown_text(c.seat));
    call.set_recording(shown_text(c.recording));
    write_time(c.rang_at, &v1::CallLine::mutable_rang_at, call);
    write_time(c.answered_at, &v1::CallLine::mutable_answered_at, call);
    write_time(c.ended_at, &v1::CallLine::mutable_ended_at, call);
    if (c.outcome) call.set_outcome(word(*c.outcome));
    if (c.alert) call.set_alert(to_string(*c.alert));
    if (c.request) call.set_request(to_string(*c.request));
    for (auto const& each : line.call->who)
        write_caller(each, *call.add_callers());
    if (line.call->on_our_line) write_standing(*line.call->on_our_line, call);
    if (line.call->refused) write_refused(*line.call->refused, call);
}

} // namespace linli::wire
