#include "adapters/http/api_routes.hpp"

#include <algorithm>
#include <utility>

#include "adapters/http/api_acts.hpp"

namespace linli::http {

namespace {

using domain::right;

constexpr std::string_view placeholder = "{id}";

route command(std::string_view pattern, access needs, scope about,
              runtime::task<api_reply> (*answer)(api_ports&, admitted), std::string_view summary,
              std::string_view gives = "Done") {
    return {
        "POST", pattern, needs, about, {.summary = summary, .takes = "DeskCommand", .gives = gives},
        answer};
}

std::vector<route> session_routes() {
    return {
        {"POST",
         "/v1/session",
         open_route::sign_in,
         scope::own,
         {.summary = "Sign in; the answer sets the cookie", .takes = "SignIn", .gives = "Session"},
         sign_in},
        {"GET",
         "/v1/session",
         own_session::see,
         scope::own,
         {.summary = "Who is signed in, and what she may", .gives = "Session"},
         see_session},
        {"DELETE",
         "/v1/session",
         own_session::end,
         scope::own,
         {.summary = "Sign out", .success = 204},
         sign_out},
        {"POST",
         "/v1/session/duty",
         own_session::duty,
         scope::own,
         {.summary = "On duty or off", .takes = "DutyChange", .gives = "Session"},
         change_duty},
        {"GET",
         "/v1/session/handover",
         right::claim,
         scope::own,
         {.summary = "What one still holds, and who is on duty and could go on with it",
          .gives = "Handover"},
         see_handover},
        {"GET",
         "/v1/openapi.json",
         open_route::description,
         scope::own,
         {.summary = "This description"},
         describe},
    };
}

std::vector<route> reading_routes() {
    return {
        {"GET",
         "/v1/live",
         right::see_queue,
         scope::own,
         {.summary = "The queue and its changes: by WebSocket with the subprotocol linli.v1.json, "
                     "or as a long poll",
          .gives = "LiveUpdate",
          .query = {"epoch", "after", "wait"},
          .by_websocket_too = true},
         poll_live},
        {"POST",
         "/v1/live/painted",
         right::see_queue,
         scope::own,
         {.summary = "These alerts are on a screen in front of somebody who is on duty",
          .takes = "Painted",
          .success = 204},
         take_painted},
        {"GET",
         "/v1/alerts/{id}",
         right::see_card,
         scope::alert,
         {.summary = "One alert, whole; the seeing is logged", .gives = "AlertCard"},
         see_alert},
        {"GET",
         "/v1/requests/{id}",
         right::see_card,
         scope::request,
         {.summary = "One request, whole; the seeing is logged", .gives = "AlertCard"},
         see_request},
        {"GET",
         "/v1/alerts/{id}/evidence",
         right::see_evidence,
         scope::alert,
         {.summary = "An alert's record with its hashes, and who saw whom for it; logged",
          .gives = "Evidence"},
         see_evidence},
    };
}

std::vector<route> command_routes() {
    return {
        command("/v1/alerts/{id}/claim", right::claim, scope::alert, claim,
                "Claim it, or acknowledge a new press on one's own"),
        command("/v1/alerts/{id}/release", right::claim, scope::alert, release, "Let go of it"),
        command("/v1/alerts/{id}/hand_over", right::claim, scope::alert, hand_over,
                "Ask somebody who is on duty to go on with it, and say what is next"),
        command("/v1/alerts/{id}/note", right::claim, scope::alert, note, "Note a text"),
        command("/v1/alerts/{id}/handle", right::claim, scope::alert, handle,
                "The steps are done, the outcome is not known yet"),
        command("/v1/alerts/{id}/close", right::claim, scope::alert, close,
                "Close it with an outcome"),
        command("/v1/alerts/{id}/asked_done", right::claim, scope::alert, asked_done,
                "What the plan asked of the operators is done"),
        command("/v1/alerts/{id}/take_over", right::take_over, scope::alert, take_over,
                "Hold what somebody else holds, with a reason"),
        command("/v1/alerts/{id}/reveal", right::reveal, scope::alert, reveal,
                "What is masked on the card; the asking is logged", "Revealed"),
        command("/v1/orders/{id}/cancel", right::dispatch, scope::order, cancel,
                "Cancel it, with a reason"),
        command("/v1/orders/{id}/follow_up", right::follow_up, scope::order, follow_up,
                "What came of the call after the visit"),
        command("/v1/orders/{id}/offer", right::dispatch, scope::order, offer,
                "Offer it to a chosen worker"),
        command("/v1/orders/{id}/reply", right::dispatch, scope::order, reply,
                "Write down what a worker said on the telephone"),
        command("/v1/requests/{id}/reveal", right::reveal, scope::request, reveal,
                "What is masked on the card: whom to ring back; the asking is logged", "Revealed"),
        command("/v1/requests/{id}/ring_back", right::claim, scope::request, ring_back,
                "Close it: whoever asked was rung back"),
    };
}

std::vector<route> own_routes() {
    return {
        {"GET",
         "/v1/own/offers",
         right::see_own_offers,
         scope::own,
         {.summary =
              "A worker's own offers and visits, or those of a provider's people; waits while "
              "they are as `seen`; `known` offers are told whatever became of them",
          .gives = "OwnWork",
          .query = {"seen", "known", "wait"}},
         see_own_offers},
        {"POST",
         "/v1/own/offers/{id}/replies",
         right::reply_own,
         scope::own,
         {.summary = "Accept, decline, set out, arrive …", .takes = "Reply", .gives = "Done"},
         take_own_reply},
    };
}

// The id in the place of {id}; nothing if the path has another form.
std::optional<std::string_view> id_in(std::string_view path, std::string_view pattern) {
    auto const at = pattern.find(placeholder);
    auto const before = pattern.substr(0, at);
    if (at == pattern.npos) return path == pattern ? std::optional("") : std::nullopt;
    auto const after = pattern.substr(at + placeholder.size());
    if (path.size() <= before.size() + after.size()) return std::nullopt;
    if (!path.starts_with(before) || !path.ends_with(after)) return std::nullopt;
    auto const id = path.substr(before.size(), path.size() - before.size() - after.size());
    if (id.find('/') != id.npos) return std::nullopt;
    return id;
}

} // namespace

std::uint32_t version_of(app::work_line const& line, domain::uuid const& id) {
    for (auto const& each : line.orders)
        if (each.id.value == id) return each.version;
    return line.alert ? line.alert->version : line.request->version;
}

std::vector<route> const& api_routes() {
    static auto const all = [] {
        auto routes = session_routes();
        std::ranges::move(reading_routes(), std::back_inserter(routes));
        std::ranges::move(command_routes(), std::back_inserter(routes));
        std::ranges::move(own_routes(), std::back_inserter(routes));
        return routes;
    }();
    return all;
}

found_route find_route(std::string_view method, std::string_view path) {
    found_route found;
    for (auto const& each : api_routes()) {
        auto const id = id_in(path, each.pattern);
        if (!id) continue;
        if (each.method == method) return {&each, {}, domain::parse_uuid(*id)};
        found.allow += (found.allow.empty() ? "" : ", ") + std::string(each.method);
    }
    return found;
}

} // namespace linli::http
