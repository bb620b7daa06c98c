// Which right each route asks for, written down a second time: the matrix of api_test asks whether
// the API keeps to its own list, this one whether the list is what was agreed. And the one door
// beside it, the WebSocket.
#include "api/api_house.hpp"

namespace linli::tests {
namespace {

std::vector<std::string> routes_with_rights() {
    std::vector<std::string> listed;
    for (auto const& each : http::api_routes()) {
        auto const right = each.needs.needs();
        listed.push_back(std::string(each.method) + ' ' + std::string(each.pattern) + ": " +
                         (each.needs.is_open() ? "everybody"
                          : right              ? std::string(domain::to_text(*right))
                                               : "whoever is signed in"));
    }
    return listed;
}

std::vector<std::string> const agreed{
    "POST /v1/session: everybody", "GET /v1/openapi.json: everybody",
    "POST /v1/calls: everybody", // its body bears its proof
    "GET /v1/session: whoever is signed in", "DELETE /v1/session: whoever is signed in",
    "POST /v1/session/duty: whoever is signed in", "GET /v1/session/handover: claim",
    // what is open
    "GET /v1/live: see_queue", "POST /v1/live/painted: see_queue", "GET /v1/alerts/{id}: see_card",
    "GET /v1/requests/{id}: see_card", "GET /v1/follow_ups: follow_up",
    "GET /v1/unfinished: dispatch", "GET /v1/note_templates: claim",
    "GET /v1/alerts/{id}/evidence: see_evidence",
    // what a desk does
    "POST /v1/alerts/{id}/claim: claim", "POST /v1/alerts/{id}/release: claim",
    "POST /v1/alerts/{id}/hand_over: claim", "POST /v1/alerts/{id}/shelve: claim",
    "POST /v1/alerts/{id}/note: claim", "POST /v1/alerts/{id}/handle: claim",
    "POST /v1/alerts/{id}/close: claim", "POST /v1/alerts/{id}/asked_done: claim",
    "POST /v1/alerts/{id}/take_over: take_over", "POST /v1/alerts/{id}/reveal: reveal",
    "POST /v1/alerts/{id}/dial: reveal", "POST /v1/orders/{id}/cancel: dispatch",
    "POST /v1/orders/{id}/follow_up: follow_up", "POST /v1/orders/{id}/offer: dispatch",
    "POST /v1/orders/{id}/reply: dispatch", "POST /v1/requests/{id}/reveal: reveal",
    "POST /v1/requests/{id}/ring_back: claim", "POST /v1/requests/{id}/dial: reveal",
    "POST /v1/calls/{id}/open_alert: claim", "POST /v1/calls/{id}/open_request: claim",
    "POST /v1/calls/{id}/join: claim", "POST /v1/calls/{id}/no_case: claim",
    "POST /v1/calls/{id}/reveal: reveal", "POST /v1/calls/{id}/dial: reveal",
    // her telephone
    "POST /v1/hotline/credentials: claim", "GET /v1/hotline/seat: claim",
    "POST /v1/hotline/seat: claim", "POST /v1/calls/{id}/hold: claim",
    "POST /v1/calls/{id}/resume: claim", "POST /v1/calls/{id}/park: claim",
    "POST /v1/calls/{id}/transfer: claim", "POST /v1/calls/{id}/hang_up: claim",
    "POST /v1/calls/{id}/add_third: claim", "POST /v1/calls/{id}/join_third: claim",
    "POST /v1/calls/{id}/drop_third: claim", "POST /v1/calls/{id}/leave: claim",
    "POST /v1/calls/{id}/listen: take_over", "GET /v1/hotline/now: see_queue",
    "GET /v1/hotline/checks: see_reports", "POST /v1/calls/{id}/close_check: answer_complaint",
    // what was spoken
    "GET /v1/alerts/{id}/recordings: see_evidence",
    "GET /v1/requests/{id}/recordings: see_evidence", "GET /v1/calls/{id}/recordings: see_evidence",
    "GET /v1/alerts/{id}/recordings/{key}: see_evidence",
    "GET /v1/requests/{id}/recordings/{key}: see_evidence",
    "GET /v1/calls/{id}/recordings/{key}: see_evidence",
    // a worker and his company
    "GET /v1/own/offers: see_own_offers", "POST /v1/own/offers/{id}/replies: reply_own",
    "POST /v1/own/offers/{id}/proofs: go", "GET /v1/own/offers/{id}/contacts: go",
    "POST /v1/own/sos: go", "GET /v1/own/offers/{id}/workers: name_worker",
    "POST /v1/own/offers/{id}/workers/{key}/reveal: name_worker",
    "GET /v1/orders/{id}/proofs: see_proofs", "GET /v1/orders/{id}/proofs/{key}: see_proofs",
    // the office
    "GET /v1/users: change_users", "POST /v1/users: change_users",
    "POST /v1/users/{user}: change_users", "POST /v1/users/{user}/password: change_users",
    "POST /v1/users/{user}/disable: change_users", "POST /v1/users/{user}/enable: change_users",
    "GET /v1/roles: change_users", "GET /v1/access_log: see_access_log",
    "GET /v1/reports/tonight: see_reports", "GET /v1/reports/service: see_reports",
    "GET /v1/reports/hotline: see_reports", "GET /v1/plans: see_plans",
    "POST /v1/plans/dry_run: see_plans", "POST /v1/registry/check: change_registry",
    "POST /v1/registry/import: change_registry", "GET /v1/registry/imports: change_registry",
    "GET /v1/registry/imports/{id}: change_registry",
    "POST /v1/registry/imports/{id}/cancel: change_registry", "GET /v1/registry: see_registry",
    "GET /v1/registry/{sheet}: see_registry", "GET /v1/registry/{sheet}/export: see_registry",
    "GET /v1/registry/{sheet}/{key}: see_registry",
    "POST /v1/registry/{sheet}/{key}: change_registry",
    "POST /v1/registry/{sheet}/{key}/reveal: change_registry",
    // a resident's own data
    "GET /v1/erasures: ask_erasure", "GET /v1/residents/{key}/erasure: ask_erasure",
    "POST /v1/residents/{key}/erasure/ask: ask_erasure",
    "POST /v1/residents/{key}/erasure/withdraw: ask_erasure",
    "POST /v1/residents/{key}/erasure/confirm: confirm_erasure",
    "GET /v1/residents/{key}/file: hand_out",
    // bookings and complaints
    "GET /v1/catalogue: book", "GET /v1/bookings: book", "GET /v1/bookings/residents: book",
    "POST /v1/bookings: book", "POST /v1/bookings/{id}/move: book",
    "POST /v1/bookings/{id}/cancel: book", "GET /v1/complaints: complain",
    "GET /v1/complaints/{id}: complain", "POST /v1/complaints: complain",
    "POST /v1/complaints/{id}/answer: answer_complaint",
    "POST /v1/complaints/{id}/accept: complain"};

TEST(rights, of_every_route_are_as_agreed_and_a_new_route_is_agreed_first) {
    EXPECT_THAT(routes_with_rights(), testing::UnorderedElementsAreArray(agreed));
}

struct live_door : api_house {
    // 101: alive.
    unsigned status_for(api_request hello) {
        std::optional<unsigned> status;
        auto const out = std::make_shared<screen>();
        api.meet(std::move(hello), out, [&](http::api_callbacks::met met) {
            auto const* refused = std::get_if<api_reply>(&met);
            status = refused ? refused->status : 101U;
            if (auto* const page = std::get_if<std::shared_ptr<http::live_listener>>(&met))
                (*page)->gone();
        });
        bench.loop.restart();
        while (!status)
            bench.loop.run_one();
        return *status;
    }
    api_request hello_of(std::string const& token) {
        auto hello = request("WEBSOCKET", "/v1/live", token);
        hello.origin = std::string("https://") + host;
        return hello;
    }
    std::size_t lines_shown_to(std::string const& token) {
        auto poll = request("GET", "/v1/live", token);
        poll.query = "epoch=&after=0&wait=25";
        auto const told = boost::json::parse(answer(poll).body);
        auto const* lines = told.as_object().if_contains("lines");
        return lines ? lines->as_array().size() : 0U;
    }
};

TEST_F(live_door, comes_alive_only_for_roles_that_may_see_the_queue) {
    for (auto const& [who, name] : domain::names<role>::table)
        EXPECT_EQ(status_for(hello_of(signs_in(who))),
                  domain::may(who, domain::right::see_queue) ? 101U : 403U)
            << name;
    EXPECT_EQ(status_for(hello_of("")), 401U);
    EXPECT_EQ(status_for(hello_of("made up")), 401U);
}

TEST_F(live_door, shows_by_long_poll_and_websocket_what_lies_in_ones_own_area) {
    EXPECT_EQ(lines_shown_to(signs_in(role::operator_)), 1U);
    EXPECT_EQ(lines_shown_to(signs_in(role::operator_, "999999")), 0U);
    auto const out = std::make_shared<screen>();
    std::shared_ptr<http::live_listener> page;
    api.meet(hello_of(signs_in(role::operator_, "999999")), out, [&](http::api_callbacks::met met) {
        page = std::get<std::shared_ptr<http::live_listener>>(met);
    });
    bench.loop.restart();
    while (!page)
        ASSERT_GT(bench.loop.run_one(), 0U);
    page->heard(R"({"hello":{}})", [] {});
    while (out->heard.empty())
        ASSERT_GT(bench.loop.run_one(), 0U);
    for (auto const& each : out->heard)
        EXPECT_THAT(each, Not(HasSubstr("resident:r1")));
    page->gone();
    bench.loop.poll();
}

// Else an emergency stands as shown, and rings nobody else, where nobody can take it.
TEST_F(live_door, counts_as_painted_only_what_somebody_on_duty_may_take_in_her_area) {
    ASSERT_EQ(lines_shown_to(signs_in(role::operator_)), 1U);
    auto const alerts = R"({"alerts":[")" + to_string(alert().id) + R"("]})";
    auto const paints = [&](std::string const& token) {
        EXPECT_EQ(post("/v1/session/duty", token, R"({"onDuty":true})").status, 200U);
        painted.clear();
        EXPECT_EQ(post("/v1/live/painted", token, alerts).status, 204U);
        auto const by_poll = std::exchange(painted, {});
        auto const page = opens_a_page(token, std::make_shared<screen>());
        bool is_dealt_with = false;
        page->heard("{\"painted\":" + alerts + '}', [&] { is_dealt_with = true; });
        while (!is_dealt_with)
            bench.loop.run_one();
        page->gone();
        bench.loop.poll();
        EXPECT_EQ(painted, by_poll);
        return !painted.empty();
    };
    EXPECT_TRUE(paints(signs_in(role::operator_)));
    EXPECT_TRUE(paints(signs_in(role::station)));
    EXPECT_FALSE(paints(signs_in(role::quality))) << "may look, and not take it";
    EXPECT_FALSE(paints(signs_in(role::operator_, "999999"))) << "has no such line";
}

} // namespace
} // namespace linli::tests
