// A resident's own data: a copy of it for himself, and that it goes.
#include <utility>

#include "adapters/files/person_writing.hpp"
#include "adapters/http/api_acts.hpp"
#include "adapters/http/api_answers.hpp"
#include "adapters/http/paging.hpp"
#include "adapters/http/query.hpp"
#include "adapters/wire/erasure_words.hpp"
#include "app/report_period.hpp"

namespace linli::http {

namespace {

using domain::erasure_refusal;

// Whether the resident of {key} lives, or lived, in her area: who doesn't isn't there.
runtime::task<std::optional<api_reply>> not_hers(api_ports& on, admitted const& request) {
    if (request.key.empty()) co_return unknown();
    auto const found =
        co_await on.registry.record(request.who.who, domain::sheet::residents, request.key, false);
    if (!found) co_return away();
    if (!*found) co_return unknown();
    co_return std::nullopt;
}

api_reply refused(erasure_refusal why, domain::erasure_standing const& now) {
    if (why == erasure_refusal::unknown) return unknown();
    wire::problem what{.code = std::string(to_text(why))};
    if (now.asked) {
        what.holder = now.asked->asked_by.value;
        what.at = now.asked->asked_at;
    }
    return problem(409, what);
}

api_task shown(api_ports& on, domain::resident_id who, domain::erasure_standing now) {
    app::erasure_question before;
    before.of = who;
    before.state = domain::erasure_state::withdrawn;
    auto found = co_await on.persons.kept.list(before);
    if (!found) co_return away();
    wire::erasure_seen const seen{std::move(who), std::move(now), std::move(found->all)};
    co_return json(wire::encode_erasure_standing(seen, on.persons.stays_for));
}

api_task told(api_ports& on, admitted const& request,
              app::record_result<app::erasures::answer> came) {
    // Somebody was quicker, between the look and the deed.
    if (!came && came.error() == app::record_errc::conflict)
        co_return problem(409, {.code = "stale"});
    if (!came) co_return away();
    if (came->refused) co_return refused(*came->refused, came->now);
    domain::resident_id who{request.key};
    auto reply = co_await shown(on, std::move(who), std::move(came->now));
    co_return reply;
}

} // namespace

api_task see_erasures(api_ports& on, admitted request) {
    auto const& query = request.what.query;
    auto const state = parameter(query, "state");
    app::erasure_question asked;
    asked.state = domain::from_text<domain::erasure_state>(state);
    if (!state.empty() && !asked.state) co_return wrong_field("state");
    auto const paging = paging_in(query, app::most_erasures_a_page);
    if (!paging) co_return wrong_field(paging.error());
    asked.page = paging->page;
    asked.per_page = paging->per_page;
    if (request.who.who.area != on.office.whole) asked.within = request.who.who.area;
    auto const found = co_await on.persons.kept.list(asked);
    if (!found) co_return away();
    co_return json(wire::encode_erasures(*found, asked));
}

api_task see_erasure(api_ports& on, admitted request) {
    auto why_not = co_await not_hers(on, request);
    if (why_not) co_return std::move(*why_not);
    domain::resident_id const who{request.key};
    auto came = co_await on.persons.erasures.standing(who);
    auto reply = co_await told(on, request, std::move(came));
    co_return reply;
}

api_task ask_erasure(api_ports& on, admitted request) {
    auto why_not = co_await not_hers(on, request);
    if (why_not) co_return std::move(*why_not);
    auto const said = wire::read_erasure_ask(request.what.body);
    if (!said) co_return not_understood();
    auto const reason = domain::from_text<domain::erasure_reason>(said->reason);
    if (!reason) co_return wrong_field("reason");
    app::erasures::wish what{{request.key}, *reason, request.who.who.user};
    what.on = app::parse_day(said->wished_on);
    if (!what.on || !domain::can_be_wished_on(*what.on, on.clock.now(), on.office.utc_offset))
        co_return wrong_field("wishedOn");
    auto came = co_await on.persons.erasures.ask(std::move(what));
    auto reply = co_await told(on, request, std::move(came));
    co_return reply;
}

api_task withdraw_erasure(api_ports& on, admitted request) {
    auto why_not = co_await not_hers(on, request);
    if (why_not) co_return std::move(*why_not);
    auto const said = wire::read_erasure_withdrawal(request.what.body);
    if (!said) co_return not_understood();
    auto const why = domain::from_text<domain::erasure_withdrawal>(*said);
    if (!why) co_return wrong_field("why");
    domain::resident_id const who{request.key};
    auto came = co_await on.persons.erasures.withdraw(who, request.who.who.user, *why);
    auto reply = co_await told(on, request, std::move(came));
    co_return reply;
}

api_task confirm_erasure(api_ports& on, admitted request) {
    auto why_not = co_await not_hers(on, request);
    if (why_not) co_return std::move(*why_not);
    domain::resident_id const who{request.key};
    auto came = co_await on.persons.erasures.confirm(who, request.who.who.user);
    auto reply = co_await told(on, request, std::move(came));
    co_return reply;
}

// It may be tens of megabytes, so it is not written on the loop.
api_task hand_out(api_ports& on, admitted request) {
    auto const format = parameter(request.what.query, "format");
    bool const as_json = format == "json";
    if (!as_json && !format.empty() && format != "html") co_return wrong_field("format");
    auto why_not = co_await not_hers(on, request);
    if (why_not) co_return std::move(*why_not);
    app::person_files::wish what{{request.key}, request.who.who.user, "request"};
    auto const file = co_await on.persons.files.make(std::move(what));
    if (!file) co_return away();
    if (!*file) co_return unknown();
    auto write = [&made = **file, as_json, offset = on.office.utc_offset] {
        return as_json ? files::person_json(made) : files::person_page(made, offset);
    };
    auto text = co_await on.persons.writer.run(std::move(write));
    auto reply = json(std::move(text));
    if (!as_json) reply.content_type = "text/html; charset=utf-8";
    reply.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + request.key +
                                                          (as_json ? ".json\"" : ".html\""));
    co_return reply;
}

} // namespace linli::http
