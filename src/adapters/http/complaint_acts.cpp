// What somebody complains of, and what becomes of it.
#include <algorithm>
#include <utility>

#include "adapters/http/api_acts.hpp"
#include "adapters/http/api_answers.hpp"
#include "adapters/http/paging.hpp"
#include "adapters/http/query.hpp"
#include "adapters/wire/booking_words.hpp"

namespace linli::http {

namespace {

bool is_among(std::vector<domain::area_id> const& all, domain::area_id const& area) {
    return !area.empty() && std::ranges::find(all, area) != all.end();
}

// What isn't in her area isn't there.
runtime::task<std::optional<app::complaint_line>>
complaint_of(api_ports& on, admitted const& request, api_reply& why_not) {
    domain::complaint_id const id{request.id};
    auto found = co_await on.services.complaints_kept.find(id);
    if (!found) {
        why_not = away();
        co_return std::nullopt;
    }
    if (!*found || !is_among((*found)->areas, request.who.who.area)) {
        why_not = unknown();
        co_return std::nullopt;
    }
    co_return std::move(**found);
}

// Whoever reads the words stands in the access log before she has them.
api_task shown(api_ports& on, admitted const& request, app::complaint_line line) {
    auto const& c = line.what;
    auto subject =
        c.resident.empty() ? "complaint:" + to_string(c.id) : "resident:" + c.resident.value;
    std::vector<app::seen_entry> rows;
    rows.push_back(
        {on.clock.now(), request.who.who.user, "complaint", std::move(subject), to_string(c.id)});
    auto const logged = co_await on.accounts.saw(std::move(rows));
    if (!logged) co_return away();
    co_return json(wire::encode_complaint(line));
}

using about_result = app::record_result<std::optional<app::complained_of>>;

// Nothing is about nothing, or about two things.
std::string wrong_in(wire::new_complaint const& said) {
    if (!said.order.empty() && !said.alert.empty()) return "alert";
    if (said.order.empty() && said.alert.empty() && said.worker.empty()) return "order";
    if (!said.order.empty() && !domain::parse_uuid(said.order)) return "order";
    if (!said.alert.empty() && !domain::parse_uuid(said.alert)) return "alert";
    if (!domain::from_text<domain::complaint_kind>(said.kind)) return "kind";
    if (said.complainer.empty()) return "complainer";
    if (said.words.empty()) return "words";
    return "";
}

runtime::task<about_result> about_what(api_ports& on, wire::new_complaint const& said) {
    auto& kept = on.services.complaints_kept;
    if (!said.order.empty()) {
        domain::order_id const order{*domain::parse_uuid(said.order)};
        auto found = co_await kept.order(order);
        co_return found;
    }
    if (!said.alert.empty()) {
        domain::alert_id const alert{*domain::parse_uuid(said.alert)};
        auto found = co_await kept.alert(alert);
        co_return found;
    }
    domain::worker_id const worker{said.worker};
    auto found = co_await kept.worker(worker);
    co_return found;
}

domain::complaint complaint_from(wire::new_complaint said, domain::operator_id const& by) {
    domain::complaint c;
    c.kind = *domain::from_text<domain::complaint_kind>(said.kind);
    if (auto const id = domain::parse_uuid(said.order)) c.order = domain::order_id{*id};
    if (auto const id = domain::parse_uuid(said.alert)) c.alert = domain::alert_id{*id};
    c.worker = {std::move(said.worker)};
    c.against = {std::move(said.against)};
    c.complainer = std::move(said.complainer);
    c.words = std::move(said.words);
    c.written_by = by;
    return c;
}

api_reply refused(domain::refusal why, app::complaint_line const& line) {
    if (why == domain::refusal::unknown) return unknown();
    if (why == domain::refusal::needs_reason) return wrong_field("text", "needs_reason");
    wire::problem what{.code = std::string(to_text(why))};
    what.holder = line.what.answered_by.value;
    what.did = to_text(line.what.state);
    what.at = line.what.answered_at;
    return problem(409, what);
}

using deed = runtime::task<app::complaints::answer> (app::complaints::*)(domain::complaint_id,
                                                                         domain::complaint_answerer,
                                                                         std::string);

api_task decide(api_ports& on, admitted request, bool needs_words, deed how) {
    api_reply why_not;
    auto const line = co_await complaint_of(on, request, why_not);
    if (!line) co_return why_not;
    auto said = wire::read_command(request.what.body);
    if (!said) co_return not_understood();
    if (needs_words && said->text.empty()) co_return wrong_field("text", "needs_reason");
    auto const seen = domain::from_text<domain::complaint_state>(said->if_state);
    if (!seen && !said->if_state.empty()) co_return wrong_field("state");
    if (seen && line->what.state != *seen) co_return refused(domain::refusal::stale, *line);
    domain::complaint_answerer who{request.who.who.user, request.who.who.worker};
    auto const came = co_await (on.services.complaints.*how)(line->what.id, std::move(who),
                                                             std::move(said->text));
    if (!came) co_return away();
    if (came->refused) co_return refused(*came->refused, *line);
    auto after = co_await complaint_of(on, request, why_not);
    if (!after) co_return why_not;
    auto reply = co_await shown(on, request, std::move(*after));
    co_return reply;
}

} // namespace

api_task see_complaints(api_ports& on, admitted request) {
    auto const& query = request.what.query;
    auto const state = parameter(query, "state");
    app::complaint_question asked{request.who.who.area};
    asked.now = on.clock.now();
    asked.state = domain::from_text<domain::complaint_state>(state);
    if (!state.empty() && !asked.state) co_return wrong_field("state");
    auto const paging = paging_in(query, app::most_complaints_a_page);
    if (!paging) co_return wrong_field(paging.error());
    asked.page = paging->page;
    asked.per_page = paging->per_page;
    auto const found = co_await on.services.complaints_kept.list(asked);
    if (!found) co_return away();
    co_return json(wire::encode_complaints(*found, asked));
}

api_task see_complaint(api_ports& on, admitted request) {
    api_reply why_not;
    auto line = co_await complaint_of(on, request, why_not);
    if (!line) co_return why_not;
    auto reply = co_await shown(on, request, std::move(*line));
    co_return reply;
}

api_task complain(api_ports& on, admitted request) {
    auto said = wire::read_new_complaint(request.what.body);
    if (!said) co_return not_understood();
    auto const wrong = wrong_in(*said);
    if (!wrong.empty()) co_return wrong_field(wrong);
    auto const about = co_await about_what(on, *said);
    if (!about) co_return away();
    if (!*about || !is_among((*about)->areas, request.who.who.area)) co_return unknown();
    auto what = complaint_from(std::move(*said), request.who.who.user);
    auto const id = co_await on.services.complaints.write(std::move(what), **about);
    if (!id) co_return away();
    request.id = id->value;
    api_reply why_not;
    auto line = co_await complaint_of(on, request, why_not);
    if (!line) co_return why_not;
    auto reply = co_await shown(on, request, std::move(*line));
    co_return reply;
}

api_task answer_complaint(api_ports& on, admitted request) {
    return decide(on, std::move(request), true, &app::complaints::reply);
}

api_task accept_answer(api_ports& on, admitted request) {
    return decide(on, std::move(request), false, &app::complaints::accept);
}

} // namespace linli::http
