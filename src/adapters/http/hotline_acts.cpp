// An operator's telephone in her page: what it registers by, whether her seat is ready, and what
// she wishes for the call that she talks on. Who holds the hotline does it (server/hotline_lane).
// And how the hotline stands, and the calls that waited too long.
#include <utility>

#include "adapters/http/api_acts.hpp"
#include "adapters/http/api_answers.hpp"
#include "adapters/http/call_seeing.hpp"
#include "adapters/http/dialled_number.hpp"
#include "adapters/http/edge_credentials.hpp"
#include "adapters/http/paging.hpp"
#include "adapters/http/query.hpp"
#include "adapters/wire/hotline_words.hpp"

namespace linli::http {

namespace {

using domain::call_wish;

constexpr std::size_t longest_number = 20;

api_reply no_hotline() {
    return problem(404, {.code = "no_hotline"});
}

domain::operator_id const& who(admitted const& request) {
    return request.who.who.user;
}

// Where her browser registers: at the host that her page came from, unless another is said.
std::string edge_of(hotline_ports const& of, std::string const& host) {
    if (!of.edge.empty()) return of.edge;
    auto const name = host.substr(0, host.find(':', host.rfind(']') + 1)); // an IPv6 one is in []
    return "wss://" + name + ':' + std::to_string(of.edge_port);
}

api_reply seat(api_ports& on, app::record_result<domain::hotline_seat> const& kept) {
    if (!kept) return away();
    return json(wire::encode_seat(*kept, on.clock.now()));
}

// A wish that she can't have would end in silence.
runtime::task<std::optional<api_reply>> why_not_to(api_ports& on, domain::operator_id const& to) {
    std::optional<api_reply> no;
    if (to.value.empty()) co_return no;
    auto const seat = co_await on.hotline->keeper.seat(to);
    if (!seat)
        no = away();
    else if (domain::state_at(*seat, on.clock.now()) != domain::seat_state::ready)
        no = problem(409, {.code = "not_ready"});
    co_return no;
}

// Who talks on it; else whoever may take over what others hold.
api_task wish(api_ports& on, admitted request, app::wished what) {
    if (!on.hotline) co_return no_hotline();
    what.call = {request.id};
    what.by = who(request);
    what.at = on.clock.now();
    what.id = on.hotline->ids.next(what.at);
    auto const talks = co_await on.hotline->keeper.talks_on(what.call);
    if (!talks) co_return away();
    bool const may_others = domain::may(request.who.who.role, domain::right::take_over);
    if (*talks != what.by && !may_others)
        co_return problem(409, {.code = "not_yours", .holder = talks->value});
    auto const no = co_await why_not_to(on, what.to);
    if (no) co_return *no;
    auto const stored = co_await on.hotline->keeper.wish(what);
    if (!stored) co_return away();
    if (!*stored) co_return problem(409, {.code = "over"});
    on.call_changed(what.call);
    co_return json(wire::encode_done(version_of(*request.line, request.id)), 202);
}

api_task wish(api_ports& on, admitted request, call_wish what) {
    app::wished wanted;
    wanted.what = what;
    return wish(on, std::move(request), std::move(wanted));
}

// Either to somebody at a desk or to a telephone outside.
api_task wish_for_somebody(api_ports& on, admitted request, call_wish what) {
    auto said = wire::read_transfer(request.what.body);
    if (!said) co_return not_understood();
    app::wished wanted;
    wanted.what = what;
    wanted.number = dialled_number(said->number);
    bool const is_to_somebody = !said->to.value.empty();
    bool const is_number = !wanted.number.empty() && wanted.number.size() <= longest_number;
    if (!said->number.empty() && (is_to_somebody || !is_number)) co_return wrong_field("number");
    if (said->number.empty() && !app::is_user_name(said->to.value)) co_return wrong_field("to");
    wanted.to = std::move(said->to);
    auto answer = co_await wish(on, std::move(request), std::move(wanted));
    co_return answer;
}

} // namespace

api_task give_credentials(api_ports& on, admitted request) {
    if (!on.hotline || on.hotline->edge_secret.empty()) co_return no_hotline();
    auto const& of = *on.hotline;
    auto made = edge_credentials_of(who(request), of.edge_secret, on.clock.now());
    wire::edge_access const access{.address = "sip:" + who(request).value + '@' + of.domain,
                                   .user = std::move(made.user),
                                   .password = std::move(made.password),
                                   .wss = edge_of(of, request.what.host),
                                   .expires_at = made.expires_at};
    co_return json(wire::encode_edge_access(access));
}

api_task see_seat(api_ports& on, admitted request) {
    if (!on.hotline) co_return no_hotline();
    auto const kept = co_await on.hotline->keeper.seat(who(request));
    co_return seat(on, kept);
}

api_task take_seat(api_ports& on, admitted request) {
    if (!on.hotline) co_return no_hotline();
    auto said = wire::read_seat_report(request.what.body);
    if (!said) co_return not_understood();
    if (!said->wrong.empty()) co_return wrong_field(std::string(said->wrong));
    auto const now = on.clock.now();
    auto const kept =
        co_await on.hotline->keeper.says(who(request), said->what, std::move(said->languages), now);
    co_return seat(on, kept);
}

// Nobody's name is in it, and every seat answers every caller: it is the same for all who may.
api_task see_hotline_now(api_ports& on, admitted request) {
    if (!on.hotline) co_return no_hotline();
    auto const now = on.clock.now();
    auto const offset = on.office.utc_offset;
    domain::instant const day_began = std::chrono::floor<std::chrono::days>(now + offset) - offset;
    auto const is = co_await on.hotline->keeper.stands_now(day_began, now);
    if (!is) co_return away();
    app::wait_check_question const open{.area = request.who.who.area, .per_page = 1};
    auto const checks = co_await on.hotline->checks.list(open);
    if (!checks) co_return away();
    co_return json(wire::encode_hotline_now(*is, checks->total));
}

api_task see_wait_checks(api_ports& on, admitted request) {
    if (!on.hotline) co_return no_hotline();
    auto const& query = request.what.query;
    auto const closed = parameter(query, "closed");
    if (!closed.empty() && closed != "yes") co_return wrong_field("closed");
    auto const paging = paging_in(query, app::most_wait_checks_a_page);
    if (!paging) co_return wrong_field(paging.error());
    app::wait_check_question const asked{.area = request.who.who.area,
                                         .is_open = closed.empty(),
                                         .page = paging->page,
                                         .per_page = paging->per_page};
    auto const found = co_await on.hotline->checks.list(asked);
    if (!found) co_return away();
    co_return json(wire::encode_wait_checks(*found, asked));
}

api_task close_wait_check(api_ports& on, admitted request) {
    if (!on.hotline) co_return no_hotline();
    auto said = wire::read_command(request.what.body);
    if (!said) co_return not_understood();
    if (said->text.empty()) co_return wrong_field("text", "needs_reason");
    domain::call_id const call{request.id};
    auto const done = co_await on.hotline->checks.close(call, who(request), std::move(said->text),
                                                        on.clock.now());
    if (!done) co_return away();
    if (*done == app::check_closing::unknown) co_return problem(409, {.code = "no_check"});
    if (*done == app::check_closing::closed_before) co_return problem(409, {.code = "closed"});
    co_return json(wire::encode_done(version_of(*request.line, request.id)));
}

api_task hold_call(api_ports& on, admitted request) {
    return wish(on, std::move(request), call_wish::hold);
}

api_task resume_call(api_ports& on, admitted request) {
    return wish(on, std::move(request), call_wish::resume);
}

api_task park_call(api_ports& on, admitted request) {
    return wish(on, std::move(request), call_wish::park);
}

api_task hang_up_call(api_ports& on, admitted request) {
    return wish(on, std::move(request), call_wish::hang_up);
}

api_task join_third_to_call(api_ports& on, admitted request) {
    return wish(on, std::move(request), call_wish::join_third);
}

api_task drop_third_of_call(api_ports& on, admitted request) {
    return wish(on, std::move(request), call_wish::drop_third);
}

api_task leave_call(api_ports& on, admitted request) {
    return wish(on, std::move(request), call_wish::leave);
}

// What is heard is the caller's data: whose it is stands in the access log before anything rings.
api_task listen_to_call(api_ports& on, admitted request) {
    if (!on.hotline) co_return no_hotline();
    auto rows = seeing_of_call(request, on.clock.now(), "listen");
    auto const logged = co_await on.accounts.saw(std::move(rows));
    if (!logged) co_return away();
    auto answer = co_await wish(on, std::move(request), call_wish::listen);
    co_return answer;
}

api_task transfer_call(api_ports& on, admitted request) {
    return wish_for_somebody(on, std::move(request), call_wish::transfer);
}

api_task add_third_to_call(api_ports& on, admitted request) {
    return wish_for_somebody(on, std::move(request), call_wish::add_third);
}

} // namespace linli::http
