// Signing in and out.
#include <utility>

#include "adapters/http/api_acts.hpp"
#include "adapters/http/api_answers.hpp"
#include "adapters/http/handover_acts.hpp"
#include "adapters/http/live_pages.hpp"
#include "adapters/wire/openapi.hpp"
#include "runtime/log.hpp"

namespace linli::http {

namespace log = runtime::log;

namespace {

std::string cookie(std::string const& token, std::string const& more = {}) {
    return std::string(session_cookie) + '=' + token +
           "; Path=/; Secure; HttpOnly; SameSite=Strict" + more;
}

api_reply session(api_ports& on, app::signed_in const& who) {
    wire::telephones const with{.dials = on.telephone && on.telephone->dials,
                                .in_pages = on.hotline && !on.hotline->edge_secret.empty()};
    return json(wire::encode_session(who, on.clock.now(), with, on.map));
}

// Not by whose name: some write their password there. How often it can be wrong is bounded by what
// a password costs, so these lines are, too.
void count_refused(api_ports& on, char const* why) {
    on.metrics
        .counter("linli_sign_ins_refused_total", "Sign-ins at the pages that were refused",
                 {{"why", why}})
        .add();
}

api_reply refused(api_ports& on, app::sign_in_errc why, std::string const& address) {
    switch (why) {
    case app::sign_in_errc::wrong:
        count_refused(on, "wrong");
        log::warning("sign_in_refused", {{"address", address}});
        return problem(401, {.code = "wrong"});
    case app::sign_in_errc::away:
        return away();
    case app::sign_in_errc::too_often:
        count_refused(on, "too_often");
        break;
    }
    auto later = problem(429, {.code = "too_often"});
    later.headers.emplace_back("Retry-After", "60");
    return later;
}

} // namespace

api_task sign_in(api_ports& on, admitted request) {
    auto said = wire::read_sign_in(request.what.body);
    if (!said) co_return not_understood();
    domain::operator_id user{std::move(said->user)};
    auto const opened = co_await on.accounts.sign_in(std::move(user), std::move(said->password),
                                                     request.what.address);
    if (!opened) co_return refused(on, opened.error(), request.what.address);
    auto reply = session(on, opened->session);
    reply.headers.emplace_back("Set-Cookie", cookie(opened->token));
    reply.is_known = true;
    co_return reply;
}

api_task see_session(api_ports& on, admitted request) {
    co_return session(on, request.who);
}

api_task sign_out(api_ports& on, admitted request) {
    auto const kept = co_await kept_by_work(on, request.who.who.user);
    if (kept) co_return *kept;
    auto const done = co_await on.accounts.sign_out(request.token);
    if (!done) co_return away();
    on.live.session_ended(request.token);
    api_reply reply{204, {}};
    reply.headers.emplace_back("Set-Cookie", cookie("", "; Max-Age=0"));
    co_return reply;
}

api_task change_duty(api_ports& on, admitted request) {
    auto const said = wire::read_duty(request.what.body);
    if (!said) co_return not_understood();
    bool const is = said->on_duty && !said->away;
    bool const goes = !is && !said->away; // who doesn't answer isn't asked what she holds
    if (goes) {
        auto const kept = co_await kept_by_work(on, request.who.who.user);
        if (kept) co_return *kept;
    }
    auto const done = co_await on.accounts.be_on_duty(request.token, is);
    if (!done) co_return away();
    on.live.duty_changed(request.token, is);
    on.feed.hinted(); // what she holds shows that she is away, or back
    request.who.on_duty = is;
    co_return session(on, request.who);
}

api_task describe(api_ports&, admitted) {
    static auto const text = [] {
        std::vector<wire::described_route> all;
        for (auto const& each : api_routes()) {
            auto const needed = each.needs.needs();
            all.push_back({.method = each.method,
                           .pattern = each.pattern,
                           .summary = each.words.summary,
                           .takes = each.words.takes,
                           .gives = each.words.gives,
                           .query = each.words.query,
                           .success = each.words.success,
                           .may_go_on = each.words.may_go_on,
                           .right = needed ? to_text(*needed) : std::string_view(),
                           .is_open = each.needs.is_open(),
                           .gives_file = each.words.gives_file});
        }
        return wire::openapi(all);
    }();
    co_return json(text);
}

} // namespace linli::http
