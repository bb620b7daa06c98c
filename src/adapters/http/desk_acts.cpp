// What a desk does to an alert, a request or an order. Who does it is the session's user, whatever
// the body says.
#include <utility>

#include "adapters/http/api_acts.hpp"
#include "adapters/http/api_answers.hpp"
#include "adapters/http/desk_answers.hpp"
#include "adapters/http/handover_acts.hpp"

namespace linli::http {

namespace {

using domain::alert_id;
using domain::order_id;

// Of an alert and its orders: who was quicker, and what he did.
runtime::task<wire::problem> conflict(api_ports& on, admitted const& request, domain::refusal why) {
    wire::problem what{.code = std::string(to_text(why))};
    auto const& of = *request.line;
    app::record_result<std::optional<app::alert_card>> card = std::nullopt;
    if (of.alert)
        card = co_await on.reading.card(of.alert->id);
    else
        card = co_await on.reading.card(of.request->id);
    if (!card || !*card) co_return what;
    if ((*card)->line.alert) what.holder = (*card)->line.alert->holder.value;
    if ((*card)->log.empty()) co_return what;
    auto const& newest = (*card)->log.back().line;
    what.did = to_text(newest.what);
    what.at = newest.at;
    co_return what;
}

api_task refused(api_ports& on, admitted const& request, domain::refusal why) {
    if (why == domain::refusal::needs_reason) co_return wrong_field("text", "needs_reason");
    if (why == domain::refusal::unknown) co_return unknown();
    auto const what = co_await conflict(on, request, why);
    co_return problem(409, what);
}

domain::operator_id const& who(admitted const& request) {
    return request.who.who.user;
}

order_id order_of(admitted const& request) {
    return order_id{request.id};
}

alert_id alert_of(admitted const& request) {
    return alert_id{request.id};
}

} // namespace

api_task told(api_ports& on, admitted request, app::desk::answer came) {
    if (!came) co_return away();
    if (came->set_aside) co_return problem(422, {.code = "set_aside"});
    if (came->refused) {
        auto why = co_await refused(on, request, *came->refused);
        co_return why;
    }
    std::vector<domain::uuid> const wanted{request.line->id()};
    auto const lines = co_await on.reading.lines(wanted);
    // It is done, whether or not we can read how far it is now.
    bool const is_read = lines && !lines->empty();
    co_return json(wire::encode_done(is_read ? version_of(lines->front(), request.id) : 0));
}

api_task claim(api_ports& on, admitted request) {
    auto came = co_await on.desk.claim(alert_of(request), who(request));
    auto answer = co_await told(on, std::move(request), std::move(came));
    co_return answer;
}

api_task release(api_ports& on, admitted request) {
    auto came = co_await on.desk.release(alert_of(request), who(request));
    auto answer = co_await told(on, std::move(request), std::move(came));
    co_return answer;
}

api_task hand_over(api_ports& on, admitted request) {
    auto said = wire::read_command(request.what.body);
    if (!said) co_return not_understood();
    if (said->text.empty()) co_return wrong_field("text", "needs_reason");
    auto const could = co_await could_go_on(on, request, said->to);
    if (!could) co_return away();
    if (!*could) co_return wrong_field("to");
    domain::operator_id to{std::move(said->to)};
    auto came = co_await on.desk.hand_over(alert_of(request), who(request), std::move(to),
                                           std::move(said->text));
    auto answer = co_await told(on, std::move(request), std::move(came));
    co_return answer;
}

api_task shelve(api_ports& on, admitted request) {
    auto said = wire::read_command(request.what.body);
    if (!said) co_return not_understood();
    if (said->text.empty()) co_return wrong_field("text", "needs_reason");
    std::chrono::minutes const how_long(said->minutes);
    if (said->minutes == 0 || how_long > domain::longest_shelving) co_return wrong_field("minutes");
    auto came =
        co_await on.desk.shelve(alert_of(request), who(request), how_long, std::move(said->text));
    auto answer = co_await told(on, std::move(request), std::move(came));
    co_return answer;
}

api_task note(api_ports& on, admitted request) {
    auto said = wire::read_command(request.what.body);
    if (!said) co_return not_understood();
    if (said->text.empty()) co_return wrong_field("text", "needs_reason");
    auto came = co_await on.desk.note(alert_of(request), who(request), std::move(said->text));
    auto answer = co_await told(on, std::move(request), std::move(came));
    co_return answer;
}

api_task handle(api_ports& on, admitted request) {
    auto const said = wire::read_command(request.what.body);
    if (!said) co_return not_understood();
    auto came = co_await on.desk.handle(alert_of(request), who(request), said->if_signals);
    auto answer = co_await told(on, std::move(request), std::move(came));
    co_return answer;
}

api_task close(api_ports& on, admitted request) {
    auto said = wire::read_command(request.what.body);
    if (!said) co_return not_understood();
    auto const outcome = domain::from_text<domain::disposition>(said->outcome);
    if (!outcome || *outcome == domain::disposition::cancelled_by_wearer)
        co_return wrong_field("outcome");
    auto came = co_await on.desk.close(alert_of(request), who(request), *outcome,
                                       std::move(said->text), said->if_signals);
    auto answer = co_await told(on, std::move(request), std::move(came));
    co_return answer;
}

api_task asked_done(api_ports& on, admitted request) {
    auto said = wire::read_command(request.what.body);
    if (!said) co_return not_understood();
    auto const what = domain::from_text<domain::ask>(said->ask);
    if (!what) co_return wrong_field("ask");
    auto came = co_await on.desk.done_as_asked(alert_of(request), who(request), *what,
                                               std::move(said->text));
    auto answer = co_await told(on, std::move(request), std::move(came));
    co_return answer;
}

api_task take_over(api_ports& on, admitted request) {
    auto said = wire::read_command(request.what.body);
    if (!said) co_return not_understood();
    auto came = co_await on.desk.take_over(alert_of(request), who(request), std::move(said->text));
    auto answer = co_await told(on, std::move(request), std::move(came));
    co_return answer;
}

api_task cancel(api_ports& on, admitted request) {
    auto said = wire::read_command(request.what.body);
    if (!said) co_return not_understood();
    auto const seen = domain::from_text<domain::order_state>(said->if_state);
    if (!seen && !said->if_state.empty()) co_return wrong_field("state");
    auto came =
        co_await on.desk.cancel(order_of(request), who(request), std::move(said->text), seen);
    auto answer = co_await told(on, std::move(request), std::move(came));
    co_return answer;
}

api_task follow_up(api_ports& on, admitted request) {
    auto said = wire::read_command(request.what.body);
    if (!said) co_return not_understood();
    if (said->rating > 5) co_return wrong_field("rating");
    std::optional<int> rating;
    if (said->rating > 0) rating = static_cast<int>(said->rating);
    auto came =
        co_await on.desk.follow_up(order_of(request), who(request), rating, std::move(said->text));
    auto answer = co_await told(on, std::move(request), std::move(came));
    co_return answer;
}

api_task offer(api_ports& on, admitted request) {
    auto said = wire::read_command(request.what.body);
    if (!said) co_return not_understood();
    auto const seen = domain::from_text<domain::order_state>(said->if_state);
    if (!seen && !said->if_state.empty()) co_return wrong_field("state");
    domain::worker_id worker{std::move(said->worker)};
    if (worker.empty()) co_return wrong_field("worker");
    auto came = co_await on.desk.offer_to(order_of(request), who(request), std::move(worker), seen);
    auto answer = co_await told(on, std::move(request), std::move(came));
    co_return answer;
}

api_task reply(api_ports& on, admitted request) {
    auto said = wire::read_command(request.what.body);
    if (!said) co_return not_understood();
    auto const kind = domain::from_text<domain::reply_kind>(said->reply);
    if (!kind) co_return wrong_field("reply");
    auto const id = domain::parse_uuid(said->offer);
    if (!id) co_return wrong_field("offer");
    auto const offers = co_await on.desk.offers_of(order_of(request));
    if (!offers) co_return away();
    // The order's own: what lies in her area is the order, and the offer goes with it.
    app::offer_line const* made = nullptr;
    for (auto const& each : *offers)
        if (each.id.value == *id) made = &each;
    if (!made) co_return unknown();
    domain::provider_id provider{said->provider.empty() ? made->provider.value : said->provider};
    domain::worker_id worker{std::move(said->worker)};
    auto came = co_await on.desk.reply_for(made->id, std::move(provider), std::move(worker),
                                           who(request), *kind, std::move(said->text));
    auto answer = co_await told(on, std::move(request), std::move(came));
    co_return answer;
}

api_task ring_back(api_ports& on, admitted request) {
    auto said = wire::read_command(request.what.body);
    if (!said) co_return not_understood();
    domain::request_id const id{request.id};
    auto came = co_await on.desk.ring_back(id, who(request), std::move(said->text));
    auto answer = co_await told(on, std::move(request), std::move(came));
    co_return answer;
}

} // namespace linli::http
