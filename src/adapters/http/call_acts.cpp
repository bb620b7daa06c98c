// Calls to the hotline: what the telephone system tells of them, and what a desk makes of them.
#include <algorithm>
#include <utility>

#include "adapters/http/api_acts.hpp"
#include "adapters/http/api_answers.hpp"
#include "adapters/http/call_seeing.hpp"
#include "adapters/wire/call_words.hpp"

namespace linli::http {

namespace {

constexpr domain::hours oldest_event{24};

api_reply refused(api_ports& on, call_proof::verdict why) {
    auto const code = std::string(to_text(why));
    on.metrics
        .counter("linli_calls_refused_total", "Reports of calls that were not taken",
                 {{"why", code}})
        .add();
    return problem(why == call_proof::verdict::replayed ? 409 : 401, {.code = code});
}

// The telephone system's clock may be wrong, but it knows how long ago it was.
domain::instant by_our_clock(std::optional<domain::instant> const& at, std::string const& signed_at,
                             domain::instant now) {
    if (!at) return now;
    domain::instant const then{domain::seconds(std::stoul(signed_at))}; // proven, so a number
    domain::duration const zero{0};
    return now - std::clamp<domain::duration>(then - *at, zero, oldest_event);
}

domain::call_id call_of(admitted const& request) {
    return {request.id};
}

// Who was quicker, and with what.
api_task refused(api_ports& on, admitted request, domain::refusal why) {
    if (why == domain::refusal::unknown) co_return unknown();
    if (why == domain::refusal::needs_reason) co_return wrong_field("text", "needs_reason");
    wire::problem what{.code = std::string(to_text(why))};
    std::vector<domain::uuid> const wanted{request.id};
    auto const lines = co_await on.reading.lines(wanted);
    if (lines && !lines->empty()) {
        auto const& call = lines->front().call->what;
        what.holder = call.decided_by;
        if (call.outcome) what.did = to_text(*call.outcome);
    }
    co_return problem(409, what);
}

// What came of it, as an answer.
api_task told(api_ports& on, admitted request, app::calls::answer came) {
    if (!came) co_return away();
    if (came->set_aside) co_return problem(422, {.code = "set_aside"});
    if (came->refused) {
        auto why = co_await refused(on, std::move(request), *came->refused);
        co_return why;
    }
    on.call_changed(call_of(request));
    std::vector<domain::uuid> const wanted{request.id};
    auto const lines = co_await on.reading.lines(wanted);
    bool const is_read = lines && !lines->empty();
    co_return json(wire::encode_done(is_read ? version_of(lines->front(), request.id) : 0));
}

domain::operator_id const& who(admitted const& request) {
    return request.who.who.user;
}

using opens = runtime::task<app::calls::answer> (app::calls::*)(domain::call_id,
                                                                domain::operator_id,
                                                                domain::resident_id);

api_task open_by_call(api_ports& on, admitted request, opens how) {
    if (!on.telephone) co_return no_telephone();
    auto said = wire::read_command(request.what.body);
    if (!said) co_return not_understood();
    domain::resident_id resident{std::move(said->resident)};
    auto came =
        co_await (on.telephone->calls.*how)(call_of(request), who(request), std::move(resident));
    auto answer = co_await told(on, std::move(request), std::move(came));
    co_return answer;
}

} // namespace

api_reply no_telephone() {
    return problem(404, {.code = "no_telephone"});
}

api_task take_call(api_ports& on, admitted request) {
    if (!on.telephone || !on.telephone->proof) co_return no_telephone();
    auto const& what = request.what;
    auto const now = on.clock.now();
    auto const proof = on.telephone->proof->of(what.signed_at, what.signature, what.body, now);
    if (proof != call_proof::verdict::proven) co_return refused(on, proof);
    auto said = wire::read_call_report(what.body);
    if (!said) co_return not_understood();
    if (!said->wrong.empty()) co_return wrong_field(std::string(said->wrong));
    auto report = std::move(said->what);
    report.source = on.telephone->name;
    report.at = by_our_clock(said->at, what.signed_at, now);
    auto const event = std::string(to_text(report.what));
    auto const taken = co_await on.telephone->calls.report(std::move(report));
    if (!taken) co_return away();
    on.telephone->proof->taken(what.signature, now);
    on.metrics
        .counter("linli_calls_reported_total", "Reports of calls that are in the record",
                 {{"event", event}})
        .add();
    on.call_changed(taken->what.id);
    auto reply = json(wire::encode_call_taken(*taken));
    reply.is_known = true;
    co_return reply;
}

api_task open_alert_of_call(api_ports& on, admitted request) {
    return open_by_call(on, std::move(request), &app::calls::open_alert);
}

api_task open_request_of_call(api_ports& on, admitted request) {
    return open_by_call(on, std::move(request), &app::calls::open_request);
}

// Only to an alert that she may see.
api_task join_call(api_ports& on, admitted request) {
    if (!on.telephone) co_return no_telephone();
    auto const said = wire::read_command(request.what.body);
    if (!said) co_return not_understood();
    auto const alert = domain::parse_uuid(said->alert);
    if (!alert) co_return wrong_field("alert");
    std::vector<domain::uuid> const wanted{*alert};
    auto const lines = co_await on.reading.lines(wanted);
    if (!lines) co_return away();
    bool const is_hers =
        !lines->empty() && lines->front().alert && lies_in(lines->front(), request.who.who.area);
    if (!is_hers) co_return wrong_field("alert", "unknown");
    domain::alert_id const to{*alert};
    auto came = co_await on.telephone->calls.join(call_of(request), who(request), to);
    auto answer = co_await told(on, std::move(request), std::move(came));
    co_return answer;
}

api_task no_case_of_call(api_ports& on, admitted request) {
    if (!on.telephone) co_return no_telephone();
    auto said = wire::read_command(request.what.body);
    if (!said) co_return not_understood();
    auto const why = domain::from_text<domain::no_case_reason>(said->outcome);
    if (!why) co_return wrong_field("outcome");
    auto came = co_await on.telephone->calls.no_case(call_of(request), who(request), *why,
                                                     std::move(said->text));
    auto answer = co_await told(on, std::move(request), std::move(came));
    co_return answer;
}

api_task reveal_call(api_ports& on, admitted request) {
    auto rows = seeing_of_call(request, on.clock.now());
    auto const logged = co_await on.accounts.saw(std::move(rows));
    if (!logged) co_return away();
    co_return json(wire::encode_revealed(request.line->call->what.number));
}

} // namespace linli::http
